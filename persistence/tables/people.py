"""Accounts, and studios with their staff and clients."""

import sqlalchemy as sa

from domain.studio import Role
from persistence.tables.columns import instant, metadata, own_id, reference, studio_id
from persistence.types import ChoicesJson, word

accounts = sa.Table(
    "accounts",
    metadata,
    own_id(),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    instant("created_at"),
)

studios = sa.Table(
    "studios",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    instant("created_at"),
    instant("changed_at"),
    sa.Column("choices", ChoicesJson, nullable=False, server_default="{}"),
    instant("archived_at", nullable=True),
)

staff = sa.Table(
    "staff",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("role", word(Role, "role"), nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    instant("created_at"),
    instant("changed_at"),
    sa.UniqueConstraint("studio_id", "account_id"),
    sa.Index(None, "account_id"),
)

clients = sa.Table(
    "clients",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("name", sa.Text, nullable=False),
    instant("created_at"),
    instant("changed_at"),
    instant("archived_at", nullable=True),
    sa.Index(None, "studio_id", "name", "id"),
)

client_accounts = sa.Table(
    "client_accounts",
    metadata,
    studio_id(to_studios=False),
    sa.Column("client_id", sa.Uuid, primary_key=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    reference(None, ["client_id"], "clients", ["id"]),
    sa.Index(None, "account_id"),
    comment="The directory of which account manages which clients where.",
)

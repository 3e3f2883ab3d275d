"""Accounts, and studios with their staff and clients."""

import sqlalchemy as sa

from domain.nouns.invitation import InvitationState
from domain.nouns.studio import Role
from persistence.tables.columns import instant, metadata, own_id, reference, studio_id, where
from persistence.types import ChoicesJson, word

accounts = sa.Table(
    "accounts",
    metadata,
    own_id(),
    sa.Column("email", sa.Text, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    instant("created_at"),
    instant("deleted_at", nullable=True),
    sa.CheckConstraint(
        "(deleted_at IS NULL) = (email IS NOT NULL) AND (deleted_at IS NULL OR (name = '' AND password_hash = ''))",
        name="nothing_left_when_deleted",
    ),
    comment="What is left of a deleted one says only that somebody acted.",
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
    instant("removed_at", nullable=True),
    sa.CheckConstraint("removed_at >= created_at", name="removed_after_the_beginning"),
    sa.Index("staff_one_an_account", "studio_id", "account_id", unique=True, **where("removed_at IS NULL")),
    sa.Index(None, "account_id"),
)

staff_invitations = sa.Table(
    "staff_invitations",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("email", sa.Text),
    sa.Column("role", word(Role, "role"), nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("state", word(InvitationState, "state"), nullable=False),
    sa.Column("staff_id", sa.Uuid),
    instant("created_at"),
    instant("expires_at"),
    instant("changed_at"),
    reference(None, ["staff_id"], "staff", ["id"]),
    sa.CheckConstraint("(state = 'OPEN') = (email IS NOT NULL)", name="email_while_open"),
    sa.CheckConstraint("(state = 'ACCEPTED') = (staff_id IS NOT NULL)", name="staff_when_accepted"),
    sa.Index("staff_invitations_one_open_an_email", "studio_id", "email", unique=True, **where("state = 'OPEN'")),
    sa.Index(None, "email"),
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
    instant("erased_at", nullable=True),
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

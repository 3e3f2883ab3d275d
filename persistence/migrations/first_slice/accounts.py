"""Accounts, and the keys of acts."""

import sqlalchemy as sa
from alembic import op


def make() -> None:
    op.create_table(
        "account_idempotency_keys",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("holder_id", "mutation", "key", name=op.f("account_idempotency_keys_key")),
        comment="Keys of acts outside of any studio, by account; of signing up, by a hash of the e-mail.",
    )
    op.create_index(op.f("account_idempotency_keys_by_used_at"), "account_idempotency_keys", ["used_at"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_key")),
        sa.UniqueConstraint("email", name=op.f("accounts_unique_email")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("studio_id", "account_id", "mutation", "key", name=op.f("idempotency_keys_key")),
    )
    op.create_index(op.f("idempotency_keys_by_used_at"), "idempotency_keys", ["used_at"], unique=False)

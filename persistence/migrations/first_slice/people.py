"""Studios, their staff and their clients."""

import sqlalchemy as sa
from alembic import op


def make() -> None:
    op.create_table(
        "studios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("studios_key")),
        sa.UniqueConstraint("slug", name=op.f("studios_unique_slug")),
    )
    op.create_table(
        "clients",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("clients_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("clients_key")),
    )
    op.create_index(op.f("clients_by_studio_id_name_id"), "clients", ["studio_id", "name", "id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "OWNER",
                "MANAGER",
                "INSTRUCTOR",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("staff_to_accounts")),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("staff_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("staff_key")),
        sa.UniqueConstraint("studio_id", "account_id", name=op.f("staff_unique_studio_id_account_id")),
    )
    op.create_index(op.f("staff_by_account_id"), "staff", ["account_id"], unique=False)
    op.create_table(
        "client_accounts",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("client_accounts_to_accounts")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"],
            ["clients.studio_id", "clients.id"],
            name=op.f("client_accounts_to_clients"),
        ),
        sa.PrimaryKeyConstraint("studio_id", "client_id", name=op.f("client_accounts_key")),
        comment="The directory of which account manages which clients where.",
    )
    op.create_index(op.f("client_accounts_by_account_id"), "client_accounts", ["account_id"], unique=False)

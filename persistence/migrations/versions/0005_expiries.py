"""What time brings is written down: nobody does it, and each expiry of a credit is written once.

And credits are found by what was missed for them.
"""

import sqlalchemy as sa
from alembic import op

from persistence.migrations.rebuilding import rebuild

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TO_EXPIRE = sa.text("state = 'ACTIVE' AND (expiry_written IS NULL OR expiry_written <> expires_at)")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild("events", _by_nobody)
    else:
        op.alter_column("events", "actor_id", nullable=True)
    op.add_column("make_up_credits", sa.Column("expiry_written", sa.BigInteger(), nullable=True))
    for missed in ("missed_booking_id", "missed_session_id"):
        op.create_index(f"make_up_credits_by_studio_id_{missed}", "make_up_credits", ["studio_id", missed])
    op.create_index(
        "make_up_credits_to_expire",
        "make_up_credits",
        ["studio_id", "expires_at", "id"],
        postgresql_where=_TO_EXPIRE,
        sqlite_where=_TO_EXPIRE,
    )


def _by_nobody(create: str) -> str:
    before, after = "actor_id CHAR(32) NOT NULL", "actor_id CHAR(32)"
    if before not in create:
        raise RuntimeError(f"no such column: {before}")
    return create.replace(before, after)

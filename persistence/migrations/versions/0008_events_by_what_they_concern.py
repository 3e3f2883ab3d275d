"""Events are found by their session, their client and their course: the doctor asks for them so."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEXES = {
    "session": "session_id IS NOT NULL",
    "client": "client_id IS NOT NULL",
    "course": "session_id IS NULL AND client_id IS NULL",
}


def upgrade() -> None:
    for noun, condition in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(
            f"events_of_a_{noun}",
            "events",
            ["studio_id", f"{noun}_id", "at", "id"],
            postgresql_where=where,
            sqlite_where=where,
        )

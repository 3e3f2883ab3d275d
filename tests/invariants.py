"""What must always be true, asked of a studio in a database."""

from datetime import datetime

from domain.invariants import violations
from persistence import snapshot
from persistence.database import Database
from tests.ids import ref


async def assert_all_hold(database: Database, studio: str, now: str) -> None:
    """Every invariant of the rule book and every projection, at an instant."""
    taken = await snapshot.take(database, ref(studio).studio_id)
    assert taken.sessions, "a snapshot of nothing proves nothing"
    assert violations(taken, datetime.fromisoformat(now)) == ()

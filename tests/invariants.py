"""What must always be true, asked of a studio in a database."""

from datetime import datetime

from domain.invariants import violations
from persistence import snapshot
from persistence.database import Database
from schema.ids import decode


async def assert_all_hold(database: Database, studio: str, now: str) -> None:
    """Every invariant of the rule book and every projection, at an instant."""
    ref = decode(studio)
    assert ref is not None
    taken = await snapshot.take(database, ref.studio_id)
    assert taken.sessions, "a snapshot of nothing proves nothing"
    assert violations(taken, datetime.fromisoformat(now)) == ()

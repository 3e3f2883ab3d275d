"""What must always be true, asked of a studio in a database."""

from datetime import datetime

from persistence.database import Database
from persistence.doctor import examine_studio
from tests.ids import ref


async def assert_all_hold(database: Database, studio: str, now: str) -> None:
    """Every invariant of the rule book and every projection, at an instant: as `encore doctor` asks them."""
    assert await what_is_wrong(database, ref(studio).studio_id, datetime.fromisoformat(now)) == []


async def what_is_wrong(database: Database, studio_id: int, now: datetime) -> list[str]:
    """Of a studio that has something in it."""
    examined = [each async for each in examine_studio(database, studio_id, now)]
    assert sum(each.done for each in examined) > 2, "to have looked at nothing proves nothing"
    return [sentence for each in examined for sentence in each.sentences]

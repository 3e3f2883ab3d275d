"""V5, W2: what is reported of the demo is what its events tell, before and after the jobs have run."""

from datetime import date, datetime, timedelta

from api import demo
from persistence import jobs, migrate
from persistence.database import Database
from tests.api.filled import CHEAP
from tests.reports.comparing import compare_all, studio_of, telling_of

AN_ODD_DAY = date(2028, 2, 29)
STUDIOS = (1, 2)


async def test_v5_every_figure_is_what_the_events_tell_whether_or_not_jobs_have_run(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    database = Database(empty_url)
    await database.open()
    await demo.fill(database, CHEAP, AN_ODD_DAY)
    now = await last_act(database)
    told = [await compared(database, now, 10)]
    for days in (0, 60):
        ran = await jobs.run(database, now + timedelta(days=days))
        assert ran.expired > 0
        told.append(await compared(database, now + timedelta(days=days), 3))
    await database.close()
    assert told[0] == told[1] == told[2]
    assert min(told[0]) > 5


async def last_act(database: Database) -> datetime:
    async with database.reading() as connection:
        studios = [await studio_of(connection, key) for key in STUDIOS]
        return max([(await telling_of(connection, studio)).last_act for studio in studios])


async def compared(database: Database, now: datetime, most: int) -> list[int]:
    """How many expiries each studio tells of in the end."""
    async with database.reading() as connection:
        return [await compare_all(connection, await studio_of(connection, key), now, most) for key in STUDIOS]

"""The demo: two studios with some sixty clients, written through the same use cases as any other data.

Who, what and when are tables: `people`; `hana` and `harbor`; their timelines. All happens in the four weeks before the
day of filling, except what the README's example is about: that has fixed dates. Ids are the same at every fill.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from uuid import UUID

from api.demo.hana import HANA
from api.demo.harbor import HARBOR
from api.demo.ids import ids_from, seeded_ids
from api.demo.opening import found, open_to_all
from api.demo.people import ACCOUNTS, EVERYBODY, NINA, PASSWORD, DemoAccount
from api.demo.writer import done, only
from domain.nouns.local_time import instant_of, local_date
from domain.services import accounts
from persistence.database import Database
from persistence.reads import queries

__all__ = [
    "ACCOUNTS",
    "FOUNDED_AT",
    "PASSWORD",
    "STUDIOS",
    "fill",
    "holds_demo",
    "is_empty",
    "is_unfinished",
]

STUDIOS = (HANA, HARBOR)
FOUNDED_AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
_FIRST_DAY = -28
_DAWN, _OPENING, _LAST_EVENING = time(6), time(6, 30), time(20)


class Hashing(Protocol):
    async def hash(self, password: str) -> str: ...


async def is_empty(database: Database) -> bool:
    """Whether nobody and nothing is there yet."""
    async with database.reading() as connection:
        return not await queries.anything_there(connection)


async def holds_demo(database: Database) -> bool:
    """Whether any log-in of the demo is there."""
    return bool(await _who_is_there(database))


async def is_unfinished(database: Database) -> bool:
    """Whether the demo was begun and not filled to its end: Nina signs up after everything else."""
    there = await _who_is_there(database)
    return bool(there) and NINA not in there


async def fill(database: Database, passwords: Hashing, today: date | None = None) -> None:
    """Writes the demo into an empty database. `today`: the day of filling; None for today in Prague."""
    today = today or local_date(datetime.now(UTC), HANA.zone)
    # The example's dates are fixed, and yet nothing may happen before the founding.
    founded_at = min(FOUNDED_AT, instant_of(today + timedelta(days=_FIRST_DAY), _DAWN, HANA.zone))
    password_hash = await passwords.hash(PASSWORD)
    ids: dict[str, UUID] = {}
    for account in EVERYBODY:
        if account is not NINA:
            ids[account.email] = await _sign_up(database, account, password_hash, founded_at)
    for plan in STUDIOS:
        with ids_from(database, plan.slug):
            studio = await found(database, plan, ids, today, founded_at)
            studio.now = studio.instant(_FIRST_DAY, _OPENING)
            await open_to_all(studio, plan)
            for day, clock, act in plan.timeline:
                studio.now = studio.instant(day, clock)
                await act.write(studio)
    last_evening = instant_of(today - timedelta(days=1), _LAST_EVENING, HANA.zone)
    await _sign_up(database, NINA, password_hash, last_evening)


async def _sign_up(database: Database, account: DemoAccount, password_hash: str, now: datetime) -> UUID:
    command = accounts.SignUp(account.email, account.name, password_hash)
    with ids_from(database, account.email):
        answer = await database.register(UUID(int=0), now, lambda registry: accounts.sign_up(registry, command))
    return only(done(answer.outcome).account)


async def _who_is_there(database: Database) -> set[DemoAccount]:
    """Known by their ids, for everybody may sign up with an e-mail of the demo, or change their own."""
    by_id = {seeded_ids(account.email)(): account for account in EVERYBODY}
    async with database.reading() as connection:
        return {by_id[found] for found in await queries.accounts_among(connection, by_id)}

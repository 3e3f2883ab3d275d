"""The demo: one small studio, written through the same use cases as any other data.

Everything is entered as of one fixed instant and with ids from a seeded source, so that both are the same at every
fill. The course for worked examples has fixed dates; the other sessions lie in the weeks after the day of filling.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from api.demo_writer import DemoWriter, seeded_ids
from domain.booking import PaymentState
from domain.studio import Role
from persistence import queries
from persistence.database import Database

ENTERED_AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Prague")
_SUNDAYS = tuple(date(2026, 11, 29) + timedelta(weeks=week) for week in range(4))
_CANDLELIGHT = date(2026, 12, 19)
_UPCOMING_WEEKS = 4
_SLUG = "yoga-hana"
_WRITTEN_LAST = "Weekend workshop"


@dataclass(frozen=True)
class DemoAccount:
    """A log-in whose password everybody knows."""

    email: str
    password: str
    name: str
    role: str


OWNER = DemoAccount("owner@example.com", "owner-demo", "Olga Nováková", "owner of the studio")
INSTRUCTOR = DemoAccount("instructor@example.com", "instructor-demo", "Ivan Dvořák", "instructor")
ANA = DemoAccount("ana@example.com", "ana-demo-1", "Ana Svobodová", "client, enrolled in the course")
PETR = DemoAccount("petr@example.com", "petr-demo", "Petr Černý", "client, parent of Ema and Jan")
ACCOUNTS = (OWNER, INSTRUCTOR, ANA, PETR)


class Hashing(Protocol):
    async def hash(self, password: str) -> str: ...


async def is_empty(database: Database) -> bool:
    """Whether nobody and nothing is there yet."""
    async with database.reading() as connection:
        return not await queries.anything_there(connection)


async def holds_demo(database: Database) -> bool:
    """Whether any log-in of the demo is there: known by its id, for everybody may sign up with its e-mail."""
    new_id = seeded_ids(ENTERED_AT)
    async with database.reading() as connection:
        return any([await queries.account(connection, new_id()) is not None for _ in ACCOUNTS])


async def is_unfinished(database: Database) -> bool:
    """Whether the demo was begun and not filled to its end."""
    async with database.reading() as connection:
        studio = await queries.studio_with_slug(connection, _SLUG)
        written = studio is not None and await queries.has_session_named(connection, studio.id, _WRITTEN_LAST)
    return not written and await holds_demo(database)


async def fill(database: Database, passwords: Hashing) -> None:
    """Writes the demo into an empty database."""
    before, database.new_id = database.new_id, seeded_ids(ENTERED_AT)
    try:
        write = DemoWriter(database, ENTERED_AT, ZONE)
        for account in ACCOUNTS:
            await write.account(account.email, account.name, await passwords.hash(account.password))
        await _write_studio(write)
    finally:
        database.new_id = before


async def _write_studio(write: DemoWriter) -> None:
    await write.studio(_SLUG, "Studio Hana", "CZK", owner=OWNER.email)
    await write.policy(make_ups_enabled=True, validity_days=14)
    teacher = await write.staff(INSTRUCTOR.email, Role.INSTRUCTOR, INSTRUCTOR.name)
    ana = await write.client(ANA.name, ANA.email)
    ema = await write.client("Ema Černá", PETR.email)
    jan = await write.client("Jan Černý", PETR.email)
    guest = await write.client("Marie Veselá", None)

    yoga = await write.course("Sunday yoga", whole=160_00, single=50_00)
    for sunday in _SUNDAYS:
        await write.session(yoga, sunday, time(18), capacity=8, instructor=teacher)
    await write.enrolment(yoga, ana, PaymentState.PAID)

    await write.one_time_class("Candlelight yoga", _CANDLELIGHT, time(17), 60_00, 10, accepts_make_ups=True)

    today = datetime.now(ZONE).date()
    swimming = await write.course("Swimming for children", whole=240_00, single=70_00)
    pilates = await write.course("Pilates", whole=200_00, single=None)
    for week in range(1, _UPCOMING_WEEKS + 1):
        day = today + timedelta(weeks=week)
        await write.session(swimming, day, time(16, 30), capacity=4, instructor=teacher)
        await write.session(pilates, day + timedelta(days=1), time(19), capacity=6, instructor=teacher)
    await write.enrolment(swimming, ema, PaymentState.PAID)
    await write.enrolment(swimming, jan, PaymentState.DUE)
    await write.enrolment(pilates, guest, PaymentState.WAIVED)

    stretching, workshop = today + timedelta(days=5), today + timedelta(days=12)
    await write.one_time_class("Open stretching", stretching, time(10), 40_00, 12, accepts_make_ups=True)
    await write.one_time_class(_WRITTEN_LAST, workshop, time(9), 900_00, 10, accepts_make_ups=False)

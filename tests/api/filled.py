"""The demo in a real database, and everything that stands there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from argon2 import PasswordHasher

from api import demo
from api.passwords import Passwords
from domain.nouns.account import Account
from domain.nouns.course import Course
from domain.nouns.local_time import instant_of
from domain.nouns.session import ScheduledSession, Session
from domain.nouns.studio import Staff, Studio
from domain.refusals import RefusalCode
from domain.spending.make_ups import MakeUpRequest, eligibility
from domain.truth.snapshot import Snapshot
from persistence import shapes as s
from persistence import snapshot
from persistence import tables as t
from persistence.database import Answer, Database
from persistence.shapes import AnyRow

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Watched(Database):
    """Remembers whether the demo counted as unfinished before each account and studio, and how many acts followed."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.unfinished: list[bool] = []
        self.followed = 0

    async def register(self, *given: Any, **options: Any) -> Answer:
        self.unfinished.append(await demo.is_unfinished(self))
        self.followed = 0
        return await super().register(*given, **options)

    async def perform(self, *given: Any, **options: Any) -> Answer:
        self.followed += 1
        return await super().perform(*given, **options)


@dataclass(frozen=True)
class FilledStudio:
    studio: Studio
    staff: tuple[Staff, ...]
    courses: Mapping[UUID, Course]
    rows: Snapshot

    def target(self, session: Session) -> ScheduledSession:
        return ScheduledSession(
            self.studio, session, None if session.course_id is None else self.courses[session.course_id]
        )

    def answers(self, now: datetime) -> Iterator[frozenset[RefusalCode]]:
        """What speaks against each client in each session: with each credit of theirs or a sibling's, and with none.

        Empty where nothing does.
        """
        seats = {(booking.session_id, booking.client_id) for booking in self.rows.bookings if booking.live}
        managed_by = {client.id: client.account_id or client.id for client in self.rows.clients}
        for client in self.rows.clients:
            credits = tuple(c for c in self.rows.credits if managed_by[c.client_id] == managed_by[client.id])
            siblings = {credit.client_id for credit in credits} - {client.id}
            for session in self.rows.sessions:
                booked = (session.id, client.id) in seats
                for named in (*credits, None):
                    request = MakeUpRequest(self.target(session), client, booked, named, credits, siblings)
                    yield frozenset(reason.code for reason in eligibility(request, now).reasons)


@dataclass(frozen=True)
class Filled:
    """`now`: noon in Prague on the day of filling."""

    url: str
    database: Watched
    today: date
    accounts: tuple[Account, ...]
    studios: tuple[FilledStudio, ...]
    events: tuple[AnyRow, ...]

    @property
    def now(self) -> datetime:
        return instant_of(self.today, time(12), demo.STUDIOS[0].zone)

    @property
    def ids(self) -> list[UUID]:
        """Of everything but the events."""
        nouns = [account.id for account in self.accounts]
        for each in self.studios:
            nouns += (*(member.id for member in each.staff), *each.courses)
            rows = each.rows
            for kind in (rows.sessions, rows.clients, rows.enrolments, rows.bookings, rows.credits):
                nouns += (noun.id for noun in kind)
            nouns += (line.id for ledger in rows.ledgers.values() for line in ledger)
        return sorted(nouns)


async def fill_and_read(url: str, database: Watched, today: date) -> Filled:
    await demo.fill(database, CHEAP, today)
    async with database.reading() as connection:
        accounts = tuple(map(s.ACCOUNT.make, await connection.execute(s.ACCOUNT.select())))
        studios = tuple(map(s.STUDIO.make, await connection.execute(s.STUDIO.select().order_by(t.studios.c.id))))
        staff = tuple(map(s.STAFF.make, await connection.execute(s.STAFF.select())))
        courses = tuple(map(s.COURSE.make, await connection.execute(s.COURSE.select())))
        events = tuple(await connection.execute(sa.select(t.events)))
    filled = [
        FilledStudio(
            studio,
            tuple(member for member in staff if member.studio_id == studio.id),
            {course.id: course for course in courses if course.studio_id == studio.id},
            await snapshot.take(database, studio.id),
        )
        for studio in studios
    ]
    return Filled(url, database, today, accounts, tuple(filled), events)

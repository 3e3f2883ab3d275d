"""R1-R9, R12, V3, B4: SQL finds those sessions bookable against which the rules of the domain have nothing."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.nouns.client import Client
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.local_time import end_of, local_date, offsets, start_of
from domain.nouns.policy import OFF, CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from domain.nouns.studio import Studio
from domain.refusals import RefusalCode
from domain.spending.make_ups import CODES, MakeUpRequest, eligibility, spendable_for
from persistence import tables as t
from persistence.reads.bookable import Bookable
from persistence.reads.effective import SESSIONS
from persistence.reads.queries import count_bookable
from persistence.shapes import row_of
from tests.domain.builders import (
    A_MICROSECOND,
    a_booking,
    a_client,
    a_course,
    a_credit,
    a_session,
    a_studio,
    utc,
    uuid,
)
from tests.persistence.rows import have_counted

CLIENT, SIBLING = a_client(), uuid(51)
A_DAY = timedelta(days=1)
BEFORE = utc("2010-01-01T00:00:00Z")
BOTH, WHOLE, CLOSED, DANCE, DEAR, OPENING, CLOSING, FEW, FREED, ARCHIVED = map(uuid, range(60, 70))
COURSES = {
    BOTH: a_course(category="Yoga"),
    WHOLE: a_course(single_session_price=None),
    CLOSED: a_course(accepts_make_ups=False),
    DANCE: a_course(category="Dance"),
    DEAR: a_course(single_session_price=3_001),
    OPENING: a_course(choices={"make_ups_open_days_before": 4}),
    CLOSING: a_course(choices={"make_ups_close_minutes_before": 6 * 24 * 60}),
    FEW: a_course(choices={"max_make_ups": 0}),
    FREED: a_course(choices={"freed_seats_only": True}),
    ARCHIVED: a_course(archived_at=BEFORE),
}
MISSED = uuid(72)

# Where and when they ask, and a start at which clocks change.
TIMES = {
    "Prague, before summer time": ("Europe/Prague", "2027-03-25T10:00:00Z", "2027-03-28T01:00:00Z"),
    "Casablanca, before Ramadan": ("Africa/Casablanca", "2026-02-12T13:00:00Z", "2026-03-22T02:00:00Z"),
    "Cairo, before a doubled last hour": ("Africa/Cairo", "2026-10-25T14:00:00.000001Z", "2026-10-29T21:00:00Z"),
    "St John's, in a day that has ended and come back": (
        *("America/St_Johns", "2010-11-07T02:31:00Z", "2011-03-13T03:31:00Z"),
    ),
    "Apia, before a missing day": ("Pacific/Apia", "2011-12-26T22:00:00Z", "2011-12-30T10:00:00Z"),
}
PRAGUE = "Prague, before summer time"


@dataclass(frozen=True)
class Kind:
    """What is unlike an ordinary session of a course that is sold both ways, in five days."""

    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    choices: Mapping[str, Any] = field(default_factory=dict[str, Any])
    booked: bool = False

    def __or__(self, other: "Kind") -> "Kind":
        return Kind({**self.changes, **other.changes}, {**self.choices, **other.choices}, self.booked or other.booked)


def kinds(when: str) -> Iterator[Kind]:
    """One for each thing that a rule asks, on both sides of its border."""
    zone, now, odd = ZoneInfo(TIMES[when][0]), utc(TIMES[when][1]), utc(TIMES[when][2])
    today = local_date(now, zone)
    yield Kind()
    yield Kind({"id": MISSED})
    yield Kind(booked=True)
    yield Kind({"status": SessionStatus.CANCELLED})
    yield Kind({"archived_at": BEFORE})
    yield from (Kind({"accepts_make_ups": accepts}) for accepts in (True, False))
    yield from (Kind({"course_id": course}) for course in COURSES)
    for price, category in ((None, None), (3_000, "Yoga"), (3_001, "Dance")):
        fields = {"course_id": None, "accepts_make_ups": True, "price": price, "category": category}
        yield Kind(fields)
    for start in (
        *(now, now + A_MICROSECOND),
        *(now + timedelta(minutes=60) + by for by in (-A_MICROSECOND, timedelta())),
        *(start_of(today + 4 * A_DAY, zone) + by for by in (-A_MICROSECOND, timedelta())),
        *(start_of(today + 5 * A_DAY, zone) + by for by in (-A_MICROSECOND, timedelta())),
        *(start_of(today + 46 * A_DAY, zone) + by for by in (-A_MICROSECOND, timedelta())),
        *(end_of(today + 90 * A_DAY, zone) + by for by in (-A_MICROSECOND, timedelta())),
        odd,
    ):
        yield Kind({"starts_at": start})
    for days in (OFF, 0, 3, 4, 5, 45):
        yield Kind(choices={"make_ups_open_days_before": days})
    for minutes in (OFF, 0, 60, 5 * 24 * 60, 6 * 24 * 60):
        yield Kind(choices={"make_ups_close_minutes_before": minutes})
    for most in (OFF, 0, 1, 2):
        yield Kind(choices={"max_make_ups": most})
    yield from (Kind(choices={"freed_seats_only": only}) for only in (True, False))
    for capacity, taken, make_ups, most_ordinary, extra in (
        (2, 1, 0, 1, 0),
        (2, 2, 0, 2, 0),
        (2, 2, 1, 2, 1),
        (2, 3, 1, 3, 1),
        (9, 3, 2, 3, 0),
        (9, 3, 1, 2, 0),
        (9, 3, 1, 4, 0),
    ):
        seats = {"capacity": capacity, "taken": taken, "make_ups": make_ups, "most_ordinary": most_ordinary}
        yield Kind({**seats, "extra_make_up_seats": extra})


def made(kind: Kind, now: datetime) -> Session:
    session = a_session(course_id=BOTH, starts_at=now + 5 * A_DAY, choices=kind.choices)
    session = replace(session, **{"id": uuid4(), **kind.changes})
    return replace(session, ends_at=session.starts_at + timedelta(hours=1))


@dataclass(frozen=True)
class Question:
    """Who asks, with which credits, at which studio, and whether that is archived."""

    credits: tuple[MakeUpCredit, ...]
    policy: Policy = field(default_factory=Policy)
    client: Client = CLIENT
    archived: bool = False


PRICED, OF_A_CATEGORY = (
    Policy(price_guard=PriceGuard.SAME_OR_LOWER),
    Policy(category_guard=CategoryGuard.SAME_CATEGORY),
)
GUARDED = Policy(price_guard=PriceGuard.SAME_OR_LOWER, category_guard=CategoryGuard.SAME_CATEGORY)
FAMILY = Policy(credit_scope=CreditScope.SAME_ACCOUNT)
CHEAP, YOGA, DEAR_DANCE = a_credit(worth=2_999), a_credit(category="Yoga"), a_credit(worth=3_001, category="Dance")


def questions(now: datetime) -> Iterator[Question]:
    good = a_credit(expires_at=now + A_MICROSECOND)
    yield Question((good,))
    yield Question(())
    yield Question((good,), client=a_client(account_id=None))
    yield Question((good,), client=a_client(archived_at=BEFORE))
    yield Question((good,), archived=True)
    yield from (Question((replace(good, state=state),)) for state in CreditState if state is not CreditState.ACTIVE)
    yield Question((replace(good, expires_at=now),))
    yield from (Question((replace(good, redeemable_from=now + by),)) for by in (timedelta(), A_MICROSECOND))
    yield Question((replace(good, missed_session_id=MISSED),))
    yield Question((replace(good, missed_session_id=MISSED), replace(good, missed_session_id=uuid(71))))
    yield Question((replace(good, missed_session_id=MISSED), replace(good, missed_session_id=MISSED)))
    for by in (timedelta(), A_MICROSECOND):
        dying = replace(good, expiry_means=ExpiryMeans.ATTEND_BY, expires_at=now + 5 * A_DAY + by)
        yield Question((dying,))
        yield Question((dying, replace(dying, expires_at=dying.expires_at and dying.expires_at - A_DAY)))
    yield Question((replace(good, expiry_means=ExpiryMeans.ATTEND_BY, expires_at=None),))
    for policy in (PRICED, OF_A_CATEGORY, GUARDED):
        alive = [replace(each, expires_at=None) for each in (CHEAP, YOGA, DEAR_DANCE)]
        yield from (Question((each,), policy) for each in alive)
        yield Question(tuple(alive), policy)
        yield Question(tuple(replace(each, missed_session_id=MISSED) for each in alive), policy)
    yield from (Question((replace(good, client_id=SIBLING),), policy) for policy in (Policy(), FAMILY))
    yield Question((replace(good, client_id=uuid(52)),), FAMILY)
    yield Question((good,), Policy(max_days_ahead=5))
    yield from within_windows(good)


def within_windows(credit: MakeUpCredit) -> Iterator[Question]:
    yield Question((credit,))
    yield Question((credit,), Policy(make_ups_open_days_before=4, make_ups_close_minutes_before=60))
    yield Question((credit,), Policy(make_ups_open_days_before=0, make_ups_close_minutes_before=5 * 24 * 60 + 1))


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
        await opened.rollback()
    await engine.dispose()


async def written(connection: AsyncConnection, studio: Studio, sessions: Mapping[UUID, tuple[Session, bool]]) -> Studio:
    """The studio with the id that the database gave it."""
    values = row_of(studio, t.studios)
    del values["id"]
    result = await connection.execute(t.studios.insert().values(**values))
    (studio_id,) = result.inserted_primary_key or (0,)

    async def write(table: sa.Table, *nouns: object) -> None:
        if nouns:
            await connection.execute(table.insert(), [row_of(noun, table) | {"studio_id": studio_id} for noun in nouns])

    await write(t.courses, *(replace(course, id=key) for key, course in COURSES.items()))
    await write(t.clients, CLIENT)
    await write(t.sessions, *(session for session, _ in sessions.values()))
    booked = [session.id for session, booked in sessions.values() if booked]
    await write(t.bookings, *(a_booking(id=uuid4(), session_id=key) for key in booked))
    await have_counted(connection)
    return replace(studio, id=studio_id)


def judged(asked: Question, target: ScheduledSession, booked: bool, now: datetime) -> set[RefusalCode]:
    """By the rules of the domain: of a lone credit what it says itself."""
    named = asked.credits[0] if len(asked.credits) == 1 else None
    request = MakeUpRequest(target, asked.client, booked, named, asked.credits, {SIBLING})
    return {reason.code for reason in eligibility(request, now).reasons}


async def compared(
    connection: AsyncConnection, when: str, kinds: Iterable[Kind], asked: Iterable[Question]
) -> set[RefusalCode]:
    """The codes that alone kept some session from being found."""
    zone, now, _ = TIMES[when]
    sessions = {session.id: (session, kind.booked) for kind in kinds for session in (made(kind, utc(now)),)}
    studio = await written(connection, replace(a_studio(zone=zone), slug=str(uuid4())), sessions)
    alone: set[RefusalCode] = set()
    for each in asked:
        there = replace(studio, choices=vars(each.policy), archived_at=BEFORE if each.archived else None)
        found = await found_by(connection, can_book(there, each, utc(now)))
        await counted(connection, there, each, utc(now), found)
        for key, (session, booked) in sessions.items():
            course = None if session.course_id is None else COURSES[session.course_id]
            codes = judged(each, ScheduledSession(there, session, course), booked, utc(now))
            assert (key in found) is (not codes), (each, session, codes)
            alone |= codes if len(codes) == 1 else set()
    return alone


def can_book(studio: Studio, asked: Question, now: datetime, other_than: UUID | None = None) -> Bookable:
    spendable = spendable_for(asked.client, {SIBLING}, asked.credits, studio.policy, now)
    return Bookable.by(studio, asked.client.id, now, spendable, other_than)


async def found_by(connection: AsyncConnection, bookable: Bookable) -> set[UUID]:
    rows = await connection.execute(sa.select(t.sessions.c.id).select_from(SESSIONS).where(bookable.condition()))
    return set(rows.scalars())


async def counted(
    connection: AsyncConnection, studio: Studio, asked: Question, now: datetime, found: Set[UUID]
) -> None:
    """That as many are counted, also but for one of them, for somebody without a seat, and all of that at once."""
    one = next(iter(found), None)
    either, another = can_book(studio, asked, now), can_book(studio, asked, now, one)
    elsewhere = replace(either, client_id=uuid(53))
    counts = await count_bookable(connection, (either, another, elsewhere))
    assert counts[either] == len(found), asked
    assert counts[another] == len(found - {one}), asked
    assert counts[elsewhere] == len(await found_by(connection, elsewhere)) >= len(found), asked


async def test_a_session_is_found_iff_one_of_the_credits_can_book_it(connection: AsyncConnection) -> None:
    alone = await compared(connection, PRAGUE, kinds(PRAGUE), questions(utc(TIMES[PRAGUE][1])))

    assert alone == set(CODES), "each code is once the only reason, so that each condition is held against its rule"


@pytest.mark.parametrize("when", TIMES)
async def test_what_a_session_decides_meets_whatever_it_is_like(connection: AsyncConnection, when: str) -> None:
    deciding = [kind for kind in kinds(when) if kind.choices]
    pairs = [one | other for one in kinds(when) for other in deciding if not one.choices]

    alone = await compared(connection, when, pairs, within_windows(a_credit(expires_at=None)))

    assert alone >= {RefusalCode.MAKE_UP_SEATS_FULL, RefusalCode.BOOKING_NOT_OPEN_YET, RefusalCode.BOOKING_CLOSED}


@contextmanager
def texts(connection: AsyncConnection) -> Iterator[list[tuple[str, int]]]:
    """Of the statements that it sends meanwhile, each with how many parameters it has."""
    sent: list[tuple[str, int]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Sequence[Any], *_: Any) -> None:
        sent.append((statement, len(parameters)))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection.sync_connection, "before_cursor_execute", note)


def worth(*amounts: int) -> Question:
    return Question(
        tuple(a_credit(expires_at=None, worth=amount, missed_session_id=uuid4()) for amount in amounts), PRICED
    )


async def test_what_is_sent_has_one_text_for_any_number_of_terms_and_of_clients(connection: AsyncConnection) -> None:
    now = utc(TIMES[PRAGUE][1])
    studio = replace(await written(connection, replace(a_studio(), slug=str(uuid4())), {}), choices=vars(PRICED))

    def of_many(number: int) -> list[Bookable]:
        each = (can_book(studio, worth(2_000 + n, 3_000 + n), now, uuid(n)) for n in range(number))
        return [replace(bookable, client_id=uuid(200 + n)) for n, bookable in enumerate(each)]

    sent: dict[int, list[tuple[str, int]]] = {}
    for number in (1, 100):
        keys, any_of_them = of_many(number), can_book(studio, worth(*range(number)), now)
        with texts(connection) as sent[number]:
            assert await count_bookable(connection, keys) == dict.fromkeys(keys, 0)
            assert await found_by(connection, any_of_them) == set()

    assert sent[1] == sent[100]
    assert len(sent[1]) == 2


async def test_a_session_is_found_among_more_credits_than_an_expression_has_room_for(
    connection: AsyncConnection,
) -> None:
    kind = Kind({"course_id": DEAR})
    for most, expected in ((3_000, 0), (3_001, 1)):
        now, session = utc(TIMES[PRAGUE][1]), made(kind, utc(TIMES[PRAGUE][1]))
        studio = await written(connection, replace(a_studio(), slug=str(uuid4())), {session.id: (session, False)})
        asked = can_book(replace(studio, choices=vars(PRICED)), worth(*range(most - 1_199, most + 1)), now)

        assert len(asked.terms) == 1_200
        assert len(await found_by(connection, asked)) == expected
        assert await count_bookable(connection, (asked,)) == {asked: expected}


@pytest.mark.parametrize("days", [1, 3_650])
def test_the_offsets_of_a_zone_are_worked_out_once_a_day(days: int) -> None:
    studio, asked = a_studio(), Question((a_credit(expires_at=None),), Policy(max_days_ahead=days))
    there, now = replace(studio, choices=vars(asked.policy)), utc(TIMES[PRAGUE][1])
    can_book(there, asked, now).condition()
    before = offsets.cache_info()

    can_book(there, asked, now + A_MICROSECOND).condition()

    assert offsets.cache_info().misses == before.misses
    assert offsets.cache_info().hits > before.hits

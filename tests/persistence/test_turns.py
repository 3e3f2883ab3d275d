"""R6, W2: where somebody waits, SQL finds those sessions bookable against which the domain has nothing."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain, product
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, PaidWith
from domain.nouns.client import Client
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.policy import CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import ScheduledSession, Session
from domain.nouns.studio import Studio
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.refusals import RefusalCode
from domain.spending.make_ups import MakeUpRequest, eligibility, spendable_for
from domain.waiting.queueing import Queue, Waiting, ahead_of, in_order
from persistence import tables as t
from persistence.reads.bookable import Bookable
from persistence.reads.effective import SESSIONS
from persistence.reads.queries import count_bookable
from persistence.reads.waiting import queues
from tests.domain.builders import (
    A_MICROSECOND,
    NOW,
    START,
    a_booking,
    a_client,
    a_course,
    a_credit,
    a_session,
    a_studio,
    choices_of,
    uuid,
)
from tests.persistence.rows import have_counted, write, write_clients, write_studio

ASKER, OUTSIDER = a_client(id=uuid(80), account_id=uuid(81)), a_client(id=uuid(82), account_id=uuid(83))
COURSE = a_course(category="Yoga")
A_DAY = timedelta(days=1)
POLICIES = (
    Policy(),
    Policy(credit_scope=CreditScope.SAME_ACCOUNT),
    Policy(price_guard=PriceGuard.SAME_OR_LOWER),
    Policy(category_guard=CategoryGuard.SAME_CATEGORY),
)


@dataclass(frozen=True)
class Waiter:
    """What is unlike somebody who could take a seat. `holder`: whose the credit is that is held for them; for money it
    is nobody's.
    """

    why: str
    holder: str | None = "own"
    client: Mapping[str, Any] = field(default_factory=dict[str, Any])
    credit: Mapping[str, Any] = field(default_factory=dict[str, Any])


MONEY, CREDIT = Waiter("pays money", None), Waiter("has a credit")
ATTEND_BY = {"expiry_means": ExpiryMeans.ATTEND_BY}
WAITERS = (
    MONEY,
    CREDIT,
    Waiter("pays money, archived", None, {"archived_at": NOW}),
    Waiter("has a credit, archived", client={"archived_at": NOW}),
    Waiter("pays money, a guest", None, {"account_id": None}),
    Waiter("has a credit, a guest", client={"account_id": None}),
    Waiter("a sibling's", "sibling"),
    Waiter("a stranger's", "stranger"),
    Waiter("a guest with another guest's", "guest", {"account_id": None}),
    Waiter("redeemable since now", credit={"redeemable_from": NOW}),
    Waiter("redeemable soon", credit={"redeemable_from": NOW + A_MICROSECOND}),
    Waiter("earned here", credit={"missed": True}),
    Waiter("ends as it starts", credit={**ATTEND_BY, "own_expires_at": START}),
    Waiter("ends just after it starts", credit={**ATTEND_BY, "own_expires_at": START + A_MICROSECOND}),
    Waiter("has no end to attend by", credit={**ATTEND_BY, "own_expires_at": None}),
    Waiter("ends as it starts, book by", credit={"own_expires_at": NOW}),
    Waiter("worth too little", credit={"worth": 2_999}),
    Waiter("worth enough, of another category", credit={"worth": 3_000, "category": "Dance"}),
    Waiter("of the category", credit={"category": "Yoga"}),
)


@dataclass(frozen=True)
class Seats:
    capacity: int
    taken: int
    most_ordinary: int
    extra_make_up_seats: int = 0
    freed_late: int = 0
    make_ups: int = 0
    choices: Mapping[str, Any] = field(default_factory=dict[str, Any])


SEATS = (
    Seats(2, 1, 1),
    Seats(2, 2, 2),
    Seats(2, 2, 2, 1),
    Seats(2, 1, 1, freed_late=1),
    Seats(3, 1, 1, freed_late=1),
    Seats(4, 1, 1, freed_late=2),
    Seats(3, 1, 1, freed_late=9),
    Seats(2, 2, 2, 2, freed_late=1),
    Seats(2, 1, 1, choices={"max_make_ups": 0}),
    Seats(2, 1, 2, choices={"freed_seats_only": True}),
    Seats(2, 1, 1, choices={"freed_seats_only": True}),
)
ASKS = (None, MONEY, CREDIT)
"""Whether whoever asks waits as well, and how."""


@dataclass
class Case:
    """A session with a queue. `asker`: at which place, and how, whoever asks waits."""

    session: Session
    waiting: list[Waiting] = field(default_factory=list[Waiting])
    clients: list[Client] = field(default_factory=list[Client])
    missed: list[Booking] = field(default_factory=list[Booking])
    told: str = ""


def made(seats: Seats, waiters: Iterable[Waiter], place: int, asks: Waiter | None) -> Case:
    """Those who wait have joined one after another, two and two at the same instant, in the order of their ids."""
    case = Case(replace(a_session(), **{**vars(seats), "id": uuid4()}))
    line = [(waiter, False) for waiter in waiters]
    if asks is not None:
        line.insert(place, (asks, True))
    ids = sorted(uuid4() for _ in line)
    for n, (key, (waiter, asking)) in enumerate(zip(ids, line, strict=True)):
        _join(case, waiter, asking, key, n // 2)
    case.told = f"{seats}: {[('asker ' if asking else '') + waiter.why for waiter, asking in line]}"
    return case


def _join(case: Case, waiter: Waiter, asking: bool, key: UUID, instant: int) -> None:
    fresh = replace(a_client(id=uuid4(), account_id=uuid4()), **waiter.client)
    client = ASKER if asking else fresh
    account = {"sibling": client.account_id, "stranger": uuid4(), "guest": None}
    holder = a_client(id=uuid4(), account_id=account[waiter.holder]) if waiter.holder in account else client
    joined = NOW - A_DAY + instant * A_MICROSECOND
    credit = None if waiter.holder is None else _held(case, waiter, holder)
    entry = WaitlistEntry(
        *(1, key, case.session.id, client.id, credit and credit.id, joined), WaitlistState.WAITING, None, None, joined
    )
    siblings = {holder.id} - {client.id} if waiter.holder == "sibling" else set[UUID]()
    case.waiting.append(Waiting(entry, client, credit, frozenset(siblings)))
    case.clients += [each for each in {client.id: client, holder.id: holder}.values() if each != ASKER]


def _held(case: Case, waiter: Waiter, holder: Client) -> MakeUpCredit:
    changes = {"own_expires_at": START + A_DAY, **waiter.credit}
    end = changes["own_expires_at"]
    then = end if end is None or end > START else START + 3 * A_DAY  # what it has no longer, it gets of its grace
    changes |= {"own_expires_on": end and end.date(), "expires_at": then, "expires_on": then and then.date()}
    changes["grace_until"] = then if then != end else None
    if changes.pop("missed", False):
        missed = replace(
            a_booking(id=uuid4(), session_id=case.session.id, client_id=holder.id),
            status=BookingStatus.CANCELLED,
            cancelled_at=NOW - A_DAY,
            outcome=CancellationOutcome.CREDIT,
        )
        case.missed.append(missed)
        changes |= {"missed_booking_id": missed.id, "missed_session_id": case.session.id, "reason": None}
        changes |= {"missed_paid_with": PaidWith.SINGLE, "origin": CreditOrigin.CANCELLATION}
    hold = {"state": CreditState.HELD, "held_until": START, "grace_hours": 72, "issued_at": NOW - 2 * A_DAY}
    return replace(a_credit(), **{"id": uuid4(), "client_id": holder.id, **hold, **changes})


def cases() -> Iterator[Case]:
    """Each kind of those who wait: alone, and with one who could take a seat, before and after; whoever asks anywhere.

    And long queues of everybody, the same at each run.
    """
    lines = chain[tuple[Waiter, ...]](
        [()],
        ((each,) for each in WAITERS),
        ((each, able) for each, able in product(WAITERS, (MONEY, CREDIT))),
        ((able, each) for each, able in product(WAITERS[2:], (MONEY, CREDIT))),
    )
    for n, (line, seats) in enumerate(product(lines, SEATS)):
        yield made(seats, line, 0, None)
        yield made(seats, line, n % (len(line) + 1), ASKS[1 + n // 4 % 2])
    chance = Random(6)
    for _ in range(300):
        line = chance.choices(WAITERS, k=chance.randint(3, 5))
        yield made(chance.choice(SEATS), line, chance.randint(0, 5), chance.choice(ASKS))


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
        await opened.rollback()
    await engine.dispose()


async def written(connection: AsyncConnection, studio: Studio, cases: list[Case]) -> Studio:
    studio = await write_studio(connection, studio)
    waiting = [each for case in cases for each in case.waiting]
    await write_clients(connection, studio.id, [ASKER, OUTSIDER, *(each for case in cases for each in case.clients)])
    await write(connection, studio.id, t.courses, [COURSE])
    await write(connection, studio.id, t.sessions, [case.session for case in cases])
    await write(connection, studio.id, t.bookings, [each for case in cases for each in case.missed])
    held = {each.credit.id: each.credit for each in waiting if each.credit is not None}
    await write(connection, studio.id, t.make_up_credits, held.values())
    await write(connection, studio.id, t.waitlist_entries, [each.entry for each in waiting])
    await have_counted(connection)
    return studio


def judged(case: Case, client: Client, studio: Studio) -> set[RefusalCode]:
    """By the rules of the domain."""
    target = ScheduledSession(studio, case.session, COURSE, waiting=len(case.waiting))
    ahead = ahead_of(client.id, Queue(target, in_order(case.waiting)), NOW)
    credits = (credit_of(client),)
    request = MakeUpRequest(target, client, False, credits[0], credits, frozenset(), ahead=ahead)
    return {reason.code for reason in eligibility(request, NOW).reasons}


def credit_of(client: Client) -> MakeUpCredit:
    return a_credit(client_id=client.id, expires_at=None)


def can_book(client: Client, studio: Studio) -> Bookable:
    credits = spendable_for(client, frozenset(), (credit_of(client),), studio.policy, NOW)
    return Bookable.by(studio, client.id, NOW, credits)


async def found_by(connection: AsyncConnection, bookable: Bookable) -> set[UUID]:
    rows = await connection.execute(sa.select(t.sessions.c.id).select_from(SESSIONS).where(bookable.condition()))
    return set(rows.scalars())


async def test_w2_a_session_is_found_iff_those_who_wait_leave_a_seat_of_it(connection: AsyncConnection) -> None:
    every = list(cases())
    studio = await written(connection, a_studio(), every)
    for policy in POLICIES:
        there = replace(studio, choices=choices_of(policy))
        keys = {client: can_book(client, there) for client in (ASKER, OUTSIDER)}
        counts = await count_bookable(connection, tuple(keys.values()))
        for client, bookable in keys.items():
            found = await found_by(connection, bookable)
            for case in every:
                codes = judged(case, client, there)
                assert (case.session.id in found) is (not codes), (policy, client.name, codes, case.told)
                assert codes <= {RefusalCode.SESSION_FULL, RefusalCode.MAKE_UP_SEATS_FULL}
            assert counts[bookable] == len(found)
            # Else the comparison would prove nothing: of a free seat those who wait decide.
            queued = [case for case in every if case.waiting and case.session.taken < case.session.capacity]
            assert {case.session.id in found for case in queued} == {True, False}


async def test_w2_the_queue_is_read_as_the_rules_ask_it(connection: AsyncConnection) -> None:
    every = list(cases())
    studio = await written(connection, a_studio(), every)
    for policy in POLICIES:
        there = replace(studio, choices=choices_of(policy))
        read = await queues(connection, [(studio.id, case.session.id) for case in every], NOW)
        for case in every:
            target = ScheduledSession(there, case.session, COURSE, waiting=len(case.waiting))
            for client in (ASKER, OUTSIDER):
                as_read = ahead_of(client.id, Queue(target, read.get((studio.id, case.session.id), ())), NOW)
                assert as_read == ahead_of(client.id, Queue(target, in_order(case.waiting)), NOW), case.told


@pytest.mark.parametrize("kind", WAITERS, ids=lambda kind: kind.why)
async def test_w2_each_kind_of_those_who_wait_keeps_others_out_or_does_not(
    connection: AsyncConnection, kind: Waiter
) -> None:
    """Of one free seat, without guards and under SAME_CLIENT: who could take it is first, and nobody else."""
    unable = {"redeemable soon", "earned here", "ends as it starts", "a sibling's", "a stranger's"}
    unable |= {"has a credit, a guest", "a guest with another guest's"}
    unable |= {"pays money, archived", "has a credit, archived"}
    case = made(SEATS[0], [kind], 0, None)
    studio = await written(connection, a_studio(), [case])

    found = await found_by(connection, can_book(OUTSIDER, studio))

    assert (case.session.id in found) is (kind.why in unable)

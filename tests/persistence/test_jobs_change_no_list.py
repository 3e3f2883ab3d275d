"""V5, W2: every list is the same before the jobs ran and after, whatever time has ended meanwhile."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.credits.choosing import CreditFilter
from domain.credits.holding import held
from domain.credits.validity import NEVER, Expiry
from domain.nouns.booking import BookingStatus, CancellationOutcome
from domain.nouns.client import Client
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit, state_at
from domain.nouns.policy import ExpiryMeans
from domain.nouns.session import ScheduledSession
from domain.nouns.studio import Studio
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.spending.make_ups import spendable_for
from domain.waiting.queueing import Waiting
from persistence import tables as t
from persistence.database import Database
from persistence.reads import listings, queries, waiting, waitlists
from persistence.reads.bookable import Bookable
from persistence.reads.credit_states import as_of
from persistence.reads.pages import Listing, Window
from tests import jobs
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
    uuid,
)
from tests.persistence.rows import write, write_clients, write_studio

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
ADA, BEA, GUEST = a_client(id=uuid(11)), a_client(id=uuid(12)), a_client(id=uuid(13), account_id=None)
CLIENTS = (ADA, BEA, GUEST)
SOON = replace(a_session(id=uuid(21), capacity=3, taken=1, most_ordinary=1), freed_late=2)
LATER = replace(a_session(id=uuid(22), starts_at=START + A_DAY, capacity=1, taken=1, most_ordinary=1))
OPEN = a_session(id=uuid(23), starts_at=START + 30 * A_DAY)
SESSIONS = (SOON, LATER, OPEN)
ZONE = a_studio().zone


def credit(number: int, own_end: datetime | None, until: datetime, grace: int, **changes: Any) -> MakeUpCredit:
    """Held until then, as joining would have held it."""
    own = NEVER if own_end is None else Expiry(own_end, own_end.date())
    free = a_credit(id=uuid(number), client_id=BEA.id, expires_at=own.at, expires_on=own.on)
    return replace(held(free, until, grace, ZONE), **changes)


NEVER_ENDING = credit(31, None, LATER.starts_at, 72, client_id=ADA.id)
GRACED = credit(32, START - A_DAY, SOON.starts_at, 5)
MISSED = replace(
    a_booking(id=uuid(71), session_id=OPEN.id, client_id=ADA.id),
    status=BookingStatus.CANCELLED,
    cancelled_at=NOW,
    outcome=CancellationOutcome.CREDIT,
)
EARNED = {
    "origin": CreditOrigin.CANCELLATION,
    "reason": None,
    "missed_booking_id": MISSED.id,
    "missed_session_id": MISSED.session_id,
    "missed_paid_with": MISSED.paid_with,
}
ENDING = credit(33, START + AN_HOUR, SOON.starts_at, 0, client_id=ADA.id, **EARNED)
WITHOUT_GRACE = credit(34, START, LATER.starts_at, 0)
TO_ATTEND_BY = credit(35, START, SOON.starts_at, 40 * 24, expiry_means=ExpiryMeans.ATTEND_BY)
FREE = a_credit(id=uuid(36), client_id=GUEST.id, expires_at=START + 2 * A_DAY, expires_on=date(2026, 12, 15))
CREDITS = (NEVER_ENDING, GRACED, ENDING, WITHOUT_GRACE, TO_ATTEND_BY, FREE)
MORE = [a_client(id=uuid(40 + n), account_id=None) for n in range(3)]


def entry(number: int, session: Any, client: Client, held: MakeUpCredit | None = None) -> WaitlistEntry:
    credit_id = None if held is None else held.id
    return WaitlistEntry(
        *(1, uuid(number), session.id, client.id, credit_id, NOW), WaitlistState.WAITING, None, None, NOW
    )


ENTRIES = [
    entry(51, SOON, ADA, NEVER_ENDING),
    entry(52, LATER, ADA, NEVER_ENDING),
    entry(53, SOON, BEA, GRACED),
    entry(54, SOON, MORE[0], ENDING),
    entry(55, LATER, BEA, WITHOUT_GRACE),
    entry(56, SOON, MORE[1], TO_ATTEND_BY),
    entry(57, SOON, GUEST),
    entry(58, LATER, GUEST),
    replace(entry(59, LATER, MORE[2]), state=WaitlistState.LEFT, ended_at=START),
]
TURNING = (
    *(SOON.starts_at, SOON.starts_at + AN_HOUR, SOON.starts_at + 5 * AN_HOUR),
    *(LATER.starts_at, START + 2 * A_DAY, GRACED.expires_at, TO_ATTEND_BY.expires_at),
)
INSTANTS = sorted({at + by * A_MICROSECOND for at in TURNING if at is not None for by in (-1, 0, 1)})


async def written(url: str) -> Studio:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        studio = await write_studio(connection, a_studio())
        await write_clients(connection, studio.id, [*CLIENTS, *MORE])
        await write(connection, studio.id, t.courses, [a_course()])
        await write(connection, studio.id, t.sessions, SESSIONS)
        await write(connection, studio.id, t.bookings, [MISSED])
        await write(connection, studio.id, t.make_up_credits, CREDITS)
        await write(connection, studio.id, t.waitlist_entries, ENTRIES)
    await engine.dispose()
    return studio


async def rows(connection: AsyncConnection, listing: Listing[Any]) -> list[Any]:
    page = await listing.page(connection, Window(100))
    assert len(page.items) == await listing.count(connection)
    return [*zip(page.items, page.positions, strict=True)]


async def told(connection: AsyncConnection, studio: Studio, now: datetime) -> dict[str, Any]:
    """What every list and every loader tells."""
    of_credits = [(studio.id, each.id) for each in CREDITS]
    of_clients, of_sessions = ([(studio.id, each.id) for each in some] for some in (CLIENTS, SESSIONS))
    answers = await credits_told(connection, studio, now)
    for states in (None, *([state] for state in WaitlistState)):
        wanted = waitlists.EntryFilter(states)
        for name, listing in {
            "studio": waitlists.entries_of_studio(studio.id, wanted, now),
            "clients": waitlists.entries_of_clients(of_clients, wanted, now),
        }.items():
            found = await rows(connection, listing)
            answers[f"entries of {name} {states}"] = [(position, stands(each, now)) for each, position in found]
    answers["queues"] = await waiting.queues(connection, of_sessions, now)
    answers["waiting"] = await waiting.waiting_counts(connection, of_sessions, now)
    answers["places"] = await waiting.places_of(connection, of_credits, now)
    places = [(*client, session) for client in of_clients for _, session in of_sessions]
    answers["live"] = await waiting.live_entries(connection, places, now)
    for session in SESSIONS:
        there = replace(session, studio_id=studio.id)
        answers[f"list of {session.id}"] = await rows(connection, waitlists.waitlist_of(there, now))
    found = await rows(connection, listings.sessions(studio.id, listings.SessionFilter()))
    answers["sessions"] = [(position, taken(studio, each, answers, now)) for each, position in found]
    return answers


async def credits_told(connection: AsyncConnection, studio: Studio, now: datetime) -> dict[str, Any]:
    answers = dict[str, Any]()
    of_clients = [(studio.id, each.id) for each in CLIENTS]
    last_days = (SOON.starts_at.date(), LATER.starts_at.date())
    wanted = [CreditFilter(), *(CreditFilter(frozenset([state])) for state in CreditState)]
    wanted += [CreditFilter(expires_from=day) for day in last_days] + [CreditFilter(expires_until=d) for d in last_days]
    for each in wanted:
        of_studio = await rows(connection, listings.credits_of_studio(studio.id, each, now))
        assert of_studio == await rows(connection, listings.credits_of_clients(of_clients, each, now))
        answers[f"credits {each}"] = [(unwritten(row), row.state_at(now), position) for row, position in of_studio]
    found = await queries.by_id(connection, as_of(now), [(studio.id, each.id) for each in CREDITS])
    answers["credits by id"] = {key: unwritten(row) for key, row in found.items()}
    active = await queries.unspent_credits(connection, of_clients, now)
    answers["active"] = {key: {row.id: unwritten(row) for row in of_client} for key, of_client in active.items()}
    for client in CLIENTS:
        of_client = active.get((studio.id, client.id), ())
        spendable = spendable_for(client, frozenset(), of_client, studio.policy, now)
        bookable = Bookable.by(studio, client.id, now, spendable)
        page = await rows(connection, listings.sessions(studio.id, listings.SessionFilter(bookable=(bookable,))))
        counts = await queries.count_bookable(connection, (bookable,))
        answers[f"bookable for {client.id}"] = [row.id for row, _ in page], counts[bookable]
    earned = await queries.earned_before(connection, of_clients)
    answers["earned before"] = {
        key: [(each.credit_id, state_at(each.state, each.expires_at, each.held_until, now)) for each in before]
        for key, before in earned.items()
    }
    assert answers["earned before"], "else the caps would be asked of nothing"
    return answers


def unwritten(credit: MakeUpCredit) -> MakeUpCredit:
    """But for what is written down of its expiry, which nobody is told."""
    return replace(credit, expiry_written=None)


def stands(entry: WaitlistEntry, now: datetime) -> tuple[object, ...]:
    starts_at = next(session.starts_at for session in SESSIONS if session.id == entry.session_id)
    state = entry.state_at(now, starts_at)
    ended_at = entry.ended_at or (starts_at if state is WaitlistState.ENDED else None)
    return entry.id, state, ended_at, entry.changed_at


def taken(studio: Studio, session: Any, answers: dict[str, Any], now: datetime) -> tuple[object, ...]:
    waits = answers["waiting"][studio.id, session.id]
    target = ScheduledSession(studio, session, a_course(), waits)
    return session.id, session.changed_at, target.on_offer(now), target.taken(now)


async def ran(database: Database, studio: Studio, now: datetime) -> int:
    """How much the jobs have written, in their order."""
    return sum(await jobs.end_waits(database, studio.id, now)) + await jobs.expire_credits(database, studio.id, now)


async def test_v5_w2_a_list_does_not_depend_on_how_far_the_jobs_have_come(
    database: Database, database_url: str
) -> None:
    studio, wrote = await written(database_url), list[int]()
    for now in INSTANTS:
        async with database.reading() as connection:
            before = await told(connection, studio, now)
        wrote.append(await ran(database, studio, now))
        async with database.reading() as connection:
            assert await told(connection, studio, now) == before, now
    # Else the comparison would prove nothing.
    assert sum(wrote) == len(ENTRIES) - 1 + len(CREDITS) - 1
    assert wrote[0] == 0


@pytest.mark.parametrize("now", [LATER.starts_at, INSTANTS[-1]])
async def test_v5_w2_nor_does_it_where_they_have_not_run_for_long(
    database: Database, database_url: str, now: datetime
) -> None:
    studio = await written(database_url)
    async with database.reading() as connection:
        before = await told(connection, studio, now)
    assert await ran(database, studio, now) > 0
    async with database.reading() as connection:
        assert await told(connection, studio, now) == before
    queues: dict[Any, tuple[Waiting, ...]] = before["queues"]
    assert queues == {}

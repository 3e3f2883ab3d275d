"""W1, W2: who waits is read as of an instant, in their order, whatever jobs have written."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.waiting.queueing import Place, Waiting
from persistence import tables as t
from persistence.reads.pages import Listing, Window
from persistence.reads.waiting import live_entries, places_of, queues, waiting_counts
from persistence.reads.waitlists import EntryFilter, entries_of_clients, entries_of_studio, waitlist_of
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

ADA, BEA = a_client(id=uuid(11)), a_client(id=uuid(12))
GUEST, STRANGER = a_client(id=uuid(13), account_id=None), a_client(id=uuid(14), account_id=uuid(15))
SOON, LATER = a_session(id=uuid(21)), a_session(id=uuid(22), starts_at=START + timedelta(days=1))
HELD = {"state": CreditState.HELD, "grace_hours": 72}
ADAS = replace(a_credit(id=uuid(31), client_id=ADA.id), **HELD, held_until=LATER.starts_at)
BEAS = replace(a_credit(id=uuid(32), client_id=BEA.id), **HELD, held_until=SOON.starts_at)
ADAS_OTHER = replace(a_credit(id=uuid(33), client_id=ADA.id), **HELD, held_until=LATER.starts_at)


def entry(number: int, session: UUID, client: UUID, credit: UUID | None = None, joined: int = 0) -> WaitlistEntry:
    joined_at = NOW + joined * A_MICROSECOND
    return WaitlistEntry(
        *(1, uuid(number), session, client, credit, joined_at), WaitlistState.WAITING, None, None, joined_at
    )


THIRD = entry(41, SOON.id, GUEST.id, joined=2)
FIRST = entry(43, SOON.id, ADA.id, ADAS.id, joined=1)
SECOND = entry(44, SOON.id, STRANGER.id, BEAS.id, joined=1)
OF_LATER = entry(45, LATER.id, ADA.id, ADAS.id, joined=3)
WITH_A_SIBLINGS = entry(46, LATER.id, BEA.id, ADAS_OTHER.id, joined=4)
BOOKING = a_booking(id=uuid(51), session_id=LATER.id, client_id=GUEST.id)
ENDED = [
    replace(entry(60 + n, LATER.id, GUEST.id, joined=5), state=state, ended_at=START)
    for n, state in enumerate((WaitlistState.LEFT, WaitlistState.GIVEN_UP, WaitlistState.ENDED))
]
SEATED = replace(
    entry(70, LATER.id, GUEST.id), state=WaitlistState.SEATED, ended_at=NOW + A_MICROSECOND, booking_id=BOOKING.id
)
ENTRIES = [FIRST, SECOND, THIRD, OF_LATER, WITH_A_SIBLINGS, *ENDED, SEATED]
AROUND = (START - A_MICROSECOND, START, START + A_MICROSECOND)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
        await opened.rollback()
    await engine.dispose()


@pytest.fixture
async def studio_id(connection: AsyncConnection) -> int:
    studio_id = (await write_studio(connection, a_studio())).id
    await write_clients(connection, studio_id, (ADA, BEA, GUEST, STRANGER))
    await write(connection, studio_id, t.courses, [a_course()])
    await write(connection, studio_id, t.sessions, [SOON, LATER])
    await write(connection, studio_id, t.make_up_credits, [ADAS, BEAS, ADAS_OTHER])
    await write(connection, studio_id, t.bookings, [BOOKING])
    await write(connection, studio_id, t.waitlist_entries, ENTRIES)
    return studio_id


def of(entry: WaitlistEntry, studio_id: int) -> WaitlistEntry:
    return replace(entry, studio_id=studio_id)


async def test_w2_a_queue_is_read_in_its_order_with_whom_and_what_it_is_decided_by(
    connection: AsyncConnection, studio_id: int
) -> None:
    keys = [(studio_id, SOON.id), (studio_id, LATER.id), (studio_id, uuid(29))]

    found = await queues(connection, keys, AROUND[0])

    ada, bea, guest, stranger = (replace(client, studio_id=studio_id) for client in (ADA, BEA, GUEST, STRANGER))
    adas, beas, adas_other = (replace(credit, studio_id=studio_id) for credit in (ADAS, BEAS, ADAS_OTHER))
    assert found == {
        keys[0]: (
            Waiting(of(FIRST, studio_id), ada, adas, frozenset()),
            Waiting(of(SECOND, studio_id), stranger, beas, frozenset()),
            Waiting(of(THIRD, studio_id), guest, None, frozenset()),
        ),
        keys[1]: (
            Waiting(of(OF_LATER, studio_id), ada, adas, frozenset()),
            Waiting(of(WITH_A_SIBLINGS, studio_id), bea, adas_other, frozenset({ADA.id})),
        ),
    }


async def test_w2_at_the_start_nobody_waits_any_more(connection: AsyncConnection, studio_id: int) -> None:
    soon, later = (studio_id, SOON.id), (studio_id, LATER.id)
    seat, credit = (studio_id, ADA.id, SOON.id), (studio_id, ADAS.id)
    elsewhere = Place(of(OF_LATER, studio_id), LATER.starts_at)
    for now, waiting in zip(AROUND, (True, False, False), strict=True):
        here = Place(of(FIRST, studio_id), SOON.starts_at)

        assert await waiting_counts(connection, [soon, later], now) == {soon: 3 * waiting, later: 2}
        assert set(await queues(connection, [soon, later], now)) == ({soon, later} if waiting else {later})
        assert await places_of(connection, [credit], now) == {credit: (here, elsewhere) if waiting else (elsewhere,)}
        found = await live_entries(connection, [seat, (studio_id, GUEST.id, LATER.id)], now)
        assert {key: each for key, each in found.items() if key == seat} == ({seat: here.entry} if waiting else {})
        assert (studio_id, GUEST.id, LATER.id) not in found, "what has ended is no place to wait on"


async def ids(connection: AsyncConnection, listing: Listing[WaitlistEntry]) -> list[UUID]:
    """As pages of one tell them."""
    found, after = list[UUID](), None
    while True:
        page = await listing.page(connection, Window(1, after=after))
        found += [each.id for each in page.items]
        if not page.has_next:
            assert len(found) == await listing.count(connection)
            return found
        (after,) = page.positions


async def test_w2_a_filter_of_states_finds_what_the_domain_says_is_in_them(
    connection: AsyncConnection, studio_id: int
) -> None:
    starts = {SOON.id: SOON.starts_at, LATER.id: LATER.starts_at}
    in_order = sorted(ENTRIES, key=lambda each: (starts[each.session_id], each.id))
    states = list(WaitlistState)
    for now in AROUND:
        for wanted in (*combinations(states, 1), *combinations(states, 2), tuple(states), ()):
            expected = [each.id for each in in_order if each.state_at(now, starts[each.session_id]) in wanted]
            listing = entries_of_studio(studio_id, EntryFilter(wanted), now)
            assert await ids(connection, listing) == expected, (wanted, now)


async def test_places_are_listed_by_the_start_of_their_sessions(connection: AsyncConnection, studio_id: int) -> None:
    keys = [(studio_id, ADA.id), (studio_id, BEA.id)]
    of_both = [FIRST.id, OF_LATER.id, WITH_A_SIBLINGS.id]

    assert await ids(connection, entries_of_clients(keys, EntryFilter(), NOW)) == of_both
    assert await ids(connection, entries_of_clients([], EntryFilter(), NOW)) == []
    assert await ids(connection, entries_of_clients(keys, EntryFilter(client_id=BEA.id), NOW)) == of_both[2:]
    assert await ids(connection, entries_of_studio(studio_id, EntryFilter(session_id=SOON.id), NOW)) == [
        *(THIRD.id, FIRST.id, SECOND.id)
    ]
    assert await ids(connection, entries_of_studio(studio_id, EntryFilter(client_id=ADA.id), NOW)) == of_both[:2]


async def test_w2_the_list_of_a_session_is_in_the_order_of_joining(connection: AsyncConnection, studio_id: int) -> None:
    soon = replace(SOON, studio_id=studio_id)

    assert await ids(connection, waitlist_of(soon, AROUND[0])) == [FIRST.id, SECOND.id, THIRD.id]
    assert await ids(connection, waitlist_of(soon, AROUND[1])) == []

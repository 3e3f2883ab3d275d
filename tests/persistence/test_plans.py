"""W1, W2, S6: whatever asks who waits, or what happened, looks at that and not through all there ever was."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.nouns.history import EventKind
from domain.nouns.session import Session
from domain.nouns.studio import Studio
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from persistence import migrate
from persistence import tables as t
from persistence.reads import history, listings, queries, waiting, waitlists
from persistence.reads.pages import Window
from tests.domain.builders import NOW, a_client, a_course, a_session, a_studio
from tests.persistence.rows import write, write_clients, write_studio
from tests.persistence.test_turns import ASKER, OUTSIDER, can_book

AN_HOUR = timedelta(hours=1)
SESSIONS = [
    a_session(id=uuid4(), starts_at=NOW + n * AN_HOUR, capacity=2, taken=1, most_ordinary=1) for n in range(-300, 300)
]
CLIENTS = [a_client(id=uuid4(), account_id=None) for _ in range(50)]
OF_LIVE, OF_CREDIT, OF_CLIENT = (
    "waitlist_entries_one_live_a_client",
    "waitlist_entries_of_a_held_credit",
    "waitlist_entries_by_studio_id_client_id",
)


def entries() -> list[WaitlistEntry]:
    """Ten of each session, of whom a few wait still: three in one of twenty to come."""
    made = list[WaitlistEntry]()
    for n, session in enumerate(SESSIONS):
        at = NOW - timedelta(days=30)
        for m in range(10):
            live = session.starts_at > NOW and n % 20 == 0 and m < 3
            state = (WaitlistState.WAITING, None) if live else (WaitlistState.LEFT, at)
            made.append(WaitlistEntry(1, uuid4(), session.id, CLIENTS[(7 * n + m) % 50].id, None, at, *state, None, at))
    return made


Ask = Callable[[AsyncConnection, Studio], Awaitable[object]]


@pytest.fixture
async def connection(empty_url: str) -> AsyncIterator[AsyncConnection]:
    migrate.upgrade(empty_url)
    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
        await opened.rollback()
    await engine.dispose()


async def plan(connection: AsyncConnection, studio: Studio, ask: Ask) -> list[str]:
    """How the database goes about the one statement that is sent, a line a step."""
    sent: list[tuple[str, Sequence[Any]]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Sequence[Any], *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await ask(connection, studio)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    lite = connection.dialect.name == "sqlite"
    ((statement, parameters),) = sent
    rows = await connection.exec_driver_sql(
        f"{'EXPLAIN QUERY PLAN' if lite else 'EXPLAIN (COSTS OFF)'} {statement}", tuple(parameters)
    )
    return [str(row[-1]) for row in rows]


def keys(studio: Studio, *of: Session) -> list[tuple[int, Any]]:
    return [(studio.id, session.id) for session in of or SESSIONS[310:330]]


def of_clients(*states: WaitlistState) -> Ask:
    def ask(connection: AsyncConnection, studio: Studio) -> Awaitable[object]:
        wanted = waitlists.EntryFilter(states or None)
        return waitlists.entries_of_clients([(studio.id, CLIENTS[0].id)], wanted, NOW).page(connection, Window(20))

    return ask


def bookable(connection: AsyncConnection, studio: Studio) -> Awaitable[object]:
    wanted = listings.SessionFilter(starts_from=NOW, bookable=(can_book(ASKER, studio),))
    return listings.sessions(studio.id, wanted).page(connection, Window(20))


# What each asks, and the indexes that may serve it.
ASKED: dict[str, tuple[Ask, set[str]]] = {
    "the queues": (lambda c, studio: waiting.queues(c, keys(studio), NOW), {OF_LIVE}),
    "how many wait": (lambda c, studio: waiting.waiting_counts(c, keys(studio), NOW), {OF_LIVE}),
    "where a credit waits": (lambda c, studio: waiting.places_of(c, [(studio.id, uuid4())], NOW), {OF_CREDIT}),
    "where a client waits": (
        lambda c, studio: waiting.live_entries(c, [(studio.id, CLIENTS[0].id, SESSIONS[320].id)], NOW),
        {OF_LIVE},
    ),
    "the list of a session": (
        lambda c, studio: waitlists.waitlist_of(replace(SESSIONS[320], studio_id=studio.id), NOW).page(c, Window(20)),
        {OF_LIVE},
    ),
    "the places of a client": (of_clients(), {OF_CLIENT}),
    "the live places of a client": (of_clients(WaitlistState.WAITING), {OF_CLIENT, OF_LIVE}),
    "what a credit can book": (bookable, {OF_LIVE}),
    "how many a credit can book": (lambda c, studio: queries.count_bookable(c, (can_book(ASKER, studio),)), {OF_LIVE}),
}


OWNER = OUTSIDER.account_id
# What the trail is asked for, and the index that serves it: read in its order, never sorted.
TRAILS: dict[str, tuple[history.AuditFilter, str]] = {
    "everything": (history.AuditFilter(), "events_by_studio_id_at_id"),
    "some days": (
        history.AuditFilter(at_from=NOW - 3 * AN_HOUR, at_until=NOW - 2 * AN_HOUR),
        "events_by_studio_id_at_id",
    ),
    "some kinds": (history.AuditFilter(kinds=[EventKind.SEAT_BOOKED]), "events_by_studio_id_at_id"),
    "by somebody": (history.AuditFilter(actor_id=OWNER), "events_by_studio_id_actor_id_at_id"),
    "of a session": (history.AuditFilter(session_id=SESSIONS[7].id), "events_of_a_session"),
    "of a client": (history.AuditFilter(client_id=CLIENTS[7].id), "events_of_a_client"),
    "of a credit": (history.AuditFilter(credit_id=SESSIONS[7].id), "events_of_a_credit"),
}


def lines(studio_id: int) -> list[dict[str, Any]]:
    """Twenty of each session, ten of them with a client, the first ten with a credit; few by the owner."""
    asker = ASKER.account_id
    return [
        {
            "studio_id": studio_id,
            "id": uuid4(),
            "at": NOW + (n - 12_000) * timedelta(minutes=1),
            "actor_id": asker if n % 50 else OWNER,
            "kind": (EventKind.SEAT_BOOKED if n % 2 else EventKind.SESSION_CHANGED).value,
            "session_id": SESSIONS[n % 600].id,
            "client_id": CLIENTS[n // 2 % 50].id if n % 2 else None,
            "credit_id": SESSIONS[n % 600].id if n < 6_000 else None,
            **dict.fromkeys(("course_id", "enrolment_id", "booking_id")),
            "data": {},
        }
        for n in range(12_000)
    ]


async def test_s6_the_audit_trail_is_read_in_its_order_from_an_index_of_what_it_is_asked_for(
    connection: AsyncConnection,
) -> None:
    studio = await write_studio(connection, a_studio())
    await write_clients(connection, studio.id, [ASKER, OUTSIDER, *CLIENTS])
    await connection.execute(t.events.insert(), lines(studio.id))
    await connection.execute(sa.text("ANALYZE"))
    for asked, (wanted, index) in TRAILS.items():
        listing = history.audit_trail(studio.id, wanted)
        steps = await plan(connection, studio, lambda c, _, it=listing: it.page(c, Window(50, backwards=True)))
        assert any(index in step for step in steps), (asked, steps)
        assert not [step for step in steps if "Sort" in step or "TEMP B-TREE" in step], (asked, steps)


async def test_whatever_asks_who_waits_is_served_by_the_index_of_those_who_do(connection: AsyncConnection) -> None:
    studio = await write_studio(connection, a_studio())
    await write_clients(connection, studio.id, [ASKER, OUTSIDER, *CLIENTS])
    await write(connection, studio.id, t.courses, [a_course()])
    await write(connection, studio.id, t.sessions, SESSIONS)
    await write(connection, studio.id, t.waitlist_entries, entries())
    await connection.execute(sa.text("ANALYZE"))
    for asked, (ask, indexes) in ASKED.items():
        steps = await plan(connection, studio, ask)
        looks = [step for step in steps if _looks_at_entries(step)]
        assert looks, (asked, steps)
        for look in looks:
            assert any(index in look for index in indexes), (asked, look)


def _looks_at_entries(step: str) -> bool:
    """A bitmap of PostgreSQL names its index in a step of its own."""
    return (
        any(word in step for word in ("SEARCH", "SCAN", "Scan"))
        and " waitlist_entries" in step
        and ("Bitmap Heap" not in step)
    )

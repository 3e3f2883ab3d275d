"""The database has the last word: each invariant is tried directly in SQL, past all of the application's rules."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.nouns.booking import BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.nouns.credit import CreditState
from persistence import tables as t
from schema.ids import Ref
from tests.ids import key_of, ref
from tests.world import Api, World

NOW = "2026-11-22T17:00:00Z"


@dataclass(frozen=True)
class Rows:
    """One studio's rows: a live booking, a cancelled one that earned `earned`, a seat paid with `used`."""

    connection: AsyncConnection
    studio_id: int
    client: UUID
    session: UUID
    course_session: UUID
    live: UUID
    missed: UUID
    earned: UUID
    make_up: UUID
    used: UUID

    async def change(self, table: sa.Table, key: UUID, **values: object) -> None:
        where = (table.c.studio_id == self.studio_id, table.c.id == key)
        await self.connection.execute(table.update().where(*where).values(**values))

    async def copy(self, table: sa.Table, key: UUID, **values: object) -> None:
        """Writes a row once more under a new id, with other values."""
        found = await self.connection.execute(
            sa.select(table).where(table.c.studio_id == self.studio_id, table.c.id == key)
        )
        row = {**found.mappings().one(), "id": uuid4(), **values}
        await self.connection.execute(table.insert().values(row))


@pytest.fixture(scope="module")
async def studio(http: httpx.AsyncClient) -> World:
    """One for all tests here: each undoes what it does."""
    return await World.founded(Api(http))


@pytest.fixture(scope="module")
async def ids(studio: World) -> list[Ref]:
    person, client = await studio.person()
    course = await studio.course()
    session = await studio.session(course, "2026-12-13T17:00:00Z")
    other = await studio.session(course, "2026-12-14T17:00:00Z")
    target = await studio.session(None, "2026-12-20T17:00:00Z", capacity=1)
    live = await studio.booked(other, client)
    missed = await studio.booked(session, client)
    cancelled = await person.do("cancelBooking", NOW, bookingId=missed)
    (granted,) = await studio.granted(client)
    made_up = await person.do("bookWithMakeUp", NOW, sessionId=target, creditId=granted)
    texts = [client, target, session, live, missed, cancelled["credit"]["id"], made_up["booking"]["id"], granted]
    return [ref(text) for text in texts]


@pytest.fixture
async def rows(ids: list[Ref], database_url: str) -> AsyncIterator[Rows]:
    engine = create_async_engine(database_url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine.sync_engine, "connect")
        def _(connection, _record) -> None:
            connection.execute("PRAGMA foreign_keys = ON")

    async with engine.connect() as connection:
        yield Rows(connection, ids[0].studio_id, *(ref.key for ref in ids))
        await connection.rollback()
    await engine.dispose()


async def test_a_second_live_credit_for_one_missed_booking_is_refused(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="missed_booking"):
        await rows.copy(t.make_up_credits, rows.earned)


async def test_a_credit_that_was_taken_back_makes_room_for_another(rows: Rows) -> None:
    await rows.change(t.make_up_credits, rows.earned, state=CreditState.UNDONE)
    await rows.copy(t.make_up_credits, rows.earned, state=CreditState.ACTIVE)


async def test_a_credit_cannot_pay_two_seats(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="credit"):
        await rows.copy(t.bookings, rows.make_up, session_id=rows.course_session)


async def test_a_used_credit_names_its_booking_and_an_unused_one_names_none(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="booking_when_used"):
        await rows.change(t.make_up_credits, rows.used, booking_id=None)


async def test_an_active_credit_names_no_booking(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="booking_when_used"):
        await rows.change(t.make_up_credits, rows.used, state=CreditState.ACTIVE)


async def test_a_credit_cannot_name_a_booking_that_it_does_not_pay(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.change(t.make_up_credits, rows.earned, state=CreditState.USED, booking_id=rows.live)


async def test_a_make_up_booking_names_its_credit(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.change(t.bookings, rows.make_up, credit_id=None)


async def test_a_make_up_booking_is_always_paid(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="make_up_is_paid"):
        await rows.change(t.bookings, rows.make_up, payment=PaymentState.DUE)


async def test_a_session_is_never_oversold(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="seats_not_oversold"):
        await rows.change(t.sessions, rows.session, taken=2, most_ordinary=1)


async def test_the_extra_seats_are_the_last_that_can_be_taken(rows: Rows) -> None:
    await rows.change(t.sessions, rows.course_session, extra_make_up_seats=2, taken=12, make_ups=2, most_ordinary=10)
    with pytest.raises(IntegrityError, match="seats_not_oversold"):
        await rows.change(t.sessions, rows.course_session, taken=13, make_ups=3)


async def test_extra_seats_that_are_taken_stay(rows: Rows) -> None:
    await rows.change(t.sessions, rows.course_session, extra_make_up_seats=2, taken=11, make_ups=1, most_ordinary=10)
    await rows.change(t.sessions, rows.course_session, extra_make_up_seats=1)
    with pytest.raises(IntegrityError, match="seats_not_oversold"):
        await rows.change(t.sessions, rows.course_session, extra_make_up_seats=0)


async def test_extra_seats_are_never_negative(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="extra_seats_not_negative"):
        await rows.change(t.sessions, rows.course_session, extra_make_up_seats=-1)


@pytest.mark.parametrize("make_ups", [-1, 2])
async def test_make_ups_are_some_of_the_seats_that_are_taken(rows: Rows, make_ups: int) -> None:
    with pytest.raises(IntegrityError, match="make_ups_among_taken"):
        await rows.change(t.sessions, rows.course_session, taken=1, make_ups=make_ups, most_ordinary=3)


async def test_the_most_ordinary_bookings_ever_are_no_fewer_than_those_now(rows: Rows) -> None:
    await rows.change(t.sessions, rows.course_session, taken=3, make_ups=1, most_ordinary=2)
    with pytest.raises(IntegrityError, match="most_ordinary_ever"):
        await rows.change(t.sessions, rows.course_session, most_ordinary=1)


async def test_a_capacity_below_what_is_taken_is_refused(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.change(t.sessions, rows.session, capacity=0)


async def test_taken_seats_are_never_negative(rows: Rows) -> None:
    # Fewer than none of them are make-ups then, too: a database may tell of either.
    with pytest.raises(IntegrityError, match=r"seats_not_oversold|make_ups_among_taken"):
        await rows.change(t.sessions, rows.session, taken=-1, make_ups=-1)


async def test_a_session_with_a_seat_taken_is_not_archived_before_it_starts(rows: Rows) -> None:
    starts_at = datetime(2026, 12, 20, 17, tzinfo=UTC)
    await rows.change(t.sessions, rows.session, archived_at=starts_at)
    with pytest.raises(IntegrityError, match="archived_when_empty"):
        await rows.change(t.sessions, rows.session, archived_at=starts_at - timedelta(microseconds=1))


async def test_a_seat_in_an_archived_session_is_not_taken(rows: Rows) -> None:
    empty = {"taken": 0, "make_ups": 0, "archived_at": datetime(2026, 12, 1, tzinfo=UTC)}
    await rows.change(t.sessions, rows.session, **empty)
    with pytest.raises(IntegrityError, match="archived_when_empty"):
        await rows.change(t.sessions, rows.session, taken=1, make_ups=1)


async def test_a_one_time_class_has_a_name_of_its_own(rows: Rows) -> None:
    await rows.change(t.sessions, rows.course_session, name="")
    with pytest.raises(IntegrityError, match="called_somehow"):
        await rows.change(t.sessions, rows.session, name="")


async def an_enrolment(rows: Rows, **values: object) -> None:
    """Of the client in the course of the first session."""
    found = await rows.connection.execute(
        sa.select(t.sessions.c.course_id).where(
            t.sessions.c.studio_id == rows.studio_id, t.sessions.c.id == rows.course_session
        )
    )
    now = datetime(2026, 12, 1, tzinfo=UTC)
    row = {"studio_id": rows.studio_id, "id": uuid4(), "course_id": found.scalar_one(), "client_id": rows.client}
    more = {"payment": PaymentState.PAID, "price": 0, "enrolled_at": now, "changed_at": now}
    await rows.connection.execute(t.enrolments.insert().values(row | more | values))


async def test_a_client_runs_one_enrolment_in_a_course_and_may_have_ended_others(rows: Rows) -> None:
    for _ in range(2):
        await an_enrolment(rows, ended_at=datetime(2026, 12, 2, tzinfo=UTC))
    await an_enrolment(rows)
    with pytest.raises(IntegrityError):
        await an_enrolment(rows)


async def test_an_enrolment_does_not_end_before_it_began(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="ends_after_its_beginning"):
        await an_enrolment(rows, ended_at=datetime(2026, 11, 30, tzinfo=UTC))


async def test_a_client_has_one_live_seat_a_session(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.copy(t.bookings, rows.live)


async def test_no_credit_is_born_from_a_make_up_booking(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.copy(
            t.make_up_credits,
            rows.earned,
            missed_booking_id=rows.make_up,
            missed_session_id=rows.session,
            missed_paid_with=PaidWith.MAKE_UP,
        )


@pytest.mark.parametrize("lie", ["missed_session_id", "missed_paid_with", "client_id"])
async def test_what_a_credit_tells_of_its_missed_booking_is_true(rows: Rows, lie: str) -> None:
    lies = {"missed_session_id": rows.session, "missed_paid_with": PaidWith.ENROLMENT, "client_id": uuid4()}
    with pytest.raises(IntegrityError):
        await rows.change(t.make_up_credits, rows.earned, **{lie: lies[lie]})


async def test_a_cancelled_booking_has_an_outcome_and_a_live_one_has_none(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.change(t.bookings, rows.live, status=BookingStatus.CANCELLED)


async def test_a_live_booking_has_no_outcome(rows: Rows) -> None:
    with pytest.raises(IntegrityError):
        await rows.change(t.bookings, rows.live, outcome=CancellationOutcome.NOTHING)


async def test_a_credit_expires_after_it_is_issued(rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="expires_after_issue"):
        await rows.change(t.make_up_credits, rows.earned, expires_at=await issued_at(rows))


async def issued_at(rows: Rows) -> object:
    credit = t.make_up_credits.c
    found = await rows.connection.execute(
        sa.select(credit.issued_at).where(credit.studio_id == rows.studio_id, credit.id == rows.earned)
    )
    return found.scalar_one()


@pytest.mark.parametrize("table", [t.bookings, t.make_up_credits, t.sessions], ids=lambda table: table.name)
async def test_a_row_cannot_move_to_another_studio(rows: Rows, table: sa.Table) -> None:
    keys = {t.bookings: rows.live, t.make_up_credits: rows.earned, t.sessions: rows.session}
    with pytest.raises(IntegrityError):
        await rows.change(table, keys[table], studio_id=rows.studio_id + 1_000_000)


async def test_a_booking_cannot_name_a_client_of_another_studio(rows: Rows, studio: World) -> None:
    other = await World.founded(studio.api)
    theirs = key_of(await other.client())
    with pytest.raises(IntegrityError):
        await rows.change(t.bookings, rows.live, client_id=theirs)


async def test_two_studios_cannot_share_a_slug_nor_two_accounts_an_e_mail(rows: Rows, studio: World) -> None:
    other = await World.founded(studio.api)
    with pytest.raises(IntegrityError):
        await rows.connection.execute(t.studios.update().where(t.studios.c.slug == other.slug).values(slug=studio.slug))


async def test_a_client_is_managed_by_one_account(rows: Rows) -> None:
    links = t.client_accounts
    found = await rows.connection.execute(
        sa.select(links).where(links.c.studio_id == rows.studio_id, links.c.client_id == rows.client)
    )
    with pytest.raises(IntegrityError):
        await rows.connection.execute(links.insert().values(dict(found.mappings().one())))

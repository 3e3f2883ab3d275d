"""Races of moved sessions and of marks. Then every invariant is checked."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta
from itertools import product

import pytest

from domain.credits.choosing import ById
from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.credit import RevocationReason
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services import attendance, bookings, credits, moving
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, what_comes_of_waiting
from tests.world import Json, World, codes, data

STARTED = "2026-11-22T16:00:00Z"
LATER = datetime.fromisoformat("2026-12-20T17:00:00Z")


class Roster:
    """A session that has started, with a seat for each of some people; an excused absence earns."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def set_up(self, people: int = 4) -> "Roster":
        await self.world.policy(excusedAbsenceEarns=True)
        self.session = await self.world.session(await self.world.course(), STARTED)
        self.people = [await self.world.person() for _ in range(people)]
        self.bookings = [await self.world.booked(self.session, client) for _, client in self.people]
        return self

    def mark(self, **marks: str) -> asyncio.Future[Json]:
        """By the numbers of the seats; `rest` for those without a mark."""
        rest = {"unmarked": marks.pop("rest")} if "rest" in marks else {}
        named = [{"bookingId": self.bookings[int(seat[1:])], "attendance": mark} for seat, mark in marks.items()]
        return asyncio.ensure_future(
            self.world.owner.do("markAttendance", NOW, sessionId=self.session, marks=named, **rest)
        )

    def command(self, mark: Attendance) -> attendance.MarkAttendance:
        return attendance.MarkAttendance(key_of(self.session), {key_of(self.bookings[0]): mark})


@pytest.fixture
async def roster(world: World) -> Roster:
    return await Roster(world).set_up()


async def test_two_teachers_who_mark_one_roster_at_once_lose_no_mark(roster: Roster, database: Database) -> None:
    answers = await asyncio.gather(
        roster.mark(s0="ABSENT", rest="ATTENDED"),
        roster.mark(s1="EXCUSED", rest="ATTENDED"),
        roster.mark(rest="NO_SHOW"),
    )

    last = await roster.mark(s0="ABSENT", s1="EXCUSED", rest="ATTENDED")
    assert [each["changed"] for each in last["results"]] == [False, False]
    changed = Counter(result["booking"]["id"] for each in answers for result in each["results"] if result["changed"])
    assert set(changed) == set(roster.bookings)
    assert all(changed[seat] == 1 for seat in roster.bookings[2:])
    await assert_all_hold(database, roster.world.studio, NOW)


async def test_one_absence_excused_many_times_at_once_earns_one_credit(roster: Roster, database: Database) -> None:
    answers = await asyncio.gather(*(roster.mark(s0="EXCUSED") for _ in range(8)))

    assert sorted(each["results"][0]["changed"] for each in answers) == [False] * 7 + [True]
    assert len({each["results"][0]["credit"]["id"] for each in answers}) == 1
    await assert_all_hold(database, roster.world.studio, NOW)


async def test_excusing_against_correcting_ends_with_as_many_credits_as_excuses(
    roster: Roster, database: Database
) -> None:
    await asyncio.gather(*(roster.mark(s0=mark) for mark in ("EXCUSED", "ABSENT") * 4))

    last = (await roster.mark(s0="EXCUSED"))["results"][0]
    assert last["credit"]["state"] == "ACTIVE"
    corrected = (await roster.mark(s0="ATTENDED"))["results"][0]
    assert corrected["creditTakenBack"]["id"] == last["credit"]["id"]
    await assert_all_hold(database, roster.world.studio, NOW)


@pytest.mark.parametrize("spends_first", [True, False], ids=["spent first", "corrected first"])
async def test_a_correction_and_the_spending_of_its_credit_go_one_way_or_the_other(
    roster: Roster, database: Database, dialect: str, spends_first: bool
) -> None:
    credit = (await roster.mark(s0="EXCUSED"))["results"][0]["credit"]["id"]
    client = roster.people[0][1]
    target = key_of(await roster.world.session(None, "2026-12-13T17:00:00Z"))
    book = bookings.BookWithMakeUp(target, key_of(client), key_of(credit))
    correct = roster.command(Attendance.ABSENT)

    def spend(work: Work) -> Awaitable[Done | Refused]:
        return bookings.book_with_make_up(work, book)

    def mark(work: Work) -> Awaitable[Done | Refused]:
        return attendance.mark_attendance(work, correct)

    in_order = (spend, mark) if spends_first else (mark, spend)
    second = await what_comes_of_waiting(roster.world, database, dialect, *in_order)

    if spends_first:
        assert isinstance(second, Done)
        assert (len(second.changed), second.credits) == (1, ())
    else:
        assert isinstance(second, Refused)
        assert [reason.code.value for reason in second.reasons] == ["CREDIT_UNDONE"]
    await assert_all_hold(database, roster.world.studio, NOW)


async def test_a_correction_and_a_revocation_take_a_credit_back_once(
    roster: Roster, database: Database, dialect: str
) -> None:
    credit = (await roster.mark(s0="EXCUSED"))["results"][0]["credit"]["id"]
    revoke = credits.RevokeMakeUps(ById((key_of(credit),)), RevocationReason.CORRECTION, "")
    correct = roster.command(Attendance.NO_SHOW)

    corrected = await what_comes_of_waiting(
        *(roster.world, database, dialect),
        lambda work: credits.revoke_make_ups(work, revoke),
        lambda work: attendance.mark_attendance(work, correct),
    )

    assert isinstance(corrected, Done)
    assert (len(corrected.changed), corrected.credits) == (1, ())
    await assert_all_hold(database, roster.world.studio, NOW)


async def test_a_mark_and_a_cancellation_of_the_same_seat_go_one_way_or_the_other(
    roster: Roster, database: Database
) -> None:
    owner, seats = roster.world.owner, roster.bookings
    results = await asyncio.gather(
        *(owner.do("cancelBooking", NOW, bookingId=seat) for seat in seats),
        *(roster.mark(**{f"s{number}": "EXCUSED"}) for number in range(len(seats))),
    )

    cancelled, marked = results[: len(seats)], results[len(seats) :]
    for gone, mark in zip(cancelled, marked, strict=True):
        was_first = "ALREADY_CREDITED" in gone["booking"]["whyNotEarned"]
        assert was_first == (mark["__typename"] == "AttendanceMarked")
        assert was_first or codes(mark) == ["NOT_BOOKED"]
    await assert_all_hold(database, roster.world.studio, NOW)


async def test_rosters_of_the_same_people_marked_at_once_do_not_wait_for_each_other_in_a_circle(
    roster: Roster, database: Database
) -> None:
    other = await Roster(roster.world).set_up(0)
    for _, client in reversed(roster.people):
        other.bookings.append(await roster.world.booked(other.session, client))

    answers = await asyncio.gather(
        *(each.mark(rest=mark) for each, mark in product((roster, other), ("EXCUSED", "ABSENT", "EXCUSED")))
    )

    assert {answer["__typename"] for answer in answers} == {"AttendanceMarked"}
    await assert_all_hold(database, roster.world.studio, NOW)


IN_A_DAY = datetime.fromisoformat("2026-11-23T17:00:00Z")
OLD_DEADLINE = datetime.fromisoformat(NOW)
AROUND = {"at it": OLD_DEADLINE, "a microsecond after it": OLD_DEADLINE + timedelta(microseconds=1)}
# Weeks later, the new deadline lies ahead; an hour sooner, it has passed, and only the day after the move is left.
NEW_STARTS = {"weeks later": LATER, "an hour sooner": IN_A_DAY - timedelta(hours=1)}


@pytest.mark.parametrize("start", NEW_STARTS.values(), ids=NEW_STARTS)
@pytest.mark.parametrize("at", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("moves_first", [True, False], ids=["moved first", "cancelled first"])
async def test_who_cancels_around_the_old_deadline_while_the_session_moves_is_judged_as_it_is_then(
    world: World, database: Database, dialect: str, moves_first: bool, at: datetime, start: datetime
) -> None:
    _, client = await world.person()
    session = await world.session(await world.course(), IN_A_DAY.isoformat())
    booked = await world.booked(session, client)
    move = moving.MoveSession(key_of(session), start, start + timedelta(hours=1))
    cancel = bookings.CancelBooking(key_of(booked), None)

    def moves(work: Work) -> Awaitable[Done | Refused]:
        return moving.move_session(work, move)

    def cancels(work: Work) -> Awaitable[Done | Refused]:
        return bookings.cancel_booking(work, cancel)

    in_order = (moves, cancels) if moves_first else (cancels, moves)
    second = await what_comes_of_waiting(world, database, dialect, *in_order, at=at.isoformat())

    assert isinstance(second, Done)
    assert second.moved == (None if moves_first else 0)
    cancelled = await world.owner.do("cancelBooking", at.isoformat(), bookingId=booked)  # once more: as it was (C4)
    in_time = moves_first or at == OLD_DEADLINE
    assert (cancelled["booking"]["status"], cancelled["booking"]["outcome"]) == (
        ("CANCELLED", "CREDIT") if in_time else ("CANCELLED_LATE", "NOTHING")
    )
    await assert_all_hold(database, world.studio, at.isoformat())


@pytest.mark.parametrize("moves_first", [True, False], ids=["moved first", "booked first"])
async def test_who_books_while_the_session_moves_moves_along_or_comes_to_its_new_time(
    world: World, database: Database, dialect: str, moves_first: bool
) -> None:
    client = key_of(await world.client())
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    soon = datetime.fromisoformat(NOW) + timedelta(hours=10)
    move = moving.MoveSession(key_of(session), soon, soon + timedelta(hours=1))
    book = bookings.BookSession(key_of(session), client, PaymentState.PAID)

    def moves(work: Work) -> Awaitable[Done | Refused]:
        return moving.move_session(work, move)

    def books(work: Work) -> Awaitable[Done | Refused]:
        return bookings.book_session(work, book)

    in_order = (moves, books) if moves_first else (books, moves)
    second = await what_comes_of_waiting(world, database, dialect, *in_order)

    assert isinstance(second, Done)
    assert second.moved == (None if moves_first else 1)
    found = await world.owner.ask(
        "query ($id: ID!) { node(id: $id) { ... on Session { startsAt bookings { nodes {"
        " cancellationPreview { deadline inTime } } } } } }",
        {"id": session},
        NOW,
    )
    told = data(found)["node"]
    assert told["startsAt"] == "2026-11-23T03:00:00Z"
    # Both acts are of one instant, and so the seat was there when the session moved.
    assert told["bookings"]["nodes"] == [{"cancellationPreview": {"deadline": told["startsAt"], "inTime": True}}]
    await assert_all_hold(database, world.studio, NOW)


async def test_moves_of_one_session_at_once_end_at_one_of_their_times(world: World, database: Database) -> None:
    session = await world.session(None, "2026-12-13T17:00:00Z")
    times = [f"2026-12-{day}T17:00:00Z" for day in (14, 15, 16, 17)]

    answers = await asyncio.gather(
        *(
            world.owner.do("moveSession", NOW, sessionId=session, startsAt=start, endsAt=start.replace("17:", "18:"))
            for start in times
        )
    )

    assert [each["session"]["startsAt"] in times for each in answers] == [True] * 4
    await assert_all_hold(database, world.studio, NOW)

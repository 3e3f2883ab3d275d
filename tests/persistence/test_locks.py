"""Every act takes its locks in the one order: the studio, a course, sessions by id, clients, credits, bookings."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import event

from domain.credits.choosing import ById, CreditFilter
from domain.dates import Dates
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.credit import GrantReason, RevocationReason
from domain.nouns.session import Compensation
from domain.nouns.studio import Role
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services import (
    absences,
    attendance,
    bookings,
    clients,
    credits,
    enrolments,
    moving,
    policies,
    schedule_changes,
    session_cancellations,
    staff,
    studios,
    swaps,
)
from persistence.database import Database
from persistence.reads.queries import unspent_credits
from tests.ids import ref
from tests.world import Person, World

ORDER = ("courses", "sessions", "clients", "make_up_credits", "bookings", "enrolments")
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


@contextmanager
def locks_of(database: Database) -> Iterator[list[str]]:
    """The tables whose rows were locked, in order; on SQLite, where one transaction writes at a time, read whole."""
    taken: list[str] = []
    engine = database._writer.sync_engine

    def note(_connection, _cursor, statement: str, *_) -> None:
        if match := re.search(r"FOR NO KEY UPDATE OF (\w+)", statement):
            taken.append(match[1])
            # One row by its id, or many in the order of their ids.
            assert re.search(rf"{match[1]}\.id = |ORDER BY {match[1]}\.id\s", statement), statement

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield taken
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_locks_are_taken_in_one_order(world: World, database: Database, dialect: str) -> None:
    person, client_text = await world.person()
    client = ref(client_text).key
    course_text = await world.course()
    texts = [await world.session(course_text, f"2026-12-0{day}T17:00:00Z") for day in range(1, 6)]
    target, *_ = [ref(await world.session(None, "2026-12-20T17:00:00Z")).key]
    single = ref(await world.session(None, "2026-12-21T17:00:00Z")).key
    dear = ref(await world.session(None, "2026-12-22T17:00:00Z")).key
    studio, account = ref(world.studio).studio_id, ref(world.owner.account_id).key
    assert person.account_id

    async def act(use_case: Callable[[Work], Awaitable[Done | Refused]]) -> Done:
        with locks_of(database) as taken:
            answer = await database.perform(studio, account, NOW, use_case)
        assert isinstance(answer.outcome, Done), answer.outcome
        assert taken == sorted(taken, key=ORDER.index)
        if dialect == "postgresql":
            assert taken
        return answer.outcome

    enrol = bookings.EnrolClient(ref(course_text).key, client, PaymentState.DUE, frozenset[UUID]())
    enrolled = await act(lambda work: bookings.enrol_client(work, enrol))
    assert len(enrolled.bookings) == len(texts)
    pay = bookings.MarkPaid(None, enrolled.enrolment, PaymentState.PAID)
    await act(lambda work: bookings.mark_paid(work, pay))
    cancel = bookings.CancelBooking(enrolled.bookings[4], None)
    await act(lambda work: bookings.cancel_booking(work, cancel))
    make_up = bookings.BookWithMakeUp(target, client, None)
    booked = await act(lambda work: bookings.book_with_make_up(work, make_up))
    assert booked.booking is not None
    give_up = bookings.CancelBooking(booked.booking, None)
    await act(lambda work: bookings.cancel_booking(work, give_up))
    swap = swaps.SwapSession(enrolled.bookings[3], target)
    swapped = await act(lambda work: swaps.swap_session(work, swap))
    swap_on = swaps.SwapSession(swapped.bookings[1], single)
    await act(lambda work: swaps.swap_session(work, swap_on))
    buy = bookings.BookSession(dear, client, PaymentState.DUE)
    bought = await act(lambda work: bookings.book_session(work, buy))
    settle = bookings.MarkPaid(bought.booking, None, PaymentState.PAID)
    await act(lambda work: bookings.mark_paid(work, settle))
    grant = credits.GrantMakeUp(client, 2, GrantReason.GOODWILL, "", NoExpiry(), None)
    granted = (await act(lambda work: credits.grant_make_up(work, grant))).credits
    extend = credits.ExtendMakeUps(CreditFilter(client_id=client), ThroughDate(date(2027, 1, 31)), "")
    await act(lambda work: credits.extend_make_ups(work, extend))
    revoke = credits.RevokeMakeUps(ById(granted[::-1]), RevocationReason.OTHER, "")
    await act(lambda work: credits.revoke_make_ups(work, revoke))
    link = clients.LinkClient(client, world.owner.email)
    await act(lambda work: clients.link_client(work, link))
    few = policies.UpdateCoursePolicy(ref(course_text).key, {"extra_make_up_seats": 1})
    await act(lambda work: policies.update_course_policy(work, few))
    one = policies.UpdateSessionPolicy(target, {"max_make_ups": 1})
    await act(lambda work: policies.update_session_policy(work, one))
    rename = schedule_changes.UpdateCourse(ref(course_text).key, {"name": "Slow yoga"})
    await act(lambda work: schedule_changes.update_course(work, rename))
    widen = schedule_changes.UpdateSession(target, {"capacity": 20})
    await act(lambda work: schedule_changes.update_session(work, widen))
    later = moving.MoveSession(target, datetime(2026, 12, 27, 17, tzinfo=UTC), datetime(2026, 12, 27, 18, tzinfo=UTC))
    await act(lambda work: moving.move_session(work, later))
    archive = clients.UpdateClient(client, {}, archived=True)
    await act(lambda work: clients.update_client(work, archive))
    assert enrolled.enrolment is not None
    end = enrolments.EndEnrolment(enrolled.enrolment)
    assert len((await act(lambda work: enrolments.end_enrolment(work, end))).bookings) == len(texts) - 2


async def test_c6_a_swap_locks_both_sessions_by_id_before_the_sibling_who_paid(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, child = await world.person()
    await world.granted(await world.client(person, "Eva"))
    sessions = [await world.session(None, f"2026-12-{day}T17:00:00Z") for day in (20, 21)]
    given = {"sessionId": sessions[0], "clientId": child}
    booked = await person.do("bookWithMakeUp", world.beginning, **given)
    studio, account = ref(world.studio).studio_id, ref(world.owner.account_id).key
    booking = ref(booked["booking"]["id"]).key

    for session in reversed(sessions):
        swap = swaps.SwapSession(booking, ref(session).key)
        with locks_of(database) as taken:
            answer = await database.perform(
                studio, account, NOW, lambda work, swap=swap: swaps.swap_session(work, swap)
            )
        assert isinstance(answer.outcome, Done), answer.outcome
        booking = answer.outcome.bookings[1]
        in_order = ["sessions", "clients", "make_up_credits", "bookings"]
        assert taken == (in_order if dialect == "postgresql" else [])


async def test_an_absence_locks_all_that_it_changes_kind_by_kind_in_one_order(
    world: World, database: Database, dialect: str
) -> None:
    person, client = await world.person()
    course = await world.course()
    for day in range(1, 6):
        await world.session(course, f"2026-12-0{day}T17:00:00Z")
    await world.enrolled(course, client)
    for day, _ in enumerate(await world.granted(client, 3), start=1):
        class_ = await world.session(None, f"2026-12-1{day}T17:00:00Z")
        await person.do("bookWithMakeUp", world.beginning, sessionId=class_)
    command = absences.CancelBookings(ref(client).key, Dates(date(2026, 12, 1), date(2026, 12, 31)), None)

    with locks_of(database) as taken:
        answer = await database.perform(
            *(ref(world.studio).studio_id, ref(person.account_id).key, NOW),
            lambda work: absences.cancel_bookings(work, command),
        )

    assert isinstance(answer.outcome, Done)
    assert len(answer.outcome.changed) == 8
    order = ["sessions", "clients", "make_up_credits", "bookings"]
    assert taken == (order if dialect == "postgresql" else [])


async def test_sessions_that_are_cancelled_are_locked_with_all_that_is_in_them(
    world: World, database: Database, dialect: str
) -> None:
    course = await world.course()
    sessions = [await world.session(course, f"2026-12-1{day}T17:00:00Z") for day in range(3)]
    for session in sessions:
        person, client = await world.person()
        await world.granted(client)
        await person.do("bookWithMakeUp", world.beginning, sessionId=session)
        await world.booked(session, await world.client())
    studio, account = ref(world.studio).studio_id, ref(world.owner.account_id).key
    one = session_cancellations.CancelSession(ref(sessions[0]).key, Compensation.CREDITS, "")
    all_of_it = session_cancellations.CancelCourseSessions(ref(course).key, None, Compensation.CREDITS, "")

    with locks_of(database) as taken:
        answer = await database.perform(
            studio, account, NOW, lambda work: session_cancellations.cancel_session(work, one)
        )
    assert isinstance(answer.outcome, Done)
    assert taken == (["sessions", "clients", "make_up_credits", "bookings"] if dialect == "postgresql" else [])
    with locks_of(database) as taken:
        answer = await database.perform(
            studio, account, NOW, lambda work: session_cancellations.cancel_course_sessions(work, all_of_it)
        )
    assert isinstance(answer.outcome, Done)
    assert taken == (list(ORDER[:-1]) if dialect == "postgresql" else [])


@pytest.mark.parametrize("unmarked", [True, False], ids=["the whole roster", "by name"])
async def test_marking_locks_in_one_order(world: World, database: Database, dialect: str, unmarked: bool) -> None:
    """Whose absence earned is locked before what it earned, and that before the bookings."""
    await world.policy(excusedAbsenceEarns=True)
    session = await world.session(await world.course(), "2026-11-22T16:00:00Z")
    seats = [ref(await world.booked(session, await world.client())).key for _ in range(3)]
    studio, account = ref(world.studio).studio_id, ref(world.owner.account_id).key
    for mark in (Attendance.EXCUSED, Attendance.ABSENT):
        named = {} if unmarked and mark is Attendance.EXCUSED else dict.fromkeys(seats, mark)
        command = attendance.MarkAttendance(ref(session).key, named, None if named else mark)
        with locks_of(database) as taken:
            answer = await database.perform(
                studio, account, NOW, lambda work, command=command: attendance.mark_attendance(work, command)
            )
        assert isinstance(answer.outcome, Done), answer.outcome
        assert len(answer.outcome.changed) == 3
        in_order = ["sessions", "clients", "make_up_credits", "bookings"]
        assert taken == (in_order if dialect == "postgresql" else [])


async def test_siblings_are_locked_by_id_before_their_credits(world: World, database: Database, dialect: str) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, child = await world.person()
    sibling = await world.client(person, "Eva")
    named, _ = await world.granted(sibling, 2)
    studio, account = ref(world.studio).studio_id, ref(world.owner.account_id).key

    for credit in (ref(named).key, None):
        session = ref(await world.session(None, "2026-12-20T17:00:00Z")).key
        command = bookings.BookWithMakeUp(session, ref(child).key, credit)
        with locks_of(database) as taken:
            answer = await database.perform(
                studio, account, NOW, lambda work, command=command: bookings.book_with_make_up(work, command)
            )
        assert isinstance(answer.outcome, Done), answer.outcome
        assert taken == (["sessions", "clients", "make_up_credits"] if dialect == "postgresql" else [])


async def test_a_credit_that_expired_long_ago_is_neither_locked_nor_read_to_find_one_to_spend(
    world: World, database: Database
) -> None:
    _, client_text = await world.person()
    await world.granted(client_text, validity={"expiresOn": "2026-11-21"})
    living = {
        ref(credit).key
        for validity in ({"expiresOn": "2026-11-22"}, {"never": True})
        for credit in await world.granted(client_text, validity=validity)
    }
    session = ref(await world.session(None, "2026-12-20T17:00:00Z")).key
    studio, client = ref(world.studio).studio_id, ref(client_text).key
    locked: set[UUID] = set()

    async def look(work: Work) -> Refused:
        locked.update(credit.id for credit in (await work.locked_make_up_request(session, client, None)).credits)
        return Refused(())

    await database.perform(studio, ref(world.owner.account_id).key, NOW, look)
    async with database.reading() as connection:
        read = (await unspent_credits(connection, [(studio, client)], NOW))[studio, client]

    assert locked == {credit.id for credit in read} == living


async def test_a_transaction_inside_a_transaction_is_refused(world: World, database: Database) -> None:
    studio, account = ref(world.studio).studio_id, ref(world.owner.account_id).key

    async def inner(work: Work) -> Done:
        return Done(studio_id=work.studio_id)

    async def outer(_: Work) -> Done | Refused:
        return (await database.perform(studio, account, NOW, inner)).outcome

    with pytest.raises(RuntimeError, match="a transaction inside a transaction"):
        await database.perform(studio, account, NOW, outer)


async def test_whatever_changes_the_staff_locks_the_studio_and_nothing_of_its_schedule(
    world: World, database: Database, dialect: str
) -> None:
    studio = ref(world.studio).studio_id

    async def act(by: Person, use_case: Callable[[Work], Awaitable[Done | Refused]]) -> Done:
        with locks_of(database) as taken:
            answer = await database.perform(studio, ref(by.account_id).key, NOW, use_case)
        assert isinstance(answer.outcome, Done), answer.outcome
        assert taken == (["studios"] if dialect == "postgresql" else [])
        return answer.outcome

    person, _ = await world.person()
    invite = staff.InviteStaff(person.email, Role.MANAGER, "Ana")
    withdrawn = (await act(world.owner, lambda work: staff.invite_staff(work, invite))).invitation
    assert withdrawn is not None
    withdraw = staff.WithdrawInvitation(withdrawn)
    await act(world.owner, lambda work: staff.withdraw_invitation(work, withdraw))
    invited = (await act(world.owner, lambda work: staff.invite_staff(work, invite))).invitation
    assert invited is not None
    accept = staff.AcceptInvitation(invited)
    joined = (await act(person, lambda work: staff.accept_invitation(work, accept))).staff
    assert joined is not None
    promote = staff.UpdateStaff(joined, {"role": Role.OWNER})
    await act(world.owner, lambda work: staff.update_staff(work, promote))
    rename = studios.UpdateStudio({"name": "Slow"})
    await act(person, lambda work: studios.update_studio(work, rename))
    decide = policies.UpdatePolicy({"max_days_ahead": 30})
    await act(person, lambda work: policies.update_policy(work, decide))
    leave = staff.RemoveStaff(joined)
    await act(person, lambda work: staff.remove_staff(work, leave))

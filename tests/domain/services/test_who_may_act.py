"""A0, A1, A2: every act, by every kind of account, with ids that are theirs, another's, and nobody's."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import pytest

from domain.credits.choosing import ById
from domain.dates import Dates
from domain.faults import Fault, FaultCode
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.credit import GrantReason, RevocationReason
from domain.nouns.policy import OFF, HoursBefore
from domain.nouns.session import Compensation
from domain.nouns.studio import Role
from domain.outcome import Done
from domain.services import (
    absences,
    attendance,
    bookings,
    clients,
    credits,
    enrolments,
    moving,
    policies,
    schedule,
    schedule_changes,
    session_cancellations,
    staff,
    studios,
    swaps,
    waitlists,
)
from domain.services.session_cancellations import CancelCourseSessions, CancelSession
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import START
from tests.domain.studio import StudioInMemory, email_of, known, new_session

NOTHING = UUID(int=0xDEAD)
PAID, HERE = PaymentState.PAID, Attendance.ATTENDED
DEADLINE, SEATS = {"cancellation_deadline": HoursBefore(1)}, {"extra_make_up_seats": 1}
AWAY = Dates(date(2026, 12, 1), date(2026, 12, 31))
UNDECIDED_AGAIN = {"cancellation_deadline": None}


class Ids:
    """The stranger is invited to the staff.

    A client of the parent with a seat in a session that the instructor teaches, a second session, and a credit.

    In a third session that the instructor teaches too, they have given a seat up.
    """

    def __init__(self, studio: StudioInMemory) -> None:
        invite = staff.InviteStaff(email_of("stranger"), Role.INSTRUCTOR, "New")
        self.invitation = known(studio.done(staff.invite_staff, invite).invitation)
        self.taught_by = studio.instructor_id
        self.course = studio.a_course()
        taught = new_session(self.course, START, instructor_id=studio.instructor_id)
        session_id = studio.done(schedule.create_session, taught).session
        assert session_id is not None
        self.session, self.other_session = session_id, studio.a_session(START + timedelta(days=1), self.course)
        self.client = studio.a_client("parent")
        self.guest = studio.a_client(None)
        self.booking = studio.a_booking(self.session, self.client)
        self.guests_booking = studio.a_booking(self.other_session, self.guest)
        again = replace(taught, starts_at=START + timedelta(days=2), ends_at=START + timedelta(days=2, hours=1))
        third = known(studio.done(schedule.create_session, again).session)
        self.cancelled = studio.a_booking(third, self.client)
        self.guests_cancelled = studio.a_booking(studio.a_session(START + timedelta(days=2)), self.guest)
        for booking in (self.cancelled, self.guests_cancelled):
            studio.cancel(booking, studio.since, by="owner")
        self.credit = studio.a_credit(self.client)
        self.guests_credit = studio.a_credit(self.guest)
        enrol = bookings.EnrolClient(studio.a_course(), self.guest, PAID, frozenset())
        studio.a_session(START, enrol.course_id)
        enrolment_id = studio.done(bookings.enrol_client, enrol).enrolment
        assert enrolment_id is not None
        self.guests_enrolment = enrolment_id
        self.enrolment = known(studio.done(bookings.enrol_client, replace(enrol, client_id=self.client)).enrolment)
        self.full, waited_for = (studio.a_session(START + timedelta(days=5), capacity=1) for _ in range(2))
        for session in (self.full, waited_for):
            studio.a_booking(session, studio.a_client(None))
        waits = [waitlists.JoinWaitlist(waited_for, each, False) for each in (self.client, self.guest)]
        self.entry, self.guests_entry = (known(studio.done(waitlists.join_waitlist, each).entry) for each in waits)


def grant(client: UUID) -> credits.GrantMakeUp:
    return credits.GrantMakeUp(client, 1, GrantReason.OTHER, "", NoExpiry(), None)


def act(name: str, ids: Ids) -> tuple[Any, Any]:
    both = ById((ids.credit, ids.guests_credit))
    return {
        "policy": (policies.update_policy, policies.UpdatePolicy({"max_days_ahead": 1})),
        "a course's deadline": (policies.update_course_policy, policies.UpdateCoursePolicy(ids.course, DEADLINE)),
        "a course's seats": (policies.update_course_policy, policies.UpdateCoursePolicy(ids.course, SEATS)),
        "a session's deadline": (policies.update_session_policy, policies.UpdateSessionPolicy(ids.session, DEADLINE)),
        "a session's seats": (policies.update_session_policy, policies.UpdateSessionPolicy(ids.session, SEATS)),
        "a session's both": (
            policies.update_session_policy,
            policies.UpdateSessionPolicy(ids.session, {**SEATS, **UNDECIDED_AGAIN}),
        ),
        "course with a cap": (
            schedule.create_course,
            schedule.CreateCourse("Yoga", "", 1, 1, True, choices={"earn_cap": OFF}),
        ),
        "invite": (staff.invite_staff, staff.InviteStaff(email_of("stranger"), Role.MANAGER, "New")),
        "withdraw": (staff.withdraw_invitation, staff.WithdrawInvitation(ids.invitation)),
        "accept": (staff.accept_invitation, staff.AcceptInvitation(ids.invitation)),
        "change staff": (staff.update_staff, staff.UpdateStaff(ids.taught_by, {"role": Role.MANAGER})),
        "remove staff": (staff.remove_staff, staff.RemoveStaff(ids.taught_by)),
        "course": (schedule.create_course, schedule.CreateCourse("Yoga", "", 1, 1, True)),
        "session": (schedule.create_session, new_session(ids.course, START)),
        "client": (clients.create_client, clients.CreateClient("Eve")),
        "link own": (clients.link_client, clients.LinkClient(ids.client, email_of("stranger"))),
        "link other's": (clients.link_client, clients.LinkClient(ids.guest, email_of("stranger"))),
        "grant own": (credits.grant_make_up, grant(ids.client)),
        "grant other's": (credits.grant_make_up, grant(ids.guest)),
        "extend": (credits.extend_make_ups, credits.ExtendMakeUps(both, ThroughDate(date(2027, 1, 31)), "")),
        "revoke": (credits.revoke_make_ups, credits.RevokeMakeUps(both, RevocationReason.OTHER, "")),
        "enrol own": (
            bookings.enrol_client,
            bookings.EnrolClient(ids.course, ids.client, PAID, frozenset({ids.session})),
        ),
        "enrol other's": (
            bookings.enrol_client,
            bookings.EnrolClient(ids.course, ids.guest, PAID, frozenset({ids.other_session})),
        ),
        "mark own": (bookings.mark_paid, bookings.MarkPaid(ids.booking, None, PAID)),
        "mark other's": (bookings.mark_paid, bookings.MarkPaid(ids.guests_booking, None, PAID)),
        "mark other's enrolment": (bookings.mark_paid, bookings.MarkPaid(None, ids.guests_enrolment, PAID)),
        "change studio": (studios.update_studio, studios.UpdateStudio({"name": "New"})),
        "change course": (schedule_changes.update_course, schedule_changes.UpdateCourse(ids.course, {"name": "New"})),
        "change session": (
            schedule_changes.update_session,
            schedule_changes.UpdateSession(ids.session, {"capacity": 5}),
        ),
        "cancel session": (session_cancellations.cancel_session, CancelSession(ids.session, Compensation.NONE, "")),
        "cancel course": (
            session_cancellations.cancel_course_sessions,
            CancelCourseSessions(ids.course, None, Compensation.NONE, ""),
        ),
        "move session": (
            moving.move_session,
            moving.MoveSession(ids.session, START + timedelta(days=2), START + timedelta(days=3)),
        ),
        "roster taught": (attendance.mark_attendance, attendance.MarkAttendance(ids.session, {ids.booking: HERE})),
        "roster of another": (
            attendance.mark_attendance,
            attendance.MarkAttendance(ids.other_session, {ids.guests_booking: HERE}),
        ),
        "change own": (clients.update_client, clients.UpdateClient(ids.client, {"name": "New"})),
        "change other's": (clients.update_client, clients.UpdateClient(ids.guest, {"name": "New"})),
        "end own enrolment": (enrolments.end_enrolment, enrolments.EndEnrolment(ids.enrolment)),
        "end other's enrolment": (enrolments.end_enrolment, enrolments.EndEnrolment(ids.guests_enrolment)),
        "book own": (bookings.book_session, bookings.BookSession(ids.other_session, ids.client, None)),
        "book own as paid": (bookings.book_session, bookings.BookSession(ids.other_session, ids.client, PAID)),
        "book other's as paid": (bookings.book_session, bookings.BookSession(ids.session, ids.guest, PAID)),
        "book whoever is meant": (bookings.book_session, bookings.BookSession(ids.other_session, None, None)),
        "spend own": (
            bookings.book_with_make_up,
            bookings.BookWithMakeUp(ids.other_session, ids.client, ids.credit),
        ),
        "spend other's": (
            bookings.book_with_make_up,
            bookings.BookWithMakeUp(ids.other_session, ids.client, ids.guests_credit),
        ),
        "cancel own": (bookings.cancel_booking, bookings.CancelBooking(ids.booking, None)),
        "cancel other's": (bookings.cancel_booking, bookings.CancelBooking(ids.guests_booking, None)),
        "own away": (absences.cancel_bookings, absences.CancelBookings(ids.client, AWAY, None)),
        "other's away": (absences.cancel_bookings, absences.CancelBookings(ids.guest, AWAY, None)),
        "own away, other's shown": (
            absences.cancel_bookings,
            absences.CancelBookings(ids.client, AWAY, {ids.guests_booking: None}),
        ),
        "set own aside": (bookings.cancel_booking, bookings.CancelBooking(ids.booking, None, "ill")),
        "set other's aside": (bookings.cancel_booking, bookings.CancelBooking(ids.guests_booking, None, "ill")),
        "undo own": (undo_cancellation, UndoCancellation(ids.cancelled, swap_back=True)),
        "undo other's": (undo_cancellation, UndoCancellation(ids.guests_cancelled, swap_back=True)),
        "swap own": (swaps.swap_session, swaps.SwapSession(ids.booking, ids.other_session)),
        "swap other's": (swaps.swap_session, swaps.SwapSession(ids.guests_booking, ids.session)),
        "wait own": (waitlists.join_waitlist, waitlists.JoinWaitlist(ids.full, ids.client, False)),
        "wait other's": (waitlists.join_waitlist, waitlists.JoinWaitlist(ids.full, ids.guest, False)),
        "hold own": (waitlists.join_waitlist, waitlists.JoinWaitlist(ids.full, ids.client, True, ids.credit)),
        "hold other's": (
            waitlists.join_waitlist,
            waitlists.JoinWaitlist(ids.full, ids.client, True, ids.guests_credit),
        ),
        "leave own": (waitlists.leave_waitlist, waitlists.LeaveWaitlist(ids.entry)),
        "leave other's": (waitlists.leave_waitlist, waitlists.LeaveWaitlist(ids.guests_entry)),
        "claim own": (waitlists.claim_seat, waitlists.ClaimSeat(ids.entry)),
        "claim other's": (waitlists.claim_seat, waitlists.ClaimSeat(ids.guests_entry)),
    }[name]


WHO = ("owner", "manager", "instructor", "parent", "stranger")
BAD, FORBIDDEN, NOT_FOUND = FaultCode.BAD_USER_INPUT, FaultCode.FORBIDDEN, FaultCode.NOT_FOUND
Answer = FaultCode | Literal["done", "refused"]

OWNERS = ("done", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
MANAGERS = ("done", "done", FORBIDDEN, FORBIDDEN, FORBIDDEN)
MANAGERS_ON_THE_PARENTS = ("done", "done", NOT_FOUND, FORBIDDEN, NOT_FOUND)
MANAGERS_ON_ANOTHERS = ("done", "done", NOT_FOUND, NOT_FOUND, NOT_FOUND)

# "own": of the parent's client, whose seat is in the instructor's session. "other's": of a guest.
MATRIX: dict[str, tuple[Answer, ...]] = {
    "policy": OWNERS,
    "a course's deadline": OWNERS,
    "a course's seats": MANAGERS,
    "a session's deadline": OWNERS,
    "a session's seats": MANAGERS,
    "a session's both": OWNERS,
    "course with a cap": OWNERS,
    "invite": OWNERS,
    "withdraw": ("done", NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "accept": ("refused", "refused", "refused", "refused", "done"),
    "change staff": OWNERS,
    # The instructor leaves.
    "remove staff": ("done", FORBIDDEN, "done", FORBIDDEN, FORBIDDEN),
    "course": MANAGERS,
    "session": MANAGERS,
    "client": MANAGERS,
    "link own": MANAGERS_ON_THE_PARENTS,
    "link other's": MANAGERS_ON_ANOTHERS,
    "grant own": MANAGERS_ON_THE_PARENTS,
    "grant other's": MANAGERS_ON_ANOTHERS,
    "extend": MANAGERS,
    "revoke": MANAGERS,
    "enrol own": MANAGERS_ON_THE_PARENTS,
    "enrol other's": MANAGERS_ON_ANOTHERS,
    "mark own": ("done", "done", FORBIDDEN, FORBIDDEN, NOT_FOUND),
    "mark other's": MANAGERS_ON_ANOTHERS,
    "mark other's enrolment": MANAGERS_ON_ANOTHERS,
    "change studio": OWNERS,
    "change course": MANAGERS,
    "change session": MANAGERS,
    "cancel session": MANAGERS,
    "cancel course": MANAGERS,
    "move session": MANAGERS,
    # Nobody can be marked yet: who may learns that it is too early.
    "roster taught": ("refused", "refused", "refused", FORBIDDEN, FORBIDDEN),
    "roster of another": ("refused", "refused", FORBIDDEN, FORBIDDEN, FORBIDDEN),
    "change own": MANAGERS_ON_THE_PARENTS,
    "change other's": MANAGERS_ON_ANOTHERS,
    "end own enrolment": MANAGERS_ON_THE_PARENTS,
    "end other's enrolment": MANAGERS_ON_ANOTHERS,
    "book own": (BAD, BAD, NOT_FOUND, "done", NOT_FOUND),
    "book own as paid": MANAGERS_ON_THE_PARENTS,
    "book other's as paid": MANAGERS_ON_ANOTHERS,
    "book whoever is meant": (BAD, BAD, BAD, "done", BAD),
    "spend own": ("done", "done", NOT_FOUND, "done", NOT_FOUND),
    "spend other's": ("refused", "refused", NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "cancel own": ("done", "done", FORBIDDEN, "done", NOT_FOUND),
    "cancel other's": MANAGERS_ON_ANOTHERS,
    "own away": ("done", "done", NOT_FOUND, "done", NOT_FOUND),
    "other's away": MANAGERS_ON_ANOTHERS,
    "own away, other's shown": (NOT_FOUND,) * 5,
    "set own aside": ("done", "done", FORBIDDEN, FORBIDDEN, NOT_FOUND),
    "set other's aside": MANAGERS_ON_ANOTHERS,
    "undo own": ("done", "done", FORBIDDEN, "done", NOT_FOUND),
    "undo other's": MANAGERS_ON_ANOTHERS,
    "swap own": ("done", "done", FORBIDDEN, "done", NOT_FOUND),
    "swap other's": ("refused", "refused", NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "wait own": ("done", "done", NOT_FOUND, "done", NOT_FOUND),
    "wait other's": MANAGERS_ON_ANOTHERS,
    "hold own": ("done", "done", NOT_FOUND, "done", NOT_FOUND),
    "hold other's": ("refused", "refused", NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "leave own": ("done", "done", NOT_FOUND, "done", NOT_FOUND),
    "leave other's": MANAGERS_ON_ANOTHERS,
    "claim own": ("refused", "refused", NOT_FOUND, "refused", NOT_FOUND),
    "claim other's": ("refused", "refused", NOT_FOUND, NOT_FOUND, NOT_FOUND),
}
CASES = [
    pytest.param(name, who, expected, id=f"{name} by {who}")
    for name, answers in MATRIX.items()
    for who, expected in zip(WHO, answers, strict=True)
]


def answer(studio: StudioInMemory, who: str, service: Any, command: Any) -> Answer:
    try:
        outcome = studio.act(service, command, who)
    except Fault as fault:
        return fault.code
    return "done" if isinstance(outcome, Done) else "refused"


@pytest.mark.parametrize(("name", "who", "expected"), CASES)
def test_an_act_by_an_account(name: str, who: str, expected: Answer):
    studio = StudioInMemory()
    ids = Ids(studio)
    before = studio.rows.copy()

    assert answer(studio, who, *act(name, ids)) == expected

    assert (studio.rows == before) is (expected != "done" or name.startswith("mark"))  # all was paid already


BY_ID = [name for name in MATRIX if "other's" in name]


@pytest.mark.parametrize("who", ["instructor", "parent", "stranger"])
@pytest.mark.parametrize("name", BY_ID)
def test_an_id_of_another_looks_like_one_that_does_not_exist(name: str, who: str):
    studio = StudioInMemory()
    ids = Ids(studio)
    theirs = answer(studio, who, *act(name, ids))
    ids.guest = ids.guests_booking = ids.guests_credit = ids.guests_enrolment = ids.guests_cancelled = NOTHING
    ids.guests_entry = NOTHING

    assert answer(studio, who, *act(name, ids)) == theirs == NOT_FOUND


def test_a1_who_may_not_decide_a_setting_is_told_which_one():
    studio = StudioInMemory()
    update = policies.UpdateSessionPolicy(Ids(studio).session, {**SEATS, **UNDECIDED_AGAIN})
    with pytest.raises(Fault) as refused:
        studio.act(policies.update_session_policy, update, "manager")
    assert refused.value.path == ("cancellationDeadline",)

    create = schedule.CreateCourse("Yoga", "", 1, 1, True, choices={"earn_cap": OFF})
    with pytest.raises(Fault) as refused:
        studio.act(schedule.create_course, create, "manager")
    assert refused.value.path == ("policy", "earnCap")

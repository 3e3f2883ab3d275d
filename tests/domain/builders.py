"""Nouns for tests of the domain: ordinary unless a test says otherwise."""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.cancellation.cancelling import Cancellation
from domain.issuing.earning import EarnedBefore, Missed
from domain.nouns.booking import Attendance, Booking, BookingStatus, EarnedNothing, Enrolment, PaidWith, PaymentState
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason, MakeUpCredit
from domain.nouns.policy import Choices, ExpiryMeans, Policy
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from domain.nouns.studio import Studio
from domain.nouns.waitlist import NOBODY, Ahead
from domain.spending.credit_rules import MakeUp
from domain.spending.make_ups import MakeUpRequest
from domain.spending.seats import SeatRequest

STUDIO = 1
START = datetime(2026, 12, 13, 17, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 12, 17, tzinfo=UTC)
A_MICROSECOND = timedelta(microseconds=1)


def uuid(number: int) -> UUID:
    return UUID(int=number)


COURSE_ID, SESSION_ID, CLIENT_ID, BOOKING_ID, CREDIT_ID, ENROLMENT_ID, ACCOUNT_ID, NEW_ID = map(uuid, range(1, 9))
OTHER_ID = uuid(99)


def utc(text: str) -> datetime:
    """An instant from how it is written in the rule book: `2026-12-06T23:00:00Z`."""
    instant = datetime.fromisoformat(text)
    assert instant.utcoffset() == timedelta()
    return instant.astimezone(UTC)


def local(zone: str, text: str, fold: int = 0) -> datetime:
    """An instant from a wall clock that is neither skipped nor, but for `fold`, doubled."""
    wall = datetime.fromisoformat(text)
    instant = wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall, "the zone skips it"
    return instant


def a_studio(policy: Policy | None = None, zone: str = "Europe/Prague", archived_at: datetime | None = None) -> Studio:
    """Make-ups are on, everything else is the built-in default."""
    choices = {"make_ups_enabled": True} if policy is None else choices_of(policy)
    return Studio(STUDIO, "still", "Still Point", zone, "CZK", choices, archived_at, created_at=NOW, changed_at=NOW)


def choices_of(policy: Policy) -> Choices:
    """What somebody has decided who wants this policy: all that is not the default."""
    return {name: value for name, value in vars(policy).items() if value != getattr(Policy(), name)}


class CourseFields(TypedDict, total=False):
    id: UUID
    whole_course_price: int | None
    single_session_price: int | None
    choices: Choices
    accepts_make_ups: bool
    category: str | None
    archived_at: datetime | None


def a_course(**fields: Unpack[CourseFields]) -> Course:
    """Sold both ways, and accepts make-ups."""
    course = Course(
        studio_id=STUDIO,
        id=COURSE_ID,
        name="Pottery",
        description="",
        whole_course_price=10_000,
        single_session_price=3_000,
        choices={},
        accepts_make_ups=True,
        category=None,
        archived_at=None,
        created_at=NOW,
        changed_at=NOW,
    )
    return replace(course, **fields)


class SessionFields(TypedDict, total=False):
    studio_id: int
    id: UUID
    course_id: UUID | None
    starts_at: datetime
    capacity: int
    taken: int
    make_ups: int
    most_ordinary: int
    extra_make_up_seats: int
    choices: Choices
    price: int | None
    accepts_make_ups: bool | None
    instructor_id: UUID | None
    status: SessionStatus
    category: str | None
    archived_at: datetime | None
    moved_at: datetime | None
    freed_late: int


def a_session(**fields: Unpack[SessionFields]) -> Session:
    """Of the course, with ten seats, none of them taken."""
    starts_at = fields.get("starts_at", START)
    session = Session(
        studio_id=STUDIO,
        id=SESSION_ID,
        course_id=COURSE_ID,
        name="Pottery",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        capacity=10,
        taken=0,
        make_ups=0,
        most_ordinary=0,
        extra_make_up_seats=0,
        choices={},
        price=None,
        accepts_make_ups=None,
        instructor_id=None,
        status=SessionStatus.SCHEDULED,
        category=None,
        archived_at=None,
        moved_at=None,
        created_at=NOW,
        changed_at=NOW,
    )
    return replace(session, **fields)


ONE_TIME: SessionFields = {"course_id": None, "price": 5_000, "accepts_make_ups": True}


def a_target(
    session: Session | None = None, course: Course | None = None, studio: Studio | None = None, waiting: int = 0
) -> ScheduledSession:
    """With the ordinary course, unless the session is a one-time class."""
    session = session or a_session()
    return ScheduledSession(
        studio=studio or a_studio(),
        session=session,
        course=None if session.course_id is None else course or a_course(),
        waiting=waiting,
    )


class ClientFields(TypedDict, total=False):
    studio_id: int
    id: UUID
    account_id: UUID | None
    archived_at: datetime | None


def a_client(**fields: Unpack[ClientFields]) -> Client:
    """Managed by an account."""
    return replace(Client(STUDIO, CLIENT_ID, "Ada", ACCOUNT_ID, None, created_at=NOW, changed_at=NOW), **fields)


def a_seat_request(
    target: ScheduledSession | None = None,
    client: Client | None = None,
    already_booked: bool = False,
    ahead: Ahead = NOBODY,
) -> SeatRequest:
    return SeatRequest(target or a_target(), client or a_client(), already_booked, ahead=ahead)


def a_make_up_request(
    seat: SeatRequest | None = None,
    named: MakeUpCredit | None = None,
    credits: Sequence[MakeUpCredit] = (),
    siblings: Set[UUID] = frozenset(),
) -> MakeUpRequest:
    seat, credits = seat or a_seat_request(), credits if named is None else (named,)
    return MakeUpRequest(
        *(seat.target, seat.client, seat.already_booked, named, tuple(credits), siblings), ahead=seat.ahead
    )


def a_make_up(
    seat: SeatRequest | None = None, credit: MakeUpCredit | None = None, siblings: Set[UUID] = frozenset()
) -> MakeUp:
    return a_make_up_request(seat, siblings=siblings).paid_with(credit or a_credit())


class BookingFields(TypedDict, total=False):
    studio_id: int
    id: UUID
    session_id: UUID
    client_id: UUID
    paid_with: PaidWith
    enrolment_id: UUID | None
    credit_id: UUID | None
    payment: PaymentState
    price: int | None
    status: BookingStatus
    booked_at: datetime
    cancelled_at: datetime | None
    attendance: Attendance | None
    why_not_earned: tuple[EarnedNothing, ...]


def a_booking(**fields: Unpack[BookingFields]) -> Booking:
    """Live, paid, and for this session alone."""
    booking = Booking(
        studio_id=STUDIO,
        id=BOOKING_ID,
        session_id=SESSION_ID,
        client_id=CLIENT_ID,
        paid_with=PaidWith.SINGLE,
        enrolment_id=None,
        credit_id=None,
        payment=PaymentState.PAID,
        price=3_000,
        status=BookingStatus.BOOKED,
        booked_at=NOW,
        cancelled_at=None,
        outcome=None,
        why_not_earned=(),
        attendance=None,
        marked_at=None,
        marked_by=None,
        changed_at=NOW,
    )
    return replace(booking, **fields)


def a_make_up_booking(**fields: Unpack[BookingFields]) -> Booking:
    fixed: BookingFields = {"paid_with": PaidWith.MAKE_UP, "credit_id": CREDIT_ID, "price": None}
    return a_booking(**{**fixed, **fields})


def an_enrolment(course_id: UUID = COURSE_ID, ended_at: datetime | None = None) -> Enrolment:
    return Enrolment(
        STUDIO,
        ENROLMENT_ID,
        course_id,
        CLIENT_ID,
        PaymentState.PAID,
        10_000,
        enrolled_at=NOW,
        ended_at=ended_at,
        changed_at=NOW,
    )


class CreditFields(TypedDict, total=False):
    studio_id: int
    id: UUID
    client_id: UUID
    origin: CreditOrigin
    missed_booking_id: UUID | None
    missed_session_id: UUID | None
    missed_paid_with: PaidWith | None
    issued_at: datetime
    expires_at: datetime | None
    expires_on: date | None
    expiry_means: ExpiryMeans
    redeemable_from: datetime | None
    worth: int | None
    category: str | None
    state: CreditState
    booking_id: UUID | None
    held_until: datetime | None
    own_expires_at: datetime | None
    own_expires_on: date | None
    grace_hours: int | None
    grace_until: datetime | None


def a_credit(**fields: Unpack[CreditFields]) -> MakeUpCredit:
    """Granted, active, and good until the end of 6 December 2026 in Prague."""
    credit = MakeUpCredit(
        studio_id=STUDIO,
        id=CREDIT_ID,
        client_id=CLIENT_ID,
        origin=CreditOrigin.GRANT,
        missed_booking_id=None,
        missed_session_id=None,
        missed_paid_with=None,
        issued_at=NOW,
        expires_at=utc("2026-12-06T23:00:00Z"),
        expires_on=date(2026, 12, 6),
        expiry_means=ExpiryMeans.BOOK_BY,
        redeemable_from=None,
        worth=None,
        category=None,
        reason=GrantReason.GOODWILL,
        note="",
        state=CreditState.ACTIVE,
        booking_id=None,
        expiry_written=None,
        changed_at=NOW,
    )
    return replace(credit, **fields)


def a_cancellation(
    target: ScheduledSession | None = None,
    booking: Booking | None = None,
    credit: MakeUpCredit | None = None,
    by_staff: bool = False,
    course_size: int = 3,
    earned_before: tuple[EarnedBefore, ...] = (),
    override: str = "",
    standing: MakeUpCredit | None = None,
) -> Cancellation:
    return Cancellation(
        *(target or a_target(), booking or a_booking(), course_size, credit, by_staff),
        earned_before=earned_before,
        override=override,
        standing=standing,
    )


def a_seat(
    target: ScheduledSession | None = None, booking: Booking | None = None, standing: MakeUpCredit | None = None
) -> Missed:
    """On a roster."""
    return Missed(target or a_target(), booking or a_booking(), 3, earned_before=(), standing=standing)

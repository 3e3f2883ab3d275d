"""What happened. A decision returns events; `Work.record` writes them and they are never changed again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.booking import (
    Attendance,
    Booking,
    BookingStatus,
    CancellationOutcome,
    EarnedNothing,
    Enrolment,
    PaymentState,
)
from domain.client import Client
from domain.course import Course
from domain.credit_events import (
    CreditExpired,
    CreditExtended,
    CreditForfeited,
    CreditHeld,
    CreditIssued,
    CreditRedeemed,
    CreditReleased,
    CreditRestored,
    CreditRevoked,
    CreditUndone,
)
from domain.invitation import Invitation
from domain.policy import Choices
from domain.session import Compensation, Session
from domain.studio import Staff, Studio
from domain.waitlist import WaitlistEntry, WaitlistState


@dataclass(frozen=True)
class StudioCreated:
    studio: Studio


@dataclass(frozen=True)
class PolicyChanged:
    """`studio` as it was before."""

    studio: Studio
    choices: Choices


@dataclass(frozen=True)
class CoursePolicyChanged:
    """`course` as it was before. `extra_make_up_seats` holds from now on for the sessions named, not yet started."""

    course: Course
    choices: Choices
    extra_make_up_seats: int
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class SessionPolicyChanged:
    """`session` as it was before. `extra_make_up_seats` is what holds for it from now on."""

    session: Session
    choices: Choices
    extra_make_up_seats: int


@dataclass(frozen=True)
class StudioChanged:
    """`studio` as it was before, `after` as it is from now on."""

    studio: Studio
    after: Studio


@dataclass(frozen=True)
class CourseChanged:
    """`course` as it was before, `after` as it is from now on."""

    course: Course
    after: Course


@dataclass(frozen=True)
class SessionChanged:
    """`session` as it was before, `after` as it is from now on."""

    session: Session
    after: Session


@dataclass(frozen=True)
class SessionCancelled:
    """`session` as it was before. `bookings`: those that end with it. `note` is for the staff."""

    session: Session
    compensation: Compensation
    note: str
    bookings: tuple[UUID, ...]


@dataclass(frozen=True)
class SessionMoved:
    """`session` as it was before; from now on it starts and ends then (C8)."""

    session: Session
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class ClientChanged:
    """`client` as it was before, `after` as it is from now on."""

    client: Client
    after: Client


@dataclass(frozen=True)
class StaffInvited:
    invitation: Invitation


@dataclass(frozen=True)
class InvitationWithdrawn:
    """`invitation` as it was before."""

    invitation: Invitation


@dataclass(frozen=True)
class StaffAdded:
    """`invitation`, as it was before, is what they joined with; None for who founded the studio."""

    staff: Staff
    invitation: Invitation | None = None


@dataclass(frozen=True)
class StaffChanged:
    """`staff` as they were before, `after` as they are from now on."""

    staff: Staff
    after: Staff


@dataclass(frozen=True)
class StaffRemoved:
    """`staff` as they were before."""

    staff: Staff


@dataclass(frozen=True)
class StaffErased:
    """`staff` as they were before, whose account is deleted."""

    staff: Staff


@dataclass(frozen=True)
class ClientErased:
    """`client` as it was before, whose account is deleted."""

    client: Client


@dataclass(frozen=True)
class CourseCreated:
    course: Course


@dataclass(frozen=True)
class SessionCreated:
    session: Session


@dataclass(frozen=True)
class ClientCreated:
    client: Client


@dataclass(frozen=True)
class ClientLinked:
    client: Client
    account_id: UUID


@dataclass(frozen=True)
class ClientEnrolled:
    enrolment: Enrolment


@dataclass(frozen=True)
class EnrolmentEnded:
    """`enrolment` as it was before."""

    enrolment: Enrolment


@dataclass(frozen=True)
class SeatBooked:
    booking: Booking


@dataclass(frozen=True)
class BookingPaymentRecorded:
    booking: Booking
    payment: PaymentState


@dataclass(frozen=True)
class EnrolmentPaymentRecorded:
    enrolment: Enrolment
    payment: PaymentState


@dataclass(frozen=True)
class BookingCancelled:
    """`booking` as it was before. `override` is why staff set the deadline aside (C10); empty where they did not."""

    booking: Booking
    status: BookingStatus
    outcome: CancellationOutcome
    why_not_earned: tuple[EarnedNothing, ...]
    override: str = ""


@dataclass(frozen=True)
class CancellationUndone:
    """`booking` as it was before; from now on it is live again (C5)."""

    booking: Booking


@dataclass(frozen=True)
class AttendanceMarked:
    """`booking` as it was before (E5)."""

    booking: Booking
    attendance: Attendance


@dataclass(frozen=True)
class WaitlistJoined:
    entry: WaitlistEntry


@dataclass(frozen=True)
class WaitlistEntryEnded:
    """`entry` as it was before. `booking_id`: the seat of who is SEATED.

    `at`: when it ended, where time has ended it; None for now.
    """

    entry: WaitlistEntry
    state: WaitlistState
    booking_id: UUID | None
    at: datetime | None = None


@dataclass(frozen=True)
class SeatsOffered:
    """`session` as it was before. `freed_late`: how many seats are kept for its queue from now on (W2).

    `at`: since when, where time has ended the offers; None for now.
    """

    session: Session
    freed_late: int
    at: datetime | None = None


Event = (
    StudioCreated
    | PolicyChanged
    | CoursePolicyChanged
    | SessionPolicyChanged
    | StudioChanged
    | CourseChanged
    | SessionChanged
    | SessionCancelled
    | SessionMoved
    | ClientChanged
    | StaffInvited
    | InvitationWithdrawn
    | StaffAdded
    | StaffChanged
    | StaffRemoved
    | StaffErased
    | ClientErased
    | CourseCreated
    | SessionCreated
    | ClientCreated
    | ClientLinked
    | ClientEnrolled
    | EnrolmentEnded
    | SeatBooked
    | BookingPaymentRecorded
    | EnrolmentPaymentRecorded
    | BookingCancelled
    | CancellationUndone
    | AttendanceMarked
    | CreditIssued
    | CreditRedeemed
    | CreditRestored
    | CreditForfeited
    | CreditUndone
    | CreditExtended
    | CreditExpired
    | CreditRevoked
    | CreditHeld
    | CreditReleased
    | WaitlistJoined
    | WaitlistEntryEnded
    | SeatsOffered
)

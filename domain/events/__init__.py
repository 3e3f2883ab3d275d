"""What happened. A decision returns events; `Work.record` writes them and they are never changed again."""

from domain.events.clients import (
    ClientChanged,
    ClientCreated,
    ClientErased,
    ClientLinked,
)
from domain.events.credits import (
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
from domain.events.schedule import (
    CourseChanged,
    CourseCreated,
    CoursePolicyChanged,
    SeatsOffered,
    SessionCancelled,
    SessionChanged,
    SessionCreated,
    SessionMoved,
    SessionPolicyChanged,
)
from domain.events.seats import (
    AttendanceMarked,
    BookingCancelled,
    BookingPaymentRecorded,
    CancellationUndone,
    ClientEnrolled,
    EnrolmentEnded,
    EnrolmentPaymentRecorded,
    SeatBooked,
)
from domain.events.studio import (
    InvitationWithdrawn,
    PolicyChanged,
    StaffAdded,
    StaffChanged,
    StaffErased,
    StaffInvited,
    StaffRemoved,
    StudioChanged,
    StudioCreated,
)
from domain.events.waitlists import (
    WaitlistEntryEnded,
    WaitlistJoined,
)

Event = (
    StudioCreated
    | StudioChanged
    | PolicyChanged
    | StaffInvited
    | InvitationWithdrawn
    | StaffAdded
    | StaffChanged
    | StaffRemoved
    | StaffErased
    | ClientCreated
    | ClientChanged
    | ClientLinked
    | ClientErased
    | CourseCreated
    | CourseChanged
    | CoursePolicyChanged
    | SessionCreated
    | SessionChanged
    | SessionPolicyChanged
    | SessionMoved
    | SessionCancelled
    | SeatsOffered
    | ClientEnrolled
    | EnrolmentEnded
    | EnrolmentPaymentRecorded
    | SeatBooked
    | BookingPaymentRecorded
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
)

__all__ = [
    "AttendanceMarked",
    "BookingCancelled",
    "BookingPaymentRecorded",
    "CancellationUndone",
    "ClientChanged",
    "ClientCreated",
    "ClientEnrolled",
    "ClientErased",
    "ClientLinked",
    "CourseChanged",
    "CourseCreated",
    "CoursePolicyChanged",
    "CreditExpired",
    "CreditExtended",
    "CreditForfeited",
    "CreditHeld",
    "CreditIssued",
    "CreditRedeemed",
    "CreditReleased",
    "CreditRestored",
    "CreditRevoked",
    "CreditUndone",
    "EnrolmentEnded",
    "EnrolmentPaymentRecorded",
    "Event",
    "InvitationWithdrawn",
    "PolicyChanged",
    "SeatBooked",
    "SeatsOffered",
    "SessionCancelled",
    "SessionChanged",
    "SessionCreated",
    "SessionMoved",
    "SessionPolicyChanged",
    "StaffAdded",
    "StaffChanged",
    "StaffErased",
    "StaffInvited",
    "StaffRemoved",
    "StudioChanged",
    "StudioCreated",
    "WaitlistEntryEnded",
    "WaitlistJoined",
]

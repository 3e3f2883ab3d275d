"""Refusals: a rule says no. Each has a code, the values compared, who can fix it, and from when (R1, P2)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.nouns.booking import EarnedNothing
from domain.nouns.money import Money
from domain.nouns.words import Word


class RefusalCode(Word):
    ACCOUNT_REQUIRED = "ACCOUNT_REQUIRED", "No account manages the client; credits are spent by an account."
    SESSION_NOT_ACCEPTING_MAKE_UPS = (
        "SESSION_NOT_ACCEPTING_MAKE_UPS",
        "The studio does not let this session be booked with a make-up credit.",
    )
    COURSE_NOT_SOLD_PER_SESSION = (
        "COURSE_NOT_SOLD_PER_SESSION",
        "The course has no price for one session, so no single seat in it can be booked.",
    )
    COURSE_NOT_SOLD_AS_WHOLE = "COURSE_NOT_SOLD_AS_WHOLE", "The course has no price for the whole of it."
    SESSION_CANCELLED = "SESSION_CANCELLED", "The studio has cancelled the session."
    SESSION_NOT_STARTED = "SESSION_NOT_STARTED", "The session has not started yet."
    SESSION_STARTED = "SESSION_STARTED", "The session has already started."
    BOOKING_NOT_OPEN_YET = "BOOKING_NOT_OPEN_YET", "The time in which credits can book the session has not begun."
    BOOKING_CLOSED = "BOOKING_CLOSED", "The time in which credits can book the session is over."
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD", "The session lies further ahead than credits can be booked now."
    STARTS_AFTER_EXPIRY = (
        "STARTS_AFTER_EXPIRY",
        "The session does not start before the credit expires, as this credit asks for: by its own end, whatever"
        " waiting adds to that.",
    )
    SESSION_FULL = (
        "SESSION_FULL",
        "No seat is free, for a credit no extra one either; or somebody who waits and comes first could take what is."
        " `waiting` and `canJoinWaitlist` tell of the waiting list.",
    )
    MAKE_UP_SEATS_FULL = "MAKE_UP_SEATS_FULL", "Credits have taken as many seats of the session as they may."
    ALREADY_BOOKED = "ALREADY_BOOKED", "The client already has a seat in the session."
    NOT_BOOKED = "NOT_BOOKED", "The booking is cancelled: the client has no such seat in the session."
    ALREADY_ENROLLED = "ALREADY_ENROLLED", "The client is already enrolled in the course."
    NO_SESSIONS_LEFT = "NO_SESSIONS_LEFT", "The course has no session left to enrol in."
    SAME_SESSION = (
        "SAME_SESSION",
        "The credit was earned by giving up a seat in this very session, or the seat to be swapped is in it.",
    )
    NO_ELIGIBLE_CREDIT = "NO_ELIGIBLE_CREDIT", "The client has no credit that can book this session."
    CREDIT_EXPIRED = (
        "CREDIT_EXPIRED",
        "The credit has expired; one that is held, and is to wait on one more list, by its own end.",
    )
    CREDIT_USED = "CREDIT_USED", "The credit has been spent."
    CREDIT_HELD = "CREDIT_HELD", "The credit is held by a place on a waiting list."
    CREDIT_IN_GRACE = (
        "CREDIT_IN_GRACE",
        "The credit has waited past its end and lives by its one grace, in which it cannot be held again.",
    )
    SEAT_AVAILABLE = "SEAT_AVAILABLE", "A seat can be booked at once, so there is nothing to wait for."
    ALREADY_WAITING = "ALREADY_WAITING", "The client is on the session's waiting list already."
    NOT_WAITING = "NOT_WAITING", "The client does not wait any more."
    OFFER_GONE = (
        "OFFER_GONE",
        "No seat can be claimed now: none is on offer, and none is free, or others who come first could take what is.",
    )
    CREDIT_REVOKED = "CREDIT_REVOKED", "The studio has revoked the credit."
    CREDIT_FORFEITED = "CREDIT_FORFEITED", "The credit was forfeited with the booking that it paid."
    CREDIT_UNDONE = (
        "CREDIT_UNDONE",
        "The credit was taken back when its cancellation was undone, or its absence no longer excused.",
    )
    CREDIT_NOT_YET_VALID = "CREDIT_NOT_YET_VALID", "The credit cannot be spent before the missed session is over."
    CREDIT_OF_OTHER_CLIENT = "CREDIT_OF_OTHER_CLIENT", "The credit belongs to another client."
    PRICE_ABOVE_CREDIT = "PRICE_ABOVE_CREDIT", "The session costs more than the credit is worth."
    CATEGORY_MISMATCH = "CATEGORY_MISMATCH", "The session is of another category than the credit."
    PAID_WITH_CREDIT = "PAID_WITH_CREDIT", "The booking is paid with a make-up credit, and so is always paid."
    LATE_CANCELLATION_BLOCKED = (
        "LATE_CANCELLATION_BLOCKED",
        "The deadline has passed and the studio does not let clients cancel after it.",
    )
    NOT_CANCELLED = "NOT_CANCELLED", "The booking is not cancelled, so there is nothing to undo."
    ENROLMENT_ENDED = "ENROLMENT_ENDED", "The enrolment that the booking was part of has ended."
    ALREADY_CANCELLED = "ALREADY_CANCELLED", "The booking is cancelled already."
    CANCELLATION_EARNS_NOTHING = (
        "CANCELLATION_EARNS_NOTHING",
        "Cancelling the booking would bring no credit; `whyNotEarned` tells why.",
    )
    OUTCOME_CHANGED = "OUTCOME_CHANGED", "The act would now have another outcome than the one expected."
    SESSION_ATTENDED = "SESSION_ATTENDED", "Somebody is marked as having been there, so the session took place."
    SESSION_OVER = "SESSION_OVER", "The session has been over for too long to be cancelled; credits can be granted."
    CAPACITY_BELOW_BOOKED = "CAPACITY_BELOW_BOOKED", "More seats are taken than would be left."
    SLUG_TAKEN = "SLUG_TAKEN", "Another studio has this slug."
    EMAIL_TAKEN = "EMAIL_TAKEN", "An account with this e-mail exists already."
    ALREADY_STAFF = "ALREADY_STAFF", "The account is on the studio's staff already."
    NOT_ON_STAFF = "NOT_ON_STAFF", "They are no longer on the studio's staff."
    LAST_OWNER = (
        "LAST_OWNER",
        "The studio would be left without an owner. Name another one first, or archive the studio before you delete"
        " your account.",
    )
    INVITATION_OVER = "INVITATION_OVER", "The invitation was accepted already, was taken back, or has expired."
    INVITATION_FOR_ANOTHER = "INVITATION_FOR_ANOTHER", "The invitation is for another e-mail than that of the account."
    EXPIRY_IN_PAST = "EXPIRY_IN_PAST", "The expiry lies before today in the studio's time zone."
    EXPIRY_TOO_LATE = "EXPIRY_TOO_LATE", "The last date of the credit would lie after 2999-12-31."
    VALIDITY_ENDED = "VALIDITY_ENDED", "The term to whose end credits live is over."
    INVALID_POLICY = "INVALID_POLICY", "The setting is outside of what the rules allow."
    COURSE_NOT_SOLD_AT_ALL = (
        "COURSE_NOT_SOLD_AT_ALL",
        "The course would have no price, of the whole or of one.",
    )
    TIME_ZONE_IN_USE = "TIME_ZONE_IN_USE", "The studio has sessions or clients, and dates are reckoned in its zone."
    SESSION_HAS_BOOKINGS = "SESSION_HAS_BOOKINGS", "Somebody has a seat in the session, which has not started."
    STUDIO_ARCHIVED = "STUDIO_ARCHIVED", "The studio is archived, and takes nothing new."
    COURSE_ARCHIVED = "COURSE_ARCHIVED", "The course is archived, and takes nothing new."
    SESSION_ARCHIVED = "SESSION_ARCHIVED", "The session is archived, and takes nothing new."
    CLIENT_ARCHIVED = "CLIENT_ARCHIVED", "The client is archived, and takes nothing new."
    CLIENT_ERASED = "CLIENT_ERASED", "The client's account was deleted, and nobody is to be known by that client again."


class FixableBy(Word):
    CLIENT = "CLIENT", "The client can, for example by choosing another session or credit."
    STAFF = "STAFF", "The studio's staff can."
    TIME = "TIME", "Nobody needs to: it passes by itself, see `availableFrom`."


Value = int | datetime | date | Money | str


@dataclass(frozen=True)
class Refusal:
    """One rule that says no, always with a code (invariant 9).

    `actual` and `required` are the two values that the rule compared, where it compares values.
    `fixable_by` is None where nothing can change the answer any more. `available_from` is the instant
    from which the rule would hold, where it is known. `path` names the input field at fault;
    `session_id` the session meant, where the act concerns several, `credit_id` the credit, `booking_id` the booking.
    `why_not_earned`: of CANCELLATION_EARNS_NOTHING. `waiting`, `can_join`: of SESSION_FULL, how many wait for a seat
    and whether the client could wait as well, paying as they asked to (W1).
    """

    code: RefusalCode
    message: str
    fixable_by: FixableBy | None = None
    actual: Value | None = None
    required: Value | None = None
    available_from: datetime | None = None
    path: tuple[str, ...] = ()
    session_id: UUID | None = None
    credit_id: UUID | None = None
    why_not_earned: tuple[EarnedNothing, ...] = ()
    booking_id: UUID | None = None
    waiting: int | None = None
    can_join: bool | None = None


@dataclass(frozen=True)
class Refused:
    """The answer of an act that a rule forbids: every reason, never none. It changed nothing."""

    reasons: tuple[Refusal, ...]

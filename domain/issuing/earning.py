"""Whether a cancellation earns a credit, and with which terms (section 2 of the rule book)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.credits.validity import Expiry, earned_expiry, ended
from domain.nouns.booking import Booking, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.policy import OnMakeUpCancellation, RedeemableFrom
from domain.nouns.session import ScheduledSession
from domain.rules import rule


@dataclass(frozen=True)
class EarnedBefore:
    """A credit that the client has earned by cancelling (E9). `missed_at`: when the session given up starts."""

    course_id: UUID | None
    missed_at: datetime
    state: CreditState
    expires_at: datetime | None
    changed_at: datetime
    credit_id: UUID
    held_until: datetime | None = None


AFTER_A_MOVE = timedelta(hours=24)
"""How long whoever was booked when a session was moved may cancel as if in time (C8); elapsed hours."""


def cancellation_deadline(target: ScheduledSession, booking: Booking) -> datetime:
    """E2, C8: the last instant at which giving up this booking is in time.

    That of its session; for a booking that existed when the session was last moved, a day from then where that is
    later, but not beyond the start. A cancellation that was undone has left the booking as old as it was.
    """
    session = target.session
    if session.moved_at is None or booking.booked_at > session.moved_at:
        return target.deadline
    return max(target.deadline, min(session.moved_at + AFTER_A_MOVE, session.starts_at))


@dataclass(frozen=True)
class Missed:
    """A booking that is being given up or was missed, in its session. `course_size`: the course's sessions not
    cancelled.

    `earned_before` is the client's, at this studio; empty where no cap is decided (`caps.caps_are_decided`).
    `override`: why staff set the deadline aside (C10); empty where they do not.
    `standing`: the credit that stands for it already, neither undone nor revoked; None for none (E10).
    """

    target: ScheduledSession
    booking: Booking
    course_size: int
    earned_before: tuple[EarnedBefore, ...] = field(kw_only=True)
    override: str = field(default="", kw_only=True)
    standing: MakeUpCredit | None = field(kw_only=True)

    @property
    def deadline(self) -> datetime:
        """E2, C8: the booking's own."""
        return cancellation_deadline(self.target, self.booking)


@rule("E1", EarnedNothing.ONE_TIME_CLASS)
def session_belongs_to_a_course(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Only course sessions earn; how the course is sold does not matter (E11)."""
    return EarnedNothing.ONE_TIME_CLASS if missed.target.course is None else None


@rule("E1", EarnedNothing.MAKE_UPS_DISABLED)
def make_ups_are_enabled(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Make-ups are switched on, for the course or else for the studio."""
    return None if missed.target.policy.make_ups_enabled else EarnedNothing.MAKE_UPS_DISABLED


@rule("E2", EarnedNothing.SESSION_STARTED, EarnedNothing.AFTER_DEADLINE)
def cancellation_is_in_time(missed: Missed, now: datetime) -> EarnedNothing | None:
    """In time iff now <= deadline and now < start, or by override; a started session is told before the deadline."""
    if missed.override:
        return None
    if missed.target.session.started(now):
        return EarnedNothing.SESSION_STARTED
    return None if now <= missed.deadline else EarnedNothing.AFTER_DEADLINE


@rule("E3", EarnedNothing.PAID_WITH_CREDIT)
def booking_was_not_paid_with_a_credit(missed: Missed, now: datetime) -> EarnedNothing | None:
    """No credit is born from a make-up booking."""
    return EarnedNothing.PAID_WITH_CREDIT if missed.booking.paid_with is PaidWith.MAKE_UP else None


@rule("C1", EarnedNothing.MAKE_UP_FORFEITED)
def studio_gives_the_credit_back(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Cancelled in time, a make-up booking gives its credit back, unless the studio wants it to be lost."""
    forfeit = missed.target.policy.on_make_up_cancellation is OnMakeUpCancellation.FORFEIT
    if not forfeit or missed.booking.paid_with is not PaidWith.MAKE_UP:
        return None
    return EarnedNothing.MAKE_UP_FORFEITED if cancellation_is_in_time(missed, now) is None else None


@rule("E11", EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN)
def this_kind_of_booking_earns(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Enrolments earn; single bookings do unless the studio says otherwise."""
    if missed.booking.paid_with is PaidWith.SINGLE and not missed.target.policy.single_bookings_earn:
        return EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN
    return None


@rule("E13", EarnedNothing.NOT_PAID)
def booking_is_paid(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Paid or waived, unless the studio asks for no payment before earning."""
    if missed.booking.payment is PaymentState.DUE and missed.target.policy.earning_needs_payment:
        return EarnedNothing.NOT_PAID
    return None


@rule("V1", EarnedNothing.VALIDITY_ENDED)
def validity_has_not_ended(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Credits that live until a date are not earned once it is past, whatever is promised after a session (V4)."""
    over = ended(missed.target.policy, now, missed.target.studio.zone)
    return None if over is None else EarnedNothing.VALIDITY_ENDED


@rule("E10", EarnedNothing.ALREADY_CREDITED)
def no_credit_stands_for_it(missed: Missed, now: datetime) -> EarnedNothing | None:
    """A booking has one credit at most that is neither undone nor revoked."""
    return None if missed.standing is None else EarnedNothing.ALREADY_CREDITED


EARNING_RULES = (
    session_belongs_to_a_course,
    make_ups_are_enabled,
    cancellation_is_in_time,
    this_kind_of_booking_earns,
    booking_is_paid,
    validity_has_not_ended,
    no_credit_stands_for_it,
)
# A make-up booking is asked nothing else: it could not earn whatever the other answers were.
RETURNING_RULES = (booking_was_not_paid_with_a_credit, studio_gives_the_credit_back, cancellation_is_in_time)


def terms(missed: Missed, now: datetime) -> Expiry:
    """V1, V4: how long a credit earned now would live."""
    target = missed.target
    return earned_expiry(target.policy, now, target.session.starts_at, target.studio.zone)


def earned_credit(
    missed: Missed, credit_id: UUID, now: datetime, origin: CreditOrigin = CreditOrigin.CANCELLATION, note: str = ""
) -> MakeUpCredit:
    """E1, E5, E6, V8: the credit with its terms, which nothing changes later. Its clock starts now (V1)."""
    lives = terms(missed, now)
    return MakeUpCredit(
        studio_id=missed.booking.studio_id,
        id=credit_id,
        client_id=missed.booking.client_id,
        origin=origin,
        missed_booking_id=missed.booking.id,
        missed_session_id=missed.booking.session_id,
        missed_paid_with=missed.booking.paid_with,
        issued_at=now,
        expires_at=lives.at,
        expires_on=lives.on,
        expiry_means=missed.target.policy.expiry_means,
        redeemable_from=_redeemable_from(missed.target),
        worth=worth(missed.target, missed.course_size),
        category=missed.target.category,
        reason=None,
        note=note,
        state=CreditState.ACTIVE,
        booking_id=None,
        expiry_written=None,
        changed_at=now,
    )


def _redeemable_from(target: ScheduledSession) -> datetime | None:
    """R12, V8: at once, or when the missed session is over."""
    at_once = target.policy.redeemable_from is RedeemableFrom.ON_CANCELLATION
    return None if at_once else target.session.ends_at


def worth(target: ScheduledSession, course_size: int) -> int | None:
    """V8, R9: the single price, else the whole course's price by its sessions rounded down; minor units."""
    course = target.course
    if target.single_price is not None or course is None or course.whole_course_price is None:
        return target.single_price
    return course.whole_course_price // max(1, course_size)

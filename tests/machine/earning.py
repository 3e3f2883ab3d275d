"""What the rule book says of earning a credit, and of how long it lives."""

from datetime import date, datetime, timedelta

from domain.nouns.booking import EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.policy import (
    OFF,
    CapPeriod,
    Days,
    EarnCap,
    ExpiryRounding,
    HoursBefore,
    LocalTime,
    Never,
    OnMakeUpCancellation,
    Until,
)
from tests.machine.calendar import date_at, first_instant_of, last_instant_at
from tests.machine.records import Records
from tests.machine.rows import Booking, Credit, Session

A_DAY, A_MICROSECOND = timedelta(days=1), timedelta(microseconds=1)


class Earning(Records):
    def why_not_earned(self, booking: Booking, now: datetime, override: str = "") -> frozenset[EarnedNothing]:
        session = self.sessions[booking.session]
        reasons: set[EarnedNothing] = set()
        if override:  # fine print of C10: as if in time, also after the start
            pass
        elif not now < session.start:  # fine print of E2: SESSION_STARTED comes before the deadline
            reasons.add(EarnedNothing.SESSION_STARTED)
        elif not now <= self.deadline_of(booking):  # E2, E4
            reasons.add(EarnedNothing.AFTER_DEADLINE)
        if booking.paid_with is PaidWith.MAKE_UP:  # E3; nothing else is asked of what can never earn
            if not reasons and self.settings["on_make_up_cancellation"] is OnMakeUpCancellation.FORFEIT:
                reasons.add(EarnedNothing.MAKE_UP_FORFEITED)  # C1: it would come back, if the studio let it
            return frozenset({*reasons, EarnedNothing.PAID_WITH_CREDIT})
        reasons |= self.whoever_cancels(booking, now)
        # Fine print of E9: caps are asked only when nothing else stops the earning.
        return frozenset(reasons or self.caps_reached(booking, now))

    def whoever_cancels(self, booking: Booking, now: datetime) -> set[EarnedNothing]:
        """What stands against a credit for the booking, however it came to be missed."""
        session = self.sessions[booking.session]
        reasons: set[EarnedNothing] = set()
        if session.course is None:  # E1
            reasons.add(EarnedNothing.ONE_TIME_CLASS)
        if not self.holds("make_ups_enabled", session):  # E1: of the course, else of the studio
            reasons.add(EarnedNothing.MAKE_UPS_DISABLED)
        if booking.paid_with is PaidWith.SINGLE and not self.settings["single_bookings_earn"]:  # E11
            reasons.add(EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN)
        if booking.payment_now is PaymentState.DUE and self.settings["earning_needs_payment"]:  # E13
            reasons.add(EarnedNothing.NOT_PAID)
        if self.term_is_over(now, session):  # V1
            reasons.add(EarnedNothing.VALIDITY_ENDED)
        if self.standing_for(booking, now):  # E10
            reasons.add(EarnedNothing.ALREADY_CREDITED)
        return reasons

    def standing_for(self, booking: Booking, now: datetime) -> list[Credit]:
        """E10: that are not UNDONE or REVOKED."""
        taken_back = (CreditState.UNDONE, CreditState.REVOKED)
        return [each for each in self.credits if each.missed is booking and each.state(now) not in taken_back]

    def caps_reached(self, booking: Booking, now: datetime) -> set[EarnedNothing]:
        """E9."""
        reached: set[EarnedNothing] = set()
        session = self.sessions[booking.session]
        earned = [
            credit
            for credit in self.credits
            if credit.client == booking.client and credit.origin is CreditOrigin.CANCELLATION
        ]
        cap = self.holds("earn_cap", session)
        if isinstance(cap, EarnCap) and self.period_is_full(cap, session, earned, now):
            reached.add(EarnedNothing.EARN_CAP_REACHED)
        held = [credit for credit in earned if credit.state(now) in (CreditState.ACTIVE, CreditState.HELD)]
        most = self.settings["max_outstanding"]
        if most is not OFF and not len(held) < most:
            reached.add(EarnedNothing.OUTSTANDING_CAP_REACHED)
        return reached

    def period_is_full(self, cap: EarnCap, session: Session, earned: list[Credit], now: datetime) -> bool:
        """Including used and expired credits, without undone and revoked ones; by the missed sessions' local dates."""
        assert session.course is not None  # E1: caps are asked only of what would earn
        of_the_course = "earn_cap" in self.courses[session.course].choices
        missed = [
            self.sessions[credit.missed.session]
            for credit in earned
            if credit.missed is not None and credit.state(now) not in (CreditState.UNDONE, CreditState.REVOKED)
        ]
        if of_the_course or cap.per is CapPeriod.COURSE:  # the cap of a course counts that course
            missed = [each for each in missed if each.course == session.course]
        this, dates = date_at(session.start, self.zone), [date_at(each.start, self.zone) for each in missed]
        if cap.per is CapPeriod.COURSE:
            return not len(dates) < cap.most
        if cap.per is CapPeriod.CALENDAR_MONTH:
            return not len([each for each in dates if f"{each:%Y-%m}" == f"{this:%Y-%m}"]) < cap.most
        # Over the cap iff some n consecutive local dates that contain the missed one already hold `max`.
        assert cap.days is not None
        for before in range(cap.days):
            period = [this + (day - before) * A_DAY for day in range(cap.days)]
            assert this in period
            if not len([each for each in dates if each in period]) < cap.most:
                return True
        return False

    def term_is_over(self, now: datetime, session: Session | None) -> bool:
        """V1: once the date is past, whatever V4 says."""
        validity = self.holds("validity", session)
        return isinstance(validity, Until) and date_at(now, self.zone) > validity.last_day

    def expiry_of_credits(self, now: datetime, session: Session | None = None) -> datetime | None:
        """V1, V2: from the cancellation (or the grant). V4: for what a missed session earned, not for grants."""
        match self.holds("validity", session):
            case Never():
                return None
            case Until(last_day):
                ends = first_instant_of(last_day + A_DAY, self.zone)
            case Days(days):
                ends = self.days_after(now, days)
            case other:
                raise AssertionError(other)
        promised = self.holds("never_before_missed_session", session)
        if session is None or promised is OFF:
            return ends
        return max(ends, self.days_after(session.start, promised))

    def days_after(self, instant: datetime, days: int) -> datetime:
        """V2."""
        if self.settings["expiry_rounding"] is ExpiryRounding.EXACT:
            return instant + days * timedelta(hours=24)
        return first_instant_of(date_at(instant, self.zone) + (days + 1) * A_DAY, self.zone)

    def last_day(self, expires_at: datetime | None) -> date | None:
        """Fine print of V2: always the local date of the last usable instant."""
        return None if expires_at is None else date_at(expires_at - A_MICROSECOND, self.zone)

    def deadline_of(self, booking: Booking) -> datetime:
        """C8: for bookings that existed at a move, until the later of the new deadline and 24 h after the move.

        Never after the start.
        """
        session = self.sessions[booking.session]
        days = [min(at + timedelta(hours=24), session.start) for at in session.moves if booking.at <= at]
        return max(self.deadline(session), *days) if days else self.deadline(session)

    def deadline(self, session: Session) -> datetime:
        """E2."""
        match self.holds("cancellation_deadline", session):
            case HoursBefore(hours):
                return session.start - timedelta(hours=hours)
            case LocalTime(days, clock):
                day = date_at(session.start, self.zone) - timedelta(days=days)
                return last_instant_at(day, clock, self.zone)
            case other:
                raise AssertionError(other)

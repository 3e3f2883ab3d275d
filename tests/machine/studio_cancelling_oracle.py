"""What the rule book says of sessions that the studio cancels (E6, E7, C3)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, EarnedNothing, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.policy import RedeemableFrom
from domain.nouns.session import Compensation
from domain.refusals import RefusalCode
from tests.machine.calendar import date_at, first_instant_of
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import DONE, Booking, Credit, Faulty, Says, refused

A_DAY = timedelta(days=1)
A_WEEK = timedelta(hours=7 * 24)
TAKEN_BACK = (CreditState.UNDONE, CreditState.REVOKED)

Brought = tuple[CancellationOutcome, frozenset[EarnedNothing]]


class StudioCancellingOracle(ManagingOracle):
    def cancel_session(
        self,
        account: UUID,
        now: datetime,
        session: UUID,
        compensation: Compensation,
        expected: tuple[int, int, int] | None,
    ) -> Says:
        """E6. `expected`: how many credits, how many back, how many nothing."""
        self.manage(account)
        self.need_session(session)
        if self.sessions[session].cancelled:  # C4
            return DONE
        codes = {RefusalCode.SESSION_OVER} if now > self.sessions[session].end + A_WEEK else set[RefusalCode]()
        if any(booking.attendance is Attendance.ATTENDED for booking in self.live(session)):  # it took place
            codes.add(RefusalCode.SESSION_ATTENDED)
        if codes:
            return refused(*codes)
        if expected not in (None, self.foresee_seats(session, now, compensation)):
            return refused(RefusalCode.OUTCOME_CHANGED)
        self.call_off([session], now, compensation)
        return DONE

    def cancel_course(
        self,
        account: UUID,
        now: datetime,
        course: UUID,
        first_day: date | None,
        compensation: Compensation,
        expected: tuple[int, int, int] | None = None,
    ) -> Says:
        """Every session of the course that has not started. `expected`: as of one session, of all of them."""
        self.manage(account)
        if course not in self.courses:
            raise Faulty(FaultCode.NOT_FOUND)
        coming = self.coming(course, now, first_day)
        if coming and all(self.sessions[key].cancelled for key in coming):  # C4
            return DONE
        if expected not in (None, self.foresee_course(coming, now, compensation)):
            return refused(RefusalCode.OUTCOME_CHANGED)
        self.call_off(coming, now, compensation)
        return DONE

    def coming(self, course: UUID, now: datetime, first_day: date | None) -> list[UUID]:
        coming = [
            (session.start, key)
            for key, session in self.sessions.items()
            if session.course == course
            and now < session.start
            and (first_day is None or date_at(session.start, self.zone) >= first_day)
        ]
        return [key for _, key in sorted(coming)]

    def foresee_seats(self, session: UUID, now: datetime, compensation: Compensation) -> tuple[int, int, int]:
        counted = Counter(self.brings(each, now, compensation)[0] for each in self.live(session))
        of = CancellationOutcome
        return counted[of.CREDIT], counted[of.CREDIT_RETURNED], counted[of.NOTHING]

    def foresee_course(
        self, sessions: Iterable[UUID], now: datetime, compensation: Compensation
    ) -> tuple[int, int, int]:
        each = [self.foresee_seats(key, now, compensation) for key in sessions]
        return sum(of[0] for of in each), sum(of[1] for of in each), sum(of[2] for of in each)

    def live(self, session: UUID) -> list[Booking]:
        return [booking for booking in self.bookings if booking.live and booking.session == session]

    def brings(self, booking: Booking, now: datetime, compensation: Compensation) -> Brought:
        if booking.credit is not None:  # C3: whatever the choice
            return CancellationOutcome.CREDIT_RETURNED, frozenset({EarnedNothing.PAID_WITH_CREDIT})
        if compensation is Compensation.NONE:
            return CancellationOutcome.NOTHING, frozenset({EarnedNothing.NO_COMPENSATION})
        session, reasons = self.sessions[booking.session], set[EarnedNothing]()
        if booking.payment_now is PaymentState.DUE and self.settings["earning_needs_payment"]:  # E13
            reasons.add(EarnedNothing.NOT_PAID)
        if self.term_is_over(now, session):  # V1
            reasons.add(EarnedNothing.VALIDITY_ENDED)
        if any(self.is_for(credit, booking, now) for credit in self.credits):  # E7
            reasons.add(EarnedNothing.ALREADY_CREDITED)
        if reasons:
            return CancellationOutcome.NOTHING, frozenset(reasons)
        return CancellationOutcome.CREDIT, frozenset()

    def is_for(self, credit: Credit, booking: Booking, now: datetime) -> bool:
        """Whether their client holds it for that session."""
        if credit.missed is None or credit.state(now) in TAKEN_BACK:
            return False
        return (credit.client, credit.missed.session) == (booking.client, booking.session)

    def call_off(self, sessions: Iterable[UUID], now: datetime, compensation: Compensation) -> None:
        """In one act: the worth of its credits is what it was before any of them was cancelled (R9)."""
        meant = [key for key in sessions if not self.sessions[key].cancelled]
        worths = {key: self.worth(self.sessions[key]) for key in meant}
        for key in meant:
            for booking in self.live(key):
                self.give_up(booking, now, compensation, worths[key])
        for key in meant:
            self.sessions[key].cancelled = True

    def give_up(self, booking: Booking, now: datetime, compensation: Compensation, worth: int | None) -> None:
        outcome, reasons = self.brings(booking, now, compensation)
        booking.status, booking.cancelled_at = BookingStatus.CANCELLED, now
        booking.outcome, booking.reasons = outcome, reasons
        self.seatings.append((-1, booking))
        if booking.credit is not None:
            self.give_back(booking.credit, booking, now)
        elif outcome is CancellationOutcome.CREDIT:
            session = self.sessions[booking.session]
            expires_at = self.expiry_of_credits(now, session)
            credit = self.issue(booking.client, CreditOrigin.STUDIO_CANCELLATION, booking, now, expires_at, worth)
            after = self.holds("redeemable_from", session) is RedeemableFrom.AFTER_MISSED_SESSION
            credit.redeemable_from = session.end if after else None  # R12
            credit.category = self.category(booking.session)  # V8, R9

    def give_back(self, credit: Credit, booking: Booking, now: datetime) -> None:
        """C3: valid until max(original, end of local day now + the days of grace); fine print of V4: NEVER stays."""
        if credit.expires_at is not None:
            days = self.settings["studio_cancellation_grace_days"]
            grace = first_instant_of(date_at(now, self.zone) + (days + 1) * A_DAY, self.zone)
            credit.ends.append((credit.expires_at, credit.expires_on))
            credit.prolonged.add(len(credit.story))
            if grace > credit.expires_at:
                self.give_end(credit, grace)
        credit.story.append((LedgerKind.RESTORED, now, booking))

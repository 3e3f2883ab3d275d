"""What the rule book says must happen: a naive model of one studio, written from its sentences alone.

It shares with the product only vocabularies and plain data. It keeps no counters and no states: how many seats
are taken and what has become of a credit is found by looking through everything that ever happened.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.issuing.granting import GrantValidity, NoExpiry, StudioValidity, ThroughDate
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditOrigin
from domain.nouns.policy import (
    LateCancellation,
    OnMakeUpCancellation,
    RedeemableFrom,
)
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from tests.machine.calendar import date_at, first_instant_of
from tests.machine.changing_credits import ChangingCredits
from tests.machine.deciding import Deciding
from tests.machine.rows import (
    ANY,
    DONE,
    Booking,
    Credit,
    Enrolment,
    Expecting,
    Faulty,
    Says,
    Session,
    refused,
)
from tests.machine.spending import Spending


class Oracle(Deciding, ChangingCredits, Spending):
    """Each act answers what the rule book says of it; where that is DONE, it has already happened here."""

    def judge(self, act: Callable[..., Says], *of: Any) -> Says:
        try:
            return act(*of)
        except Faulty as fault:
            return Says(fault=fault.code)

    # Acts of staff

    def create(self, account: UUID, decided: dict[str, object], course: UUID | None = None) -> Says:
        """A course or a client; or a session, of a course or without one. What is archived takes nothing new."""
        self.decide(account, decided)
        if course is not None and course not in self.courses:
            raise Faulty(FaultCode.NOT_FOUND)
        return refused(*self.archived_among(course=course))

    def link_client(self, account: UUID, client: UUID, email: str) -> Says:
        self.need_client(account, client)
        self.manage(account)
        if email not in self.emails:
            raise Faulty(FaultCode.NOT_FOUND)
        self.clients[client].account = self.emails[email]
        return DONE

    def enrol(
        self,
        account: UUID,
        now: datetime,
        course: UUID,
        client: UUID,
        payment: PaymentState,
        excepted: Collection[UUID],
    ) -> Says:
        """B2: by staff; every remaining session, all or nothing."""
        self.need_client(account, client)
        self.manage(account)
        sessions = [key for key, session in self.sessions.items() if session.course == course]
        if course not in self.courses or not set(sessions).issuperset(excepted):
            raise Faulty(FaultCode.NOT_FOUND)
        remaining = [key for key in sessions if self.sessions[key].start > now and key not in excepted]
        remaining = [key for key in remaining if not self.sessions[key].archived and not self.sessions[key].cancelled]
        codes: set[tuple[RefusalCode, UUID | None]] = set()
        codes |= {(code, None) for code in self.archived_among(course=course, client=client)}
        if self.courses[course].whole_price is None:
            codes.add((RefusalCode.COURSE_NOT_SOLD_AS_WHOLE, None))
        if any((e.course, e.client, e.ended_at) == (course, client, None) for e in self.enrolments):
            codes.add((RefusalCode.ALREADY_ENROLLED, None))
        if not remaining:
            codes.add((RefusalCode.NO_SESSIONS_LEFT, None))
        codes |= {(RefusalCode.SESSION_FULL, key) for key in remaining if self.full(now, key, client)}
        codes |= {(RefusalCode.ALREADY_BOOKED, key) for key in remaining if self.has_seat(key, client)}
        if codes:
            return Says(codes=frozenset(codes))
        enrolment = Enrolment(None, course, client, payment, self.courses[course].whole_price)
        self.enrolments.append(enrolment)
        for key in remaining:
            self.seat(Booking(None, key, client, PaidWith.ENROLMENT, payment, None, now, enrolment))
        return DONE

    def mark_paid(self, account: UUID, booking_id: UUID, payment: PaymentState) -> Says:
        booking = self.booking_seen(account, booking_id)
        self.manage(account)
        if booking.paid_with is PaidWith.MAKE_UP:  # a make-up is always PAID
            if payment is not PaymentState.PAID:
                return Says(codes=frozenset({(RefusalCode.PAID_WITH_CREDIT, None)}))
        elif booking.enrolment is not None:  # of the enrolment, where there is one
            booking.enrolment.payment = payment
        else:
            booking.payment = payment
        return DONE

    def mark_enrolment_paid(self, account: UUID, enrolment_id: UUID | None, payment: PaymentState) -> Says:
        enrolment = next(each for each in self.enrolments if each.id == enrolment_id)
        self.need_client(account, enrolment.client)
        self.manage(account)
        enrolment.payment = payment
        return DONE

    def grant(
        self,
        account: UUID,
        now: datetime,
        client: UUID,
        number: int,
        validity: GrantValidity,
        worth: int | None,
    ) -> Says:
        """E8."""
        self.need_client(account, client)
        self.manage(account)
        codes = self.archived_among(client=client)
        if isinstance(validity, ThroughDate) and validity.last_day < date_at(now, self.zone):
            codes.add(RefusalCode.EXPIRY_IN_PAST)
        if isinstance(validity, StudioValidity) and self.term_is_over(now, None):
            codes.add(RefusalCode.VALIDITY_ENDED)
        if codes:
            return refused(*codes)
        match validity:
            case StudioValidity():
                expires_at = self.expiry_of_credits(now)
            case ThroughDate(day):
                expires_at = first_instant_of(day + timedelta(days=1), self.zone)
            case NoExpiry():
                expires_at = None
        for _ in range(number):
            self.issue(client, CreditOrigin.GRANT, None, now, expires_at, worth)
        return DONE

    # Acts of anyone

    def book(
        self,
        account: UUID,
        now: datetime,
        session: UUID,
        client: UUID | None,
        payment: PaymentState | None,
    ) -> Says:
        """B1: by the client's account (DUE), or by staff, who say how it is paid."""
        client = self.client_meant(account, client)
        if payment is not None and not self.manages(account):
            raise Faulty(FaultCode.FORBIDDEN)
        if payment is None and self.clients[client].account != account:
            raise Faulty(FaultCode.BAD_USER_INPUT)
        self.need_session(session)
        codes = self.against_any_seat(now, session, client)
        if self.full(now, session, client):
            codes.add(RefusalCode.SESSION_FULL)
        if codes:
            return refused(*codes)
        price = self.single_price(session)
        self.seat(Booking(None, session, client, PaidWith.SINGLE, payment or PaymentState.DUE, price, now))
        return DONE

    def book_with_credit(
        self, account: UUID, now: datetime, session: UUID, client: UUID | None, credit_id: UUID | None
    ) -> Says:
        """R1: every rule that fails is reported."""
        client, named = self.client_and_credit(account, client, credit_id)
        self.need_session(session)
        codes = self.against_make_up(now, session, client)
        if named is not None:
            codes |= self.against_credit(named, now, session, client)
            credit = named
        else:
            credit = self.best_credit(now, session, client)
            if credit is None:
                codes.add(RefusalCode.NO_ELIGIBLE_CREDIT)
        if codes or credit is None:
            return refused(*codes)
        booking = Booking(None, session, client, PaidWith.MAKE_UP, PaymentState.PAID, None, now, credit=credit)
        self.seat(booking)
        credit.story.append((LedgerKind.REDEEMED, now, booking))
        return DONE

    def cancel(
        self, account: UUID, now: datetime, booking_id: UUID, expecting: Expecting | None, override: str = ""
    ) -> Says:
        """C10: staff may set the deadline aside, with a reason."""
        booking = self.booking_seen(account, booking_id)
        if override:
            self.manage(account)
        if not booking.live:
            return DONE  # C4: the same answer, before any other rule is asked
        session = self.sessions[booking.session]
        started, late = not now < session.start, now > self.deadline_of(booking)
        if not self.manages(account):
            if started:
                return refused(RefusalCode.SESSION_STARTED)
            if late and self.holds("late_cancellation", session) is LateCancellation.BLOCK:
                return refused(RefusalCode.LATE_CANCELLATION_BLOCKED)
        outcome, expires_on = self.foresee(booking, now, override)
        if expecting is not None and (
            expecting.outcome is not outcome or expecting.expires_on not in (expires_on, ANY)
        ):
            return refused(RefusalCode.OUTCOME_CHANGED)
        reasons, in_time = self.why_not_earned(booking, now, override), bool(override) or not (started or late)
        booking.status = BookingStatus.CANCELLED if in_time else BookingStatus.CANCELLED_LATE
        booking.cancelled_at, booking.outcome, booking.reasons = now, outcome, reasons
        self.seatings.append((-1, booking))
        if outcome is CancellationOutcome.CREDIT:
            credit = self.earn(booking, CreditOrigin.CANCELLATION, now)
            credit.overrides[0] = override
        if booking.credit and in_time:  # C1; late, it stays used (C2)
            returned = outcome is CancellationOutcome.CREDIT_RETURNED
            booking.credit.overrides[len(booking.credit.story)] = override
            kind = LedgerKind.RESTORED if returned else LedgerKind.FORFEITED
            booking.credit.story.append((kind, now, booking))
        return DONE

    def earn(self, booking: Booking, origin: CreditOrigin, now: datetime) -> Credit:
        session = self.sessions[booking.session]
        worth, expires_at = self.worth(session), self.expiry_of_credits(now, session)
        credit = self.issue(booking.client, origin, booking, now, expires_at, worth)
        after = self.holds("redeemable_from", session) is RedeemableFrom.AFTER_MISSED_SESSION
        credit.redeemable_from = session.end if after else None  # R12
        credit.category = self.category(booking.session)  # V8, R9
        return credit

    # What the rules ask

    def foresee(self, booking: Booking, now: datetime, override: str = "") -> tuple[CancellationOutcome, date | None]:
        """P1: what cancelling now would bring, and through which day it could be used."""
        reasons = self.why_not_earned(booking, now, override)
        if booking.credit is not None:
            if reasons & {EarnedNothing.SESSION_STARTED, EarnedNothing.AFTER_DEADLINE}:
                return CancellationOutcome.NOTHING, None  # C2: the credit stays used
            if self.settings["on_make_up_cancellation"] is OnMakeUpCancellation.FORFEIT:
                return CancellationOutcome.NOTHING, None  # C1
            return CancellationOutcome.CREDIT_RETURNED, booking.credit.expires_on  # C1: its original expiry
        if reasons:
            return CancellationOutcome.NOTHING, None
        return CancellationOutcome.CREDIT, self.last_day(self.expiry_of_credits(now, self.sessions[booking.session]))

    def worth(self, session: Session) -> int | None:
        """R9: the single price, else the whole price by the course's sessions not cancelled at issue, rounded down."""
        if session.course is None:  # E6: nothing else of a class earns
            return session.price
        course = self.courses[session.course]
        if course.single_price is not None:
            return course.single_price
        assert course.whole_price is not None
        return course.whole_price // self.size(session.course)

    def size(self, course: UUID) -> int:
        return len([s for s in self.sessions.values() if s.course == course and not s.cancelled])

    def issue(
        self,
        client: UUID,
        origin: CreditOrigin,
        missed: Booking | None,
        now: datetime,
        expires_at: datetime | None,
        worth: int | None,
    ) -> Credit:
        credit = Credit(None, client, origin, missed, now, expires_at, self.last_day(expires_at), worth)
        credit.means = self.settings["expiry_means"]  # V8
        credit.story.append((LedgerKind.ISSUED, now, missed))
        self.credits.append(credit)
        return credit

    # Who may (A0, A1)

    def client_meant(self, account: UUID, client: UUID | None) -> UUID:
        """It may be left out by an account that manages one client here; one who has left is meant last."""
        if client is None:
            all_own = [key for key, each in self.clients.items() if each.account == account]
            own = [key for key in all_own if not self.clients[key].archived] or all_own
            if len(own) != 1:
                raise Faulty(FaultCode.BAD_USER_INPUT)
            return own[0]
        self.need_client(account, client)
        return client

    def client_and_credit(
        self, account: UUID, client: UUID | None, credit_id: UUID | None
    ) -> tuple[UUID, Credit | None]:
        """Who is to have the seat, and the credit that is named, if one is: whose it is, where nobody else is named."""
        named = next((c for c in self.credits if c.id == credit_id), None) if credit_id is not None else None
        unseen = credit_id is not None and (named is None or not self.sees_client(account, named.client))
        if client is None and unseen:
            raise Faulty(FaultCode.NOT_FOUND)
        client = named.client if client is None and named is not None else self.client_meant(account, client)
        if unseen:
            raise Faulty(FaultCode.NOT_FOUND)
        return client, named

    def booking_seen(self, account: UUID, booking_id: UUID) -> Booking:
        """Theirs to act on; FORBIDDEN where theirs only to see, as an instructor sees a roster."""
        booking = next((b for b in self.bookings if b.id == booking_id), None)
        if booking is None:
            raise Faulty(FaultCode.NOT_FOUND)
        if self.sees_client(account, booking.client):
            return booking
        role, staff_id = self.staff.get(account, (None, None))
        if role is Role.INSTRUCTOR and self.sessions[booking.session].instructor == staff_id:
            raise Faulty(FaultCode.FORBIDDEN)
        raise Faulty(FaultCode.NOT_FOUND)

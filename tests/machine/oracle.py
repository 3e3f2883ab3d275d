"""What the rule book says must happen: a naive model of one studio, written from its sentences alone.

It shares with the product only vocabularies and plain data. It keeps no counters and no states: how many seats
are taken and what has become of a credit is found by looking through everything that ever happened.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.credit import CreditOrigin, CreditState
from domain.faults import FaultCode
from domain.granting import GrantValidity, NoExpiry, StudioValidity, ThroughDate
from domain.ledger import LedgerKind
from domain.policy import Days, ExpiryRounding, HoursBefore, LateCancellation, LocalTime, Never, OnEnrolmentEnd
from domain.refusals import RefusalCode
from domain.studio import Role
from tests.machine.calendar import date_at, first_instant_of, last_instant_at
from tests.machine.rows import (
    ANY,
    DONE,
    Booking,
    Client,
    Course,
    Credit,
    Enrolment,
    Expecting,
    Faulty,
    Says,
    Session,
    refused,
)

DEFAULTS: dict[str, object] = {
    "make_ups_enabled": False,  # E1: off until switched on
    "cancellation_deadline": HoursBefore(24),  # E2
    "late_cancellation": LateCancellation.ALLOW_WITHOUT_CREDIT,  # E4
    "single_bookings_earn": True,  # E11
    "earning_needs_payment": True,  # E13
    "validity": Days(30),  # V1
    "expiry_rounding": ExpiryRounding.END_OF_LOCAL_DAY,  # V2
    "max_days_ahead": 90,  # V3
    "on_enrolment_end": OnEnrolmentEnd.KEEP,  # C12
}
A_MICROSECOND = timedelta(microseconds=1)


class Oracle:
    """Each act answers what the rule book says of it; where that is DONE, it has already happened here."""

    def __init__(self, zone: ZoneInfo, owner: UUID) -> None:
        self.zone = zone
        self.settings = dict(DEFAULTS)
        self.archived = False
        self.staff: dict[UUID, tuple[Role, UUID | None]] = {owner: (Role.OWNER, None)}
        self.emails: dict[str, UUID] = {}
        self.clients: dict[UUID, Client] = {}
        self.courses: dict[UUID, Course] = {}
        self.sessions: dict[UUID, Session] = {}
        self.enrolments: list[Enrolment] = []
        self.bookings: list[Booking] = []
        self.credits: list[Credit] = []

    def judge(self, act: Callable[..., Says], *of: Any) -> Says:
        try:
            return act(*of)
        except Faulty as fault:
            return Says(fault=fault.code)

    # Acts of staff

    def change_policy(self, account: UUID, changes: dict[str, object]) -> Says:
        """A1: OWNER also policy. None: the built-in default."""
        if self.role(account) is not Role.OWNER:
            raise Faulty(FaultCode.FORBIDDEN)
        settings = self.settings | {k: DEFAULTS[k] if v is None else v for k, v in changes.items()}
        validity, deadline = settings["validity"], settings["cancellation_deadline"]
        ahead = settings["max_days_ahead"]
        wrong = (
            (isinstance(validity, Days) and validity.days < 1)  # V1: DAYS(n), n >= 1
            or (isinstance(deadline, HoursBefore) and deadline.hours < 0)
            or (isinstance(deadline, LocalTime) and deadline.days_before < 0)
            or (isinstance(ahead, int) and ahead < 0)
        )
        if wrong:
            return refused(RefusalCode.INVALID_POLICY)
        self.settings = settings
        return DONE

    def manage(self, account: UUID) -> Says:
        """A1: MANAGER also manages courses, sessions, clients, credits."""
        if not self.manages(account):
            raise Faulty(FaultCode.FORBIDDEN)
        return DONE

    def create(self, account: UUID, course: UUID | None = None) -> Says:
        """A course or a client; or a session, of a course or without one. What is archived takes nothing new."""
        self.manage(account)
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
        remaining = [key for key in remaining if not self.sessions[key].archived]
        codes: set[tuple[RefusalCode, UUID | None]] = set()
        codes |= {(code, None) for code in self.archived_among(course=course, client=client)}
        if self.courses[course].whole_price is None:
            codes.add((RefusalCode.COURSE_NOT_SOLD_AS_WHOLE, None))
        if any((e.course, e.client, e.ended_at) == (course, client, None) for e in self.enrolments):
            codes.add((RefusalCode.ALREADY_ENROLLED, None))
        if not remaining:
            codes.add((RefusalCode.NO_SESSIONS_LEFT, None))
        codes |= {(RefusalCode.SESSION_FULL, key) for key in remaining if self.full(key)}
        codes |= {(RefusalCode.ALREADY_BOOKED, key) for key in remaining if self.has_seat(key, client)}
        if codes:
            return Says(codes=frozenset(codes))
        enrolment = Enrolment(None, course, client, payment, self.courses[course].whole_price)
        self.enrolments.append(enrolment)
        for key in remaining:
            self.bookings.append(Booking(None, key, client, PaidWith.ENROLMENT, payment, None, now, enrolment))
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
        if codes:
            return refused(*codes)
        price = self.single_price(session)
        self.bookings.append(Booking(None, session, client, PaidWith.SINGLE, payment or PaymentState.DUE, price, now))
        return DONE

    def book_with_credit(
        self, account: UUID, now: datetime, session: UUID, client: UUID | None, credit_id: UUID | None
    ) -> Says:
        """R1: every rule that fails is reported."""
        client = self.client_meant(account, client)
        named = None
        if credit_id is not None:
            named = next((c for c in self.credits if c.id == credit_id), None)
            if named is None or not self.sees_client(account, named.client):
                raise Faulty(FaultCode.NOT_FOUND)
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
        self.bookings.append(booking)
        credit.story.append((LedgerKind.REDEEMED, now, booking))
        return DONE

    def cancel(self, account: UUID, now: datetime, booking_id: UUID, expecting: Expecting | None) -> Says:
        booking = self.booking_seen(account, booking_id)
        if not booking.live:
            return DONE  # C4: the same answer, before any other rule is asked
        session = self.sessions[booking.session]
        started, late = not now < session.start, now > self.deadline(session)
        if not self.manages(account):
            if started:
                return refused(RefusalCode.SESSION_STARTED)
            if late and self.settings["late_cancellation"] is LateCancellation.BLOCK:
                return refused(RefusalCode.LATE_CANCELLATION_BLOCKED)
        outcome, expires_on = self.foresee(booking, now)
        if expecting is not None and (
            expecting.outcome is not outcome or expecting.expires_on not in (expires_on, ANY)
        ):
            return refused(RefusalCode.OUTCOME_CHANGED)
        reasons = self.why_not_earned(booking, now)
        booking.status = BookingStatus.CANCELLED_LATE if started or late else BookingStatus.CANCELLED
        booking.cancelled_at, booking.outcome, booking.reasons = now, outcome, reasons
        if outcome is CancellationOutcome.CREDIT:
            worth, expires_at = self.worth(session), self.expiry_of_credits(now)
            self.issue(booking.client, CreditOrigin.CANCELLATION, booking, now, expires_at, worth)
        if outcome is CancellationOutcome.CREDIT_RETURNED and booking.credit:
            booking.credit.story.append((LedgerKind.RESTORED, now, booking))
        return DONE

    # What the rules ask

    def foresee(self, booking: Booking, now: datetime) -> tuple[CancellationOutcome, date | None]:
        """P1: what cancelling now would bring, and through which day it could be used."""
        reasons = self.why_not_earned(booking, now)
        if booking.credit is not None:
            if reasons & {EarnedNothing.SESSION_STARTED, EarnedNothing.AFTER_DEADLINE}:
                return CancellationOutcome.NOTHING, None  # C2: the credit stays used
            return CancellationOutcome.CREDIT_RETURNED, booking.credit.expires_on  # C1: its original expiry
        if reasons:
            return CancellationOutcome.NOTHING, None
        return CancellationOutcome.CREDIT, self.last_day(self.expiry_of_credits(now))

    def why_not_earned(self, booking: Booking, now: datetime) -> frozenset[EarnedNothing]:
        session = self.sessions[booking.session]
        reasons: set[EarnedNothing] = set()
        if not now < session.start:  # fine print of E2: SESSION_STARTED comes before the deadline
            reasons.add(EarnedNothing.SESSION_STARTED)
        elif not now <= self.deadline(session):  # E2, E4
            reasons.add(EarnedNothing.AFTER_DEADLINE)
        if booking.paid_with is PaidWith.MAKE_UP:  # E3; nothing else is asked of what can never earn
            return frozenset({*reasons, EarnedNothing.PAID_WITH_CREDIT})
        if session.course is None:  # E1
            reasons.add(EarnedNothing.ONE_TIME_CLASS)
        if not self.make_ups_enabled(session):  # E1
            reasons.add(EarnedNothing.MAKE_UPS_DISABLED)
        if booking.paid_with is PaidWith.SINGLE and not self.settings["single_bookings_earn"]:  # E11
            reasons.add(EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN)
        if booking.payment_now is PaymentState.DUE and self.settings["earning_needs_payment"]:  # E13
            reasons.add(EarnedNothing.NOT_PAID)
        return frozenset(reasons)

    def against_any_seat(self, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        codes = self.archived_among(course=self.sessions[session].course, session=session, client=client)
        if self.sessions[session].course is not None and self.single_price(session) is None:
            codes.add(RefusalCode.COURSE_NOT_SOLD_PER_SESSION)
        if now >= self.sessions[session].start:
            codes.add(RefusalCode.SESSION_STARTED)
        if self.full(session):
            codes.add(RefusalCode.SESSION_FULL)
        if self.has_seat(session, client):
            codes.add(RefusalCode.ALREADY_BOOKED)
        return codes

    def against_make_up(self, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        codes = self.against_any_seat(now, session, client)
        if self.clients[client].account is None:
            codes.add(RefusalCode.ACCOUNT_REQUIRED)
        if not self.accepts_make_ups(self.sessions[session]):
            codes.add(RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS)
        days_ahead = (date_at(self.sessions[session].start, self.zone) - date_at(now, self.zone)).days
        most = self.settings["max_days_ahead"]
        assert isinstance(most, int)
        if days_ahead > most:
            codes.add(RefusalCode.TOO_FAR_AHEAD)
        return codes

    def against_credit(self, credit: Credit, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        codes: set[RefusalCode] = set()
        if credit.client != client:
            codes.add(RefusalCode.CREDIT_OF_OTHER_CLIENT)
        if credit.missed is not None and credit.missed.session == session:
            codes.add(RefusalCode.SAME_SESSION)
        if credit.state(now) is CreditState.USED:
            codes.add(RefusalCode.CREDIT_USED)
        if credit.state(now) is CreditState.EXPIRED:
            codes.add(RefusalCode.CREDIT_EXPIRED)
        if credit.state(now) is CreditState.REVOKED:
            codes.add(RefusalCode.CREDIT_REVOKED)
        return codes

    def best_credit(self, now: datetime, session: UUID, client: UUID) -> Credit | None:
        """R10: expires first, never-expiring last, then the oldest, then by id."""
        good = [c for c in self.credits if not self.against_credit(c, now, session, client)]
        dying = [c for c in good if c.expires_at is not None]
        for group in (dying, good):
            if group:
                return sorted(group, key=lambda c: (c.expires_at or c.at, c.at, c.id))[0]
        return None

    def expiry_of_credits(self, now: datetime) -> datetime | None:
        """V1, V2: from the cancellation (or the grant), whenever the missed session is."""
        validity = self.settings["validity"]
        if isinstance(validity, Never):
            return None
        assert isinstance(validity, Days)
        if self.settings["expiry_rounding"] is ExpiryRounding.EXACT:
            return now + validity.days * timedelta(hours=24)
        expires_on = date_at(now, self.zone) + timedelta(days=validity.days)
        return first_instant_of(expires_on + timedelta(days=1), self.zone)

    def last_day(self, expires_at: datetime | None) -> date | None:
        """Fine print of V2: always the local date of the last usable instant."""
        return None if expires_at is None else date_at(expires_at - A_MICROSECOND, self.zone)

    def deadline(self, session: Session) -> datetime:
        """E2."""
        match self.settings["cancellation_deadline"]:
            case HoursBefore(hours):
                return session.start - timedelta(hours=hours)
            case LocalTime(days, clock):
                day = date_at(session.start, self.zone) - timedelta(days=days)
                return last_instant_at(day, clock, self.zone)
            case other:
                raise AssertionError(other)

    def worth(self, session: Session) -> int | None:
        """R9: the single price, else the whole price by the course's sessions, rounded down."""
        assert session.course is not None  # E1: nothing else earns
        course = self.courses[session.course]
        if course.single_price is not None:
            return course.single_price
        assert course.whole_price is not None
        return course.whole_price // len([s for s in self.sessions.values() if s.course == session.course])

    def make_ups_enabled(self, session: Session) -> bool:
        """E1: of the course, else of the studio."""
        own = None if session.course is None else self.courses[session.course].make_ups_enabled
        return bool(self.settings["make_ups_enabled"]) if own is None else own

    def accepts_make_ups(self, session: Session) -> bool:
        """R3: of the session, else of the course."""
        if session.accepts_make_ups is None:
            assert session.course is not None
            return self.courses[session.course].accepts_make_ups
        return session.accepts_make_ups

    def single_price(self, session: UUID) -> int | None:
        it = self.sessions[session]
        return it.price if it.course is None else self.courses[it.course].single_price

    def archived_among(
        self, course: UUID | None = None, session: UUID | None = None, client: UUID | None = None
    ) -> set[RefusalCode]:
        """What is archived takes no new bookings, enrolments, credits or sessions."""
        said = {
            RefusalCode.STUDIO_ARCHIVED: self.archived,
            RefusalCode.COURSE_ARCHIVED: course is not None and self.courses[course].archived,
            RefusalCode.SESSION_ARCHIVED: session is not None and self.sessions[session].archived,
            RefusalCode.CLIENT_ARCHIVED: client is not None and self.clients[client].archived,
        }
        return {code for code, is_so in said.items() if is_so}

    def full(self, session: UUID) -> bool:
        return self.taken(session) >= self.sessions[session].capacity

    def taken(self, session: UUID) -> int:
        return len([b for b in self.bookings if b.live and b.session == session])

    def has_seat(self, session: UUID, client: UUID) -> bool:
        return any(b.live and (b.session, b.client) == (session, client) for b in self.bookings)

    def issue(
        self,
        client: UUID,
        origin: CreditOrigin,
        missed: Booking | None,
        now: datetime,
        expires_at: datetime | None,
        worth: int | None,
    ) -> None:
        credit = Credit(None, client, origin, missed, now, expires_at, self.last_day(expires_at), worth)
        credit.story.append((LedgerKind.ISSUED, now, missed))
        self.credits.append(credit)

    # Who may (A0, A1)

    def role(self, account: UUID) -> Role | None:
        return self.staff.get(account, (None, None))[0]

    def manages(self, account: UUID) -> bool:
        return self.role(account) in (Role.OWNER, Role.MANAGER)

    def sees_client(self, account: UUID, client: UUID) -> bool:
        if client not in self.clients:
            return False
        return self.manages(account) or self.clients[client].account == account

    def need_client(self, account: UUID, client: UUID) -> None:
        if not self.sees_client(account, client):
            raise Faulty(FaultCode.NOT_FOUND)

    def need_session(self, session: UUID) -> None:
        if session not in self.sessions:
            raise Faulty(FaultCode.NOT_FOUND)

    def client_meant(self, account: UUID, client: UUID | None) -> UUID:
        """It may be left out by an account that manages one client here."""
        if client is None:
            own = [key for key, each in self.clients.items() if each.account == account]
            if len(own) != 1:
                raise Faulty(FaultCode.BAD_USER_INPUT)
            return own[0]
        self.need_client(account, client)
        return client

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

"""The ports in plain dictionaries. An act works on a copy, which takes the original's place only when it is done."""

from collections.abc import Coroutine, Mapping, Set
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from hashlib import blake2b
from itertools import count
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from domain import events as e
from domain.account import Account
from domain.authority import Authority
from domain.booking import Booking, Enrolment, PaidWith
from domain.cancelling import Cancellation
from domain.caps import caps_are_decided
from domain.choosing import MOST_AT_ONCE, ById, ChosenCredits, CreditFilter
from domain.client import Client
from domain.course import Course
from domain.credit import CreditState, MakeUpCredit
from domain.earning import EarnedBefore
from domain.ending import Ending
from domain.enrolling import Enrolling
from domain.faults import BadUserInput, NotFound, TimeWentBackwards, Unauthenticated
from domain.invariants import Snapshot
from domain.ledger import LedgerEntry, LedgerKind
from domain.make_ups import MakeUpRequest
from domain.outcome import Done
from domain.policy import CreditScope
from domain.ports import BookingPlace
from domain.seats import SeatRequest
from domain.session import ScheduledSession, Session, SessionStatus
from domain.studio import Staff, Studio
from domain.validity import Expiry
from tests.machine.harness import Act, Outcome, RegistryAct


class Changing(Protocol):
    @property
    def changed_at(self) -> datetime: ...


Noun = TypeVar("Noun", bound=Changing)


@dataclass
class MemoryStudio:
    """The rows of one studio. Whatever stands in the dictionaries is frozen, so that a copy of them is enough."""

    studio: Studio
    staff: dict[UUID, Staff] = field(default_factory=dict)
    clients: dict[UUID, Client] = field(default_factory=dict)
    courses: dict[UUID, Course] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    enrolments: dict[UUID, Enrolment] = field(default_factory=dict)
    bookings: dict[UUID, Booking] = field(default_factory=dict)
    credits: dict[UUID, MakeUpCredit] = field(default_factory=dict)
    ledgers: dict[UUID, tuple[LedgerEntry, ...]] = field(default_factory=dict)

    def copy(self) -> "MemoryStudio":
        tables = (getattr(self, each.name) for each in fields(self)[1:])
        return MemoryStudio(self.studio, *(dict(table) for table in tables))

    def booking(self, booking: Booking) -> Booking:
        """With the payment of its enrolment, where it has one."""
        if booking.enrolment_id is None:
            return booking
        return replace(booking, payment=self.enrolments[booking.enrolment_id].payment)

    def snapshot(self) -> Snapshot:
        return Snapshot(
            sessions=tuple(self.sessions.values()),
            clients=tuple(self.clients.values()),
            enrolments=tuple(self.enrolments.values()),
            bookings=tuple(map(self.booking, self.bookings.values())),
            credits=tuple(self.credits.values()),
            ledgers=dict(self.ledgers),
        )


class Ids:
    """Ids that are the same in every run, in an order that is not the order of their making."""

    def __init__(self) -> None:
        self._numbers = count()

    def __call__(self) -> UUID:
        return UUID(bytes=blake2b(str(next(self._numbers)).encode(), digest_size=16).digest())


class MemoryHarness:
    """Accounts, and studios by their number."""

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.new_id = Ids()
        self.accounts: dict[UUID, Account] = {}
        self.studios: dict[int, MemoryStudio] = {}

    def close(self) -> None:
        pass

    def register(self, account_id: UUID | None, now: datetime, act: RegistryAct) -> Outcome:
        registry = MemoryRegistry(self, now)
        outcome = finish(act(registry))
        if isinstance(outcome, Done):
            self.accounts, self.studios = registry.accounts, registry.studios
        return outcome

    def perform(self, studio_id: int, account_id: UUID, now: datetime, act: Act) -> Outcome:
        if studio_id not in self.studios:
            raise NotFound("There is no such studio.", "studioId")
        work = MemoryWork(self, self.studios[studio_id].copy(), account_id, now)
        outcome = finish(act(work))
        if isinstance(outcome, Done):
            self.studios[studio_id] = work.rows
        elif work.recorded:
            raise AssertionError(f"recorded {work.recorded} and then refused: {outcome}")
        return outcome

    def snapshot(self, studio_id: int) -> Snapshot:
        return self.studios[studio_id].snapshot()


def finish(act: object) -> Outcome:
    """Runs an act on memory to its end: nothing there ever waits, so it needs no loop."""
    try:
        cast(Coroutine[Any, Any, Outcome], act).send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("an act on memory waited for something")


class MemoryRegistry:
    def __init__(self, harness: MemoryHarness, now: datetime) -> None:
        self.now = now
        self.new_id = harness.new_id
        self.accounts = dict(harness.accounts)
        self.studios = dict(harness.studios)

    async def account(self, account_id: UUID) -> Account:
        if account_id not in self.accounts:
            raise Unauthenticated("There is no such account.")
        return self.accounts[account_id]

    async def account_with_email(self, email: str) -> Account | None:
        return _with_email(self.accounts, email)

    async def add_account(self, account: Account) -> None:
        self.accounts[account.id] = account

    async def slug_taken(self, slug: str) -> bool:
        return any(each.studio.slug == slug for each in self.studios.values())

    async def found_studio(self, studio: Studio, owner: Staff) -> Studio:
        founded = replace(studio, id=len(self.studios) + 1)
        _ = self.new_id(), self.new_id()  # for the two events that a database keeps of it
        staff = {owner.id: replace(owner, studio_id=founded.id)}
        self.studios[founded.id] = MemoryStudio(founded, staff)
        return founded


class MemoryWork:
    """`domain.ports.Work` on a copy of a studio's rows."""

    def __init__(self, harness: MemoryHarness, rows: MemoryStudio, account_id: UUID, now: datetime) -> None:
        self.rows = rows
        self.now = now
        self.studio_id = rows.studio.id
        self.new_id = harness.new_id
        self.recorded: tuple[e.Event, ...] = ()
        self._accounts = harness.accounts
        self._studios = harness.studios
        self._account_id = account_id

    async def authority(self) -> Authority:
        staff = await self.staff_of_account(self._account_id)
        own = frozenset(c.id for c in self.rows.clients.values() if c.account_id == self._account_id)
        return Authority(self._account_id, staff and staff.role, staff and staff.id, own)

    async def account_with_email(self, email: str) -> Account | None:
        return _with_email(self._accounts, email)

    async def studio(self) -> Studio:
        return self._of_now(self.rows.studio)

    async def locked_studio(self) -> Studio:
        return await self.studio()

    async def studio_is_empty(self) -> bool:
        return not self.rows.sessions and not self.rows.clients

    async def slug_taken(self, slug: str) -> bool:
        return any(each.studio.slug == slug for each in self._studios.values())

    async def course(self, course_id: UUID) -> Course:
        return self._found(self.rows.courses, course_id)

    async def locked_course(self, course_id: UUID) -> Course:
        return await self.course(course_id)

    async def locked_sessions_to_come(self, course_id: UUID) -> tuple[Session, ...]:
        return tuple(
            self._of_now(each)
            for each in sorted(self.rows.sessions.values(), key=lambda each: each.id)
            if each.course_id == course_id and not each.started(self.now)
        )

    async def locked_target(self, session_id: UUID) -> ScheduledSession:
        return await self._target(session_id)

    async def staff_member(self, staff_id: UUID) -> Staff:
        return self._found(self.rows.staff, staff_id)

    async def staff_of_account(self, account_id: UUID) -> Staff | None:
        return next((s for s in self.rows.staff.values() if s.account_id == account_id), None)

    async def client(self, client_id: UUID) -> Client:
        return self._found(self.rows.clients, client_id)

    async def locked_client(self, client_id: UUID) -> Client:
        return await self.client(client_id)

    async def credit(self, credit_id: UUID) -> MakeUpCredit:
        return self._found(self.rows.credits, credit_id)

    async def booking_place(self, booking_id: UUID) -> BookingPlace:
        if (booking := self.rows.bookings.get(booking_id)) is None:
            raise NotFound("There is no such booking.")
        instructor_id = self.rows.sessions[booking.session_id].instructor_id
        return BookingPlace(booking_id, booking.session_id, booking.client_id, booking.credit_id, instructor_id)

    async def enrolment(self, enrolment_id: UUID) -> Enrolment:
        return self._found(self.rows.enrolments, enrolment_id)

    async def locked_enrolment(self, enrolment_id: UUID) -> Enrolment:
        return await self.enrolment(enrolment_id)

    async def locked_seat_request(self, session_id: UUID, client_id: UUID) -> SeatRequest:
        target = await self._target(session_id)
        return SeatRequest(target, await self.locked_client(client_id), self._booked(session_id, client_id))

    async def locked_make_up_request(self, session_id: UUID, client_id: UUID, credit_id: UUID | None) -> MakeUpRequest:
        seat = await self.locked_seat_request(session_id, client_id)
        siblings = self._siblings(seat.client) if seat.target.policy.credit_scope is CreditScope.SAME_ACCOUNT else set()
        named = None if credit_id is None else self._found(self.rows.credits, credit_id)
        active = (
            self._of_now(credit)
            for credit in self.rows.credits.values()
            if credit.client_id in {client_id, *siblings} and credit.state is CreditState.ACTIVE
        )
        credits = tuple(active) if named is None else (named,)
        return MakeUpRequest(seat.target, seat.client, seat.already_booked, named, credits, siblings)

    def _siblings(self, client: Client) -> set[UUID]:
        accounts = {each.id: each.account_id for each in self.rows.clients.values() if each.account_id is not None}
        return {key for key, account_id in accounts.items() if account_id == client.account_id} - {client.id}

    async def locked_chosen_credits(self, chosen: ChosenCredits) -> tuple[MakeUpCredit, ...]:
        if isinstance(chosen, ById):
            return tuple(self._found(self.rows.credits, key) for key in chosen.ids)
        found = [each for each in self.rows.credits.values() if self._is_wanted(each, chosen)]
        if len(found) > MOST_AT_ONCE:
            raise BadUserInput("Too many.", "credits")
        return tuple(self._of_now(each) for each in sorted(found, key=lambda each: each.id))

    async def locked_enrolling(self, course_id: UUID, client_id: UUID, excepted: Set[UUID]) -> Enrolling:
        course = await self.course(course_id)
        sessions = [s for s in self.rows.sessions.values() if s.course_id == course_id]
        if not excepted <= {session.id for session in sessions}:
            raise NotFound("There is no such session in the course.", "except")
        client = await self.locked_client(client_id)
        seats = [
            SeatRequest(await self._target(session.id), client, self._booked(session.id, client_id))
            for session in sessions
            if session.id not in excepted
            and session.status is SessionStatus.SCHEDULED
            and session.archived_at is None
            and not session.started(self.now)
        ]
        enrolled = any(
            (each.course_id, each.client_id, each.ended_at) == (course_id, client_id, None)
            for each in self.rows.enrolments.values()
        )
        return Enrolling(await self.studio(), course, client, enrolled, tuple(seats))

    async def locked_ending(self, enrolment_id: UUID) -> Ending:
        enrolment = await self.locked_enrolment(enrolment_id)
        await self.locked_client(enrolment.client_id)
        bookings = {b.id: self._booking(b.id) for b in self.rows.bookings.values() if b.enrolment_id == enrolment_id}
        theirs = {booking.session_id for booking in bookings.values()}
        sessions = {key: self._found(self.rows.sessions, key) for key in theirs}
        coming = {key: session for key, session in sessions.items() if not session.started(self.now)}
        earned = tuple(self._of_now(c) for c in self.rows.credits.values() if c.missed_booking_id in bookings)
        policy = (await self.studio()).policy
        return Ending(policy, enrolment, tuple(bookings.values()), coming, earned)

    async def locked_cancellation(self, place: BookingPlace, by_staff: bool) -> Cancellation:
        target = await self._target(place.session_id)
        await self.locked_client(place.client_id)
        credit = None if place.credit_id is None else self._found(self.rows.credits, place.credit_id)
        course_id = target.session.course_id
        course_size = sum(
            session.course_id == course_id and session.status is not SessionStatus.CANCELLED
            for session in self.rows.sessions.values()
        )
        booking, earned = self._booking(place.booking_id), self._earned_before(target, place.client_id)
        return Cancellation(target, booking, course_size, credit, by_staff, earned_before=earned)

    async def locked_booking(self, place: BookingPlace) -> Booking:
        await self._target(place.session_id)
        await self.locked_client(place.client_id)
        return self._booking(place.booking_id)

    async def record(self, *events: e.Event) -> None:
        self.recorded += events
        for event in events:
            self._write(event, self.new_id())

    async def _target(self, session_id: UUID) -> ScheduledSession:
        session = self._found(self.rows.sessions, session_id)
        course = None if session.course_id is None else await self.course(session.course_id)
        return ScheduledSession(await self.studio(), session, course)

    def _booking(self, booking_id: UUID) -> Booking:
        return self.rows.booking(self._found(self.rows.bookings, booking_id))

    def _is_wanted(self, credit: MakeUpCredit, wanted: CreditFilter) -> bool:
        first, last, day = wanted.expires_from, wanted.expires_until, credit.expires_on
        return (
            (wanted.states is None or credit.state_at(self.now) in wanted.states)
            and wanted.client_id in (None, credit.client_id)
            and (first is None or (day is not None and day >= first))
            and (last is None or (day is not None and day <= last))
        )

    def _earned_before(self, target: ScheduledSession, client_id: UUID) -> tuple[EarnedBefore, ...]:
        if not caps_are_decided(target.policy):
            return ()
        earned: list[EarnedBefore] = []
        for credit in self.rows.credits.values():
            if credit.client_id == client_id and credit.missed_session_id is not None:
                missed, changed_at = self.rows.sessions[credit.missed_session_id], self._of_now(credit).changed_at
                earned.append(
                    EarnedBefore(missed.course_id, missed.starts_at, credit.state, credit.expires_at, changed_at)
                )
        return tuple(earned)

    def _booked(self, session_id: UUID, client_id: UUID) -> bool:
        return any(
            booking.live and (booking.session_id, booking.client_id) == (session_id, client_id)
            for booking in self.rows.bookings.values()
        )

    def _found(self, table: Mapping[UUID, Noun], key: UUID) -> Noun:
        if key not in table:
            raise NotFound("There is no such thing.")
        return self._of_now(table[key])

    def _of_now(self, noun: Noun) -> Noun:
        if noun.changed_at > self.now:
            raise TimeWentBackwards("Something touched here was changed at a later instant.")
        return noun

    def _write(self, event: e.Event, line_id: UUID) -> None:
        rows, now = self.rows, self.now
        match event:
            case e.StudioCreated():
                raise AssertionError("studios are founded in the registry")
            case e.PolicyChanged(_, choices):
                rows.studio = replace(rows.studio, choices=choices, changed_at=now)
            case e.CoursePolicyChanged(course, choices, extra, session_ids):
                rows.courses[course.id] = replace(course, choices=choices, changed_at=now)
                for each in session_ids:
                    session = rows.sessions[each]
                    rows.sessions[each] = replace(session, extra_make_up_seats=extra, changed_at=now)
            case e.SessionPolicyChanged(session, choices, extra):
                rows.sessions[session.id] = replace(session, choices=choices, extra_make_up_seats=extra, changed_at=now)
            case e.StudioChanged(_, after):
                rows.studio = replace(after, changed_at=now)
            case e.CourseChanged(_, after):
                rows.courses[after.id] = replace(after, changed_at=now)
            case e.SessionChanged(_, after):
                rows.sessions[after.id] = replace(after, changed_at=now)
            case e.ClientChanged(_, after):
                rows.clients[after.id] = replace(after, changed_at=now)
            case e.StaffAdded(staff):
                rows.staff[staff.id] = staff
            case e.CourseCreated(course):
                rows.courses[course.id] = course
            case e.SessionCreated(session):
                rows.sessions[session.id] = session
            case e.ClientCreated(client):
                rows.clients[client.id] = client
            case e.ClientLinked(client, account_id):
                rows.clients[client.id] = replace(client, account_id=account_id, changed_at=now)
            case e.ClientEnrolled(enrolment):
                rows.enrolments[enrolment.id] = enrolment
            case e.EnrolmentEnded(enrolment):
                rows.enrolments[enrolment.id] = replace(enrolment, ended_at=now, changed_at=now)
            case e.SeatBooked(booking):
                rows.bookings[booking.id] = booking
                self._count(booking, +1)
            case e.BookingPaymentRecorded(booking, payment):
                rows.bookings[booking.id] = replace(booking, payment=payment, changed_at=now)
            case e.EnrolmentPaymentRecorded(enrolment, payment):
                rows.enrolments[enrolment.id] = replace(enrolment, payment=payment, changed_at=now)
            case e.BookingCancelled(booking, status, outcome, why_not_earned):
                rows.bookings[booking.id] = replace(
                    booking,
                    status=status,
                    outcome=outcome,
                    why_not_earned=why_not_earned,
                    cancelled_at=now,
                    changed_at=now,
                )
                self._count(booking, -1)
            case e.CreditIssued(credit):
                self._write_credit(credit, LedgerKind.ISSUED, credit.missed_booking_id, line_id)
            case e.CreditRedeemed(credit, booking):
                used = replace(credit, state=CreditState.USED, booking_id=booking.id, changed_at=now)
                self._write_credit(used, LedgerKind.REDEEMED, booking.id, line_id)
            case e.CreditRestored(credit, booking):
                active = replace(credit, state=CreditState.ACTIVE, booking_id=None, changed_at=now)
                self._write_credit(active, LedgerKind.RESTORED, booking.id, line_id)
            case e.CreditExtended(credit, expiry, note):
                after = replace(credit, expires_at=expiry.at, expires_on=expiry.on, changed_at=now)
                before = Expiry(credit.expires_at, credit.expires_on)
                self._write_credit(after, LedgerKind.EXTENDED, None, line_id, before=before, note=note)
            case e.CreditRevoked(credit, reason, note):
                revoked = replace(credit, state=CreditState.REVOKED, changed_at=now)
                self._write_credit(revoked, LedgerKind.REVOKED, None, line_id, reason=reason, note=note)

    def _count(self, booking: Booking, by: int) -> None:
        session = self.rows.sessions[booking.session_id]
        taken = session.taken + by
        make_ups = session.make_ups + by * (booking.paid_with is PaidWith.MAKE_UP)
        self.rows.sessions[session.id] = replace(
            session,
            taken=taken,
            make_ups=make_ups,
            most_ordinary=max(session.most_ordinary, taken - make_ups),
            changed_at=self.now,
        )

    def _write_credit(
        self, credit: MakeUpCredit, kind: LedgerKind, booking_id: UUID | None, line_id: UUID, **more: Any
    ) -> None:
        line = LedgerEntry(line_id, kind, self.now, booking_id, credit.expires_at, credit.expires_on, **more)
        self.rows.credits[credit.id] = credit
        self.rows.ledgers[credit.id] = (*self.rows.ledgers.get(credit.id, ()), line)


def _with_email(accounts: Mapping[UUID, Account], email: str) -> Account | None:
    return next((account for account in accounts.values() if account.email == email), None)

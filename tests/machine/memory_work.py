"""The port of a use case in plain dictionaries."""

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar, cast
from uuid import UUID

from domain import events as e
from domain.authority import NOBODY, Authority
from domain.cancellation.absence import Absence
from domain.cancellation.cancelling import Cancellation
from domain.cancellation.ending import Ending
from domain.cancellation.undoing import Undoing
from domain.credits.choosing import MOST_AT_ONCE, ById, ChosenCredits, CreditFilter
from domain.credits.holding import settled
from domain.dates import Dates
from domain.faults import BadUserInput, NotFound, TimeWentBackwards, Unauthenticated
from domain.issuing.caps import caps_are_decided
from domain.issuing.earning import EarnedBefore
from domain.nouns.account import Account
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.policy import CreditScope
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from domain.nouns.studio import Studio
from domain.ports import BookingPlace
from domain.spending.enrolling import Enrolling
from domain.spending.make_ups import MakeUpRequest
from domain.spending.seats import SeatRequest
from tests.machine import memory_absence, memory_undoing
from tests.machine.memory_attendance import AttendanceInMemory
from tests.machine.memory_erasing import ErasingInMemory
from tests.machine.memory_events import MemoryWriter
from tests.machine.memory_rows import MemoryStudio
from tests.machine.memory_session_cancellations import MemorySessionCancellations
from tests.machine.memory_staff import StaffInMemory
from tests.machine.memory_swapping import SwapsInMemory
from tests.machine.memory_waitlists import WaitlistsInMemory

UNSPENT = frozenset({CreditState.ACTIVE, CreditState.HELD})


class Changing(Protocol):
    @property
    def changed_at(self) -> datetime: ...


Noun = TypeVar("Noun", bound=Changing)


class MemoryWork(
    AttendanceInMemory,
    SwapsInMemory,
    MemorySessionCancellations,
    WaitlistsInMemory,
    StaffInMemory,
    ErasingInMemory,
):
    """`domain.ports.Work` on a copy of a studio's rows."""

    def __init__(
        self,
        rows: MemoryStudio,
        account_id: UUID | None,
        now: datetime,
        new_id: Callable[[], UUID],
        accounts: Mapping[UUID, Account],
        studios: Mapping[int, MemoryStudio],
    ) -> None:
        self.rows = rows
        self.now = now
        self.studio_id = rows.studio.id
        self.new_id = new_id
        self.recorded: tuple[e.Event, ...] = ()
        self.accounts = accounts
        self._studios = studios
        self.account_id = account_id

    async def authority(self) -> Authority:
        if self.account_id is None:
            return NOBODY
        if self.account_id not in self.accounts:
            raise Unauthenticated("The account is gone.")
        staff = await self.staff_of_account(self.account_id)
        own = frozenset(c.id for c in self.rows.clients.values() if c.account_id == self.account_id)
        archived = frozenset(key for key in own if self.rows.clients[key].archived_at is not None)
        return Authority(self.account_id, staff and staff.role, staff and staff.id, own, archived_ids=archived)

    async def locked_account_with_email(self, email: str) -> Account | None:
        return with_email(self.accounts, email)

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

    async def session(self, session_id: UUID) -> Session:
        return self._found(self.rows.sessions, session_id)

    async def locked_target(self, session_id: UUID) -> ScheduledSession:
        return await self._target(session_id)

    async def client(self, client_id: UUID) -> Client:
        return self._found(self.rows.clients, client_id)

    async def locked_client(self, client_id: UUID) -> Client:
        return await self.client(client_id)

    async def credit(self, credit_id: UUID) -> MakeUpCredit:
        return self._found(self.rows.credits, credit_id)

    async def booking_place(self, booking_id: UUID, named_by: str = "bookingId") -> BookingPlace:
        if (booking := self.rows.bookings.get(booking_id)) is None:
            raise NotFound("There is no such booking.", named_by)
        instructor_id = self.rows.sessions[booking.session_id].instructor_id
        return BookingPlace(booking_id, booking.session_id, booking.client_id, booking.credit_id, instructor_id)

    async def enrolment(self, enrolment_id: UUID) -> Enrolment:
        return self._found(self.rows.enrolments, enrolment_id)

    async def locked_enrolment(self, enrolment_id: UUID) -> Enrolment:
        return await self.enrolment(enrolment_id)

    async def locked_seat_request(self, session_id: UUID, client_id: UUID) -> SeatRequest:
        client = await self.locked_client(client_id)
        return self._request(await self._target(session_id), client)

    async def locked_make_up_request(self, session_id: UUID, client_id: UUID, credit_id: UUID | None) -> MakeUpRequest:
        seat = await self.locked_seat_request(session_id, client_id)
        siblings = self._siblings_by(seat.target, seat.client)
        named = None if credit_id is None else self._found(self.rows.credits, credit_id)
        unspent = (
            self._of_now(credit)
            for credit in self.rows.credits.values()
            if credit.client_id in {client_id, *siblings} and credit.state in UNSPENT
        )
        credits = tuple(unspent) if named is None else (named,)
        ahead = replace(seat.ahead, holds=self._holds(client_id))
        return MakeUpRequest(seat.target, seat.client, seat.already_booked, named, credits, siblings, ahead=ahead)

    def _request(self, target: ScheduledSession, client: Client) -> SeatRequest:
        booked = self._booked(target.session.id, client.id)
        return SeatRequest(target, client, booked, ahead=self._ahead(client.id, target))

    def _siblings_by(self, target: ScheduledSession, client: Client) -> set[UUID]:
        return self._siblings(client) if target.policy.credit_scope is CreditScope.SAME_ACCOUNT else set()

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
            self._request(await self._target(session.id), client)
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
        places = await self.places_of([credit.id for credit in earned])
        return Ending(policy, enrolment, tuple(bookings.values()), coming, earned, places)

    async def locked_cancellation(self, place: BookingPlace, by_staff: bool) -> Cancellation:
        target = await self._target(place.session_id)
        await self.locked_client(place.client_id)
        credit = None if place.credit_id is None else self._found(self.rows.credits, place.credit_id)
        course_size = self._course_size(target)
        booking, earned = self._booking(place.booking_id), self._earned_before(target, place.client_id)
        standing = self._standing(place.booking_id)
        return Cancellation(target, booking, course_size, credit, by_staff, earned_before=earned, standing=standing)

    async def locked_absence(self, client_id: UUID, dates: Dates, shown: Set[UUID], by_staff: bool) -> Absence:
        return await memory_absence.locked_absence(self, self.rows, client_id, dates, shown, by_staff)

    async def locked_undoing(self, place: BookingPlace, swap_back: bool) -> Undoing:
        return await memory_undoing.locked_undoing(self, self.rows, place, swap_back)

    async def locked_credits_run_out(self, most: int) -> tuple[MakeUpCredit, ...]:
        run_out = (
            credit
            for credit in self.rows.credits.values()
            if credit.state is CreditState.ACTIVE
            and credit.state_at(self.now) is CreditState.EXPIRED
            and credit.expiry_written != credit.expires_at
        )
        return tuple(sorted(run_out, key=lambda credit: (credit.expires_at or self.now, credit.id))[:most])

    async def locked_booking(self, place: BookingPlace) -> Booking:
        await self._target(place.session_id)
        await self.locked_client(place.client_id)
        return self._booking(place.booking_id)

    async def record(self, *events: e.Event) -> None:
        self.recorded += events
        for event in events:
            MemoryWriter(self.rows, self.account_id, self.now, self.new_id()).write(event)

    def _course_size(self, target: ScheduledSession) -> int:
        return sum(
            session.course_id == target.session.course_id and session.status is not SessionStatus.CANCELLED
            for session in self.rows.sessions.values()
        )

    async def _target(self, session_id: UUID) -> ScheduledSession:
        session = self._found(self.rows.sessions, session_id)
        course = None if session.course_id is None else await self.course(session.course_id)
        return ScheduledSession(await self.studio(), session, course, len(self._waiting_for(session_id)))

    def _booking(self, booking_id: UUID) -> Booking:
        return self.rows.booking(self._found(self.rows.bookings, booking_id))

    def _is_wanted(self, credit: MakeUpCredit, wanted: CreditFilter) -> bool:
        state, first, last = credit.state_at(self.now), wanted.expires_from, wanted.expires_until
        days = {credit.expires_on, credit.own_expires_on if state is CreditState.HELD else None} - {None}
        return (
            (wanted.states is None or state in wanted.states)
            and wanted.client_id in (None, credit.client_id)
            and (
                (first is None and last is None)
                or any((first is None or day >= first) and (last is None or day <= last) for day in days if day)
            )
        )

    def _earned_before(self, target: ScheduledSession, client_id: UUID) -> tuple[EarnedBefore, ...]:
        if not caps_are_decided(target.policy):
            return ()
        earned: list[EarnedBefore] = []
        for credit in self.rows.credits.values():
            earned_so = credit.client_id == client_id and credit.origin is CreditOrigin.CANCELLATION
            if earned_so and credit.missed_session_id is not None:
                missed, changed_at = self.rows.sessions[credit.missed_session_id], self._of_now(credit).changed_at
                terms = missed.course_id, missed.starts_at, credit.state, credit.expires_at
                earned.append(EarnedBefore(*terms, changed_at, credit.id, credit.held_until))
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
        return cast(Noun, settled(noun, self.now)) if isinstance(noun, MakeUpCredit) else noun


def with_email(accounts: Mapping[UUID, Account], email: str) -> Account | None:
    return next((account for account in accounts.values() if account.email == email), None)

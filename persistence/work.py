"""All that a use case loads and records in one transaction at one studio.

Locks go one way: course, sessions, clients, credits, bookings, enrolments. Clients and credits are each locked in one
statement, those who wait for what the act may free among its own. Places on waiting lists need no lock of their own:
they change under that of their client.
"""

from collections.abc import Set
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from domain.cancellation.ending import Ending, credits_to_revoke
from domain.faults import NotFound
from domain.nouns.booking import Booking
from domain.nouns.credit import CreditState
from domain.nouns.policy import OnEnrolmentEnd
from domain.nouns.session import ScheduledSession, SessionStatus
from domain.nouns.waitlist import NOBODY
from domain.ports import BookingPlace
from domain.spending.enrolling import Enrolling
from domain.spending.make_ups import MakeUpRequest
from domain.spending.seats import SeatRequest
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.absences import AbsenceLoads
from persistence.loads.attendance import AttendanceLoads
from persistence.loads.parting import PartingLoads
from persistence.loads.session_cancellations import SessionCancellationLoads
from persistence.loads.staff import StaffLoads
from persistence.loads.swapping import SwapLoads
from persistence.loads.undoing import UndoingLoads
from persistence.loads.waitlists import WaitlistLoads
from persistence.record import Recording


class SqlWork(
    AttendanceLoads,
    SwapLoads,
    UndoingLoads,
    SessionCancellationLoads,
    AbsenceLoads,
    WaitlistLoads,
    PartingLoads,
    StaffLoads,
    Recording,
):
    """`domain.ports.Work` on SQL; its docstrings hold here too."""

    async def locked_seat_request(self, session_id: UUID, client_id: UUID) -> SeatRequest:
        target = await self.locked_target(session_id)
        client = await self.locked_client(client_id)
        await self._foresee((), [session_id], client_id)
        await self._lock_foreseen_credits()
        booked = await self._booked_sessions(client_id, (session_id,))
        ahead = await self._ahead(client_id, target)
        return SeatRequest(target, client, session_id in booked, ahead=ahead)

    async def locked_make_up_request(self, session_id: UUID, client_id: UUID, credit_id: UUID | None) -> MakeUpRequest:
        target = await self.locked_target(session_id)
        client, siblings = await self._locked_family(target.policy.credit_scope, client_id, credit_id)
        await self._foresee((), [session_id], client_id)
        named = None if credit_id is None else await self._locked_credit(credit_id)
        credits = await self._locked_unspent_credits({client_id, *siblings}) if named is None else (named,)
        booked = await self._booked_sessions(client_id, (session_id,))
        some_are_held = any(credit.state is CreditState.HELD for credit in credits)
        holds = await self._held_for(client_id) if some_are_held else frozenset[UUID]()
        ahead = replace(await self._ahead(client_id, target), holds=holds)
        return MakeUpRequest(target, client, session_id in booked, named, credits, siblings, ahead=ahead)

    async def locked_enrolling(self, course_id: UUID, client_id: UUID, excepted: Set[UUID]) -> Enrolling:
        sessions = await self._all(
            s.SESSION,
            t.sessions.c.course_id == course_id,
            sa.or_(t.sessions.c.starts_at > self.now, t.sessions.c.id.in_(excepted)),
        )
        # Read once its sessions are locked: whoever changes a course locks them too, so it is as they left it.
        course = await self.course(course_id)
        if not excepted <= {session.id for session in sessions}:
            raise NotFound("There is no such session in the course.", "except")
        studio, client = await self.studio(), await self.locked_client(client_id)
        remaining = [
            session
            for session in sessions
            if session.id not in excepted
            and session.status is SessionStatus.SCHEDULED
            and session.archived_at is None
            and not session.started(self.now)
        ]
        keys = [session.id for session in remaining]
        await self._foresee((), keys, client_id)
        await self._lock_foreseen_credits()
        booked = await self._booked_sessions(client_id, keys)
        enrolled = await self._rows(
            sa.select(t.enrolments.c.id).where(
                t.enrolments.c.studio_id == self.studio_id,
                t.enrolments.c.course_id == course_id,
                t.enrolments.c.client_id == client_id,
                t.enrolments.c.ended_at.is_(None),
            )
        )
        targets = [
            ScheduledSession(studio, session, course, self._foreseen.waiting[session.id])
            for session in sorted(remaining, key=lambda session: (session.starts_at, session.id))
        ]
        ahead = await self._aheads(client_id, targets)
        seats = tuple(
            SeatRequest(each, client, each.session.id in booked, ahead=ahead.get(each.session.id, NOBODY))
            for each in targets
        )
        return Enrolling(studio, course, client, bool(enrolled), seats)

    async def locked_ending(self, enrolment_id: UUID) -> Ending:
        booking, missed = t.bookings.c, t.make_up_credits.c.missed_booking_id
        of_enrolment = (booking.studio_id == self.studio_id, booking.enrolment_id == enrolment_id)
        theirs = t.sessions.c.id.in_(sa.select(booking.session_id).where(*of_enrolment))
        sessions = await self._all(s.SESSION, theirs, t.sessions.c.starts_at > self.now)
        studio = await self.studio()
        earned = missed.in_(sa.select(booking.id).where(*of_enrolment))
        await self._foresee([session.id for session in sessions])
        if studio.policy.on_enrolment_end is OnEnrolmentEnd.REVOKE_UNUSED:
            await self._foresee_who_waits_with(earned)
        await self.locked_client((await self.enrolment(enrolment_id)).client_id)
        credits = await self._locked_credits(earned)
        bookings = await self._all(s.BOOKING, booking.enrolment_id == enrolment_id)
        enrolment = await self.locked_enrolment(enrolment_id)
        coming = {session.id: session for session in sessions}
        ending = Ending(studio.policy, enrolment, bookings, coming, credits)
        places = await self.places_of(
            [each.id for each in credits_to_revoke(ending, self.now) if each.state is CreditState.HELD]
        )
        return replace(ending, places=places)

    async def locked_booking(self, place: BookingPlace) -> Booking:
        await self._locked_session(place.session_id)
        await self.locked_client(place.client_id)
        return await self._locked_booking(place.booking_id)

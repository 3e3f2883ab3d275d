"""Locked loads of one transaction at one studio. Locks go one way: course, sessions, clients, credits, bookings."""

from collections.abc import Iterable, Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.account import Account
from domain.authority import Authority
from domain.booking import Booking, BookingStatus, Enrolment
from domain.cancelling import Cancellation
from domain.caps import caps_are_decided
from domain.choosing import MOST_AT_ONCE, ChosenCredits, CreditFilter
from domain.client import Client
from domain.course import Course
from domain.credit import CreditState, MakeUpCredit
from domain.earning import EarnedBefore
from domain.ending import Ending
from domain.enrolling import Enrolling
from domain.events import (
    ClientChanged,
    ClientLinked,
    CourseChanged,
    CoursePolicyChanged,
    EnrolmentPaymentRecorded,
    Event,
    PolicyChanged,
    SessionChanged,
    SessionPolicyChanged,
    StudioChanged,
)
from domain.faults import BadUserInput, ConflictRetry, NotFound
from domain.make_ups import MakeUpRequest
from domain.policy import CreditScope
from domain.ports import BookingPlace
from domain.seats import SeatRequest
from domain.session import ScheduledSession, Session, SessionStatus
from domain.studio import Staff, Studio
from persistence import queries
from persistence import shapes as s
from persistence import tables as t
from persistence.authorities import authority_since
from persistence.credit_states import in_states, matching
from persistence.record import Writer, write
from persistence.rows import Rows


class SqlWork(Rows):
    """`domain.ports.Work` on SQL; its docstrings hold here too."""

    async def authority(self) -> Authority:
        authority, since = await authority_since(self.connection, self.studio_id, self.account_id)
        if since is not None:
            self._not_after_now(since)
        return authority

    async def account_with_email(self, email: str) -> Account | None:
        return await queries.account_with_email(self.connection, email)

    async def studio(self) -> Studio:
        return await self._one(s.STUDIO, t.studios.c.id == self.studio_id)

    async def locked_studio(self) -> Studio:
        return await self._one(s.STUDIO, t.studios.c.id == self.studio_id, lock=True)

    async def studio_is_empty(self) -> bool:
        # The whole row: whoever is adding to the studio holds its key, and is waited for.
        await self._rows(sa.select(t.studios.c.id).where(t.studios.c.id == self.studio_id).with_for_update())
        first = [sa.select(each.c.id).where(each.c.studio_id == self.studio_id) for each in (t.sessions, t.clients)]
        return not [row for each in first for row in await self._rows(each.limit(1))]

    async def slug_taken(self, slug: str) -> bool:
        return await queries.studio_with_slug(self.connection, slug) is not None

    async def course(self, course_id: UUID) -> Course:
        return await self._of_studio(s.COURSE, course_id, "There is no such course.", "courseId")

    async def locked_course(self, course_id: UUID) -> Course:
        return await self._of_studio(s.COURSE, course_id, "There is no such course.", "courseId", lock=True)

    async def locked_sessions_to_come(self, course_id: UUID) -> tuple[Session, ...]:
        return await self._all(s.SESSION, t.sessions.c.course_id == course_id, t.sessions.c.starts_at > self.now)

    async def locked_target(self, session_id: UUID) -> ScheduledSession:
        return await self._scheduled(await self._locked_session(session_id))

    async def staff_member(self, staff_id: UUID) -> Staff:
        return await self._of_studio(s.STAFF, staff_id, "There is no such staff member.", "instructorId")

    async def staff_of_account(self, account_id: UUID) -> Staff | None:
        found = await self._rows(
            s.STAFF.select().where(t.staff.c.studio_id == self.studio_id, t.staff.c.account_id == account_id)
        )
        return s.STAFF.make_or_none(next(iter(found), None))

    async def client(self, client_id: UUID) -> Client:
        return await self._of_studio(s.CLIENT, client_id, "There is no such client.", "clientId", timed=False)

    async def locked_client(self, client_id: UUID) -> Client:
        return (await self._locked_clients({client_id}))[client_id]

    async def _locked_clients(self, ids: Set[UUID]) -> Mapping[UUID, Client]:
        # First the lock, then the look: PostgreSQL reads a joined row, here the link to the account, as it was
        # when the statement began, and so before whatever the lock had to wait for.
        clients = t.clients.c
        theirs = (clients.studio_id == self.studio_id, clients.id.in_(ids))
        select = sa.select(clients.id).where(*theirs).order_by(clients.id)
        await self._rows(select.with_for_update(of=t.clients, key_share=True))
        found = {row.id: s.CLIENT.make(row) for row in await self._rows(s.CLIENT.select().where(*theirs))}
        if ids - found.keys():
            raise NotFound("There is no such client.", "clientId")
        return {key: self._of_now(client) for key, client in found.items()}

    async def credit(self, credit_id: UUID) -> MakeUpCredit:
        return await self._of_studio(s.CREDIT, credit_id, "There is no such credit.", "creditId", timed=False)

    async def enrolment(self, enrolment_id: UUID) -> Enrolment:
        return await self._of_studio(
            s.ENROLMENT, enrolment_id, "There is no such enrolment.", "enrolmentId", timed=False
        )

    async def locked_enrolment(self, enrolment_id: UUID) -> Enrolment:
        return await self._of_studio(s.ENROLMENT, enrolment_id, "There is no such enrolment.", "enrolmentId", lock=True)

    async def booking_place(self, booking_id: UUID) -> BookingPlace:
        b, in_session = t.bookings.c, t.sessions.c
        rows = await self._rows(
            sa.select(b.id, b.session_id, b.client_id, b.credit_id, in_session.instructor_id)
            .join_from(
                t.bookings,
                t.sessions,
                sa.and_(in_session.studio_id == b.studio_id, in_session.id == b.session_id),
            )
            .where(b.studio_id == self.studio_id, b.id == booking_id)
        )
        if not rows:
            raise NotFound("There is no such booking.", "bookingId")
        return BookingPlace(*rows[0])

    async def locked_seat_request(self, session_id: UUID, client_id: UUID) -> SeatRequest:
        target = await self.locked_target(session_id)
        client = await self.locked_client(client_id)
        booked = await self._booked_sessions(client_id, (session_id,))
        return SeatRequest(target, client, session_id in booked)

    async def locked_make_up_request(self, session_id: UUID, client_id: UUID, credit_id: UUID | None) -> MakeUpRequest:
        target = await self.locked_target(session_id)
        client, siblings = await self._locked_family(target.policy.credit_scope, client_id, credit_id)
        named = None if credit_id is None else await self._locked_credit(credit_id)
        credits = await self._locked_active_credits({client_id, *siblings}) if named is None else (named,)
        booked = await self._booked_sessions(client_id, (session_id,))
        return MakeUpRequest(target, client, session_id in booked, named, credits, siblings)

    async def _locked_family(
        self, scope: CreditScope, client_id: UUID, credit_id: UUID | None
    ) -> tuple[Client, Set[UUID]]:
        """The client, and those of the same account whose credits may pay: all, or who holds the one named (R8)."""
        if scope is CreditScope.SAME_CLIENT:
            return await self.locked_client(client_id), frozenset()
        account_id = (await self.client(client_id)).account_id
        family = await self._clients_of(account_id) if credit_id is None else {(await self.credit(credit_id)).client_id}
        locked = await self._locked_clients({client_id, *family})
        client = locked[client_id]
        if credit_id is None and client.account_id != account_id:
            raise ConflictRetry("Another account has come to manage the client; send the same request again.")
        if client.account_id is None:
            return client, frozenset()
        return client, {each.id for each in locked.values() if each.account_id == client.account_id} - {client_id}

    async def _clients_of(self, account_id: UUID | None) -> Set[UUID]:
        c = t.client_accounts.c
        rows = await self._rows(sa.select(c.client_id).where(c.studio_id == self.studio_id, c.account_id == account_id))
        return {row.client_id for row in rows}

    async def _locked_credit(self, credit_id: UUID) -> MakeUpCredit:
        return await self._of_studio(s.CREDIT, credit_id, "There is no such credit.", "creditId", lock=True)

    async def _locked_active_credits(self, client_ids: Set[UUID]) -> tuple[MakeUpCredit, ...]:
        c = t.make_up_credits.c
        # Also those that were active at a `now` to which somebody travelled back: that is for `_of_now` to see.
        active = sa.or_(in_states({CreditState.ACTIVE}, self.now), c.changed_at > self.now)
        return await self._all(s.CREDIT, c.client_id.in_(client_ids), active)

    async def locked_chosen_credits(self, chosen: ChosenCredits) -> tuple[MakeUpCredit, ...]:
        if isinstance(chosen, CreditFilter):
            found = await self._all(s.CREDIT, *matching(chosen, self.now), most=MOST_AT_ONCE + 1)
            if len(found) > MOST_AT_ONCE:
                raise BadUserInput(f"These are more than {MOST_AT_ONCE} credits; narrow the filter.", "credits")
            return found
        named = {each.id: each for each in await self._all(s.CREDIT, t.make_up_credits.c.id.in_(chosen.ids))}
        if len(named) < len(chosen.ids):
            raise NotFound("There is no such credit.", "credits", "ids")
        return tuple(named[key] for key in chosen.ids)

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
        booked = await self._booked_sessions(client_id, [session.id for session in remaining])
        enrolled = await self._rows(
            sa.select(t.enrolments.c.id).where(
                t.enrolments.c.studio_id == self.studio_id,
                t.enrolments.c.course_id == course_id,
                t.enrolments.c.client_id == client_id,
                t.enrolments.c.ended_at.is_(None),
            )
        )
        seats = tuple(
            SeatRequest(ScheduledSession(studio, session, course), client, session.id in booked)
            for session in sorted(remaining, key=lambda session: (session.starts_at, session.id))
        )
        return Enrolling(studio, course, client, bool(enrolled), seats)

    async def locked_ending(self, enrolment_id: UUID) -> Ending:
        booking, missed = t.bookings.c, t.make_up_credits.c.missed_booking_id
        of_enrolment = (booking.studio_id == self.studio_id, booking.enrolment_id == enrolment_id)
        theirs = t.sessions.c.id.in_(sa.select(booking.session_id).where(*of_enrolment))
        sessions = await self._all(s.SESSION, theirs, t.sessions.c.starts_at > self.now)
        studio = await self.studio()
        await self.locked_client((await self.enrolment(enrolment_id)).client_id)
        credits = await self._all(s.CREDIT, missed.in_(sa.select(booking.id).where(*of_enrolment)))
        bookings = await self._all(s.BOOKING, booking.enrolment_id == enrolment_id)
        enrolment = await self.locked_enrolment(enrolment_id)
        return Ending(studio.policy, enrolment, bookings, {session.id: session for session in sessions}, credits)

    async def locked_cancellation(self, place: BookingPlace, by_staff: bool) -> Cancellation:
        target = await self.locked_target(place.session_id)
        await self.locked_client(place.client_id)
        credit = None if place.credit_id is None else await self._locked_credit(place.credit_id)
        booking = await self._locked_booking(place.booking_id)
        course_size, earned = await self._course_size(target), await self._earned_before(target, place.client_id)
        return Cancellation(target, booking, course_size, credit, by_staff, earned_before=earned)

    async def locked_booking(self, place: BookingPlace) -> Booking:
        await self._locked_session(place.session_id)
        await self.locked_client(place.client_id)
        return await self._locked_booking(place.booking_id)

    async def record(self, *events: Event) -> None:
        if self.travelling:
            for event in events:
                await self._require_no_later_history(event)
        if not events:
            return
        writer = Writer(self.connection, self.studio_id, self.now)
        lines = [await write(event, writer) for event in events]
        await self.connection.execute(
            t.events.insert(),
            [
                {
                    "studio_id": self.studio_id,
                    "id": self.new_id(),
                    "kind": line.kind,
                    "actor_id": self.account_id,
                    "at": self.now,
                    **dict.fromkeys(_EVENT_IDS),
                    **line.ids,
                    "data": line.data,
                }
                for line in lines
            ],
        )

    async def _locked_session(self, session_id: UUID) -> Session:
        return await self._of_studio(s.SESSION, session_id, "There is no such session.", "sessionId", lock=True)

    async def _locked_booking(self, booking_id: UUID) -> Booking:
        return await self._of_studio(s.BOOKING, booking_id, "There is no such booking.", "bookingId", lock=True)

    async def _scheduled(self, session: Session) -> ScheduledSession:
        course = None if session.course_id is None else await self.course(session.course_id)
        return ScheduledSession(await self.studio(), session, course)

    async def _course_size(self, target: ScheduledSession) -> int:
        """How many sessions the whole price is divided by; asked only where it is."""
        if target.course is None or target.single_price is not None:
            return 0
        rows = await self._rows(
            sa.select(sa.func.count()).where(
                t.sessions.c.studio_id == self.studio_id,
                t.sessions.c.course_id == target.course.id,
                t.sessions.c.status != SessionStatus.CANCELLED,
            )
        )
        return rows[0][0]

    async def _earned_before(self, target: ScheduledSession, client_id: UUID) -> tuple[EarnedBefore, ...]:
        """Under the lock of the client, without which nobody earns; asked only where a cap is decided."""
        if not caps_are_decided(target.policy):
            return ()
        key = self.studio_id, client_id
        found = (await queries.earned_before(self.connection, (key,))).get(key, ())
        for each in found:
            self._not_after_now(each.changed_at)
        return found

    async def _booked_sessions(self, client_id: UUID, session_ids: Iterable[UUID]) -> Set[UUID]:
        rows = await self._rows(
            sa.select(t.bookings.c.session_id).where(
                t.bookings.c.studio_id == self.studio_id,
                t.bookings.c.client_id == client_id,
                t.bookings.c.session_id.in_(tuple(session_ids)),
                t.bookings.c.status == BookingStatus.BOOKED,
            )
        )
        return {row[0] for row in rows}

    async def _require_no_later_history(self, event: Event) -> None:
        """What an act decided by must not be changed before it: a policy, what it is of, a payment, a link."""
        line = t.events.c
        match event:
            case PolicyChanged() | StudioChanged():
                decided_by_it = sa.true()
            case CoursePolicyChanged(course) | CourseChanged(course):
                c = t.sessions.c
                of_course = sa.select(c.id).where(c.studio_id == self.studio_id, c.course_id == course.id)
                decided_by_it = sa.or_(line.course_id == course.id, line.session_id.in_(of_course))
            case SessionPolicyChanged(session) | SessionChanged(session):
                decided_by_it = line.session_id == session.id
            case EnrolmentPaymentRecorded(enrolment):
                decided_by_it = line.enrolment_id == enrolment.id
            case ClientLinked(client) | ClientChanged(client):
                decided_by_it = line.client_id == client.id
            case _:
                return
        rows = await self._rows(sa.select(sa.func.max(line.at)).where(line.studio_id == self.studio_id, decided_by_it))
        if rows[0][0] is not None:
            self._not_after_now(rows[0][0])


_EVENT_IDS = ("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id")

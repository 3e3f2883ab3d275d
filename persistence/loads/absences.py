"""All that a client gives up between two dates: read in as many statements, however many seats they have."""

from collections.abc import Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.cancellation.absence import MOST_AT_ONCE, Absence, too_many
from domain.cancellation.cancelling import Cancellation
from domain.dates import Dates
from domain.faults import ConflictRetry, NotFound
from domain.issuing.caps import caps_are_decided
from domain.nouns.booking import Booking, BookingStatus
from domain.nouns.course import Course
from domain.nouns.credit import TAKEN_BACK
from domain.nouns.session import ScheduledSession
from persistence import shapes as s
from persistence import tables as t
from persistence.away import is_meant
from persistence.loads.cancelling import CancellationLoads
from persistence.reads import queries


class AbsenceLoads(CancellationLoads):
    async def locked_absence(self, client_id: UUID, dates: Dates, shown: Set[UUID], by_staff: bool) -> Absence:
        before = await self._sessions_given_up(client_id, dates, shown)
        sessions = {each.id: each for each in await self._all(s.SESSION, t.sessions.c.id.in_(set(before.values())))}
        await self._foresee(sessions.keys())
        await self.locked_client(client_id)
        # Now nobody else can give them a seat or take one. What they have got since lies in sessions not locked.
        places = await self._sessions_given_up(client_id, dates, shown)
        if not sessions.keys() >= set(places.values()):
            raise ConflictRetry("The client has got another seat; send the same request again.")
        of_these = t.bookings.c.id.in_(places.keys())
        paid_with = sa.select(t.bookings.c.credit_id).where(
            t.bookings.c.studio_id == self.studio_id, of_these, t.bookings.c.status == BookingStatus.BOOKED
        )
        other = t.make_up_credits.alias("standing").c
        standing_for = sa.select(other.id).where(
            other.studio_id == self.studio_id,
            other.missed_booking_id.in_(places.keys()),
            other.state.not_in(tuple(TAKEN_BACK)),
        )
        both = t.make_up_credits.c.id.in_(paid_with.union(standing_for))
        credits = {each.id: each for each in await self._locked_credits(both)}
        standing = {each.missed_booking_id: each for each in credits.values() if each.state not in TAKEN_BACK}
        bookings = await self._all(s.BOOKING, of_these)
        studio = await self.studio()
        courses = await self._courses({each.course_id for each in sessions.values() if each.course_id is not None})
        waiting = await self._numbers_waiting(sessions.values())
        targets = {
            key: ScheduledSession(
                studio, each, None if each.course_id is None else courses[each.course_id], waiting.get(key, 0)
            )
            for key, each in sessions.items()
        }
        sizes = await self._course_sizes(courses)
        capped = any(caps_are_decided(each.policy) for each in targets.values())
        earned = await self._earned_by(client_id) if capped else ()

        def cancellation(booking: Booking) -> Cancellation:
            target = targets[booking.session_id]
            credit = None if booking.credit_id is None else credits.get(booking.credit_id)
            size = 0 if target.course is None else sizes.get(target.course.id, 0)
            counted = earned if caps_are_decided(target.policy) else ()
            return Cancellation(
                *(target, booking, size, credit, by_staff), earned_before=counted, standing=standing.get(booking.id)
            )

        by_start = sorted(bookings, key=lambda each: (sessions[each.session_id].starts_at, each.id))
        return Absence(dates, tuple(map(cancellation, by_start)))

    async def _sessions_given_up(self, client_id: UUID, dates: Dates, shown: Set[UUID]) -> Mapping[UUID, UUID]:
        """By booking its session: of those to come on these dates, and of those that were shown. Not locked."""
        booking, session = t.bookings.c, t.sessions.c
        to_come = is_meant(dates, (await self.studio()).zone, self.now)
        # Also those that were live at a `now` to which somebody travelled back: that is for `_of_now` to see.
        live = sa.or_(booking.status == BookingStatus.BOOKED, booking.changed_at > self.now)
        in_session = sa.and_(session.studio_id == booking.studio_id, session.id == booking.session_id)
        rows = await self._rows(
            sa.select(booking.id, booking.session_id)
            .join_from(t.bookings, t.sessions, in_session)
            .where(
                booking.studio_id == self.studio_id,
                booking.client_id == client_id,
                sa.or_(sa.and_(live, to_come), booking.id.in_(shown)),
            )
            .limit(MOST_AT_ONCE + len(shown) + 1)
        )
        found = {row.id: row.session_id for row in rows}
        if len(found) > MOST_AT_ONCE:
            raise too_many()
        if shown - found.keys():
            raise NotFound("There is no such booking.", "expect", "bookingId")
        return found

    async def _course_sizes(self, courses: Mapping[UUID, Course]) -> Mapping[UUID, int]:
        """How many sessions each whole price is divided by; asked only where it is."""
        keys = [(self.studio_id, key) for key, each in courses.items() if each.single_session_price is None]
        return {key: size for (_, key), size in (await queries.course_sizes(self.connection, keys)).items()}

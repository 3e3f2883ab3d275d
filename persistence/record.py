"""Recording what an act did, unless somebody who travels back would change what a later act decided by."""

import sqlalchemy as sa

from domain.events import (
    ClientChanged,
    ClientErased,
    ClientLinked,
    CourseChanged,
    CoursePolicyChanged,
    EnrolmentPaymentRecorded,
    Event,
    PolicyChanged,
    SessionCancelled,
    SessionChanged,
    SessionMoved,
    SessionPolicyChanged,
    StaffChanged,
    StaffRemoved,
    StudioChanged,
)
from domain.nouns.history import EventKind
from persistence import tables as t
from persistence.events import Writer, write_all
from persistence.rows import Rows


class Recording(Rows):
    async def record(self, *events: Event) -> None:
        if self.travelling:
            for event in events:
                await self._require_no_later_history(event)
        if not events:
            return
        writer = Writer(self.connection, self.studio_id, self.account_id, self.now)
        lines = await write_all(events, writer)
        await self.connection.execute(
            t.events.insert(),
            [
                {
                    "studio_id": self.studio_id,
                    "id": self.new_id(),
                    "kind": line.kind.value,
                    "actor_id": self.account_id,
                    "at": line.at or self.now,
                    **dict.fromkeys(_EVENT_IDS),
                    **line.ids,
                    "data": line.data,
                }
                for line in lines
            ],
        )

    async def _require_no_later_history(self, event: Event) -> None:
        """What an act decided by must not be changed before it: a policy, what it is of, a payment, a link, a role."""
        line = t.events.c
        by_somebody = line.actor_id.is_not(None)  # what time brings decides nothing
        match event:
            case PolicyChanged() | StudioChanged():
                decided_by_it = sa.true()
            case CoursePolicyChanged(course) | CourseChanged(course):
                c = t.sessions.c
                of_course = sa.select(c.id).where(c.studio_id == self.studio_id, c.course_id == course.id)
                decided_by_it = sa.or_(line.course_id == course.id, line.session_id.in_(of_course))
            case (
                SessionPolicyChanged(session)
                | SessionChanged(session)
                | SessionCancelled(session)
                | SessionMoved(session)
            ):
                decided_by_it = line.session_id == session.id
            case EnrolmentPaymentRecorded(enrolment):
                decided_by_it = line.enrolment_id == enrolment.id
            case ClientLinked(client) | ClientChanged(client) | ClientErased(client):
                decided_by_it = line.client_id == client.id
            case StaffChanged(staff) | StaffRemoved(staff):
                c = t.sessions.c
                theirs = sa.select(c.id).where(c.studio_id == self.studio_id, c.instructor_id == staff.id)
                given_to_them = sa.and_(
                    line.kind.in_([kind.value for kind in _GIVE_AN_INSTRUCTOR]), line.session_id.in_(theirs)
                )
                decided_by_it = sa.or_(line.actor_id == staff.account_id, given_to_them)
            case _:
                return
        rows = await self._rows(
            sa.select(sa.func.max(line.at)).where(line.studio_id == self.studio_id, by_somebody, decided_by_it)
        )
        if rows[0][0] is not None:
            self._not_after_now(rows[0][0])


_GIVE_AN_INSTRUCTOR = (EventKind.SESSION_CREATED, EventKind.SESSION_CHANGED)
_EVENT_IDS = ("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id")

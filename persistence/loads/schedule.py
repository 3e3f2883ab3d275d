"""Courses and sessions."""

from collections.abc import Iterable, Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.nouns.course import Course
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from domain.nouns.waitlist import WaitlistState
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.studio import StudioLoads


class ScheduleLoads(StudioLoads):
    async def course(self, course_id: UUID) -> Course:
        return await self._of_studio(s.COURSE, course_id, "There is no such course.", "courseId")

    async def locked_course(self, course_id: UUID) -> Course:
        return await self._of_studio(s.COURSE, course_id, "There is no such course.", "courseId", lock=True)

    async def locked_sessions_to_come(self, course_id: UUID) -> tuple[Session, ...]:
        return await self._all(s.SESSION, t.sessions.c.course_id == course_id, t.sessions.c.starts_at > self.now)

    async def session(self, session_id: UUID) -> Session:
        return await self._of_studio(s.SESSION, session_id, "There is no such session.", "sessionId", timed=False)

    async def locked_target(self, session_id: UUID) -> ScheduledSession:
        return await self._scheduled(await self._locked_session(session_id))

    async def _locked_session(self, session_id: UUID) -> Session:
        return await self._of_studio(s.SESSION, session_id, "There is no such session.", "sessionId", lock=True)

    async def _scheduled(self, session: Session) -> ScheduledSession:
        course = None if session.course_id is None else await self.course(session.course_id)
        waiting = (await self._numbers_waiting([session])).get(session.id, 0)
        return ScheduledSession(await self.studio(), session, course, waiting)

    async def _numbers_waiting(self, sessions: Iterable[Session]) -> Mapping[UUID, int]:
        """W2: by session how many wait for it; asked only where seats are kept for them."""
        keys = [session.id for session in sessions if session.freed_late and not session.started(self.now)]
        if not keys:
            return {}
        e = t.waitlist_entries.c
        rows = await self._rows(
            sa.select(e.session_id, sa.func.count())
            .where(e.studio_id == self.studio_id, e.session_id.in_(keys), e.state == WaitlistState.WAITING)
            .group_by(e.session_id)
        )
        return {row[0]: row[1] for row in rows}

    async def _courses(self, ids: Set[UUID]) -> Mapping[UUID, Course]:
        found = await self._read(s.COURSE, t.courses.c.id.in_(ids)) if ids else ()
        return {course.id: course for course in found}

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

"""Courses and sessions."""

from domain import events as e
from persistence import tables as t
from persistence.differences import Change
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.CourseCreated, writer: Writer) -> Line:
    await writer.insert(t.courses, event.course)
    return line("COURSE_CREATED", course_id=event.course.id)


@write.register
async def _(event: e.CourseChanged, writer: Writer) -> Line:
    change = Change.of(event.course, event.after)
    await writer.update(t.courses, event.course.id, **change.values)
    return line("COURSE_CHANGED", change.data, course_id=event.course.id)


@write.register
async def _(event: e.SessionCreated, writer: Writer) -> Line:
    session = event.session
    await writer.insert(t.sessions, session)
    data = {"startsAt": session.starts_at.isoformat(), "capacity": session.capacity}
    return line("SESSION_CREATED", data, course_id=session.course_id, session_id=session.id)


@write.register
async def _(event: e.SessionChanged, writer: Writer) -> Line:
    change, session = Change.of(event.session, event.after), event.session
    await writer.update(t.sessions, session.id, **change.values)
    return line("SESSION_CHANGED", change.data, course_id=session.course_id, session_id=session.id)

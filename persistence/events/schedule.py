"""Courses and sessions."""

from domain import events as e
from domain.session import SessionStatus
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


@write.register
async def _(event: e.SessionCancelled, writer: Writer) -> Line:
    session = event.session
    await writer.update(t.sessions, session.id, status=SessionStatus.CANCELLED)
    data = {"compensation": event.compensation.value, "note": event.note}
    return line("SESSION_CANCELLED", data, course_id=session.course_id, session_id=session.id)


@write.register
async def _(event: e.SessionMoved, writer: Writer) -> Line:
    session, times = event.session, {"starts_at": event.starts_at, "ends_at": event.ends_at}
    await writer.update(t.sessions, session.id, moved_at=writer.now, **times)
    data = {
        "before": {"startsAt": session.starts_at.isoformat(), "endsAt": session.ends_at.isoformat()},
        "after": {"startsAt": event.starts_at.isoformat(), "endsAt": event.ends_at.isoformat()},
    }
    return line("SESSION_MOVED", data, course_id=session.course_id, session_id=session.id)

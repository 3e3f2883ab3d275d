"""Courses and sessions."""

from collections.abc import Sequence
from typing import Any

from domain import events as e
from domain.nouns.history import EventKind
from domain.nouns.session import SessionStatus
from domain.replay.plain import plain
from persistence import tables as t
from persistence.differences import Change, beginning
from persistence.events.writing import Line, Writer, line, together, write


@write.register
async def _(event: e.CourseCreated, writer: Writer) -> Line:
    await writer.insert(t.courses, event.course)
    return line(EventKind.COURSE_CREATED, beginning(event.course), course_id=event.course.id)


@write.register
async def _(event: e.CourseChanged, writer: Writer) -> Line:
    change = Change.of(event.course, event.after)
    await writer.update(t.courses, event.course.id, **change.values)
    return line(EventKind.COURSE_CHANGED, change.data, course_id=event.course.id)


@write.register
async def _(event: e.SessionCreated, writer: Writer) -> Line:
    session = event.session
    await writer.insert(t.sessions, session)
    return line(EventKind.SESSION_CREATED, beginning(session), course_id=session.course_id, session_id=session.id)


@write.register
async def _(event: e.SessionChanged, writer: Writer) -> Line:
    change, session = Change.of(event.session, event.after), event.session
    await writer.update(t.sessions, session.id, **change.values)
    return line(EventKind.SESSION_CHANGED, change.data, course_id=session.course_id, session_id=session.id)


@together(e.SessionCancelled)
async def cancelled(events: Sequence[e.SessionCancelled], writer: Writer) -> list[Line]:
    own: dict[str, Any] = {}
    await writer.update_all(t.sessions, [(each.session.id, own) for each in events], status=SessionStatus.CANCELLED)
    return [_cancelled(event) for event in events]


def _cancelled(event: e.SessionCancelled) -> Line:
    session = event.session
    data = {
        "compensation": event.compensation.value,
        "note": event.note,
        "bookings": [key.hex for key in event.bookings],
    }
    return line(EventKind.SESSION_CANCELLED, data, course_id=session.course_id, session_id=session.id)


@write.register
async def _(event: e.SessionMoved, writer: Writer) -> Line:
    session, times = event.session, {"starts_at": event.starts_at, "ends_at": event.ends_at}
    await writer.update(t.sessions, session.id, moved_at=writer.now, **times)
    data = {
        "before": {"startsAt": plain(session.starts_at), "endsAt": plain(session.ends_at)},
        "after": {"startsAt": plain(event.starts_at), "endsAt": plain(event.ends_at)},
    }
    return line(EventKind.SESSION_MOVED, data, course_id=session.course_id, session_id=session.id)

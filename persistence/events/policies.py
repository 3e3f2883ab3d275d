"""What the levels decide of the policy."""

from typing import Any

from domain import events as e
from domain.nouns.history import EventKind
from domain.nouns.policy import Choices
from persistence import policies
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.PolicyChanged, writer: Writer) -> Line:
    await writer.connection.execute(
        t.studios.update()
        .where(t.studios.c.id == writer.studio_id)
        .values(choices=event.choices, changed_at=writer.now)
    )
    return line(EventKind.POLICY_CHANGED, _before_and_after(event.studio.choices, event.choices))


@write.register
async def _(event: e.CoursePolicyChanged, writer: Writer) -> Line:
    course, session = event.course, t.sessions.c
    await writer.update(t.courses, course.id, choices=event.choices)
    await writer.connection.execute(
        t.sessions.update()
        .where(session.studio_id == writer.studio_id, session.id.in_(event.session_ids))
        .values(extra_make_up_seats=event.extra_make_up_seats, changed_at=writer.now)
    )
    data = _before_and_after(course.choices, event.choices)
    data |= {"extraMakeUpSeats": event.extra_make_up_seats, "sessions": [key.hex for key in event.session_ids]}
    return line(EventKind.COURSE_POLICY_CHANGED, data, course_id=course.id)


@write.register
async def _(event: e.SessionPolicyChanged, writer: Writer) -> Line:
    session = event.session
    await writer.update(t.sessions, session.id, choices=event.choices, extra_make_up_seats=event.extra_make_up_seats)
    data = _before_and_after(session.choices, event.choices) | {"extraMakeUpSeats": event.extra_make_up_seats}
    return line(EventKind.SESSION_POLICY_CHANGED, data, course_id=session.course_id, session_id=session.id)


def _before_and_after(before: Choices, after: Choices) -> dict[str, Any]:
    return {"before": policies.dump(before), "after": policies.dump(after)}

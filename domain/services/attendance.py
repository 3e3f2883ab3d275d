"""Attendance: who was there, and who was not (E5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.authority import require_marker, require_marking_staff
from domain.cancellation import marking
from domain.nouns.booking import Attendance
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused


@dataclass(frozen=True)
class MarkAttendance:
    """`marks` by bookings, at most `marking.MOST_AT_ONCE`. `unmarked`: what every other live booking is that has no
    mark yet; None leaves them without.
    """

    session_id: UUID
    marks: Mapping[UUID, Attendance]
    unmarked: Attendance | None = None


async def mark_attendance(work: Work, command: MarkAttendance) -> Done | Refused:
    """E5, A1: one by one or the whole roster, all or nothing. What is marked so already stays as it is."""
    authority, unmarked = await work.authority(), command.unmarked
    require_marking_staff(authority)
    require_marker(authority, (await work.session(command.session_id)).instructor_id)
    roster = await work.locked_roster(command.session_id, command.marks.keys(), unmarked is not None)
    # Once more: while the lock was waited for, another may have come to teach it.
    require_marker(authority, roster.target.session.instructor_id)
    others = {} if unmarked is None else dict.fromkeys(roster.seats.keys() - command.marks.keys(), unmarked)
    first_come = sorted(others, key=lambda key: (roster.seats[key].booking.booked_at, key))
    marks = {**command.marks, **{key: others[key] for key in first_come}}
    decision = marking.decide(roster, marks, {key: work.new_id() for key in marks}, work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*(event for each in decision for event in each.events))
    return Done(
        studio_id=work.studio_id,
        session=command.session_id,
        bookings=tuple(each.booking_id for each in decision),
        changed=tuple(each.booking_id for each in decision if each.events),
        credits=tuple(each.taken_back.id for each in decision if each.taken_back is not None),
        why_not_earned=tuple(each.why_not_earned for each in decision),
    )

"""Marking who was there."""

import asyncio
from typing import Annotated
from uuid import UUID

import strawberry

from domain.cancellation import marking
from domain.faults import BadUserInput
from domain.nouns.booking import Attendance, EarnedNothing
from domain.outcome import Done
from domain.services import attendance
from schema.acting import INPUT, KEY, mutation, number, perform
from schema.context import Info
from schema.ids import Kind, Ref, expect, expect_in
from schema.nouns.booking import Booking
from schema.nouns.credit import MakeUpCredit
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import all_seen, seen, visible

_MOST = marking.MOST_AT_ONCE


@strawberry.input(description="What one booking is marked as.")
class AttendanceMarkInput:
    booking_id: strawberry.ID = strawberry.field(description="A live booking of the session.")
    attendance: Attendance = strawberry.field(description="Whether its client was there.")


@strawberry.input(description="Who was there: some by name, the whole roster, or both.")
class MarkAttendanceInput:
    session_id: strawberry.ID = strawberry.field(description="The session, once it has started.")
    marks: list[AttendanceMarkInput] = strawberry.field(
        default_factory=list[AttendanceMarkInput],
        description=f"Bookings by name, each once, at most {_MOST}; also to correct what was marked before.",
    )
    unmarked: Attendance | None = strawberry.field(
        default=None,
        description="What all other live bookings are that nobody has marked yet; what is marked stays. Left out, they"
        " stay without a mark.",
    )
    idempotency_key: str = KEY

    def command(self, studio_id: int, session_id: UUID) -> attendance.MarkAttendance:
        if not self.marks and self.unmarked is None:
            raise BadUserInput("Mark a booking, or say what those without a mark are.", "marks")
        number(len(self.marks), "marks", least=0, most=_MOST)
        if len({each.booking_id for each in self.marks}) < len(self.marks):
            raise BadUserInput("Mark each booking once.", "marks", "bookingId")
        keys = [expect_in(studio_id, Kind.BOOKING, each.booking_id, "marks", "bookingId") for each in self.marks]
        marks = {key: each.attendance for key, each in zip(keys, self.marks, strict=True)}
        return attendance.MarkAttendance(session_id, marks, self.unmarked)


@strawberry.type(description="What marking one booking brought.")
class AttendanceResult:
    booking: Booking = strawberry.field(description="The booking with its mark.")
    changed: bool = strawberry.field(description="Whether it was marked; false where all was so already.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that stands for the absence or, where it was revoked, stood. Null for instructors."
    )
    credit_taken_back: MakeUpCredit | None = strawberry.field(
        description="The unused credit that the absence had earned before it was corrected. Null for instructors."
    )
    why_not_earned: list[EarnedNothing] = strawberry.field(
        description="Why an absence that was excused now earned no credit; empty for all else, and for instructors."
    )


@strawberry.type(description="The marks stand, all of them.")
class AttendanceMarked:
    session: Session = strawberry.field(description="The session.")
    results: list[AttendanceResult] = strawberry.field(
        description="Each booking that was meant: those named, in their order, then the others, first come first."
    )


MarkAttendanceResult = Annotated[
    AttendanceMarked | Refused,
    strawberry.union("MarkAttendanceResult", description="What the marks brought, or every reason why none was made."),
]


@strawberry.type
class AttendanceMutations:
    @mutation(
        "Marks who was there, all or nothing. Where the studio has so decided, an excused absence earns a credit whose"
        " life begins now; an unused one is taken back when the absence is no longer excused, and gives up its places"
        " on waiting lists; a used one stays (`Studio.attendanceCorrections`). By the session's instructor, the"
        " studio's owner and managers.",
        marking.CODES,
    )
    async def mark_attendance(
        self, info: Info, input: Annotated[MarkAttendanceInput, INPUT]
    ) -> MarkAttendanceResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        command = input.command(session.studio_id, session.key)
        outcome = await perform(info, session.studio_id, input, lambda work: attendance.mark_attendance(work, command))
        if isinstance(outcome, Refused):
            return outcome
        marked = await seen(info, Session, Kind.SESSION, session.studio_id, outcome.session)
        return AttendanceMarked(session=marked, results=await _results(info, session.studio_id, outcome))


async def _results(info: Info, studio_id: int, done: Done) -> list[AttendanceResult]:
    bookings = await all_seen(info, Booking, Kind.BOOKING, studio_id, done.bookings)
    found = await asyncio.gather(*(visible(info, Ref(Kind.CREDIT, studio_id, key)) for key in done.credits))
    credits = await asyncio.gather(*(each.earned_credit(info) for each in bookings))
    on_rosters = [await each.is_of_a_roster(info) for each in bookings]
    taken_back = {each.row.missed_booking_id: each for each in found if isinstance(each, MakeUpCredit)}
    changed = frozenset(done.changed)
    return [
        AttendanceResult(
            booking=booking,
            changed=booking.row.id in changed,
            credit=credit,
            credit_taken_back=taken_back.get(booking.row.id),
            why_not_earned=[] if on_roster else list(reasons),
        )
        for booking, credit, reasons, on_roster in zip(bookings, credits, done.why_not_earned, on_rosters, strict=True)
    ]

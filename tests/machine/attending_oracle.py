"""What the rule book says of moving sessions (C8), and of marking who was there (E5, C9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.nouns.booking import Attendance, EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import DONE, Booking, Faulty, Says, refused


@dataclass(frozen=True)
class Brought:
    """What marking a booking brought: whether anything changed, and why an excuse earned nothing."""

    changed: bool
    reasons: frozenset[EarnedNothing] = frozenset()
    taken_back: UUID | None = None


class AttendingOracle(ManagingOracle):
    brought: Mapping[UUID | None, Brought] = {}
    moved_along = 0

    def move(self, account: UUID, now: datetime, session: UUID, start: datetime, length: timedelta) -> Says:
        """C8: bookings move along, issued credits are untouched."""
        self.manage(account)
        self.need_session(session)
        it = self.sessions[session]
        codes = {RefusalCode.SESSION_CANCELLED} if it.cancelled else set[RefusalCode]()
        if not now < it.start:
            codes.add(RefusalCode.SESSION_STARTED)
        if codes:  # fine print: started and cancelled sessions do not move
            return refused(*codes)
        if not start > now or not length > timedelta():  # fine print: a move into the past is BAD_USER_INPUT
            raise Faulty(FaultCode.BAD_USER_INPUT)
        self.moved_along = 0
        if (it.start, it.length) != (start, length):
            self.moved_along = self.taken(session)
            it.start, it.length = start, length
            it.moves.append(now)
        return DONE

    def mark(
        self,
        account: UUID,
        now: datetime,
        session: UUID,
        marks: Mapping[UUID, Attendance],
        unmarked: Attendance | None,
    ) -> Says:
        """E5; A1: INSTRUCTOR sees their sessions' rosters and marks attendance."""
        role, staff_id = self.staff.get(account, (None, None))
        if role is None:
            raise Faulty(FaultCode.FORBIDDEN)
        self.need_session(session)
        teaches = role is Role.INSTRUCTOR and self.sessions[session].instructor == staff_id
        if not self.manages(account) and not teaches:
            raise Faulty(FaultCode.FORBIDDEN)
        roster = {booking.id: booking for booking in self.bookings if booking.session == session}
        if not roster.keys() >= marks.keys():
            raise Faulty(FaultCode.NOT_FOUND)
        codes: set[tuple[RefusalCode, UUID | None]] = set()
        if self.sessions[session].cancelled:
            codes.add((RefusalCode.SESSION_CANCELLED, None))
        if now < self.sessions[session].start:  # fine print: marking before the start is refused
            codes.add((RefusalCode.SESSION_NOT_STARTED, None))
        codes |= {(RefusalCode.NOT_BOOKED, key) for key in marks if not roster[key].live}
        if codes:
            return Says(codes=frozenset(codes))
        meant: dict[UUID | None, Attendance] = {**marks}
        if unmarked is not None:
            others = [key for key, each in roster.items() if each.live and each.attendance is None]
            meant = dict.fromkeys(others, unmarked) | meant
        self.brought = {key: self.mark_one(account, now, roster[key], mark) for key, mark in meant.items()}
        return DONE

    def mark_one(self, account: UUID, now: datetime, booking: Booking, attendance: Attendance) -> Brought:
        if booking.attendance is attendance:
            return Brought(changed=False)
        booking.attendance, booking.marked = attendance, (now, account)
        if attendance is Attendance.EXCUSED:
            reasons = self.why_excuse_earned_nothing(booking, now)
            if not reasons:
                self.earn(booking, CreditOrigin.EXCUSED_ABSENCE, now)  # its clock starting when it was marked
            return Brought(changed=True, reasons=reasons)
        for credit in self.standing_for(booking, now):
            unused = credit.state(now) in (CreditState.ACTIVE, CreditState.HELD, CreditState.EXPIRED)
            if credit.origin is CreditOrigin.EXCUSED_ABSENCE and unused:  # fine print of E5
                credit.story.append((LedgerKind.UNDONE, now, booking))
                return Brought(changed=True, taken_back=credit.id)
        return Brought(changed=True)

    def why_excuse_earned_nothing(self, booking: Booking, now: datetime) -> frozenset[EarnedNothing]:
        """Neither the deadline nor a cap limits it (fine print of E5)."""
        if booking.paid_with is PaidWith.MAKE_UP:  # E3
            return frozenset({EarnedNothing.PAID_WITH_CREDIT})
        reasons = self.whoever_cancels(booking, now)
        if not self.settings["excused_absence_earns"]:
            reasons.add(EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN)
        return frozenset(reasons)

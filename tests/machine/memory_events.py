"""What each event changes in the rows of one studio."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import events as e
from domain.credits.holding import own_expiry
from domain.credits.ledger import LedgerEntry, LedgerKind
from domain.credits.validity import Expiry
from domain.managing.erasing import STAFF_NAME
from domain.nouns.booking import Booking, BookingStatus, PaidWith
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.invitation import Invitation, InvitationState
from domain.nouns.session import SessionStatus
from tests.machine.memory_erasing import erased
from tests.machine.memory_rows import MemoryStudio

NOT_HELD: dict[str, Any] = dict.fromkeys(("held_until", "own_expires_at", "own_expires_on", "grace_hours"))


@dataclass(frozen=True)
class MemoryWriter:
    """`line_id` is that of the event's line."""

    rows: MemoryStudio
    account_id: UUID | None
    now: datetime
    line_id: UUID

    def write(self, event: e.Event) -> None:
        rows, now = self.rows, self.now
        match event:
            case e.StudioCreated():
                raise AssertionError("studios are founded in the registry")
            case e.PolicyChanged(_, choices):
                rows.studio = replace(rows.studio, choices=choices, changed_at=now)
            case e.CoursePolicyChanged(course, choices, extra, session_ids):
                rows.courses[course.id] = replace(course, choices=choices, changed_at=now)
                for each in session_ids:
                    session = rows.sessions[each]
                    rows.sessions[each] = replace(session, extra_make_up_seats=extra, changed_at=now)
            case e.SessionPolicyChanged(session, choices, extra):
                rows.sessions[session.id] = replace(session, choices=choices, extra_make_up_seats=extra, changed_at=now)
            case e.StudioChanged(_, after):
                rows.studio = replace(after, changed_at=now)
            case e.CourseChanged(_, after):
                rows.courses[after.id] = replace(after, changed_at=now)
            case e.SessionChanged(_, after):
                rows.sessions[after.id] = replace(after, changed_at=now)
            case e.SessionCancelled(session, bookings=bookings):
                now_so = rows.sessions[session.id]
                rows.ended_with[session.id] = bookings
                rows.sessions[session.id] = replace(now_so, status=SessionStatus.CANCELLED, changed_at=now)
            case e.SessionMoved(session, starts_at, ends_at):
                moved = replace(rows.sessions[session.id], starts_at=starts_at, ends_at=ends_at)
                rows.sessions[session.id] = replace(moved, moved_at=now, changed_at=now)
            case e.ClientChanged(_, after):
                rows.clients[after.id] = replace(after, changed_at=now)
            case e.StaffInvited(invitation):
                rows.invitations[invitation.id] = invitation
            case e.InvitationWithdrawn(invitation):
                self._close(invitation, state=InvitationState.WITHDRAWN, display_name=STAFF_NAME)
            case e.StaffAdded(staff, invitation):
                rows.staff[staff.id] = staff
                if invitation is not None:
                    self._close(invitation, state=InvitationState.ACCEPTED, staff_id=staff.id)
            case e.StaffChanged(_, after):
                rows.staff[after.id] = replace(after, changed_at=now)
            case e.StaffRemoved(staff):
                rows.staff[staff.id] = replace(staff, removed_at=now, changed_at=now)
            case e.StaffErased() | e.ClientErased():
                erased(rows, event, now)
            case e.CourseCreated(course):
                rows.courses[course.id] = course
            case e.SessionCreated(session):
                rows.sessions[session.id] = session
            case e.ClientCreated(client):
                rows.clients[client.id] = client
            case e.ClientLinked(client, account_id):
                rows.clients[client.id] = replace(client, account_id=account_id, changed_at=now)
            case e.ClientEnrolled(enrolment):
                rows.enrolments[enrolment.id] = enrolment
            case e.EnrolmentEnded(enrolment):
                rows.enrolments[enrolment.id] = replace(enrolment, ended_at=now, changed_at=now)
            case e.SeatBooked(booking):
                rows.bookings[booking.id] = booking
                self._count(booking, +1)
            case e.BookingPaymentRecorded(booking, payment):
                rows.bookings[booking.id] = replace(booking, payment=payment, changed_at=now)
            case e.EnrolmentPaymentRecorded(enrolment, payment):
                rows.enrolments[enrolment.id] = replace(enrolment, payment=payment, changed_at=now)
            case e.BookingCancelled(booking, status, outcome, why_not_earned):
                rows.bookings[booking.id] = replace(
                    booking,
                    status=status,
                    outcome=outcome,
                    why_not_earned=why_not_earned,
                    cancelled_at=now,
                    changed_at=now,
                )
                self._count(booking, -1)
            case e.CancellationUndone(booking):
                live = replace(booking, status=BookingStatus.BOOKED, outcome=None, why_not_earned=())
                rows.bookings[booking.id] = replace(live, cancelled_at=None, changed_at=now)
                self._count(booking, +1)
            case e.AttendanceMarked(booking, attendance):
                marked = replace(booking, attendance=attendance, marked_at=now, marked_by=self.account_id)
                rows.bookings[booking.id] = replace(marked, changed_at=now)
            case e.CreditIssued(credit, override):
                self._write_credit(credit, LedgerKind.ISSUED, credit.missed_booking_id, override=override)
            case e.CreditRedeemed(credit, booking):
                used = replace(credit, **NOT_HELD, state=CreditState.USED, booking_id=booking.id, changed_at=now)
                self._write_credit(used, LedgerKind.REDEEMED, booking.id)
            case e.CreditRestored(credit, booking, lives, override):
                active = replace(credit, state=CreditState.ACTIVE, booking_id=None, changed_at=now)
                active = replace(active, expires_at=lives.at, expires_on=lives.on)
                self._write_credit(active, LedgerKind.RESTORED, booking.id, override=override)
            case e.CreditForfeited(credit, booking, override):
                forfeited = replace(credit, state=CreditState.FORFEITED, changed_at=now)
                self._write_credit(forfeited, LedgerKind.FORFEITED, booking.id, override=override)
            case e.CreditUndone(credit, booking):
                undone = replace(credit, **NOT_HELD, state=CreditState.UNDONE, changed_at=now)
                self._write_credit(undone, LedgerKind.UNDONE, booking.id)
            case e.CreditExtended(credit, after, note):
                after = replace(after, changed_at=now)
                self._extend(after, own_expiry(credit), note)
            case e.CreditExpired(credit, since):
                assert credit.expires_at is not None
                since = since or max(credit.expires_at, credit.changed_at)
                ran_out = MemoryWriter(self.rows, None, since, self.line_id)
                ran_out._write_credit(replace(credit, expiry_written=credit.expires_at), LedgerKind.EXPIRED, None)
            case e.CreditRevoked(credit, reason, note):
                revoked = replace(credit, **NOT_HELD, state=CreditState.REVOKED, changed_at=now)
                self._write_credit(revoked, LedgerKind.REVOKED, None, reason=reason, note=note)
            case e.CreditHeld(credit, session_id):
                held = replace(credit, changed_at=now)
                until = credit.held_until
                self._write_credit(held, LedgerKind.HELD, None, held_until=until, session_id=session_id)
            case e.CreditReleased(credit, None):
                self._write_credit(replace(credit, changed_at=now), LedgerKind.RELEASED, None)
            case e.CreditReleased(credit, datetime() as since):
                by_time = MemoryWriter(self.rows, None, since, self.line_id)
                by_time._write_credit(credit, LedgerKind.RELEASED, None)
            case e.WaitlistJoined(entry):
                rows.entries[entry.id] = entry
            case e.WaitlistEntryEnded(entry, state, booking_id, since):
                ended = replace(entry, state=state, booking_id=booking_id, ended_at=since or now)
                rows.entries[entry.id] = replace(ended, changed_at=entry.changed_at if since else now)
            case e.SeatsOffered(session, freed_late, since):
                now_so = rows.sessions[session.id]
                changed_at = now_so.changed_at if since else now
                rows.sessions[session.id] = replace(now_so, freed_late=freed_late, changed_at=changed_at)

    def _close(self, invitation: Invitation, **values: Any) -> None:
        self.rows.invitations[invitation.id] = replace(invitation, email=None, changed_at=self.now, **values)

    def _count(self, booking: Booking, by: int) -> None:
        session = self.rows.sessions[booking.session_id]
        taken = session.taken + by
        make_ups = session.make_ups + by * (booking.paid_with is PaidWith.MAKE_UP)
        self.rows.sessions[session.id] = replace(
            session,
            taken=taken,
            make_ups=make_ups,
            most_ordinary=max(session.most_ordinary, taken - make_ups),
            changed_at=self.now,
        )

    def _extend(self, credit: MakeUpCredit, before: Expiry, note: str) -> None:
        """V6: the line tells the credit's own ends, and beside them what waiting adds."""
        end, own = Expiry(credit.expires_at, credit.expires_on), own_expiry(credit)
        self._write_credit(
            credit,
            LedgerKind.EXTENDED,
            None,
            before=before,
            note=note,
            expires_at=own.at,
            expires_on=own.on,
            if_released=None if end == own else end,
        )

    def _write_credit(self, credit: MakeUpCredit, kind: LedgerKind, booking_id: UUID | None, **more: Any) -> None:
        told = {"expires_at": credit.expires_at, "expires_on": credit.expires_on, **more}
        line = LedgerEntry(self.line_id, kind, self.now, booking_id, **told)
        self.rows.credits[credit.id] = credit
        self.rows.ledgers[credit.id] = (*self.rows.ledgers.get(credit.id, ()), line)

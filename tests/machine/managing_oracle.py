"""What the rule book says of changing, archiving and ending what there is."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.policy import OnEnrolmentEnd
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from tests.machine.oracle import Oracle
from tests.machine.rows import DONE, Enrolment, Faulty, Says, refused


class ManagingOracle(Oracle):
    """Changes go by the names of the rows' own fields. What is left out stays; `archived` is one of them."""

    def change_studio(self, account: UUID, zone: str | None, slug_of_another: bool, archived: bool | None) -> Says:
        """A1: OWNER. It has sessions and clients, so its zone stays."""
        if self.role(account) is not Role.OWNER:
            raise Faulty(FaultCode.FORBIDDEN)
        codes: set[RefusalCode] = set()
        if slug_of_another:
            codes.add(RefusalCode.SLUG_TAKEN)
        if zone not in (None, self.zone.key):
            codes.add(RefusalCode.TIME_ZONE_IN_USE)
        if not codes and archived is not None:
            self.archived = archived
        return refused(*codes)

    def change_course(self, account: UUID, course: UUID, changes: dict[str, Any]) -> Says:
        """C11: booked seats stand. A course is sold as a whole, by the session, or both."""
        self.manage(account)
        if course not in self.courses:
            raise Faulty(FaultCode.NOT_FOUND)
        after = replace(self.courses[course], **changes)
        if after.whole_price is None and after.single_price is None:
            return refused(RefusalCode.COURSE_NOT_SOLD_AT_ALL)
        self.courses[course] = after
        return DONE

    def change_session(self, account: UUID, now: datetime, session: UUID, changes: dict[str, Any]) -> Says:
        """R6: the capacity is not lowered below what is taken; whoever has a seat to come keeps the session alive."""
        self.manage(account)
        if session not in self.sessions:
            raise Faulty(FaultCode.NOT_FOUND)
        after = replace(self.sessions[session], **changes)
        if after.course is None and after.accepts_make_ups is None:  # R3: a class says so itself
            raise Faulty(FaultCode.BAD_USER_INPUT)
        codes: set[RefusalCode] = set()
        if self.taken(session) > after.capacity + after.extra:
            codes.add(RefusalCode.CAPACITY_BELOW_BOOKED)
        if after.archived and now < after.start and self.taken(session) > 0:
            codes.add(RefusalCode.SESSION_HAS_BOOKINGS)
        if not codes:
            self.sessions[session] = after
        return refused(*codes)

    def change_client(self, account: UUID, client: UUID, changes: dict[str, Any]) -> Says:
        self.need_client(account, client)
        self.manage(account)
        self.clients[client] = replace(self.clients[client], **changes)
        return DONE

    def end_enrolment(self, account: UUID, now: datetime, enrolment_id: UUID | None) -> Says:
        """C12: future bookings end with it, and earn nothing (E1); earned credits stay, or the unused are revoked."""
        enrolment = next((each for each in self.enrolments if each.id == enrolment_id), None)
        if enrolment is None:
            raise Faulty(FaultCode.NOT_FOUND)
        self.need_client(account, enrolment.client)
        self.manage(account)
        return self.ended(enrolment, now)

    def ended(self, enrolment: Enrolment, now: datetime) -> Says:
        if enrolment.ended_at is not None:  # as in C4: the second time it changes nothing
            return DONE
        enrolment.ended_at = now
        for booking in self.bookings:
            if booking.enrolment is enrolment and booking.live and now < self.sessions[booking.session].start:
                booking.status, booking.cancelled_at = BookingStatus.CANCELLED, now
                booking.outcome = CancellationOutcome.NOTHING
                booking.reasons = frozenset({EarnedNothing.ENROLMENT_ENDED})
                self.seatings.append((-1, booking))
        if self.settings["on_enrolment_end"] is OnEnrolmentEnd.REVOKE_UNUSED:
            for credit in self.credits:
                missed = credit.missed  # what the studio gave for its sessions or for an excused absence too
                unused = credit.state(now) in (CreditState.ACTIVE, CreditState.HELD)
                if missed and missed.enrolment is enrolment and unused:
                    credit.story.append((LedgerKind.REVOKED, now, None))
                    credit.revoked_for = RevocationReason.ENROLMENT_ENDED
        return DONE

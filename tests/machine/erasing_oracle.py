"""What the rule book says of clients whose account is deleted (A4)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.nouns.credit import CreditState, RevocationReason
from domain.refusals import RefusalCode
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import DONE, Client, Faulty, Says, refused


class ErasingOracle(ManagingOracle):
    def change_client(self, account: UUID, client: UUID, changes: dict[str, Any]) -> Says:
        """Nobody is made anybody again."""
        self.need_client(account, client)
        self.manage(account)
        if self.clients[client].erased:
            return refused(RefusalCode.CLIENT_ERASED)
        return super().change_client(account, client, changes)

    def link_client(self, account: UUID, client: UUID, email: str) -> Says:
        self.need_client(account, client)
        self.manage(account)
        if email in self.emails and self.clients[client].erased:
            return refused(RefusalCode.CLIENT_ERASED)
        return super().link_client(account, client, email)

    def end_with_account(self, account: UUID, now: datetime, enrolment_id: UUID | None) -> Says:
        """C12, by whoever manages the client, and no role helps."""
        enrolment = next((each for each in self.enrolments if each.id == enrolment_id), None)
        if enrolment is None:
            raise Faulty(FaultCode.NOT_FOUND)
        self.need_own(account, enrolment.client)
        return self.ended(enrolment, now)

    def erase(self, account: UUID, now: datetime, client: UUID, staying: Collection[UUID]) -> Says:
        """Done without doing anything, while something is left that has to be given up first."""
        self.need_own(account, client)
        credits = [each for each in self.credits if each.client == client]
        waits = any(each.live and each.client == client for each in self.entries)
        held = any(each.state(now) is CreditState.HELD for each in credits)
        enrolled = any(each.client == client and each.ended_at is None for each in self.enrolments)
        if waits or held or enrolled or {*self.seats_to_come(client, now)} - {*staying}:
            return DONE
        for credit in credits:
            if credit.state(now) is CreditState.ACTIVE:
                credit.story.append((LedgerKind.REVOKED, now, None))
                credit.revoked_for = RevocationReason.ACCOUNT_DELETED
            credit.overrides.clear()
        for credit in self.credits:  # a sibling's may have paid
            for number, (_, _, booking) in enumerate(credit.story):
                if booking is not None and booking.client == client:
                    credit.overrides.pop(number, None)
        self.clients[client] = Client(account=None, archived=True, erased=True)
        return DONE

    def seats_to_come(self, client: UUID, now: datetime) -> list[UUID | None]:
        seats = [each for each in self.bookings if each.live and each.client == client]
        return [each.id for each in seats if now < self.sessions[each.session].start]

    def need_own(self, account: UUID, client: UUID) -> None:
        if client not in self.clients or self.clients[client].account != account:
            raise Faulty(FaultCode.NOT_FOUND)

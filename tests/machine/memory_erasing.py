"""What deleting an account asks of a studio in plain dictionaries, and what it takes out of them."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain import events as e
from domain.managing.erasing import CLIENT_NAME, STAFF_NAME, Remains
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistEntry
from tests.machine.memory_rows import MemoryStudio

_UNSPENT = frozenset({CreditState.ACTIVE, CreditState.HELD})


class _Rows(Protocol):
    rows: MemoryStudio
    now: datetime

    def _found(self, table: Any, key: UUID) -> Any: ...

    def _live(self, entry: WaitlistEntry) -> bool: ...


class ErasingInMemory:
    async def remains_of(self: _Rows, client_id: UUID) -> Remains:
        rows, now = self.rows, self.now
        to_come = {key for key, session in rows.sessions.items() if not session.started(now)}

        def of(table: dict[UUID, Any], left: Any) -> tuple[UUID, ...]:
            return tuple(sorted(each.id for each in table.values() if each.client_id == client_id and left(each)))

        return Remains(
            entries=of(rows.entries, self._live),
            enrolments=of(rows.enrolments, lambda each: each.ended_at is None),
            bookings=of(rows.bookings, lambda each: each.live and each.session_id in to_come),
            credits=of(rows.credits, lambda each: each.state_at(now) in _UNSPENT),
        )


def erased(rows: MemoryStudio, event: e.ClientErased | e.StaffErased, now: datetime) -> None:
    """Takes the name away, and the words that staff wrote."""
    match event:
        case e.StaffErased(staff):
            rows.staff[staff.id] = replace(rows.staff[staff.id], display_name=STAFF_NAME, changed_at=now)
        case e.ClientErased(client):
            nobody = replace(client, name=CLIENT_NAME, account_id=None, archived_at=client.archived_at or now)
            rows.clients[client.id] = replace(nobody, erased_at=now, changed_at=now)
            for key, credit in rows.credits.items():
                if credit.client_id == client.id:
                    rows.credits[key] = replace(credit, note="")
                    rows.ledgers[key] = tuple(replace(line, note="", override="") for line in rows.ledgers[key])
            seats = {each.id for each in rows.bookings.values() if each.client_id == client.id}
            for key, ledger in rows.ledgers.items():
                rows.ledgers[key] = tuple(
                    replace(line, override="") if line.booking_id in seats else line for line in ledger
                )

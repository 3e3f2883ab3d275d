"""The ledger of a credit (P3): append-only lines, and the state that they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from domain.credit import CreditState, RevocationReason, state_at
from domain.validity import Expiry
from domain.words import Word


class LedgerKind(Word):
    ISSUED = "ISSUED", "The credit was earned or granted."
    REDEEMED = "REDEEMED", "It paid a booking."
    RESTORED = "RESTORED", "The booking that it paid was cancelled in time, or by the studio: it came back."
    FORFEITED = "FORFEITED", "The booking that it paid was cancelled, and the studio does not give credits back."
    EXTENDED = "EXTENDED", "Staff gave it another end."
    REVOKED = "REVOKED", "The studio took it back."
    UNDONE = (
        "UNDONE",
        "The cancellation that had earned it was undone, or the absence no longer excused: it was taken back.",
    )


@dataclass(frozen=True)
class LedgerEntry:
    """One line. `booking_id` is the booking that was missed, paid or given up; the expiry as of this line.

    `before` is the expiry that EXTENDED took the place of; `reason` is why it was REVOKED. `note` is for the staff.
    `override`: why staff set the deadline aside when it was ISSUED or RESTORED (C10).
    """

    id: UUID
    kind: LedgerKind
    at: datetime
    booking_id: UUID | None
    expires_at: datetime | None
    expires_on: date | None
    before: Expiry | None = None
    reason: RevocationReason | None = None
    note: str = ""
    override: str = ""


@dataclass(frozen=True)
class Balance:
    """What a ledger adds up to. `booking_id` is the booking that the credit pays, or was forfeited with."""

    state: CreditState
    expires_at: datetime | None
    booking_id: UUID | None


def fold(entries: Iterable[LedgerEntry]) -> Balance | None:
    """Adds up the lines in their order; None for no lines. Ask `at(balance, now)` what time made of it."""
    balance: Balance | None = None
    for entry in entries:
        match entry.kind:
            case LedgerKind.ISSUED | LedgerKind.RESTORED:
                balance = Balance(CreditState.ACTIVE, entry.expires_at, None)
            case LedgerKind.REDEEMED:
                balance = Balance(CreditState.USED, entry.expires_at, entry.booking_id)
            case LedgerKind.FORFEITED:
                balance = Balance(CreditState.FORFEITED, entry.expires_at, entry.booking_id)
            case LedgerKind.EXTENDED:
                balance = balance and replace(balance, expires_at=entry.expires_at)
            case LedgerKind.REVOKED:
                balance = Balance(CreditState.REVOKED, entry.expires_at, None)
            case LedgerKind.UNDONE:
                balance = Balance(CreditState.UNDONE, entry.expires_at, None)
    return balance


def at(balance: Balance, now: datetime) -> CreditState:
    """State = fold of the ledger at `now`."""
    return state_at(balance.state, balance.expires_at, now)

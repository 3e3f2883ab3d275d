"""The ledger of a credit (P3): append-only lines, and the state that they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
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
    EXPIRED = "EXPIRED", "Its time ran out before it was spent."
    REVOKED = "REVOKED", "The studio took it back."
    UNDONE = (
        "UNDONE",
        "The cancellation that had earned it was undone, or the absence no longer excused: it was taken back.",
    )


@dataclass(frozen=True)
class LedgerEntry:
    """One line. `booking_id` is the booking that was missed, paid or given up; the expiry as of this line.

    `before` is the expiry that EXTENDED took the place of; `reason` is why it was REVOKED. `note` is for the staff.
    `override`: why staff set the deadline aside when it was ISSUED, RESTORED or FORFEITED (C10).
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
    return reduce(_and_then, entries, None)


def _and_then(balance: Balance | None, entry: LedgerEntry) -> Balance | None:
    match entry.kind:
        case LedgerKind.ISSUED | LedgerKind.RESTORED:
            return Balance(CreditState.ACTIVE, entry.expires_at, None)
        case LedgerKind.REDEEMED:
            return Balance(CreditState.USED, entry.expires_at, entry.booking_id)
        case LedgerKind.FORFEITED:
            return Balance(CreditState.FORFEITED, entry.expires_at, entry.booking_id)
        case LedgerKind.EXTENDED:
            return balance and replace(balance, expires_at=entry.expires_at)
        case LedgerKind.EXPIRED:  # it tells what `at` knows anyway
            return balance
        case LedgerKind.REVOKED:
            return Balance(CreditState.REVOKED, entry.expires_at, None)
        case LedgerKind.UNDONE:
            return Balance(CreditState.UNDONE, entry.expires_at, None)


def at(balance: Balance, now: datetime) -> CreditState:
    """State = fold of the ledger at `now`."""
    return state_at(balance.state, balance.expires_at, now)


def told(entries: Iterable[LedgerEntry], now: datetime) -> tuple[LedgerEntry, ...]:
    """V5: the lines as they are read. An EXPIRED one stands wherever time ran out, whether or not a job has written it.

    Such a line is as of the expiry, or as of coming back where that was past already (C1). It has the id of the line
    that it follows.
    """
    lines = [entry for entry in entries if entry.kind is not LedgerKind.EXPIRED]
    ends = [*(line.at for line in lines[1:]), now]
    answer: list[LedgerEntry] = []
    balance: Balance | None = None
    for line, until in zip(lines, ends, strict=True):
        balance = _and_then(balance, line)
        answer.append(line)
        if balance and balance.expires_at and at(balance, until) is CreditState.EXPIRED:
            answer.append(_expired(line, max(line.at, balance.expires_at)))
    return tuple(answer)


def _expired(line: LedgerEntry, at: datetime) -> LedgerEntry:
    return LedgerEntry(line.id, LedgerKind.EXPIRED, at, None, line.expires_at, line.expires_on)

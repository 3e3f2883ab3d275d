"""The ledger of a credit (P3): append-only lines, and the state that they add up to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from uuid import UUID

from domain.credits.validity import Expiry
from domain.nouns.credit import CreditState, RevocationReason, state_at
from domain.nouns.words import Word


class LedgerKind(Word):
    ISSUED = "ISSUED", "The credit was earned or granted."
    HELD = "HELD", "It waits for a seat, on one more list or until another instant than before."
    RELEASED = "RELEASED", "It no longer waits for a seat: it can be spent again, unless its time is over."
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

    `before` is the expiry that EXTENDED took the place of; both are the credit's own, also where it is held.
    `if_released`: of an EXTENDED one that is held, what it ends at if it waits until the end of its hold; None where
    that is its own end. `reason` is why it was REVOKED. `note` is for the staff. `override`: why staff set the deadline
    aside when it was ISSUED, RESTORED or FORFEITED (C10). `held_until`: when a HELD one is released if no seat comes.
    `session_id`: where a HELD one has come to wait; None where only the end of its waiting has changed.
    """

    id: UUID
    kind: LedgerKind
    at: datetime
    booking_id: UUID | None
    expires_at: datetime | None
    expires_on: date | None
    before: Expiry | None = None
    if_released: Expiry | None = None
    reason: RevocationReason | None = None
    note: str = ""
    override: str = ""
    held_until: datetime | None = None
    session_id: UUID | None = None

    @property
    def expiry(self) -> Expiry:
        return Expiry(self.expires_at, self.expires_on)

    @property
    def standing(self) -> Expiry:
        """What the credit ends at from this line on, if nothing comes after."""
        return self.if_released or self.expiry


@dataclass(frozen=True)
class Balance:
    """What a ledger adds up to. `booking_id` is the booking that the credit pays, or was forfeited with.

    `held_until`: when it is released, where it is held.
    """

    state: CreditState
    expires_at: datetime | None
    booking_id: UUID | None
    held_until: datetime | None = None


def fold(entries: Iterable[LedgerEntry]) -> Balance | None:
    """Adds up the lines in their order; None for no lines. Ask `at(balance, now)` what time made of it."""
    return reduce(_and_then, entries, None)


def _and_then(balance: Balance | None, entry: LedgerEntry) -> Balance | None:
    if balance is not None and balance.held_until is not None and entry.at >= balance.held_until:
        balance = replace(balance, state=CreditState.ACTIVE, held_until=None)  # whether or not a job has written it
    match entry.kind:
        case LedgerKind.ISSUED | LedgerKind.RESTORED | LedgerKind.RELEASED:
            return Balance(CreditState.ACTIVE, entry.expires_at, None)
        case LedgerKind.HELD:
            return Balance(CreditState.HELD, entry.expires_at, None, entry.held_until)
        case LedgerKind.REDEEMED:
            return Balance(CreditState.USED, entry.expires_at, entry.booking_id)
        case LedgerKind.FORFEITED:
            return Balance(CreditState.FORFEITED, entry.expires_at, entry.booking_id)
        case LedgerKind.EXTENDED:
            return balance and replace(balance, expires_at=entry.standing.at)
        case LedgerKind.EXPIRED:  # it tells what `at` knows anyway
            return balance
        case LedgerKind.REVOKED:
            return Balance(CreditState.REVOKED, entry.expires_at, None)
        case LedgerKind.UNDONE:
            return Balance(CreditState.UNDONE, entry.expires_at, None)


def at(balance: Balance, now: datetime) -> CreditState:
    """State = fold of the ledger at `now`."""
    return state_at(balance.state, balance.expires_at, balance.held_until, now)


def own_ends_before(entries: Iterable[LedgerEntry]) -> Iterator[Expiry | None]:
    """V6: of each line what the credit ended at before it, without what waiting would add; None before the first."""
    own: Expiry | None = None
    standing: Expiry | None = None
    held_until: datetime | None = None
    for entry in entries:
        if held_until is not None and entry.at >= held_until:
            own, held_until = standing, None  # whether or not a job has written it
        yield own
        standing = entry.standing
        if entry.kind is LedgerKind.HELD:
            held_until = entry.held_until
            continue
        own = entry.expiry
        if entry.kind is not LedgerKind.EXTENDED:
            held_until = None


def told(entries: Iterable[LedgerEntry], now: datetime) -> tuple[LedgerEntry, ...]:
    """V5, W2: the lines as they are read. What time has done stands among them, whether or not a job has written it.

    A RELEASED line stands where a hold ended with the start of the last session, as of that start; an EXPIRED one
    wherever time ran out, as of the expiry or, where that was past already, of coming back (C1) or being released.
    Such a line has the id of the line that it follows.
    """
    answer: list[LedgerEntry] = []
    balance: Balance | None = None
    lines = tuple(_by_people(entries))
    for line, until in zip(lines, [*(line.at for line in lines[1:]), now], strict=True):
        balance, since = _and_then(balance, line), line.at
        answer.append(line)
        if balance is None:
            continue
        if balance.held_until is not None and until >= balance.held_until:
            since = balance.held_until
            answer.append(_by_time(LedgerKind.RELEASED, line, since))
        if balance.expires_at and at(balance, until) is CreditState.EXPIRED:
            answer.append(_by_time(LedgerKind.EXPIRED, line, max(since, balance.expires_at)))
    return tuple(answer)


def _by_people(entries: Iterable[LedgerEntry]) -> Iterator[LedgerEntry]:
    """Without what jobs have written: the expiries, and releases at the very end of a hold."""
    held_until: datetime | None = None
    for entry in entries:
        ended_by_itself = entry.kind is LedgerKind.RELEASED and entry.at == held_until
        if entry.kind is LedgerKind.HELD:
            held_until = entry.held_until
        if entry.kind is not LedgerKind.EXPIRED and not ended_by_itself:
            yield entry


def _by_time(kind: LedgerKind, line: LedgerEntry, at: datetime) -> LedgerEntry:
    return LedgerEntry(line.id, kind, at, None, line.standing.at, line.standing.on)

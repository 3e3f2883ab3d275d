"""Make-up credits: the right to one seat in another session."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.nouns.booking import PaidWith
from domain.nouns.policy import ExpiryMeans
from domain.nouns.words import Word


class CreditOrigin(Word):
    CANCELLATION = "CANCELLATION", "Earned by cancelling a booking in time."
    STUDIO_CANCELLATION = "STUDIO_CANCELLATION", "Given when the studio cancelled the session."
    EXCUSED_ABSENCE = "EXCUSED_ABSENCE", "Given for an absence that the studio excused."
    GRANT = "GRANT", "Granted by staff."


class CreditState(Word):
    ACTIVE = "ACTIVE", "It can be spent."
    HELD = "HELD", "It is held by a place on a waiting list."
    USED = "USED", "It has paid a booking."
    FORFEITED = "FORFEITED", "It was lost with the make-up booking that was cancelled."
    EXPIRED = "EXPIRED", "Its time has run out."
    REVOKED = "REVOKED", "The studio has taken it back."
    UNDONE = "UNDONE", "It was taken back: its cancellation was undone, or its absence no longer excused."


TAKEN_BACK = frozenset({CreditState.REVOKED, CreditState.UNDONE})
"""The states of a credit that no longer counts, as if it had not been earned."""


OUTSTANDING = frozenset({CreditState.ACTIVE, CreditState.HELD})
"""The states of a credit that can still be spent, at once or after it has waited."""


class GrantReason(Word):
    COMPENSATION = "COMPENSATION", "To make up for something that went wrong."
    STUDIO_CANCELLED_CLASS = "STUDIO_CANCELLED_CLASS", "The studio cancelled a class."
    PREPAID_THEN_CANCELLED = "PREPAID_THEN_CANCELLED", "The client had paid in advance and then cancelled."
    GOODWILL = "GOODWILL", "A kindness."
    CORRECTION = "CORRECTION", "To put a mistake right."
    OTHER = "OTHER", "Something else; see the note."


class RevocationReason(Word):
    CORRECTION = "CORRECTION", "It was issued by mistake."
    REFUNDED = "REFUNDED", "The client got their money back instead."
    ENROLMENT_ENDED = "ENROLMENT_ENDED", "The enrolment that it was earned by has ended."
    MISUSE = "MISUSE", "It was earned or used against the studio's terms."
    ACCOUNT_DELETED = "ACCOUNT_DELETED", "The account of its client was deleted, and nobody can spend it any more."
    OTHER = "OTHER", "Something else; the studio can tell."


@dataclass(frozen=True)
class MakeUpCredit:
    """The right to one seat. Its terms are fixed when it is issued (V8).

    `state` is what the ledger last wrote and does not know of time: ask `state_at(now)`. `expires_at` is the
    first instant at which it cannot be spent any more, `expires_on` the local date of the last one at which it
    can; both None where it never expires; `expiry_means` tells what must happen before. `redeemable_from`: it cannot
    be spent earlier (R12); None: at once. `worth` in minor units (R9). `booking_id` is the booking that it
    paid, also where it was forfeited with it. `expiry_written`: the last expiry that its ledger has an EXPIRED line of.

    While it is held (W1), `held_until` is the start of the last session that it waits on, when it is released, and
    `expires_at` is what it ends at if it waits until then. `own_expires_at`, `own_expires_on`: its end without that.
    `grace_hours`: what it gets, released at its own end or later. None of the four where it is not held. `grace_until`:
    the end that its one grace has given it or, while it is held, would give it.
    """

    studio_id: int
    id: UUID
    client_id: UUID
    origin: CreditOrigin
    missed_booking_id: UUID | None
    missed_session_id: UUID | None
    missed_paid_with: PaidWith | None
    issued_at: datetime
    expires_at: datetime | None
    expires_on: date | None
    expiry_means: ExpiryMeans
    redeemable_from: datetime | None
    worth: int | None
    category: str | None
    reason: GrantReason | None
    note: str
    state: CreditState
    booking_id: UUID | None
    expiry_written: datetime | None
    changed_at: datetime
    held_until: datetime | None = None
    own_expires_at: datetime | None = None
    own_expires_on: date | None = None
    grace_hours: int | None = None
    grace_until: datetime | None = None

    def state_at(self, now: datetime) -> CreditState:
        """The state at an instant: expiry and the end of a hold are comparisons, never a job (V5, W2)."""
        return state_at(self.state, self.expires_at, self.held_until, now)

    def redeemable(self, now: datetime) -> bool:
        """Not too early (R12)."""
        return self.redeemable_from is None or now >= self.redeemable_from

    def spendable(self, now: datetime) -> bool:
        """The one definition of spendable: active and `now < expires_at` (V2, V5), and not too early (R12)."""
        return self.state_at(now) is CreditState.ACTIVE and self.redeemable(now)


def state_at(
    state: CreditState, expires_at: datetime | None, held_until: datetime | None, now: datetime
) -> CreditState:
    """What a recorded state has become by `now`: a hold ends, and only an active credit expires (V5, invariant 10)."""
    if state is CreditState.HELD and held_until is not None and now >= held_until:
        state = CreditState.ACTIVE
    if state is CreditState.ACTIVE and expires_at is not None and now >= expires_at:
        return CreditState.EXPIRED
    return state

"""What happened to a credit: each is a line of its ledger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.credits.validity import Expiry
from domain.nouns.booking import Booking
from domain.nouns.credit import MakeUpCredit, RevocationReason


@dataclass(frozen=True)
class CreditIssued:
    """`override` is why staff set the deadline aside (C10); empty where they did not."""

    credit: MakeUpCredit
    override: str = ""


@dataclass(frozen=True)
class CreditRedeemed:
    """`credit` as it was before; it pays `booking`."""

    credit: MakeUpCredit
    booking: Booking


@dataclass(frozen=True)
class CreditRestored:
    """`credit` as it was before, spent on `booking`, which is cancelled: it comes back, to end at `expiry`.

    `override` is why staff set the deadline aside (C10); empty where they did not.
    """

    credit: MakeUpCredit
    booking: Booking
    expiry: Expiry
    override: str = ""


@dataclass(frozen=True)
class CreditForfeited:
    """`credit` as it was before, spent on `booking`, with whose cancellation it is lost (C1).

    `override` is why staff set the deadline aside (C10); empty where they did not.
    """

    credit: MakeUpCredit
    booking: Booking
    override: str = ""


@dataclass(frozen=True)
class CreditUndone:
    """`credit` as it was before, earned by giving up `booking`, or by missing it: it is taken back (C5, E5)."""

    credit: MakeUpCredit
    booking: Booking


@dataclass(frozen=True)
class CreditExtended:
    """`credit` as it was before, and `after`, as it is from now on. `note` is for the staff."""

    credit: MakeUpCredit
    after: MakeUpCredit
    note: str


@dataclass(frozen=True)
class CreditExpired:
    """`credit`, which nobody has spent in time (V5).

    `at`: since when, where that is later than its end: when time released what had waited past it; None for its end.
    """

    credit: MakeUpCredit
    at: datetime | None = None


@dataclass(frozen=True)
class CreditRevoked:
    """`credit` as it was before. `note` is for the staff."""

    credit: MakeUpCredit
    reason: RevocationReason
    note: str


@dataclass(frozen=True)
class CreditHeld:
    """`credit` as it is from now on (W1). `session_id`: where it has come to wait; None where only its end changed."""

    credit: MakeUpCredit
    session_id: UUID | None


@dataclass(frozen=True)
class CreditReleased:
    """`credit` as it is from now on (W1). `at`: the end of the hold, where time has ended it; None for now."""

    credit: MakeUpCredit
    at: datetime | None = None

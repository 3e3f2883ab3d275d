"""Which credits staff mean, when they change many at once (V6, V7)."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.nouns.credit import CreditState

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class CreditFilter:
    """Credits in any of these states now, of one client, whose last local date lies from one date until another.

    None: any. A credit that never expires has no last date, and so lies between none. One that is held lies there with
    its own end too: in a closure it may stop waiting.
    """

    states: Set[CreditState] | None = None
    client_id: UUID | None = None
    expires_from: date | None = None
    expires_until: date | None = None


@dataclass(frozen=True)
class ById:
    """These, in this order; none twice."""

    ids: tuple[UUID, ...]


ChosenCredits = ById | CreditFilter

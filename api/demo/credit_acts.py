"""What staff of the demo do about credits, as rows for a timeline."""

from dataclasses import dataclass, field

from api.demo.writer import StudioWriter
from domain.credits.choosing import CreditFilter
from domain.issuing.granting import GrantValidity, StudioValidity, ThroughDate
from domain.managing.extending import MoreDays
from domain.nouns.credit import CreditState, GrantReason, RevocationReason
from domain.services import credits


@dataclass(frozen=True)
class Grant:
    """`lives`: like the studio's other credits, for ever, or through a day."""

    client: str
    reason: GrantReason
    note: str = ""
    lives: GrantValidity | int = field(default=StudioValidity())
    count: int = 1
    worth: int | None = None

    async def write(self, studio: StudioWriter) -> None:
        validity = ThroughDate(studio.date(self.lives)) if isinstance(self.lives, int) else self.lives
        client_id = studio.clients[self.client]
        command = credits.GrantMakeUp(client_id, self.count, self.reason, self.note, validity, self.worth)
        await studio.do(credits.grant_make_up, command)


@dataclass(frozen=True)
class Extend:
    """Staff add days to what the client can spend."""

    client: str
    days: int
    note: str

    async def write(self, studio: StudioWriter) -> None:
        command = credits.ExtendMakeUps(_spendable(studio, self.client), MoreDays(self.days), self.note)
        await studio.do(credits.extend_make_ups, command)


@dataclass(frozen=True)
class Revoke:
    """Staff take back what the client can spend."""

    client: str
    reason: RevocationReason
    note: str = ""

    async def write(self, studio: StudioWriter) -> None:
        command = credits.RevokeMakeUps(_spendable(studio, self.client), self.reason, self.note)
        await studio.do(credits.revoke_make_ups, command)


def _spendable(studio: StudioWriter, client: str) -> CreditFilter:
    return CreditFilter(states=frozenset({CreditState.ACTIVE}), client_id=studio.clients[client])

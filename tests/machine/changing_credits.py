"""What the rule book says of giving credits another end (V6) and of taking them back (V7), one or many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.managing.extending import MoreDays, NewExpiry
from domain.nouns.credit import CreditState, RevocationReason
from domain.refusals import RefusalCode
from tests.machine.calendar import date_at, first_instant_of
from tests.machine.earning import Earning
from tests.machine.rows import DONE, Credit, Faulty, Says

A_DAY = timedelta(days=1)
SPENT = {
    CreditState.USED: RefusalCode.CREDIT_USED,
    CreditState.EXPIRED: RefusalCode.CREDIT_EXPIRED,
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
}


@dataclass(frozen=True)
class Told:
    """What an act on many credits tells of them: those that it changed, and of the others why not."""

    credits: tuple[UUID | None, ...] = ()
    changed: frozenset[UUID | None] = frozenset()
    against: frozenset[tuple[RefusalCode, UUID | None]] = frozenset()


class ChangingCredits(Earning):
    told = Told()

    def extend(self, account: UUID, now: datetime, credits: Sequence[Credit | None], wanted: NewExpiry) -> Says:
        """V6: extend or shorten (never below now), also revive. Fine print: ACTIVE, HELD, EXPIRED."""

        def against(credit: Credit) -> set[RefusalCode]:
            codes: set[RefusalCode] = set()
            if credit.state(now) not in (CreditState.ACTIVE, CreditState.HELD, CreditState.EXPIRED):
                codes.add(SPENT[credit.state(now)])
            end = self.wanted_end(credit, wanted)
            if end is not None and not end > now:
                codes.add(RefusalCode.EXPIRY_IN_PAST)
            return codes

        def change(credit: Credit) -> bool:
            end = self.wanted_end(credit, wanted)
            if end == credit.own_end:
                return False
            credit.ends.append((credit.expires_at, credit.expires_on))
            self.give_end(credit, end)
            credit.story.append((LedgerKind.EXTENDED, now, None))
            return True

        return self.change_each(account, credits, against, change)

    def revoke(self, account: UUID, now: datetime, credits: Sequence[Credit | None], reason: RevocationReason) -> Says:
        """V7: an unused credit, with a reason. Fine print: ACTIVE, HELD."""

        def against(credit: Credit) -> set[RefusalCode]:
            state = credit.state(now)
            return set() if state in (CreditState.ACTIVE, CreditState.HELD) else {SPENT[state]}

        def change(credit: Credit) -> bool:
            credit.story.append((LedgerKind.REVOKED, now, None))
            credit.revoked_for = reason
            return True

        return self.change_each(account, credits, against, change)

    def give_end(self, credit: Credit, end: datetime | None) -> None:
        """An end of its own, which is told as it is: nothing waits. It lives by no grace any more."""
        credit.expires_at, credit.expires_on = end, self.last_day(end)
        credit.by_grace = False

    def change_each(
        self,
        account: UUID,
        credits: Sequence[Credit | None],
        against: Callable[[Credit], set[RefusalCode]],
        change: Callable[[Credit], bool],
    ) -> Says:
        """None stands for a credit that is not there."""
        self.manage(account)
        there = [credit for credit in credits if credit is not None]
        if len(there) < len(credits):
            raise Faulty(FaultCode.NOT_FOUND)
        codes = {credit.id: against(credit) for credit in there}
        told = frozenset((code, key) for key, each in codes.items() for code in each)
        if there and all(codes.values()):
            return Says(codes=told)
        changed = frozenset(credit.id for credit in there if not codes[credit.id] and change(credit))
        self.told = Told(tuple(credit.id for credit in there), changed, told)
        return DONE

    def wanted_end(self, credit: Credit, wanted: NewExpiry) -> datetime | None:
        match wanted:
            case NoExpiry():
                return None
            case ThroughDate(last_day):
                return first_instant_of(last_day + A_DAY, self.zone)
            case MoreDays(days):
                last_day = credit.own_day
                return None if last_day is None else first_instant_of(last_day + (days + 1) * A_DAY, self.zone)

    def matching(
        self, now: datetime, states: frozenset[CreditState] | None, client: UUID | None, days: tuple[int, int] | None
    ) -> list[Credit]:
        """Of a filter: in these states now, of this client, whose last day lies between two, counted from today."""
        today = date_at(now, self.zone)
        return [
            credit
            for credit in self.credits
            if (states is None or credit.state(now) in states)
            and client in (None, credit.client)
            and (
                days is None
                or (credit.expires_on is not None and days[0] <= (credit.expires_on - today).days <= days[1])
            )
        ]

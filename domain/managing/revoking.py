"""Staff take an unused credit back and say why (V7). Nothing is deleted."""

from dataclasses import dataclass
from datetime import datetime

from domain.credits.credit_codes import codes_but_of, state_against_change
from domain.events import CreditRevoked
from domain.nouns.credit import CreditState, MakeUpCredit, RevocationReason
from domain.refusals import Refusal
from domain.rules import broken, codes_of, rule

_REVOCABLE = (CreditState.ACTIVE, CreditState.HELD)


@dataclass(frozen=True)
class Revocation:
    credit: MakeUpCredit
    reason: RevocationReason
    note: str


@rule("V7", *codes_but_of(_REVOCABLE))
def credit_is_unused(revocation: Revocation, now: datetime) -> Refusal | None:
    """The credit is active or held."""
    return state_against_change(revocation.credit, _REVOCABLE, "The credit cannot be taken back", now)


REVOCATION_RULES = (credit_is_unused,)
CODES = codes_of(*REVOCATION_RULES)


def decide(revocation: Revocation, now: datetime) -> CreditRevoked | tuple[Refusal, ...]:
    """Every reason against it, or what happens."""
    if reasons := broken(REVOCATION_RULES, revocation, now):
        return reasons
    return CreditRevoked(revocation.credit, revocation.reason, revocation.note)

"""Staff take an unused credit back and say why (V7). Nothing is deleted."""

from dataclasses import dataclass
from datetime import datetime

from domain.credit import CreditState, MakeUpCredit, RevocationReason
from domain.credit_codes import CODE_OF_STATE
from domain.events import CreditRevoked
from domain.refusals import FixableBy, Refusal
from domain.rules import broken, codes_of, rule

_REVOCABLE = (CreditState.ACTIVE, CreditState.HELD)


@dataclass(frozen=True)
class Revocation:
    credit: MakeUpCredit
    reason: RevocationReason
    note: str


@rule("V7", *(code for state, code in CODE_OF_STATE.items() if state not in _REVOCABLE))
def credit_is_unused(revocation: Revocation, now: datetime) -> Refusal | None:
    """The credit is active or held."""
    state = revocation.credit.state_at(now)
    if state in _REVOCABLE:
        return None
    return Refusal(
        CODE_OF_STATE[state],
        f"The credit cannot be taken back: it is {state.value.lower()}.",
        FixableBy.CLIENT if state is CreditState.USED else None,
        actual=state.value,
        required=CreditState.ACTIVE.value,
        credit_id=revocation.credit.id,
    )


REVOCATION_RULES = (credit_is_unused,)
CODES = codes_of(*REVOCATION_RULES)


def decide(revocation: Revocation, now: datetime) -> CreditRevoked | tuple[Refusal, ...]:
    """Every reason against it, or what happens."""
    if reasons := broken(REVOCATION_RULES, revocation, now):
        return reasons
    return CreditRevoked(revocation.credit, revocation.reason, revocation.note)

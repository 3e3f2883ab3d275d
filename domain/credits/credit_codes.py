"""The code of each state of a credit that can stand against an act."""

from collections.abc import Collection
from datetime import datetime

from domain.nouns.credit import CreditState, MakeUpCredit
from domain.refusals import FixableBy, Refusal, RefusalCode

CODE_OF_STATE = {
    CreditState.HELD: RefusalCode.CREDIT_HELD,
    CreditState.USED: RefusalCode.CREDIT_USED,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
    CreditState.EXPIRED: RefusalCode.CREDIT_EXPIRED,
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
}


def codes_but_of(states: Collection[CreditState]) -> tuple[RefusalCode, ...]:
    return tuple(code for state, code in CODE_OF_STATE.items() if state not in states)


def state_against_change(
    credit: MakeUpCredit, states: Collection[CreditState], said: str, now: datetime
) -> Refusal | None:
    """Against a change by staff that other states do not bear; `said`: what they are told before the state."""
    state = credit.state_at(now)
    if state in states:
        return None
    return Refusal(
        CODE_OF_STATE[state],
        f"{said}: it is {state.value.lower()}.",
        FixableBy.CLIENT if state is CreditState.USED else None,
        actual=state.value,
        required=CreditState.ACTIVE.value,
        credit_id=credit.id,
    )

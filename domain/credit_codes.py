"""The code of each state of a credit that can stand against an act."""

from domain.credit import CreditState
from domain.refusals import RefusalCode

CODE_OF_STATE = {
    CreditState.HELD: RefusalCode.CREDIT_HELD,
    CreditState.USED: RefusalCode.CREDIT_USED,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
    CreditState.EXPIRED: RefusalCode.CREDIT_EXPIRED,
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
}

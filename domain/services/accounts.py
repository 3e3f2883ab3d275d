"""Accounts: signing up."""

from dataclasses import dataclass, field

from domain.nouns.account import Account
from domain.outcome import Done
from domain.ports import Registry
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused

SIGN_UP_CODES = (RefusalCode.EMAIL_TAKEN,)


@dataclass(frozen=True)
class SignUp:
    """`email` normalised; `password_hash` already made."""

    email: str
    name: str
    password_hash: str = field(repr=False)


async def sign_up(registry: Registry, command: SignUp) -> Done | Refused:
    """Makes an account; EMAIL_TAKEN where one exists."""
    if await registry.account_with_email(command.email) is not None:
        return Refused((_email_taken(),))
    account = Account(registry.new_id(), command.email, command.name, command.password_hash, registry.now)
    await registry.add_account(account)
    return Done(account=account.id)


def _email_taken() -> Refusal:
    return Refusal(
        RefusalCode.EMAIL_TAKEN,
        "An account with this e-mail exists already; sign in instead.",
        FixableBy.CLIENT,
        path=("email",),
    )

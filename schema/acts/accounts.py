"""Signing up and in."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from email_validator import EmailNotValidError, validate_email

from domain.faults import BadUserInput, IdempotencyKeyReused, Unauthenticated
from domain.services import accounts
from persistence.idempotency import holder_with
from persistence.reads import queries
from schema.acting import INPUT, KEY, is_replay, line, mutation, register
from schema.context import Info
from schema.nouns.account import Account
from schema.refusals import Refused


@strawberry.input(description="A new account.")
class SignUpInput:
    email: str = strawberry.field(description="The e-mail that will sign in; case does not matter.")
    password: str = strawberry.field(description="From 8 to 256 characters.")
    name: str = strawberry.field(description="The holder's name, 1 to 200 characters.")
    idempotency_key: str = KEY


@strawberry.input(description="Who signs in.")
class SignInInput:
    email: str = strawberry.field(description="The account's e-mail; case does not matter.")
    password: str = strawberry.field(description="Its password.")


@strawberry.type(description="The account exists, and is signed in.")
class SignedUp:
    account: Account = strawberry.field(description="The new account.")
    access_token: str = strawberry.field(description="Send it as `Authorization: Bearer <access token>`.")
    access_token_expires_at: datetime = strawberry.field(
        description="From when the token is refused, by the real clock. Sign in again before."
    )


@strawberry.type(description="The account is signed in.")
class SignedIn:
    account: Account = strawberry.field(description="The account.")
    access_token: str = strawberry.field(description="Send it as `Authorization: Bearer <access token>`.")
    access_token_expires_at: datetime = strawberry.field(
        description="From when the token is refused, by the real clock. Sign in again before."
    )


SignUpResult = Annotated[
    SignedUp | Refused, strawberry.union("SignUpResult", description="An account, or why there is none.")
]
SignInResult = Annotated[
    SignedIn | Refused,
    strawberry.union("SignInResult", description="A token. A wrong e-mail or password is the fault `UNAUTHENTICATED`."),
]


@strawberry.type
class AccountMutations:
    @mutation("Makes an account and signs it in.", accounts.SIGN_UP_CODES)
    async def sign_up(self, info: Info, input: Annotated[SignUpInput, INPUT]) -> SignUpResult | None:
        email, passwords = normalised_email(input.email), info.context.passwords
        name = line(input.name, "name")
        command = accounts.SignUp(email, name, await passwords.hash(input.password))
        outcome = await register(
            info, input, lambda registry: accounts.sign_up(registry, command), holder_id=holder_with(email)
        )
        if isinstance(outcome, Refused):
            return outcome
        async with info.context.database.reading() as connection:
            account = await queries.account(connection, outcome.account or holder_with(email))
        if account is None:
            raise Unauthenticated("The account has been deleted meanwhile; sign up anew.")
        # The password is part of the input, but kept in no other form than this hash.
        if is_replay(info) and not await passwords.verify(input.password, account.password_hash):
            raise IdempotencyKeyReused("This idempotency key was used before with another input.")
        token = info.context.tokens.issue(account.id, datetime.now(UTC))
        return SignedUp(account=Account.of(account), access_token=token.text, access_token_expires_at=token.expires_at)

    @mutation("Signs in to an account that exists.")
    async def sign_in(self, info: Info, input: Annotated[SignInInput, INPUT]) -> SignInResult | None:
        async with info.context.database.reading() as connection:
            account = await queries.account_with_email(connection, normalised_email(input.email))
        known = await info.context.passwords.verify(input.password, account and account.password_hash)
        if account is None or not known:
            raise Unauthenticated("The e-mail or the password is wrong.")
        token = info.context.tokens.issue(account.id, datetime.now(UTC))
        return SignedIn(account=Account.of(account), access_token=token.text, access_token_expires_at=token.expires_at)


def normalised_email(email: str, *path: str) -> str:
    """The one form in which an e-mail is kept and compared; `BadUserInput` where it is none."""
    try:
        return validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadUserInput(f"This is not an e-mail address: {error}", *(path or ("email",))) from None

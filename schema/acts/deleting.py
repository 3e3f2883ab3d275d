"""Deleting an account."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.faults import Unauthenticated
from domain.managing import erasing
from persistence.erasing import delete_account
from persistence.reads import queries
from schema.acting import INPUT, KEY, key_of, mutation, outcome_of
from schema.context import Info
from schema.refusals import Refused


@strawberry.input(description="That the account is to be deleted, and that it is its holder who says so.")
class DeleteAccountInput:
    password: str = strawberry.field(description="The account's password.")
    idempotency_key: str = KEY


@strawberry.type(
    description="The account is deleted. Every token of it is refused from now on, and its e-mail is free for another."
)
class AccountDeleted:
    deleted_at: datetime = strawberry.field(description="When it was deleted.")


DeleteAccountResult = Annotated[
    AccountDeleted | Refused,
    strawberry.union("DeleteAccountResult", description="That the account is deleted, or why it is not."),
]


@strawberry.type
class DeletingMutations:
    @mutation(
        "Deletes the viewer's account for good. At every studio its clients leave all waiting lists, their enrolments"
        " end, their seats in sessions to come are given up as `cancelBooking` does it, in time or late, but for those"
        " that a studio does not let clients give up any more, and their unspent credits are revoked. Its roles on"
        " staffs end, and so do open invitations to its e-mail. Then every name, e-mail and word that was written about"
        " its holder is taken away. What happened stays, with nobody's name to it. `Viewer.accountDeletionPreview`"
        " tells it beforehand. Sessions that they were to teach name somebody of the former staff. It is done studio by"
        " studio: broken off, or answered with a fault, the account is still there and what it has given up stays given"
        " up; sent again, it goes on. A wrong password is the fault `UNAUTHENTICATED` with the input `password`, and"
        " then nothing is given up.",
        erasing.DELETE_CODES,
    )
    async def delete_account(
        self, info: Info, input: Annotated[DeleteAccountInput, INPUT]
    ) -> DeleteAccountResult | None:
        context = info.context
        account_id = context.signed_in()
        key = key_of(info, input)
        async with context.database.reading() as connection:
            account = await queries.account(connection, account_id)
        # One that is deleted has no password any more; it is answered only what it was answered before.
        if account is not None and not await context.passwords.verify(input.password, account.password_hash):
            raise Unauthenticated("The password is wrong.", "password")
        answer = await delete_account(context.database, account_id, context.now, key, context.travelling)
        outcome = outcome_of(info, answer, None)
        if isinstance(outcome, Refused):
            return outcome
        async with context.database.reading() as connection:
            deleted_at = await queries.deleted_at(connection, account_id)
        assert deleted_at is not None, "it was deleted just now, or by the act that this one replays"
        return AccountDeleted(deleted_at=deleted_at)

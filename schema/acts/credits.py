"""Granting credits."""

from datetime import date
from typing import Annotated

import strawberry

from domain.faults import BadUserInput
from domain.issuing import granting
from domain.nouns.credit import GrantReason
from domain.services import credits
from schema.acting import INPUT, KEY, mutation, number, perform, price, text
from schema.context import Info
from schema.ids import Kind, expect
from schema.nouns.client import Client
from schema.nouns.credit import MakeUpCredit
from schema.refusals import Refused
from schema.sight import all_seen, seen


@strawberry.input(one_of=True, description="How long the granted credits live. Left out: as the studio's credits do.")
class GrantValidityInput:
    studio_validity: bool | None = strawberry.field(
        default=strawberry.UNSET, description="True: as long as the studio's credits, counted from the grant."
    )
    expires_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="The last local date on which they can be spent: today or later."
    )
    never: bool | None = strawberry.field(default=strawberry.UNSET, description="True: they never expire.")

    def validity(self) -> granting.GrantValidity:
        if isinstance(self.expires_on, date):
            return granting.ThroughDate(self.expires_on)
        if self.never is True:
            return granting.NoExpiry()
        if self.studio_validity is True:
            return granting.StudioValidity()
        raise BadUserInput("Give a date, or one of the others as true.", "validity")


@strawberry.input(description="Credits by hand.")
class GrantMakeUpInput:
    client_id: strawberry.ID = strawberry.field(description="The client; also a guest without an account.")
    count: int = strawberry.field(default=1, description=f"How many credits, 1 to {granting.MOST_AT_ONCE}.")
    reason: GrantReason = strawberry.field(description="Why.")
    note: str = strawberry.field(default="", description=f"For the staff, at most {granting.LONGEST_NOTE} characters.")
    validity: GrantValidityInput | None = strawberry.field(default=None, description="How long they live.")
    worth: int | None = strawberry.field(
        default=None,
        description="What each is worth, in the currency's minor unit: for the reports, and for the studio's"
        " `priceGuard`. Left out, they book at any price.",
    )
    idempotency_key: str = KEY


@strawberry.type(description="The client has the credits.")
class MakeUpGranted:
    client: Client = strawberry.field(description="The client.")
    credits: list[MakeUpCredit] = strawberry.field(description="The new credits.")


GrantMakeUpResult = Annotated[
    MakeUpGranted | Refused, strawberry.union("GrantMakeUpResult", description="Credits, or every reason why not.")
]


@strawberry.type
class CreditMutations:
    @mutation("Grants make-up credits by hand. By the studio's owner and managers.", granting.CODES)
    async def grant_make_up(self, info: Info, input: Annotated[GrantMakeUpInput, INPUT]) -> GrantMakeUpResult | None:
        client = expect(Kind.CLIENT, input.client_id, "clientId")
        command = credits.GrantMakeUp(
            client_id=client.key,
            count=number(input.count, "count", least=1, most=granting.MOST_AT_ONCE),
            reason=input.reason,
            note=text(input.note, "note", most=granting.LONGEST_NOTE),
            validity=granting.StudioValidity() if input.validity is None else input.validity.validity(),
            worth=price(input.worth, "worth"),
        )
        outcome = await perform(info, client.studio_id, input, lambda work: credits.grant_make_up(work, command))
        if isinstance(outcome, Refused):
            return outcome
        granted = await all_seen(info, MakeUpCredit, Kind.CREDIT, client.studio_id, outcome.credits)
        return MakeUpGranted(
            client=await seen(info, Client, Kind.CLIENT, client.studio_id, outcome.client), credits=granted
        )

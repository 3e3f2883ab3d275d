"""Giving credits another end, and taking them back: one or many at once."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from domain.credits import choosing
from domain.faults import BadUserInput
from domain.issuing import granting
from domain.managing import extending, revoking
from domain.nouns.credit import RevocationReason
from domain.outcome import Done
from domain.services import credits
from schema.acting import INPUT, KEY, mutation, number, perform, text
from schema.context import Info
from schema.filters import CreditFilter
from schema.ids import Kind, expect, expect_in
from schema.nouns.credit import MakeUpCredit
from schema.refusals import Refusal, Refused
from schema.sight import all_seen

_MOST = choosing.MOST_AT_ONCE
_NOTE = f"For the staff, at most {granting.LONGEST_NOTE} characters."


@strawberry.input(one_of=True, description=f"One credit or many, at most {_MOST} at once.")
class ChosenCreditsInput:
    ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description=f"These credits, 1 to {_MOST}; one that is named twice counts once."
    )
    filter: CreditFilter | None = strawberry.field(
        default=strawberry.UNSET,
        description="All that `Studio.makeUpCredits` lists for the same filter; `{}` is every credit of the studio."
        f" More than {_MOST} are bad input: then"
        " list them first, and name them by their ids.",
    )

    def chosen(self, studio_id: int) -> choosing.ChosenCredits:
        if isinstance(self.filter, CreditFilter):
            return self.filter.wanted(studio_id, "credits", "filter")
        named = self.ids or []
        number(len(named), "credits", "ids", least=1, most=_MOST)
        keys = [expect_in(studio_id, Kind.CREDIT, each, "credits", "ids") for each in named]
        return choosing.ById(tuple(dict.fromkeys(keys)))


@strawberry.input(one_of=True, description="When the credits are to end: in the future, be it sooner or later.")
class NewExpiryInput:
    expires_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="The last local date on which they can be spent: today or later."
    )
    add_days: int | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"How many days after its present last local date each ends, 1 to {extending.MOST_DAYS}, always at"
        " the midnight that ends the new one. One that has expired counts from its old date too, one that is held from"
        " its own (`ownExpiresOn`), and one that never expires still never does.",
    )
    never: bool | None = strawberry.field(default=strawberry.UNSET, description="True: they never expire.")

    def expiry(self) -> extending.NewExpiry:
        if isinstance(self.expires_on, date):
            return granting.ThroughDate(self.expires_on)
        if isinstance(self.add_days, int):
            return extending.MoreDays(number(self.add_days, "expiry", "addDays", least=1, most=extending.MOST_DAYS))
        if self.never is True:
            return granting.NoExpiry()
        raise BadUserInput("Give a date, a number of days, or `never: true`.", "expiry")


@strawberry.input(description="Which credits, and when they are to end.")
class ExtendMakeUpsInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio that the credits are of.")
    credits: ChosenCreditsInput = strawberry.field(description="Which credits.")
    expiry: NewExpiryInput = strawberry.field(description="When they are to end.")
    note: str = strawberry.field(default="", description=_NOTE)
    idempotency_key: str = KEY


@strawberry.input(description="Which credits, and why they are taken back.")
class RevokeMakeUpsInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio that the credits are of.")
    credits: ChosenCreditsInput = strawberry.field(description="Which credits.")
    reason: RevocationReason = strawberry.field(description="Why; their clients can read it.")
    note: str = strawberry.field(default="", description=_NOTE)
    idempotency_key: str = KEY


@strawberry.type(description="What became of one credit.")
class CreditChange:
    credit: MakeUpCredit = strawberry.field(description="The credit as it is now.")
    changed: bool = strawberry.field(
        description="Whether the act changed it; false where a rule says no, and where all was so already."
    )
    refusals: list[Refusal] = strawberry.field(description="Every rule that says no; empty where none does.")


@strawberry.type(description="What became of each credit, in the order named, or of a filter's from the oldest.")
class MakeUpsExtended:
    changed_count: int = strawberry.field(description="How many credits have another end now.")
    results: list[CreditChange] = strawberry.field(description="Each credit that was meant.")


@strawberry.type(description="What became of each credit, in the order named, or of a filter's from the oldest.")
class MakeUpsRevoked:
    changed_count: int = strawberry.field(description="How many credits were taken back.")
    results: list[CreditChange] = strawberry.field(description="Each credit that was meant.")


ExtendMakeUpsResult = Annotated[
    MakeUpsExtended | Refused,
    strawberry.union("ExtendMakeUpsResult", description="What became of each credit, or why none was changed."),
]
RevokeMakeUpsResult = Annotated[
    MakeUpsRevoked | Refused,
    strawberry.union("RevokeMakeUpsResult", description="What became of each credit, or why none was taken back."),
]


@strawberry.type
class CreditChangeMutations:
    @mutation(
        "Gives credits another end: later, sooner, or none. Those that have expired can be spent again; those that are"
        " held go on waiting, and it is their own end (`ownExpiresAt`) that moves. Each is decided by itself; refused"
        " only where a rule says no to every one. By the studio's owner and managers.",
        extending.CODES,
    )
    async def extend_make_ups(
        self, info: Info, input: Annotated[ExtendMakeUpsInput, INPUT]
    ) -> ExtendMakeUpsResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = credits.ExtendMakeUps(
            input.credits.chosen(studio_id), input.expiry.expiry(), text(input.note, "note", most=granting.LONGEST_NOTE)
        )
        outcome = await perform(info, studio_id, input, lambda work: credits.extend_make_ups(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return MakeUpsExtended(changed_count=len(outcome.changed), results=await _changes(info, studio_id, outcome))

    @mutation(
        "Takes unused credits back. Nothing is deleted, and their clients can read why. Those that are held leave the"
        " waiting lists that they wait on. Each is decided by itself; refused only where a rule says no to every one."
        " By the studio's owner and managers.",
        revoking.CODES,
    )
    async def revoke_make_ups(
        self, info: Info, input: Annotated[RevokeMakeUpsInput, INPUT]
    ) -> RevokeMakeUpsResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = credits.RevokeMakeUps(
            input.credits.chosen(studio_id), input.reason, text(input.note, "note", most=granting.LONGEST_NOTE)
        )
        outcome = await perform(info, studio_id, input, lambda work: credits.revoke_make_ups(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return MakeUpsRevoked(changed_count=len(outcome.changed), results=await _changes(info, studio_id, outcome))


async def _changes(info: Info, studio_id: int, done: Done) -> list[CreditChange]:
    reasons: dict[UUID | None, list[Refusal]] = {}
    for reason in done.against:
        reasons.setdefault(reason.credit_id, []).append(Refusal.of(reason, studio_id))
    credits = await all_seen(info, MakeUpCredit, Kind.CREDIT, studio_id, done.credits)
    changed = frozenset(done.changed)
    return [
        CreditChange(credit=each, changed=each.row.id in changed, refusals=reasons.get(each.row.id, []))
        for each in credits
    ]

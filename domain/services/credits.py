"""Make-up credits that staff give, give another end, and take back."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.authority import require_client, require_manager
from domain.credits.choosing import ChosenCredits
from domain.events import CreditExtended, CreditIssued, CreditRevoked
from domain.issuing import granting
from domain.issuing.granting import Grant, GrantValidity
from domain.managing import extending, revoking
from domain.managing.extending import Extension, NewExpiry
from domain.managing.revoking import Revocation
from domain.nouns.credit import CreditState, GrantReason, RevocationReason
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refusal, Refused
from domain.waiting import giving_up
from domain.waiting.queueing import Place


@dataclass(frozen=True)
class GrantMakeUp:
    """`count` from 1 to `granting.MOST_AT_ONCE`; `worth` in minor units."""

    client_id: UUID
    count: int
    reason: GrantReason
    note: str
    validity: GrantValidity
    worth: int | None


async def grant_make_up(work: Work, command: GrantMakeUp) -> Done | Refused:
    """E8: by staff, to any client of their studio, guests included (E12)."""
    authority = await work.authority()
    require_client(authority, (await work.client(command.client_id)).id, "clientId")
    require_manager(authority)
    studio, client = await work.studio(), await work.locked_client(command.client_id)
    grant = Grant(studio, client, command.reason, command.note, command.validity, command.worth)
    credit_ids = tuple(work.new_id() for _ in range(command.count))
    decision = granting.decide(grant, credit_ids, work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*(CreditIssued(credit) for credit in decision))
    return Done(studio_id=work.studio_id, client=client.id, credits=credit_ids)


@dataclass(frozen=True)
class ExtendMakeUps:
    """At most `choosing.MOST_AT_ONCE` credits."""

    chosen: ChosenCredits
    expiry: NewExpiry
    note: str


async def extend_make_ups(work: Work, command: ExtendMakeUps) -> Done | Refused:
    """V6: by staff; each credit by itself, those that time has expired too."""
    require_manager(await work.authority())
    zone = (await work.studio()).zone
    credits = await work.locked_chosen_credits(command.chosen)
    extensions = (Extension(credit, command.expiry, zone, command.note) for credit in credits)
    return await _change_each(work, {each.credit.id: extending.decide(each, work.now) for each in extensions})


@dataclass(frozen=True)
class RevokeMakeUps:
    """At most `choosing.MOST_AT_ONCE` credits."""

    chosen: ChosenCredits
    reason: RevocationReason
    note: str


async def revoke_make_ups(work: Work, command: RevokeMakeUps) -> Done | Refused:
    """V7: by staff; each credit by itself, and with it the places on waiting lists that it held."""
    require_manager(await work.authority())
    credits = await work.locked_chosen_credits(command.chosen)
    places = await work.places_of([credit.id for credit in credits if credit.state is CreditState.HELD])
    revocations = (Revocation(credit, command.reason, command.note) for credit in credits)
    return await _change_each(work, {each.credit.id: revoking.decide(each, work.now) for each in revocations}, places)


Decision = CreditExtended | CreditRevoked | tuple[Refusal, ...]
"""Of one credit: what happens, or the reasons against it; none of them where all is so already."""


async def _change_each(
    work: Work, decisions: Mapping[UUID, Decision], places: Mapping[UUID, tuple[Place, ...]] | None = None
) -> Done | Refused:
    """What can be changed is changed; refused where there is a reason against every one.

    `places`: those on waiting lists that are given up with a credit.
    """
    events = {key: decision for key, decision in decisions.items() if not isinstance(decision, tuple)}
    against = {key: decision for key, decision in decisions.items() if isinstance(decision, tuple)}
    reasons = tuple(reason for each in against.values() for reason in each)
    if against and not events and all(against.values()):
        return Refused(reasons)
    given_up_with = (giving_up.given_up((places or {}).get(key, ())) for key in events)
    await work.record(*events.values(), *(event for each in given_up_with for event in each))
    return Done(studio_id=work.studio_id, credits=tuple(decisions), changed=tuple(events), against=reasons)

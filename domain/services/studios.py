"""Studios: founding and changing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.archive import archived_from
from domain.authority import require_owner
from domain.events import StudioChanged
from domain.managing.changing import STUDIO_RULES, StudioChange
from domain.nouns.policy import UNDECIDED
from domain.nouns.studio import Role, Staff, Studio
from domain.outcome import Done
from domain.ports import Registry, Work
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken

SLUG_TAKEN = Refusal(RefusalCode.SLUG_TAKEN, "Another studio has this slug.", FixableBy.STAFF, path=("slug",))
CREATE_CODES = (SLUG_TAKEN.code,)
_ID_GIVEN_BY_THE_DATABASE = 0


@dataclass(frozen=True)
class CreateStudio:
    """`owner_name` is how the founder is shown on the schedule; None: by the account's name."""

    account_id: UUID
    owner_name: str | None
    slug: str
    name: str
    time_zone: str
    currency: str


async def create_studio(registry: Registry, command: CreateStudio) -> Done | Refused:
    """Any signed-in account founds a studio and becomes its owner; SLUG_TAKEN where the slug is in use."""
    account = await registry.account(command.account_id)
    if await registry.slug_taken(command.slug):
        return Refused((SLUG_TAKEN,))
    owner_name = command.owner_name or account.name
    studio = Studio(
        id=_ID_GIVEN_BY_THE_DATABASE,
        slug=command.slug,
        name=command.name,
        time_zone=command.time_zone,
        currency=command.currency,
        choices=UNDECIDED,
        archived_at=None,
        created_at=registry.now,
        changed_at=registry.now,
    )
    owner = Staff(
        studio_id=_ID_GIVEN_BY_THE_DATABASE,
        id=registry.new_id(),
        account_id=command.account_id,
        role=Role.OWNER,
        display_name=owner_name,
        created_at=registry.now,
        changed_at=registry.now,
    )
    founded = await registry.found_studio(studio, owner)
    return Done(studio_id=founded.id)


@dataclass(frozen=True)
class UpdateStudio:
    """`changes` by the names of the studio's fields; never its currency. `archived` None: as it is."""

    changes: Mapping[str, Any]
    archived: bool | None = None


async def update_studio(work: Work, command: UpdateStudio) -> Done | Refused:
    """A1: by the owner. The slug that it had is free from then on."""
    require_owner(await work.authority())
    studio = await work.locked_studio()
    require_owner(await work.authority())
    archived_at = archived_from(studio.archived_at, command.archived, work.now)
    after = replace(studio, **command.changes, archived_at=archived_at)
    empty = after.time_zone != studio.time_zone and await work.studio_is_empty()
    reasons = broken(STUDIO_RULES, StudioChange(studio, after, empty), work.now)
    if after.slug != studio.slug and await work.slug_taken(after.slug):
        reasons = (SLUG_TAKEN, *reasons)
    if reasons:
        return Refused(reasons)
    if after != studio:
        await work.record(StudioChanged(studio, after))
    return Done(studio_id=work.studio_id)

"""Founding a studio, and changing it."""

import re
from functools import cache
from importlib.resources import files
from typing import Annotated

import strawberry

from domain.faults import BadUserInput
from domain.managing import changing
from domain.services import studios
from schema.acting import INPUT, KEY, line, mutation, perform, register
from schema.changes import ARCHIVED, LEFT_OUT, archived, changes, field, never_null
from schema.context import Info
from schema.currencies import CURRENCIES
from schema.ids import Kind, expect
from schema.nouns.studio import Studio, studio_of
from schema.refusals import Refused

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,58}[a-z0-9])", re.ASCII)


@cache
def _time_zones() -> frozenset[str]:
    """The names of the locked time zone data: this machine's own list may have some that mean nothing elsewhere."""
    names = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(names) - {"Factory"}


def _slug(given: str) -> str:
    if _SLUG.fullmatch(given) is None:
        raise BadUserInput("A slug has 3 to 60 of a–z, 0–9 and inner hyphens.", "slug")
    return given


def _time_zone(given: str) -> str:
    if given not in _time_zones():
        raise BadUserInput("This is not the IANA name of a time zone.", "timeZone")
    return given


@strawberry.input(description="A new studio.")
class CreateStudioInput:
    slug: str = strawberry.field(description="Its short name in addresses: 3 to 60 of a–z, 0–9 and inner hyphens.")
    name: str = strawberry.field(description="Its name, 1 to 200 characters.")
    time_zone: str = strawberry.field(description="IANA name, such as `Europe/Prague`.")
    currency: str = strawberry.field(description="ISO 4217 code, such as `CZK`.")
    owner_name: str | None = strawberry.field(
        default=None, description="How the owner is shown on the schedule; the account's name."
    )
    idempotency_key: str = KEY


@strawberry.input(description="What changes of a studio; its currency never does." + LEFT_OUT)
class UpdateStudioInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    slug: str | None = field(
        "Its short name in addresses: 3 to 60 of a–z, 0–9 and inner hyphens. The one that it had is free from then on."
    )
    name: str | None = field("Its name, 1 to 200 characters.")
    time_zone: str | None = field(
        "IANA name, such as `Europe/Prague`. Dates and deadlines are reckoned in it, so that it changes only while the"
        " studio has neither sessions nor clients."
    )
    archived: bool | None = ARCHIVED
    idempotency_key: str = KEY

    def command(self) -> studios.UpdateStudio:
        given = changes(
            self,
            slug=lambda slug: _slug(never_null(slug, "slug")),
            name=lambda name: line(never_null(name, "name"), "name"),
            time_zone=lambda zone: _time_zone(never_null(zone, "timeZone")),
        )
        return studios.UpdateStudio(given, archived(self))


@strawberry.type(description="The studio exists; the viewer is its owner.")
class StudioCreated:
    studio: Studio = strawberry.field(description="The new studio.")


@strawberry.type(description="The studio is as asked for.")
class StudioUpdated:
    studio: Studio = strawberry.field(description="The studio.")


CreateStudioResult = Annotated[
    StudioCreated | Refused, strawberry.union("CreateStudioResult", description="A studio, or why there is none.")
]
UpdateStudioResult = Annotated[
    StudioUpdated | Refused, strawberry.union("UpdateStudioResult", description="The studio, or why nothing changed.")
]


@strawberry.type
class StudioMutations:
    @mutation("Founds a studio. Any signed-in account may, and becomes its owner.", studios.CREATE_CODES)
    async def create_studio(self, info: Info, input: Annotated[CreateStudioInput, INPUT]) -> CreateStudioResult | None:
        slug, time_zone = _slug(input.slug), _time_zone(input.time_zone)
        if input.currency not in CURRENCIES:
            raise BadUserInput("This is not the ISO 4217 code of a currency.", "currency")
        name = line(input.name, "name")
        owner_name = None if input.owner_name is None else line(input.owner_name, "ownerName")
        account_id = info.context.signed_in()
        command = studios.CreateStudio(account_id, owner_name, slug, name, time_zone, input.currency)
        outcome = await register(info, input, lambda work: studios.create_studio(work, command), holder_id=account_id)
        if isinstance(outcome, Refused):
            return outcome
        return StudioCreated(studio=Studio.of(await studio_of(info, outcome.studio_id or 0)))

    @mutation("Changes the studio, archives it or brings it back. By its owner.", changing.STUDIO_CODES)
    async def update_studio(self, info: Info, input: Annotated[UpdateStudioInput, INPUT]) -> UpdateStudioResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = input.command()
        outcome = await perform(info, studio_id, input, lambda work: studios.update_studio(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return StudioUpdated(studio=Studio.of(await studio_of(info, studio_id)))

"""The preview of deleting an account (A4): what `deleteAccount` would take."""

import asyncio
from dataclasses import replace

import strawberry

from domain.cancellation import cancelling
from domain.managing.erasing import last_owner_of
from domain.nouns import account as domain
from persistence.reads import remains
from persistence.reads.keys import Key, by_studio
from schema.context import Info
from schema.nouns.booking import Booking
from schema.nouns.studio import Studio, studio_of
from schema.refusals import Refusal


@strawberry.type(description="What would become of what the viewer has at one studio.")
class AccountDeletionAtStudio:
    studio: Studio = strawberry.field(description="The studio.")
    leaves_staff: bool = strawberry.field(description="Whether the viewer has a role there, which would end.")
    clients: int = strawberry.field(description="How many clients would become nobody's.")
    waitlist_entries: int = strawberry.field(
        description="How many sessions would be waited for no more, for all clients together."
    )
    enrolments: int = strawberry.field(description="How many enrolments would end, with their seats to come.")
    bookings: int = strawberry.field(
        description="How many bookings of sessions to come would be given up, those of the enrolments among them."
    )
    bookings_that_stay: int = strawberry.field(
        description="How many bookings would stay, as the studio does not let clients give them up any more."
    )
    make_up_credits: int = strawberry.field(
        description="How many credits that are not spent would be lost. What giving up the seats brings is lost, too."
    )


@strawberry.type(description="What deleting the account would take at this moment.")
class AccountDeletionPreview:
    refusals: list[Refusal] = strawberry.field(
        description="Why it cannot be deleted now; empty where it can. `actual` is the slug of the studio meant."
    )
    studios: list[AccountDeletionAtStudio] = strawberry.field(
        description="Each studio where the viewer is on the staff or manages a client, the oldest first."
    )


async def deletion_preview(info: Info, account: domain.Account) -> AccountDeletionPreview:
    now = info.context.now
    async with info.context.database.reading() as connection:
        alone = await remains.owned_alone(connection, account.id)
        belongings = await remains.belongings_of(connection, account.id, account.email)
        found = await remains.of_clients(connection, belongings.clients, now)
    roles = {studio_id: (await info.context.authority(studio_id)).role for studio_id, _ in belongings.staff}
    on_staff = {studio_id for studio_id, role in roles.items() if role is not None}
    clients = by_studio(belongings.clients)

    async def at(studio_id: int) -> AccountDeletionAtStudio:
        of_studio = [found[studio_id, key] for key in clients.get(studio_id, ())]
        seats = [(studio_id, key) for each in of_studio for key in each.bookings]
        stays = await asyncio.gather(*(_stays(info, key) for key in seats))
        return AccountDeletionAtStudio(
            studio=Studio.of(await studio_of(info, studio_id)),
            leaves_staff=studio_id in on_staff,
            clients=len(of_studio),
            waitlist_entries=sum(len(each.entries) for each in of_studio),
            enrolments=sum(len(each.enrolments) for each in of_studio),
            bookings=stays.count(False),
            bookings_that_stay=stays.count(True),
            make_up_credits=sum(len(each.credits) for each in of_studio),
        )

    return AccountDeletionPreview(
        refusals=[Refusal.of(last_owner_of(studio), None) for studio in alone],
        studios=list(await asyncio.gather(*map(at, sorted(on_staff | clients.keys())))),
    )


async def _stays(info: Info, key: Key) -> bool:
    """Whether a rule keeps it; nothing keeps what ends with its enrolment."""
    booking = await info.context.load.booking.load(key)
    if booking is None or booking.enrolment_id is not None:
        return False
    cancellation = await Booking.of(booking).as_cancellation(info)
    return bool(cancelling.why_not(replace(cancellation, by_staff=False), info.context.now))

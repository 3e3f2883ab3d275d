"""The preview of an absence (C7): the decision of `cancelBookings`, not acted on."""

import asyncio
from datetime import date

import strawberry

from domain.cancellation import absence
from domain.cancellation.absence import Absence
from domain.dates import Dates
from domain.nouns import client as domain
from domain.nouns.booking import CancellationOutcome
from persistence.reads import listings
from persistence.reads.pages import Window
from schema.context import Info
from schema.nouns.booking import Booking
from schema.nouns.cancellation_preview import CancellationPreview
from schema.nouns.studio import studio_of


@strawberry.type(
    description="What would become of one seat. Pass `outcome` and `expiresOn` of each on as"
    " `cancelBookings(input: {expect})`: if anything has changed until then, nothing is done."
)
class AbsencePart:
    booking: Booking = strawberry.field(description="Whose seat it is, and where.")
    outcome: CancellationOutcome | None = strawberry.field(
        description="What giving it up would bring; null where the viewer cannot, and it stays."
    )
    expires_on: date | None = strawberry.field(
        description="The last local date on which that credit could be spent; null for never or no credit."
    )
    preview: CancellationPreview = strawberry.field(
        description="The same at length, with what stands against it where it stays. It counts the credits that the"
        " seats before it earn, so it can differ from the booking's own `cancellationPreview`, where the studio limits"
        " how many are earned."
    )

    @classmethod
    def of(cls, part: absence.Part, preview: CancellationPreview) -> "AbsencePart":
        verdict = None if part.given_up is None else part.given_up.verdict
        expiry = None if verdict is None else verdict.expiry
        return cls(
            booking=Booking.of(part.cancellation.booking),
            outcome=verdict and verdict.outcome,
            expires_on=expiry and expiry.on,
            preview=preview,
        )


@strawberry.type(description="What giving up all of a client's seats between two dates would bring at this moment.")
class AbsencePreview:
    parts: list[AbsencePart] = strawberry.field(description="Each seat, by the start of its session.")
    credits_earned: int = strawberry.field(description="How many credits would be earned.")
    credits_returned: int = strawberry.field(description="How many credits would come back.")


async def absence_preview(info: Info, client: domain.Client, dates: Dates) -> AbsencePreview:
    """Of a client whom the viewer may see; `BadUserInput` for too many seats."""
    now, zone = info.context.now, (await studio_of(info, client.studio_id)).zone
    listing = listings.bookings_given_up((client.studio_id, client.id), dates, zone, now)
    async with info.context.database.reading() as connection:
        page = await listing.page(connection, Window(absence.MOST_AT_ONCE))
    if page.has_next:
        raise absence.too_many()
    seats = [Booking.of(row) for row in page.items]
    cancellations = await asyncio.gather(*(seat.as_cancellation(info) for seat in seats))
    parts = absence.preview(Absence(dates, tuple(cancellations)), now)
    outcomes = [part.given_up and part.given_up.verdict.outcome for part in parts]
    return AbsencePreview(
        parts=[AbsencePart.of(part, CancellationPreview.of(part.cancellation, now)) for part in parts],
        credits_earned=outcomes.count(CancellationOutcome.CREDIT),
        credits_returned=outcomes.count(CancellationOutcome.CREDIT_RETURNED),
    )

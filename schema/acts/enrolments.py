"""Ending an enrolment."""

from typing import Annotated

import strawberry

from domain.services import enrolments
from schema.acting import INPUT, KEY, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect
from schema.nouns.booking import Booking, Enrolment
from schema.nouns.credit import MakeUpCredit
from schema.refusals import Refused
from schema.sight import all_seen, seen


@strawberry.input(description="The place in a course that is given up.")
class EndEnrolmentInput:
    enrolment_id: strawberry.ID = strawberry.field(description="The enrolment.")
    idempotency_key: str = KEY


@strawberry.type(description="The enrolment is over. Ending it twice gets the same answer and changes nothing.")
class EnrolmentEnded:
    enrolment: Enrolment = strawberry.field(description="The enrolment.")
    bookings: list[Booking] = strawberry.field(
        description="Its bookings that ended with it: those of sessions that had not started."
    )
    credits: list[MakeUpCredit] = strawberry.field(
        description="The credits that it had earned and that are revoked, where the studio revokes what is not spent."
    )


EndEnrolmentResult = Annotated[
    EnrolmentEnded | Refused,
    strawberry.union("EndEnrolmentResult", description="What ended, or why nothing did."),
]


@strawberry.type
class EnrolmentMutations:
    @mutation(
        "Ends a client's place in a course. Its seats to come go first to those who wait for one, and earn nothing:"
        " what is paid back is between studio and client. Credits that it has earned stay, or those not spent are"
        " revoked, as the studio's policy says; one that is revoked gives up its places on waiting lists. By the"
        " studio's owner and managers."
    )
    async def end_enrolment(self, info: Info, input: Annotated[EndEnrolmentInput, INPUT]) -> EndEnrolmentResult | None:
        enrolment = expect(Kind.ENROLMENT, input.enrolment_id, "enrolmentId")
        studio_id, command = enrolment.studio_id, enrolments.EndEnrolment(enrolment.key)
        outcome = await perform(info, studio_id, input, lambda work: enrolments.end_enrolment(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return EnrolmentEnded(
            enrolment=await seen(info, Enrolment, Kind.ENROLMENT, studio_id, outcome.enrolment),
            bookings=await all_seen(info, Booking, Kind.BOOKING, studio_id, outcome.bookings),
            credits=await all_seen(info, MakeUpCredit, Kind.CREDIT, studio_id, outcome.credits),
        )

"""The preview of an undo: the decision of `undoCancellation`, not acted on."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain.cancellation import undoing
from domain.cancellation.undoing import Undoing, within_reach
from domain.issuing.earning import Missed
from domain.nouns import booking as domain
from domain.nouns import credit as domain_credit
from domain.nouns.booking import PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from schema.context import Info
from schema.nouns.client import siblings_of
from schema.nouns.session import scheduled
from schema.queues import ahead_of
from schema.refusals import Refusal

if TYPE_CHECKING:
    from schema.nouns.booking import Booking
    from schema.nouns.credit import MakeUpCredit

SwapBack = Annotated[
    bool,
    strawberry.argument(
        description="Whether to give up the booking that the credit has paid, where that is still in time."
    ),
]


@strawberry.type(
    description="What undoing the cancellation would bring at this moment: the seat again, and the credit back where it"
    " was before."
)
class UndoPreview:
    refusals: list[Refusal] = strawberry.field(
        description="Why `undoCancellation` would be refused now; empty where it would not."
    )
    credit_taken_back: Annotated["MakeUpCredit", lazy("schema.nouns.credit")] | None = strawberry.field(
        description="The credit that the cancellation earned and that the undo would take back; null where it earned"
        " none, and where the credit is spent and stays so."
    )
    gives_up: Annotated["Booking", lazy("schema.nouns.booking")] | None = strawberry.field(
        description="The booking that was made with the credit and that `swapBack` gives up, for an app to ask for"
        " first; null where there is none, and where it can no longer be given up in time."
    )


async def undo_preview(info: Info, row: domain.Booking, swap_back: bool) -> UndoPreview:
    """C5: of a booking that is cancelled."""
    from schema.nouns.booking import Booking
    from schema.nouns.credit import MakeUpCredit

    now, of = info.context.now, await _undoing(info, row, swap_back)
    taken_back, given_up = undoing.taken_back(of, now), undoing.can_be_given_up(of, now)
    return UndoPreview(
        refusals=[Refusal.of(reason, row.studio_id) for reason in undoing.why_not(of, now)],
        credit_taken_back=None if taken_back is None or of.credit is None else MakeUpCredit.of(of.credit),
        gives_up=None if given_up is None else Booking.of(given_up.booking),
    )


async def _undoing(info: Info, row: domain.Booking, swap_back: bool) -> Undoing:
    load, studio_id = info.context.load, row.studio_id
    session = await load.session.load((studio_id, row.session_id))
    client = await load.client.load((studio_id, row.client_id))
    assert session is not None, "a foreign key holds this"
    assert client is not None, "a foreign key holds this"
    enrolment = None if row.enrolment_id is None else await load.enrolment.load((studio_id, row.enrolment_id))
    credit = await _brought(info, row)
    target = await scheduled(info, session)
    of = Undoing(
        target=target,
        client=client,
        already_booked=await load.live_booking.load((studio_id, client.id, session.id)) is not None,
        booking=row,
        enrolment=enrolment,
        credit=credit,
        siblings=await siblings_of(info, client),
        spent=await _paid_instead(info, row, credit),
        swap_back=swap_back,
        ahead=await ahead_of(info, target, client.id),
    )
    return within_reach(of, await info.context.authority(studio_id))


async def _brought(info: Info, row: domain.Booking) -> domain_credit.MakeUpCredit | None:
    """The credit that paid the booking, or that its cancellation earned."""
    if row.paid_with is PaidWith.MAKE_UP:
        return None if row.credit_id is None else await info.context.load.credit.load((row.studio_id, row.credit_id))
    earned = await info.context.load.credit_earned_by.load((row.studio_id, row.id))
    return earned if earned is not None and earned.origin is CreditOrigin.CANCELLATION else None


async def _paid_instead(info: Info, row: domain.Booking, credit: domain_credit.MakeUpCredit | None) -> Missed | None:
    """The other booking that the credit pays, in its session."""
    if credit is None or credit.state is not CreditState.USED or credit.booking_id in (None, row.id):
        return None
    other = await info.context.load.booking.load((row.studio_id, credit.booking_id))
    session = other and await info.context.load.session.load((row.studio_id, other.session_id))
    if other is None or session is None:
        return None
    return Missed(await scheduled(info, session), other, 0, earned_before=(), standing=None)

"""The preview of a cancellation (P1): the decision of `cancelBooking`, not acted on."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import strawberry

from domain.cancellation import cancelling
from domain.cancellation.cancelling import Cancellation
from domain.credits.validity import NEVER
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing
from domain.spending import make_ups
from persistence.reads.bookable import Bookable
from schema.context import Info
from schema.refusals import Refusal

_JUST = timedelta(microseconds=1)


@strawberry.type(description="What cancelling the booking would bring, were it done after the deadline.")
class LateCancellationPreview:
    refusals: list[Refusal] = strawberry.field(description="Why the viewer could not cancel then; empty if they could.")
    outcome: CancellationOutcome = strawberry.field(description="What it would bring.")
    why_not_earned: list[EarnedNothing] = strawberry.field(description="Why no new credit would be earned.")


@strawberry.type(
    description="What cancelling the booking would bring at this moment. Pass `outcome` and `expiresOn` on as"
    " `cancelBooking(input: {expect})`: if the truth has changed until then, nothing is done."
)
class CancellationPreview:
    refusals: list[Refusal] = strawberry.field(
        description="Why the viewer cannot cancel now; empty where they can. The rest then tells what it would bring."
    )
    outcome: CancellationOutcome = strawberry.field(description="What it would bring.")
    why_not_earned: list[EarnedNothing] = strawberry.field(
        description="Why no new credit would be earned; empty where one would be."
    )
    deadline: datetime = strawberry.field(
        description="The last instant at which cancelling this booking is in time: that of its session or, where the"
        " session has moved since it was booked, 24 hours after that if that is later, at most until the start."
    )
    in_time: bool = strawberry.field(description="Whether cancelling now is in time.")
    expires_at: datetime | None = strawberry.field(
        description="The first instant at which the credit could not be spent any more; null for never or no credit."
    )
    expires_on: date | None = strawberry.field(
        description="The last local date on which the credit could be spent; null for never or no credit."
    )
    redeemable_from: datetime | None = strawberry.field(
        description="The first instant at which the credit can be spent; null for at once or no credit."
    )
    expires_before_missed_session: bool = strawberry.field(
        description="A warning: the credit's life is counted from the cancellation, and would end before the session"
        " that is given up starts."
    )
    never_redeemable: bool = strawberry.field(
        description="A warning: the credit would expire before it can be spent at all, as it cannot be spent before the"
        " session that it stands for is over. Ask the studio to extend it."
    )
    comes_back_expired: bool = strawberry.field(
        description="A warning: the credit that paid the booking would come back with its own end, which is past."
    )
    loses_credit: bool = strawberry.field(
        description="A warning: the credit that paid the booking would not come back. The deadline has passed, or the"
        " studio's `onMakeUpCancellation` is `FORFEIT`."
    )
    after_deadline: LateCancellationPreview | None = strawberry.field(
        description="What waiting until after the deadline would bring instead; null where it has passed."
    )
    cancellation: strawberry.Private[Cancellation]

    @classmethod
    def of(cls, cancellation: Cancellation, now: datetime) -> "CancellationPreview":
        verdict = cancelling.judge(cancellation, now)
        expiry = verdict.expiry or NEVER
        credit = cancelling.credit_brought(cancellation, now)
        return cls(
            refusals=_refusals(cancellation, now),
            outcome=verdict.outcome,
            why_not_earned=list(verdict.why_not_earned),
            deadline=cancellation.deadline,
            in_time=verdict.status is BookingStatus.CANCELLED,
            expires_at=expiry.at,
            expires_on=expiry.on,
            redeemable_from=None if credit is None else credit.redeemable_from,
            expires_before_missed_session=cancelling.expires_before_missed_session(cancellation, verdict),
            never_redeemable=cancelling.never_redeemable(credit),
            comes_back_expired=cancelling.comes_back_expired(verdict, now),
            loses_credit=cancelling.loses_credit(cancellation, now),
            after_deadline=_after_deadline(cancellation, now),
            cancellation=cancellation,
        )

    @strawberry.field(
        description="How many other sessions the credit that this brings could book right away, for the client who"
        " holds it; 0 for no credit, and for one that cannot be spent yet."
    )
    async def bookable_sessions(self, info: Info) -> int:
        now, booking, studio = info.context.now, self.cancellation.booking, self.cancellation.target.studio
        credit = cancelling.credit_brought(self.cancellation, now)
        if credit is None:
            return 0
        holder = await info.context.load.client.load((booking.studio_id, credit.client_id))
        if holder is None:
            return 0
        # Of most, the seat given up is still theirs, so that its session is left out by that already: no need to name
        # it, and what is asked for many bookings of one client is asked once.
        other_than = None if holder.id == booking.client_id else booking.session_id
        if credit.missed_session_id == booking.session_id:
            credit = replace(credit, missed_session_id=None)
        spendable = make_ups.spendable_for(holder, frozenset(), (credit,), studio.policy, now)
        key = Bookable.by(studio, holder.id, now, spendable, other_than)
        return await info.context.load.bookable_sessions.load(key) or 0


def _after_deadline(cancellation: Cancellation, now: datetime) -> LateCancellationPreview | None:
    later = cancellation.deadline + _JUST
    if now >= later:
        return None
    verdict = cancelling.judge(cancellation, later)
    return LateCancellationPreview(
        refusals=_refusals(cancellation, later),
        outcome=verdict.outcome,
        why_not_earned=list(verdict.why_not_earned),
    )


def _refusals(cancellation: Cancellation, at: datetime) -> list[Refusal]:
    return [Refusal.of(reason, cancellation.booking.studio_id) for reason in cancelling.why_not(cancellation, at)]

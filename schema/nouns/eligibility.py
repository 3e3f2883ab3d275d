"""Whether a seat can be booked, and if not, why: the same rules as `bookSession` and `bookWithMakeUp`, as data.

And whether one can wait for it instead: those of `joinWaitlist`.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import strawberry

from domain.authority import client_meant, require_client
from domain.faults import BadUserInput, NotFound
from domain.nouns import client as domain_client
from domain.nouns import credit as domain_credit
from domain.nouns import session as domain_session
from domain.nouns.credit import CreditState
from domain.nouns.studio import Studio
from domain.refusals import Refusal as DomainRefusal
from domain.spending import make_ups, seats
from domain.spending.make_ups import MakeUpRequest
from domain.spending.seats import SeatRequest
from domain.waiting import joining
from persistence.reads.bookable import Bookable
from schema.context import Info
from schema.ids import Kind, expect_in
from schema.nouns.client import siblings_of
from schema.nouns.credit import MakeUpCredit
from schema.nouns.session import scheduled
from schema.queues import ahead_of
from schema.refusals import Refusal


@strawberry.type(description="Whether a seat in a session can be booked for money at this moment.")
class BookingEligibility:
    eligible: bool = strawberry.field(description="Whether `bookSession` would book it now.")
    reasons: list[Refusal] = strawberry.field(description="Every rule that says no; empty where it is eligible.")


@strawberry.type(description="Whether a make-up credit can book a session at this moment.")
class MakeUpEligibility:
    eligible: bool = strawberry.field(description="Whether `bookWithMakeUp` would book it now.")
    reasons: list[Refusal] = strawberry.field(description="Every rule that says no; empty where it is eligible.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that is meant: the one named, or the best one that the client may spend; null for none."
    )


@strawberry.type(description="Whether a client can join the waiting list of a session at this moment.")
class WaitlistEligibility:
    eligible: bool = strawberry.field(description="Whether `joinWaitlist` would put them on the list now.")
    reasons: list[Refusal] = strawberry.field(description="Every rule that says no; empty where it is eligible.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that would be held: the one named, or the best one that the client may spend. Null for"
        " none, and for money."
    )


@dataclass(frozen=True)
class Payer:
    """Who is to attend, and with what: a named credit, or the best of `credits`, theirs and the `siblings`'."""

    client: domain_client.Client
    named: domain_credit.MakeUpCredit | None
    credits: tuple[domain_credit.MakeUpCredit, ...]
    siblings: frozenset[UUID]


async def payer(info: Info, studio_id: int, client_id: str | None, credit_id: str | None) -> Payer:
    """For a client and a credit that the viewer may see; `NotFound` for others."""
    authority, load = await info.context.signed_in_at(studio_id), info.context.load
    named = None
    if credit_id is not None:
        named = await load.credit.load((studio_id, expect_in(studio_id, Kind.CREDIT, credit_id, "creditId")))
        if named is None or not authority.sees_client(named.client_id):
            raise NotFound("There is no such credit.", "creditId")
    client = await attending(info, studio_id, client_id, of_credit=named)
    siblings = await siblings_of(info, client)
    if named is not None:
        return Payer(client, named, (named,), siblings)
    found = await load.unspent_credits.load_many([(studio_id, key) for key in (client.id, *sorted(siblings))])
    return Payer(client, None, tuple(credit for credits in found for credit in credits or ()), siblings)


async def _held_for_them(info: Info, paying: Payer) -> frozenset[UUID]:
    """W3: those of the credits that wait for this very client."""
    held = [(credit.studio_id, credit.id) for credit in paying.credits if credit.state is CreditState.HELD]
    places = await info.context.load.places_of_credit.load_many(held)
    entries = [place.entry for of_credit in places for place in of_credit or ()]
    return frozenset(entry.credit_id for entry in entries if entry.client_id == paying.client.id and entry.credit_id)


async def attending(
    info: Info, studio_id: int, client_id: str | None, of_credit: domain_credit.MakeUpCredit | None = None
) -> domain_client.Client:
    """The client named, or else the credit's, or the one that the account manages; `NotFound` for a stranger's."""
    authority = await info.context.signed_in_at(studio_id)
    given = None if client_id is None else expect_in(studio_id, Kind.CLIENT, client_id, "clientId")
    if given is None and of_credit is not None:
        given = of_credit.client_id
    client = await info.context.load.client.load((studio_id, client_meant(authority, given)))
    if client is None:
        raise NotFound("There is no such client.", "clientId")
    require_client(authority, client.id, "clientId")
    return client


async def booking_eligibility(
    info: Info, row: domain_session.Session, client: domain_client.Client
) -> BookingEligibility:
    """P2: the decision of `bookSession`, not acted on."""
    seat, now = await seat_request(info, row, client), info.context.now
    reasons = joining.told(seats.why_not(seat, now), seat, now)
    return BookingEligibility(eligible=not reasons, reasons=_shown(reasons, row.studio_id))


async def make_up_eligibility(info: Info, row: domain_session.Session, paying: Payer) -> MakeUpEligibility:
    """P2: the decision of `bookWithMakeUp`, not acted on."""
    request, now = await _make_up_request(info, row, paying), info.context.now
    found = make_ups.eligibility(request, now)
    return MakeUpEligibility(
        eligible=found.eligible,
        reasons=_shown(joining.told(found.reasons, request, now), row.studio_id),
        credit=None if found.credit is None else MakeUpCredit.of(found.credit),
    )


async def waitlist_eligibility(
    info: Info, row: domain_session.Session, client_id: str | None, with_credit: bool, credit_id: str | None
) -> WaitlistEligibility:
    """P2: the decision of `joinWaitlist`, not acted on."""
    no_credit_for_money(with_credit, credit_id)
    if with_credit:
        seat = await _make_up_request(info, row, await payer(info, row.studio_id, client_id, credit_id))
    else:
        seat = await seat_request(info, row, await attending(info, row.studio_id, client_id))
    found = joining.outlook(seat, info.context.now)
    return WaitlistEligibility(
        eligible=not found.reasons,
        reasons=_shown(found.reasons, row.studio_id),
        credit=None if found.credit is None else MakeUpCredit.of(found.credit),
    )


def no_credit_for_money(with_credit: bool, credit_id: str | None) -> None:
    """`BadUserInput` where a credit is named, and none is to pay."""
    if credit_id is not None and not with_credit:
        raise BadUserInput("A credit is named, but `withCredit` says that none is to pay.", "creditId")


def bookable(info: Info, studio: Studio, paying: Payer) -> Bookable:
    """The same for all sessions of the studio at once, as a condition on them."""
    now = info.context.now
    spendable = make_ups.spendable_for(paying.client, paying.siblings, paying.credits, studio.policy, now)
    return Bookable.by(studio, paying.client.id, now, spendable)


async def seat_request(info: Info, row: domain_session.Session, client: domain_client.Client) -> SeatRequest:
    seat = await info.context.load.live_booking.load((row.studio_id, client.id, row.id))
    target = await scheduled(info, row)
    return SeatRequest(target, client, seat is not None, ahead=await ahead_of(info, target, client.id))


async def _make_up_request(info: Info, row: domain_session.Session, paying: Payer) -> MakeUpRequest:
    seat = await seat_request(info, row, paying.client)
    return MakeUpRequest(
        seat.target,
        seat.client,
        seat.already_booked,
        paying.named,
        paying.credits,
        paying.siblings,
        ahead=replace(seat.ahead, holds=await _held_for_them(info, paying)),
    )


def _shown(reasons: tuple[DomainRefusal, ...], studio_id: int) -> list[Refusal]:
    return [Refusal.of(reason, studio_id) for reason in reasons]

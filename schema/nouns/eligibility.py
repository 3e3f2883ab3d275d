"""Whether a make-up credit can book a session, and if not, why: the same rules as `bookWithMakeUp`, as data."""

from dataclasses import dataclass, replace

import strawberry

from domain import client as domain_client
from domain import credit as domain_credit
from domain import make_ups
from domain import session as domain_session
from domain.authority import client_meant, require_client
from domain.faults import BadUserInput, NotFound
from domain.seats import SeatRequest
from persistence import queries
from persistence.bookable import Bookable
from schema.connections import Connection, connection
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.credit import MakeUpCredit
from schema.nouns.session import Session, SessionFilter, scheduled
from schema.nouns.studio import studio_of
from schema.refusals import Refusal


@strawberry.type(description="Whether a make-up credit can book a session at this moment.")
class MakeUpEligibility:
    eligible: bool = strawberry.field(description="Whether `bookWithMakeUp` would book it now.")
    reasons: list[Refusal] = strawberry.field(description="Every rule that says no; empty where it is eligible.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that is meant: the one named, or the best one of the client; null for none."
    )

    @classmethod
    def of(cls, found: make_ups.Eligibility, studio_id: int) -> "MakeUpEligibility":
        return cls(
            eligible=found.eligible,
            reasons=[Refusal.of(reason, studio_id) for reason in found.reasons],
            credit=None if found.credit is None else MakeUpCredit.of(found.credit),
        )


@dataclass(frozen=True)
class Payer:
    """Who is to attend, and with what: a named credit, or the best of `credits`."""

    client: domain_client.Client
    named: domain_credit.MakeUpCredit | None
    credits: tuple[domain_credit.MakeUpCredit, ...]


async def payer(info: Info, studio_id: int, client_id: str | None, credit_id: str | None) -> Payer:
    """For a client and a credit that the viewer may see; `NotFound` for others."""
    info.context.signed_in()
    authority, load = await info.context.authority(studio_id), info.context.load
    named = None
    if credit_id is not None:
        named = await load.credit.load((studio_id, expect_in(studio_id, Kind.CREDIT, credit_id, "creditId")))
        if named is None or not authority.sees_client(named.client_id):
            raise NotFound("There is no such credit.", "creditId")
    given = None if client_id is None else expect_in(studio_id, Kind.CLIENT, client_id, "clientId")
    if given is None and named is not None:
        given = named.client_id
    meant = client_meant(authority, given)
    client = await load.client.load((studio_id, meant))
    if client is None:
        raise NotFound("There is no such client.", "clientId")
    require_client(authority, client.id, "clientId")
    active = await load.active_credits.load((studio_id, client.id))
    return Payer(client, named, active or ())


async def eligibility(info: Info, row: domain_session.Session, paying: Payer) -> MakeUpEligibility:
    """P2: the decision of `bookWithMakeUp`, not acted on."""
    target = await scheduled(info, row)
    has_seat = await info.context.load.has_seat.load((row.studio_id, paying.client.id, row.id))
    request = SeatRequest(target, paying.client, bool(has_seat))
    found = make_ups.eligibility(request, paying.named, paying.credits, info.context.now)
    return MakeUpEligibility.of(found, row.studio_id)


async def page_of_options(
    info: Info,
    client_id: str | None,
    credit_id: str | None,
    filter: SessionFilter | None,
    include_ineligible: bool,
    first: int | None,
    last: int | None,
    after: str | None,
    before: str | None,
) -> Connection[Session]:
    """The sessions that a credit, or the best of a client's, can book from now on; where asked for, all others too."""
    studio_id = _studio_of(client_id, credit_id)
    paying, now = await payer(info, studio_id, client_id, credit_id), info.context.now
    wanted = (filter or SessionFilter()).wanted(studio_id)
    starts_from = max(now, wanted.starts_from or now)
    credits = paying.credits if paying.named is None else (paying.named,)
    spendable = make_ups.spendable_for(paying.client, credits, now)
    name = f"options {wanted} {client_id} {credit_id} {include_ineligible}"
    bookable = Bookable.with_credits(await studio_of(info, studio_id), paying.client.id, now, spendable)
    listing = queries.sessions(
        studio_id,
        replace(wanted, starts_from=starts_from, bookable=None if include_ineligible else bookable),
    )
    return await connection(info, listing, name, Session.of, first, last, after, before)


def _studio_of(client_id: str | None, credit_id: str | None) -> int:
    if credit_id is not None:
        return expect(Kind.CREDIT, credit_id, "creditId").studio_id
    if client_id is not None:
        return expect(Kind.CLIENT, client_id, "clientId").studio_id
    raise BadUserInput("Name a credit or a client.", "creditId")

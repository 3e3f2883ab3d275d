"""The lists of sessions: a studio's schedule, a course's, what a make-up credit can book, and a booking's swaps."""

from dataclasses import replace

from domain.faults import BadUserInput, Fault
from domain.nouns.studio import Studio
from persistence.reads import listings
from persistence.reads.bookable import Bookable
from schema import archive
from schema.connections import Listed
from schema.context import Info
from schema.filters import SessionFilter, SessionTime, during
from schema.ids import Kind, expect
from schema.nouns.booking import Booking
from schema.nouns.eligibility import bookable, payer
from schema.nouns.session import Session
from schema.nouns.studio import studio_of
from schema.nouns.swapping import swappable_for


async def schedule(info: Info, studio: Studio, filter: SessionFilter | None) -> Listed[Session]:
    """A studio's sessions."""
    given = filter or SessionFilter()
    wanted = await _wanted(info, studio, given)
    return Listed(listings.sessions(studio.id, wanted), Session.of, f"sessions of {studio.id} {given}")


async def options(
    info: Info, client_id: str | None, credit_id: str | None, filter: SessionFilter | None, include_ineligible: bool
) -> Listed[Session]:
    """The sessions to come that a credit, or the best of a client's, can book; where asked for, all others too."""
    studio_id, given = _studio_of(client_id, credit_id), filter or SessionFilter()
    paying, studio = await payer(info, studio_id, client_id, credit_id), await studio_of(info, studio_id)
    by_them = () if include_ineligible else (bookable(info, studio, paying),)
    wanted = await _wanted(info, studio, given, *by_them)
    from_now_on, _ = during(SessionTime.UPCOMING, info.context.now)
    starts_from = max(instant for instant in (from_now_on, wanted.starts_from) if instant is not None)
    listing = listings.sessions(studio_id, replace(wanted, starts_from=starts_from))
    return Listed(listing, Session.of, f"options {given} {client_id} {credit_id} {include_ineligible}")


async def swap_options(info: Info, booking: Booking) -> Listed[Session]:
    """The sessions that a booking can be swapped for."""
    wanted = listings.SessionFilter(bookable=(await swappable_for(info, booking),))
    return Listed(listings.sessions(booking.row.studio_id, wanted), Session.of, f"swap options of {booking.id}")


async def _wanted(info: Info, studio: Studio, given: SessionFilter, *by: Bookable) -> listings.SessionFilter:
    await archive.shown(info, studio.id, given.archived, "filter", "archived")
    who = given.bookable_with
    if who is not None:
        try:
            paying = await payer(info, studio.id, who.client_id, who.credit_id)
        except Fault as fault:
            fault.path = ("filter", "bookableWith", *fault.path)
            raise
        by = (*by, bookable(info, studio, paying))
    return given.wanted(studio, info.context.now, *by)


def _studio_of(client_id: str | None, credit_id: str | None) -> int:
    if credit_id is not None:
        return expect(Kind.CREDIT, credit_id, "creditId").studio_id
    if client_id is not None:
        return expect(Kind.CLIENT, client_id, "clientId").studio_id
    raise BadUserInput("Name a credit or a client.", "creditId")

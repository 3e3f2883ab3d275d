"""Families, as clashes meet them: whose seats count, and which of them clash."""

from domain.nouns.booking import Booking
from domain.nouns.client import Client
from domain.nouns.session import Session
from domain.spending import clashes
from persistence.reads.keys import Key
from schema.context import Info


async def clashing(info: Info, session: Session, client: Client) -> tuple[Booking, ...]:
    """F1: what clashes if a client sits in a session, as far as it is the viewer's to know, who may see the client."""
    span = clashes.span_of(session)
    found = await info.context.load.seats_during.load_many([(key, span) for key in await _family(info, client)])
    return clashes.clashing(session, (seat for seats in found for seat in seats or ()))


async def _family(info: Info, client: Client) -> list[Key]:
    """The account itself is asked about all whom it manages, wherever; staff only about those at the same studio."""
    family = {(client.studio_id, client.id)}
    if client.account_id is not None and client.account_id == info.context.account_id:
        family |= {*(await info.context.load.managed.load(client.account_id) or ())}
    elif client.account_id is not None:
        here = await info.context.load.family.load((client.studio_id, client.account_id)) or ()
        family |= {(client.studio_id, client_id) for client_id in here}
    return sorted(family)

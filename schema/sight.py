"""Nodes by their ids, for whoever may see them. Missing, another's, and another studio's are all the same None."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar
from uuid import UUID

from domain.authority import Authority
from domain.faults import NotFound
from persistence.reads import queries
from schema.context import Info
from schema.ids import Kind, Ref
from schema.node import Node
from schema.nouns.account import Account
from schema.nouns.audit import AuditEntry
from schema.nouns.booking import Booking, Enrolment
from schema.nouns.client import Client
from schema.nouns.course import Course
from schema.nouns.credit import MakeUpCredit
from schema.nouns.invitation import StaffInvitation
from schema.nouns.session import Session
from schema.nouns.staff import StaffMember
from schema.nouns.studio import Studio
from schema.nouns.waitlist import WaitlistEntry

N = TypeVar("N", bound=Node)


async def visible(info: Info, ref: Ref) -> Node | None:
    """The node that the id names, if there is one and the viewer may see it."""
    authority = await info.context.authority(ref.studio_id)
    return await _FINDERS[ref.kind](info, ref, authority)


async def seen(info: Info, noun: type[N], kind: Kind, studio_id: int, key: UUID | None) -> N:
    """A node that the viewer's own act changed."""
    found = None if key is None else await visible(info, Ref(kind, studio_id, key))
    if not isinstance(found, noun):
        # On a replay, long after: whoever may change a thing may see it at that moment.
        raise NotFound("You can no longer see what this changed.")
    return found


async def all_seen(info: Info, noun: type[N], kind: Kind, studio_id: int, keys: Iterable[UUID]) -> list[N]:
    """Likewise, of many; asked together, they are read together."""
    return list(await asyncio.gather(*(seen(info, noun, kind, studio_id, key) for key in keys)))


async def _account(info: Info, ref: Ref, authority: Authority) -> Node | None:
    if ref.key != info.context.account_id:
        return None
    async with info.context.database.reading() as connection:
        found = await queries.account(connection, ref.key)
    return None if found is None else Account.of(found)


async def _studio(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.studio.load(ref.studio_id)
    return None if found is None else Studio.of(found)


async def _staff(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.staff.load((ref.studio_id, ref.key))
    return None if found is None else StaffMember.of(found)


async def _course(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.course.load((ref.studio_id, ref.key))
    return None if found is None else Course.of(found)


async def _session(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.session.load((ref.studio_id, ref.key))
    return None if found is None else Session.of(found)


async def _client(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.client.load((ref.studio_id, ref.key))
    return None if found is None or not authority.sees_client(found.id) else Client.of(found)


async def _enrolment(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.enrolment.load((ref.studio_id, ref.key))
    return None if found is None or not authority.sees_client(found.client_id) else Enrolment.of(found)


async def _credit(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.credit.load((ref.studio_id, ref.key))
    return None if found is None or not authority.sees_client(found.client_id) else MakeUpCredit.of(found)


async def _entry(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.entry.load((ref.studio_id, ref.key))
    return None if found is None or not authority.sees_client(found.client_id) else WaitlistEntry.of(found)


async def _booking(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.booking.load((ref.studio_id, ref.key))
    # An id that nobody has, for the same two statements where there is no such booking.
    session_id = UUID(int=0) if found is None else found.session_id
    session = await info.context.load.session.load((ref.studio_id, session_id))
    if found is None or session is None or not authority.sees_seat(found.client_id, session.instructor_id):
        return None
    return Booking.of(found)


async def _invitation(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.invitation.load((ref.studio_id, ref.key))
    return None if found is None or not authority.owns else StaffInvitation.of(found, info.context.now)


async def _event(info: Info, ref: Ref, authority: Authority) -> Node | None:
    found = await info.context.load.event.load((ref.studio_id, ref.key))
    return None if found is None or found.actor_id is None or not authority.owns else AuditEntry.of(found)


_FINDERS: dict[Kind, Callable[[Info, Ref, Authority], Awaitable[Node | None]]] = {
    Kind.ACCOUNT: _account,
    Kind.STUDIO: _studio,
    Kind.STAFF: _staff,
    Kind.COURSE: _course,
    Kind.SESSION: _session,
    Kind.CLIENT: _client,
    Kind.ENROLMENT: _enrolment,
    Kind.BOOKING: _booking,
    Kind.CREDIT: _credit,
    Kind.ENTRY: _entry,
    Kind.INVITATION: _invitation,
    Kind.EVENT: _event,
}

"""What hangs on an account: where it is somebody, and what its clients have that ends with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.managing.erasing import STAFF_NAME, Belongings, Remains
from domain.nouns.booking import BookingStatus
from domain.nouns.credit import CreditState
from domain.nouns.invitation import InvitationState
from domain.nouns.studio import Role, Studio
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.credit_states import in_states
from persistence.reads.entry_states import ENTRIES, waits
from persistence.reads.keys import Key, by_studio

_BOOKINGS = t.bookings.join(
    t.sessions, sa.and_(t.sessions.c.studio_id == t.bookings.c.studio_id, t.sessions.c.id == t.bookings.c.session_id)
)
_CREDITS = {CreditState.ACTIVE, CreditState.HELD}


async def of_clients(connection: AsyncConnection, keys: Sequence[Key], now: datetime) -> Mapping[Key, Remains]:
    """By client; in four statements a studio."""
    found: dict[Key, Remains] = dict.fromkeys(keys, Remains())
    seat, credit = t.bookings.c, t.make_up_credits
    sources: dict[str, tuple[sa.Table, sa.FromClause, sa.ColumnElement[bool]]] = {
        "entries": (t.waitlist_entries, ENTRIES, waits(now)),
        "enrolments": (t.enrolments, t.enrolments, t.enrolments.c.ended_at.is_(None)),
        "bookings": (
            t.bookings,
            _BOOKINGS,
            sa.and_(seat.status == BookingStatus.BOOKED, t.sessions.c.starts_at > now),
        ),
        "credits": (credit, credit, in_states(_CREDITS, now)),
    }
    for studio_id, ids in by_studio(keys).items():
        parts: dict[UUID, dict[str, tuple[UUID, ...]]] = {key: {} for key in ids}
        for name, (table, source, left) in sources.items():
            of_studio = (table.c.studio_id == studio_id, table.c.client_id.in_(ids))
            select = sa.select(table.c.client_id, table.c.id).select_from(source).where(*of_studio, left)
            for client_id, key in await connection.execute(select.order_by(table.c.id)):
                parts[client_id][name] = (*parts[client_id].get(name, ()), key)
        found |= {(studio_id, key): Remains(**part) for key, part in parts.items()}
    return found


async def belongings_of(connection: AsyncConnection, account_id: UUID, email: str) -> Belongings:
    links, staff, invitations = t.client_accounts.c, t.staff.c, t.staff_invitations.c
    says_who = sa.or_(staff.removed_at.is_(None), staff.display_name != STAFF_NAME)
    of_account = (
        sa.select(links.studio_id, links.client_id).where(links.account_id == account_id),
        sa.select(staff.studio_id, staff.id).where(staff.account_id == account_id, says_who),
        sa.select(invitations.studio_id, invitations.id).where(
            invitations.email == email, invitations.state == InvitationState.OPEN
        ),
    )
    found = [sorted((studio_id, key) for studio_id, key in await connection.execute(each)) for each in of_account]
    return Belongings(*map(tuple, found))


async def owned_alone(connection: AsyncConnection, account_id: UUID) -> tuple[Studio, ...]:
    """Studios that are not archived and whose only owner the account is; by name."""
    own, other = t.staff.alias("own"), t.staff.alias("other")

    def owns(staff: sa.FromClause) -> sa.ColumnElement[bool]:
        c = staff.c
        return sa.and_(c.studio_id == t.studios.c.id, c.role == Role.OWNER, c.removed_at.is_(None))

    another = sa.exists().where(owns(other), other.c.account_id != account_id)
    alone = sa.exists().where(owns(own), own.c.account_id == account_id)
    rows = await connection.execute(
        s.STUDIO.select()
        .where(t.studios.c.archived_at.is_(None), alone, ~another)
        .order_by(t.studios.c.name, t.studios.c.id)
    )
    return tuple(map(s.STUDIO.make, rows))

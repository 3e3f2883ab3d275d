"""The lists of the staff and of who is invited to it, and what hangs on its members."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.invitation import Invitation, InvitationState
from domain.nouns.session import SessionStatus
from domain.nouns.studio import Staff
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.keys import Key, by_studio
from persistence.reads.pages import Listing


def staff_of_studio(studio_id: int, include_removed: bool) -> Listing[Staff]:
    """By the name on the schedule."""
    c = t.staff.c
    where = (c.studio_id == studio_id, *(() if include_removed else (c.removed_at.is_(None),)))
    return Listing(s.STAFF, t.staff, (c.display_name, c.id), where)


def open_invitations(studio_id: int, now: datetime) -> Listing[Invitation]:
    """By when they were made."""
    c = t.staff_invitations.c
    where = (c.studio_id == studio_id, c.state == InvitationState.OPEN, c.expires_at > now)
    return Listing(s.INVITATION, t.staff_invitations, (c.created_at, c.id), where)


async def sessions_to_teach(connection: AsyncConnection, keys: Sequence[Key], now: datetime) -> Mapping[Key, int]:
    """By member of the staff: how many sessions that have not started, and take place, name them."""
    found: dict[Key, int] = dict.fromkeys(keys, 0)
    c = t.sessions.c
    for studio_id, ids in by_studio(keys).items():
        select = (
            sa.select(c.instructor_id, sa.func.count())
            .where(c.studio_id == studio_id, c.instructor_id.in_(ids), c.starts_at > now)
            .where(c.status != SessionStatus.CANCELLED)
            .group_by(c.instructor_id)
        )
        for instructor_id, number in await connection.execute(select):
            found[studio_id, instructor_id] = number
    return found


async def staff_of_accounts(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, Staff]:
    """By studio and account: who they are on its staff or, where they have left, were last."""
    found: dict[Key, Staff] = {}
    c = t.staff.c
    for studio_id, ids in by_studio(keys).items():
        select = s.STAFF.select().where(c.studio_id == studio_id, c.account_id.in_(ids))
        for member in map(s.STAFF.make, await connection.execute(select.order_by(c.created_at, c.id))):
            found[studio_id, member.account_id] = member
    return found

"""What an account is at a studio, in one statement."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authority import NOBODY, Authority
from domain.faults import ACCOUNT_GONE, Unauthenticated
from persistence import tables as t

_links = sa.and_(
    t.client_accounts.c.studio_id == t.studios.c.id,
    t.client_accounts.c.account_id == t.accounts.c.id,
)
_clients = sa.and_(
    t.clients.c.studio_id == t.client_accounts.c.studio_id, t.clients.c.id == t.client_accounts.c.client_id
)
_roles = sa.and_(
    t.staff.c.studio_id == t.studios.c.id,
    t.staff.c.account_id == t.accounts.c.id,
    t.staff.c.removed_at.is_(None),
)
_AUTHORITY = (
    sa.select(
        t.staff.c.role,
        t.staff.c.id,
        t.client_accounts.c.client_id,
        t.clients.c.archived_at,
        t.studios.c.id.label("studio_id"),
        sa.func.coalesce(t.staff.c.changed_at, t.studios.c.created_at).label("since"),
    )
    .select_from(
        t.accounts.outerjoin(t.studios, t.studios.c.id == sa.bindparam("studio_id"))
        .outerjoin(t.staff, _roles)
        .outerjoin(t.client_accounts, _links)
        .outerjoin(t.clients, _clients)
    )
    .where(t.accounts.c.id == sa.bindparam("account_id"), t.accounts.c.deleted_at.is_(None))
)


async def authority_of(connection: AsyncConnection, studio_id: int, account_id: UUID) -> Authority:
    """Also of a studio that is not there: nothing. Of an account that is deleted: what anybody is."""
    try:
        return (await authority_since(connection, studio_id, account_id))[0]
    except Unauthenticated:
        return NOBODY


async def authority_since(
    connection: AsyncConnection, studio_id: int, account_id: UUID
) -> tuple[Authority, datetime | None]:
    """And since when: of somebody on the staff their role, of everybody else the studio. `Unauthenticated` where the
    account is deleted.
    """
    found = await connection.execute(_AUTHORITY, {"studio_id": studio_id, "account_id": account_id})
    rows = found.all()
    if not rows:
        raise Unauthenticated(ACCOUNT_GONE)
    if rows[0].studio_id is None:
        return Authority(account_id, None, None, frozenset(), studio_exists=False), None
    clients = frozenset(row.client_id for row in rows if row.client_id is not None)
    archived = frozenset(row.client_id for row in rows if row.archived_at is not None)
    return Authority(account_id, rows[0].role, rows[0].id, clients, archived_ids=archived), rows[0].since

"""Keys of rows: every one begins with its studio."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

Key = tuple[int, UUID]
SeatKey = tuple[int, UUID, UUID]
"""Studio, client and session."""


def by_studio(keys: Iterable[Key]) -> dict[int, list[UUID]]:
    """The keys of each studio: a statement asks one studio only."""
    studios: dict[int, list[UUID]] = {}
    for studio_id, key in keys:
        studios.setdefault(studio_id, []).append(key)
    return studios


def seats_by_studio(keys: Iterable[SeatKey]) -> dict[int, tuple[set[UUID], set[UUID]]]:
    """The clients and the sessions of each studio."""
    studios: dict[int, tuple[set[UUID], set[UUID]]] = {}
    for studio_id, client_id, session_id in keys:
        clients, sessions = studios.setdefault(studio_id, (set(), set()))
        clients.add(client_id)
        sessions.add(session_id)
    return studios


def of_clients(table: sa.Table, keys: Iterable[Key]) -> sa.ColumnElement[bool]:
    """On a row of a table of what is a client's."""
    of_studios = (
        sa.and_(table.c.studio_id == studio_id, table.c.client_id.in_(ids))
        for studio_id, ids in sorted(by_studio(keys).items())
    )
    return sa.or_(sa.false(), *of_studios)

"""The ledger of a credit, read from the events."""

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from domain.credits.ledger import LedgerEntry, LedgerKind
from domain.credits.validity import Expiry
from domain.nouns.credit import RevocationReason
from persistence import tables as t
from persistence.shapes import AnyRow

_KINDS = {f"CREDIT_{kind.value}": kind for kind in LedgerKind}
_LINES = (
    sa.select(
        t.events.c.credit_id,
        t.events.c.id,
        t.events.c.kind,
        t.events.c.at,
        t.events.c.booking_id,
        t.events.c.session_id,
        t.events.c.data,
    )
    .where(t.events.c.studio_id == sa.bindparam("studio_id"), t.events.c.credit_id.is_not(None))
    .order_by(t.events.c.credit_id, t.events.c.at, t.events.c.id)
)
LEDGER_OF_STUDIO = _LINES
LEDGER_OF_CREDITS = _LINES.where(t.events.c.credit_id.in_(sa.bindparam("credit_ids", expanding=True)))


class Line(Protocol):
    """What an entry is made of: a row of these selects, or an event."""

    @property
    def id(self) -> UUID: ...

    @property
    def kind(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def booking_id(self) -> UUID | None: ...

    @property
    def session_id(self) -> UUID | None: ...

    @property
    def data(self) -> Any: ...


def entry_of(row: Line | AnyRow) -> LedgerEntry:
    kind, data, now = _KINDS[row.kind], row.data, _expiry(row.data)
    return LedgerEntry(
        id=row.id,
        kind=kind,
        at=row.at,
        booking_id=row.booking_id,
        expires_at=now.at,
        expires_on=now.on,
        before=_expiry(data["before"]) if "before" in data else None,
        if_released=_expiry(data["ifReleased"]) if "ifReleased" in data else None,
        reason=RevocationReason[data["reason"]] if kind is LedgerKind.REVOKED else None,
        note=data.get("note", ""),
        override=data.get("override", ""),
        held_until=datetime.fromisoformat(data["heldUntil"]) if kind is LedgerKind.HELD else None,
        session_id=row.session_id if kind is LedgerKind.HELD else None,
    )


def _expiry(data: Any) -> Expiry:
    at, on = data["expiresAt"], data["expiresOn"]
    return Expiry(at and datetime.fromisoformat(at), on and date.fromisoformat(on))

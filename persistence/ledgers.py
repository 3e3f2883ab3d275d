"""The ledger of a credit, read from the events."""

from datetime import date, datetime

import sqlalchemy as sa

from domain.ledger import LedgerEntry, LedgerKind
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
        t.events.c.data,
    )
    .where(t.events.c.studio_id == sa.bindparam("studio_id"), t.events.c.credit_id.is_not(None))
    .order_by(t.events.c.credit_id, t.events.c.at, t.events.c.id)
)
LEDGER_OF_STUDIO = _LINES
LEDGER_OF_CREDITS = _LINES.where(t.events.c.credit_id.in_(sa.bindparam("credit_ids", expanding=True)))


def entry_of(row: AnyRow) -> LedgerEntry:
    expires_at, expires_on = row.data["expiresAt"], row.data["expiresOn"]
    return LedgerEntry(
        id=row.id,
        kind=_KINDS[row.kind],
        at=row.at,
        booking_id=row.booking_id,
        expires_at=expires_at and datetime.fromisoformat(expires_at),
        expires_on=expires_on and date.fromisoformat(expires_on),
    )

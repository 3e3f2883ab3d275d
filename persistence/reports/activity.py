"""What happened to credits in a period, and what became of those that were issued in it."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credits.ledger import LedgerKind
from domain.nouns.credit import TAKEN_BACK, CreditOrigin, CreditState
from domain.reports import Issued, Told
from persistence import tables as t
from persistence.reads.credit_states import in_states
from persistence.reads.json_instants import instant_in
from persistence.types import Instant

Period = tuple[datetime, datetime]
"""The first instant that lies in it, and the first after it that does not."""

_JUST = timedelta(microseconds=1)
_LOST = frozenset({CreditState.EXPIRED, CreditState.FORFEITED})


async def issued(connection: AsyncConnection, studio_id: int, period: Period, now: datetime) -> Issued:
    """S2: in the period, and until now."""
    c, (first, end) = t.make_up_credits.c, _until(now, period)
    stands = c.state.not_in(tuple(TAKEN_BACK))
    (row,) = await connection.execute(
        sa.select(
            *(_how_many(c.origin == origin) for origin in _ORIGINS),
            _how_many(stands),
            _how_many(in_states({CreditState.USED}, now)),
            _how_many(in_states(_LOST, now)),
        ).where(c.studio_id == studio_id, c.issued_at >= first, c.issued_at < end)
    )
    return Issued(*row)


_ORIGINS = (
    *(CreditOrigin.CANCELLATION, CreditOrigin.EXCUSED_ABSENCE),
    *(CreditOrigin.STUDIO_CANCELLATION, CreditOrigin.GRANT),
)


async def told(connection: AsyncConnection, studio_id: int, period: Period, now: datetime) -> Told:
    """S2: in the period, and until now."""
    first, end = _until(now, period)
    lines_of_credits = _lines(studio_id, first, end)
    line = lines_of_credits.c
    within = sa.and_(line.at >= first, line.at < end)

    def lines(kind: LedgerKind) -> sa.ColumnElement[int]:
        return _how_many(sa.and_(within, line.kind == _kind(kind)))

    (row,) = await connection.execute(
        sa.select(
            lines(LedgerKind.REDEEMED),
            lines(LedgerKind.RESTORED),
            lines(LedgerKind.FORFEITED),
            _how_many(_expires_after(lines_of_credits, first, end, now)),
            lines(LedgerKind.EXTENDED),
            lines(LedgerKind.REVOKED),
            lines(LedgerKind.UNDONE),
        )
    )
    return Told(*row)


def _lines(studio_id: int, first: datetime, end: datetime) -> sa.Subquery:
    """Those of the credits to which anything can have happened in the period, but for what a job writes of expiries.

    Of each line what the credit ends at after it, where it is alive then; in `held_until`, when it is released if
    nothing comes after; and the line that comes next.
    """
    c = t.events.c
    extended, own_end = c.kind == _kind(LedgerKind.EXTENDED), c.data["expiresAt"].as_string()
    lines = (
        sa.select(
            c.credit_id,
            c.kind,
            c.at,
            c.id,
            sa.case(
                # What one that is held ends at stands apart from its own end.
                (extended, instant_in(sa.func.coalesce(c.data[_IF_RELEASED].as_string(), own_end))),
                (c.kind.in_(_LEAVES_IT_ALIVE), instant_in(own_end)),
            ).label("ends_at"),
            sa.case((c.kind == _kind(LedgerKind.HELD), instant_in(c.data["heldUntil"].as_string()))).label(
                "held_until"
            ),
            sa.func.sum(sa.case((extended, 0), else_=1))
            .over(partition_by=c.credit_id, order_by=(c.at, c.id))
            .label("stretch"),
            sa.func.lead(c.at, type_=Instant()).over(partition_by=c.credit_id, order_by=(c.at, c.id)).label("next_at"),
            sa.func.lead(c.kind).over(partition_by=c.credit_id, order_by=(c.at, c.id)).label("next_kind"),
        )
        .where(
            c.studio_id == studio_id,
            c.credit_id.in_(_touched(studio_id, first, end)),
            c.kind != _kind(LedgerKind.EXPIRED),
        )
        .subquery()
        .c
    )
    # An extension changes nothing of a hold; every other line begins one or ends it.
    held_until = sa.func.max(lines.held_until, type_=Instant()).over(partition_by=(lines.credit_id, lines.stretch))
    columns = (lines.kind, lines.at, lines.ends_at, lines.next_at, lines.next_kind)
    return sa.select(*columns, held_until.label("held_until")).subquery()


def _touched(studio_id: int, first: datetime, end: datetime) -> sa.Select[Any]:
    """What happens in the period is written, or a later line tells of it; or it is what the credit ends at now.

    So whatever its row says of its end, all lines since the period began count.
    """
    c, line = t.make_up_credits.c, t.events.c
    written = sa.exists().where(line.studio_id == studio_id, line.credit_id == c.id, line.at >= first)
    return sa.select(c.id).where(
        c.studio_id == studio_id,
        c.issued_at < end,
        sa.or_(*(sa.and_(ends >= first, ends < end) for ends in (c.expires_at, c.held_until)), written),
    )


def _expires_after(lines: sa.Subquery, first: datetime, end: datetime, now: datetime) -> sa.ColumnElement[bool]:
    """V5, W2: whether the ledger tells of an expiry in the period between this line and the next (`ledger.told`).

    As of the latest of the line, the end of the hold and the expiry, unless the next line comes before that.
    """
    line = lines.c
    instants = (line.at, sa.func.coalesce(line.held_until, line.at), line.ends_at)
    until = sa.func.coalesce(line.next_at, sa.literal(now, Instant()))
    # What a job has written of a release is told with the hold; it counts once, with its own line.
    released_by_time = sa.and_(line.next_kind == _kind(LedgerKind.RELEASED), line.next_at == line.held_until)
    return sa.and_(
        sa.not_(sa.func.coalesce(released_by_time, sa.false())),
        sa.or_(*(instant >= first for instant in instants)),
        *(instant < end for instant in instants),
        *(instant <= until for instant in instants),
    )


def _until(now: datetime, period: Period) -> Period:
    first, end = period
    return first, min(end, now + _JUST)


def _kind(kind: LedgerKind) -> str:
    return f"CREDIT_{kind.value}"


_IF_RELEASED = ("ifReleased", "expiresAt")
_LEAVES_IT_ALIVE = tuple(
    _kind(kind) for kind in (LedgerKind.ISSUED, LedgerKind.RESTORED, LedgerKind.HELD, LedgerKind.RELEASED)
)
"""After these lines, and after EXTENDED, a credit can run out (`domain.credits.ledger.fold`)."""


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

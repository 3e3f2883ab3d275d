"""Which sessions an absence means (C7): one condition for the preview and for the act."""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.dates import Dates
from persistence import tables as t


def is_meant(dates: Dates, zone: ZoneInfo, now: datetime) -> sa.ColumnElement[bool]:
    """C7: of a session, that it starts on these dates of the studio's zone and has not started."""
    starts_at, (first, end) = t.sessions.c.starts_at, dates.instants(zone)
    return sa.and_(starts_at >= first, starts_at < end, starts_at > now)

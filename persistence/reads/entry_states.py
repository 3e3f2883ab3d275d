"""The state of a place on a waiting list at an instant, as a condition in SQL: a page is one statement.

The rule stands in `domain.nouns.waitlist.WaitlistEntry.state_at` (W2). A test holds the two against each other.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from domain.nouns.waitlist import WaitlistState
from persistence import tables as t

ENTRIES = t.waitlist_entries.join(
    t.sessions,
    sa.and_(
        t.sessions.c.studio_id == t.waitlist_entries.c.studio_id,
        t.sessions.c.id == t.waitlist_entries.c.session_id,
    ),
)
"""Places on waiting lists, each with its session."""

# Written out: a plan that is made for any parameter could not use the index of those who wait.
SAYS_WAITING = t.waitlist_entries.c.state == sa.literal(
    WaitlistState.WAITING, t.waitlist_entries.c.state.type, literal_execute=True
)
"""What was written last. It may be that the session has started since."""


def waits(now: datetime) -> sa.ColumnElement[bool]:
    """On a row of `ENTRIES`."""
    return sa.and_(SAYS_WAITING, t.sessions.c.starts_at > now)


def in_states(states: Collection[WaitlistState], now: datetime) -> sa.ColumnElement[bool]:
    """On a row of `ENTRIES`: whether its state at `now` is one of these."""
    others = [state for state in states if state is not WaitlistState.WAITING]
    found: list[sa.ColumnElement[bool]] = [t.waitlist_entries.c.state.in_(others)] if others else []
    if WaitlistState.WAITING in states:
        found.append(waits(now))
    if WaitlistState.ENDED in states:
        found.append(sa.and_(SAYS_WAITING, t.sessions.c.starts_at <= now))
    return sa.or_(sa.false(), *found)

"""The lists of places on waiting lists: which rows, in which order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from domain.nouns.session import Session
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.entry_states import ENTRIES, in_states, waits
from persistence.reads.keys import Key, of_clients
from persistence.reads.pages import Listing


@dataclass(frozen=True)
class EntryFilter:
    """Places in any of these states now, of one client, for one session; None: all."""

    states: Collection[WaitlistState] | None = None
    client_id: UUID | None = None
    session_id: UUID | None = None


def entries_of_clients(keys: Iterable[Key], wanted: EntryFilter, now: datetime) -> Listing[WaitlistEntry]:
    """By the start of their sessions."""
    return _entries(of_clients(t.waitlist_entries, keys), wanted, now)


def entries_of_studio(studio_id: int, wanted: EntryFilter, now: datetime) -> Listing[WaitlistEntry]:
    """By the start of their sessions."""
    return _entries(t.waitlist_entries.c.studio_id == studio_id, wanted, now)


def waitlist_of(session: Session, now: datetime) -> Listing[WaitlistEntry]:
    """W2: those who wait, in their order."""
    c = t.waitlist_entries.c
    where = (c.studio_id == session.studio_id, c.session_id == session.id, waits(now))
    return Listing(s.ENTRY, ENTRIES, (c.joined_at, c.id), where)


def _entries(where: sa.ColumnElement[bool], wanted: EntryFilter, now: datetime) -> Listing[WaitlistEntry]:
    c, conditions = t.waitlist_entries.c, [where]
    if wanted.states is not None:
        conditions.append(in_states(wanted.states, now))
    if wanted.client_id is not None:
        conditions.append(c.client_id == wanted.client_id)
    if wanted.session_id is not None:
        conditions.append(c.session_id == wanted.session_id)
    return Listing(s.ENTRY, ENTRIES, (t.sessions.c.starts_at, c.id), tuple(conditions))

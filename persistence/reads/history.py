"""The audit trail: what happened at a studio, in the order of time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from domain.nouns.history import EventKind, Happened
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.pages import Listing


@dataclass(frozen=True)
class AuditFilter:
    """What was done in [from, until), by one account, of some kinds, to these; None: all."""

    at_from: datetime | None = None
    at_until: datetime | None = None
    actor_id: UUID | None = None
    kinds: Collection[EventKind] | None = None
    course_id: UUID | None = None
    session_id: UUID | None = None
    client_id: UUID | None = None
    enrolment_id: UUID | None = None
    booking_id: UUID | None = None
    credit_id: UUID | None = None


def audit_trail(studio_id: int, wanted: AuditFilter) -> Listing[Happened]:
    """S6: what somebody did, by when. What time brings nobody does: whether a job has written it must not show (V5)."""
    c = t.events.c
    where: list[sa.ColumnElement[bool]] = [c.studio_id == studio_id, c.actor_id.is_not(None)]
    if wanted.at_from is not None:
        where.append(c.at >= wanted.at_from)
    if wanted.at_until is not None:
        where.append(c.at < wanted.at_until)
    if wanted.kinds is not None:
        where.append(c.kind.in_([kind.value for kind in wanted.kinds]))
    for name in ("actor_id", "course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id"):
        if (key := getattr(wanted, name)) is not None:
            where.append(c[name] == key)
    return Listing(s.HAPPENED, t.events, (c.at, c.id), tuple(where))

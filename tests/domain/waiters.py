"""Who waits, for tests of the domain: ordinary unless a test says otherwise."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.credits.holding import held
from domain.nouns.credit import MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.waiting.queueing import Place, Queue, Waiting
from tests.domain.builders import (
    CLIENT_ID,
    NOW,
    SESSION_ID,
    START,
    STUDIO,
    a_client,
    a_credit,
    a_session,
    a_target,
    utc,
    uuid,
)

PRAGUE = ZoneInfo("Europe/Prague")
GRACE = 72
OWN_END = utc("2026-12-06T23:00:00Z")
"""Of the ordinary credit."""
ENTRY_ID, ELSEWHERE_ID = uuid(201), uuid(209)
SEATED_ID = uuid(221)
LATER_ID = uuid(231)
LATER_START = START + timedelta(days=7)


class EntryFields(TypedDict, total=False):
    studio_id: int
    id: UUID
    session_id: UUID
    client_id: UUID
    credit_id: UUID | None
    joined_at: datetime
    state: WaitlistState
    ended_at: datetime | None
    booking_id: UUID | None


def an_entry(**fields: Unpack[EntryFields]) -> WaitlistEntry:
    """Waiting, for money."""
    entry = WaitlistEntry(
        studio_id=STUDIO,
        id=ENTRY_ID,
        session_id=SESSION_ID,
        client_id=CLIENT_ID,
        credit_id=None,
        joined_at=NOW,
        state=WaitlistState.WAITING,
        ended_at=None,
        booking_id=None,
        changed_at=NOW,
    )
    return replace(entry, **fields)


def a_place(starts_at: datetime = LATER_START, entry_id: UUID = ELSEWHERE_ID, session_id: UUID = LATER_ID) -> Place:
    """Of the ordinary client with the ordinary credit, on the list of a later session."""
    return Place(an_entry(id=entry_id, session_id=session_id, credit_id=a_credit().id), starts_at)


def a_held_credit(
    until: datetime = START, credit: MakeUpCredit | None = None, grace_hours: int = GRACE
) -> MakeUpCredit:
    return held(credit or a_credit(), until, grace_hours, PRAGUE)


def waiting(
    number: int = 0,
    credit: MakeUpCredit | None = None,
    elsewhere: tuple[Place, ...] = (),
    booking_id: UUID | None = None,
) -> Waiting:
    """The first to wait, or another after so many; each of an account of their own."""
    client_id = CLIENT_ID if number == 0 else uuid(210 + number)
    entry = an_entry(
        id=uuid(201 + number),
        client_id=client_id,
        credit_id=credit and credit.id,
        joined_at=NOW + number * timedelta(minutes=1),
    )
    return Waiting(entry, a_client(id=client_id, account_id=uuid(240 + number)), credit, set(), elsewhere, booking_id)


def a_full_target(freed_late: int = 0, waiting: int = 0, taken: int = 10) -> ScheduledSession:
    """Ten seats, all of them taken for money."""
    return a_target(a_session(taken=taken, most_ordinary=10, freed_late=freed_late), waiting=waiting)


def a_queue(target: ScheduledSession, *others: Waiting) -> Queue:
    return Queue(replace(target, waiting=len(others)), others)

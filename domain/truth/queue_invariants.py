"""What must always be true of waiting lists (section 10 of the rule book)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domain.nouns.credit import CreditState
from domain.nouns.session import SessionStatus
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.truth.snapshot import Snapshot


def held_credits_wait_somewhere(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """6, W1: a held credit stands on live places of one client, until the last of their starts; and these on it."""
    starts = {session.id: session.starts_at for session in snapshot.sessions}
    places: dict[UUID, list[WaitlistEntry]] = defaultdict(list)
    for entry in _live(snapshot, now):
        if entry.credit_id is not None:
            places[entry.credit_id].append(entry)
    for credit in snapshot.credits:
        live = places.pop(credit.id, [])
        held = credit.state_at(now) is CreditState.HELD
        if held != bool(live):
            yield f"credit {credit.id} is {credit.state_at(now)} and waits on {len(live)} lists"
        elif held and credit.held_until != max(starts[entry.session_id] for entry in live):
            yield f"credit {credit.id} is held until {credit.held_until}, which is not the last start that it waits for"
        if len({entry.client_id for entry in live}) > 1:
            yield f"credit {credit.id} waits for more than one client"


def clients_wait_once_for_a_session(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """6, W1: a client waits once for a session, and not where they have a seat."""
    live = list(_live(snapshot, now))
    seats = {(booking.session_id, booking.client_id) for booking in snapshot.bookings if booking.live}
    for (session_id, client_id), times in Counter((entry.session_id, entry.client_id) for entry in live).items():
        if times > 1:
            yield f"client {client_id} waits {times} times for session {session_id}"
        if (session_id, client_id) in seats:
            yield f"client {client_id} waits for session {session_id} and has a seat there"


def nobody_waits_in_vain(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """6, W2: nobody waits for what the studio has cancelled or archived, and nobody who is archived."""
    starts = {session.id: session.starts_at for session in snapshot.sessions}
    closed = {s.id for s in snapshot.sessions if s.status is SessionStatus.CANCELLED or s.archived_at is not None}
    for entry in snapshot.entries:
        if entry.session_id in closed and entry.waits(now, starts[entry.session_id]):
            yield f"place {entry.id} waits for session {entry.session_id}, which takes nobody any more"
    archived = {client.id for client in snapshot.clients if client.archived_at is not None}
    for entry in _live(snapshot, now):
        if entry.client_id in archived:
            yield f"place {entry.id} is of client {entry.client_id}, who is archived"


def nobody_waits_with_a_strangers_credit(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """6, R8: a credit waits for whose it is, or for somebody whom the same account manages."""
    managed_by = {client.id: client.account_id for client in snapshot.clients}
    holders = {credit.id: credit.client_id for credit in snapshot.credits}
    for entry in _live(snapshot, now):
        holder_id = None if entry.credit_id is None else holders.get(entry.credit_id)
        if holder_id in (None, entry.client_id):
            continue
        if managed_by.get(entry.client_id) is None or managed_by.get(holder_id) != managed_by[entry.client_id]:
            yield f"place {entry.id} of client {entry.client_id} waits with credit {entry.credit_id} of a stranger"


def places_tell_how_they_ended(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """6, W2: an ended place tells when it ended, and of who is seated the seat, which they had or have."""
    whose = {booking.id: (booking.session_id, booking.client_id) for booking in snapshot.bookings}
    for entry in snapshot.entries:
        if (entry.state is WaitlistState.WAITING) != (entry.ended_at is None):
            yield f"place {entry.id} is {entry.state} and ended at {entry.ended_at}"
        seat = None if entry.booking_id is None else whose.get(entry.booking_id)
        if (entry.state is WaitlistState.SEATED) != (seat == (entry.session_id, entry.client_id)):
            yield f"place {entry.id} is {entry.state} with booking {entry.booking_id}"
    for session in snapshot.sessions:
        if session.freed_late < 0:
            yield f"session {session.id} keeps {session.freed_late} seats for its queue"


def _live(snapshot: Snapshot, now: datetime) -> Iterator[WaitlistEntry]:
    """Of the sessions that are here; others are another invariant's."""
    starts = {session.id: session.starts_at for session in snapshot.sessions}
    for entry in snapshot.entries:
        if entry.session_id in starts and entry.waits(now, starts[entry.session_id]):
            yield entry


QUEUES_OF_SESSIONS = (clients_wait_once_for_a_session, nobody_waits_in_vain, places_tell_how_they_ended)
QUEUES_OF_CREDITS = (held_credits_wait_somewhere, nobody_waits_with_a_strangers_credit)

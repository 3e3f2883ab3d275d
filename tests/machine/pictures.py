"""The oracle's studio and the product's, drawn in the same way, so that they can be compared."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from domain.credits.ledger import LedgerKind, told
from domain.credits.validity import Expiry
from domain.nouns.credit import TAKEN_BACK, CreditState, MakeUpCredit
from domain.nouns.session import Session, SessionStatus
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.truth.snapshot import Snapshot
from tests.machine.rows import Booking, Credit, Enrolment
from tests.machine.whole_oracle import WholeOracle

Picture = dict[str, dict[UUID | None, object]]
Named = Enrolment | Booking | Credit


def picture_of_oracle(oracle: WholeOracle, now: datetime) -> Picture:
    return {
        "sessions": {
            key: (
                (oracle.taken(key), oracle.make_ups(key), oracle.most_ordinary(key), session.extra),
                *(session.capacity, session.accepts_make_ups, session.archived, session.cancelled),
                (session.start, session.end, max(session.moves, default=None)),
            )
            for key, session in oracle.sessions.items()
        },
        "clients": {key: (client.account, client.archived) for key, client in oracle.clients.items()},
        "enrolments": {e.id: (e.course, e.client, e.payment, e.price, e.ended_at) for e in oracle.enrolments},
        "bookings": {
            b.id: (
                (b.session, b.client, b.paid_with, b.payment_now, b.price),
                (_id(b.enrolment), _id(b.credit), b.at),
                (b.status, b.cancelled_at, b.outcome, b.reasons),
                (b.attendance, *(b.marked or (None, None))),
            )
            for b in oracle.bookings
        },
        "credits": {
            c.id: (
                (c.client, c.origin, _id(c.missed), c.missed and c.missed.session, c.at, c.worth),
                (c.means, c.redeemable_from, c.category),
                (c.state(now), c.expires_at, c.expires_on, _id(c.pays or c.lost_with)),
                _waiting(c),
            )
            for c in oracle.credits
        },
        "ledgers": {c.id: list(c.told(now)) for c in oracle.credits},
        "places": {
            each.id: (
                (each.session, each.client, _id(each.credit), each.at),
                (each.state, each.ended_at, _id(each.booking)),
                _position(each.id, (waiting.id for waiting in oracle.queue(each.session))),
            )
            for each in oracle.entries
        },
        "offers": {key: oracle.on_offer(key) for key in oracle.sessions},
    }


def picture_of_product(snapshot: Snapshot, now: datetime) -> Picture:
    starts = {session.id: session.starts_at for session in snapshot.sessions}
    queues: dict[UUID, list[WaitlistEntry]] = {key: [] for key in starts}
    for entry in sorted(snapshot.entries, key=lambda each: (each.joined_at, each.id)):
        if entry.waits(now, starts[entry.session_id]):
            queues[entry.session_id].append(entry)
    return {
        "sessions": {
            s.id: (
                (s.taken, s.make_ups, s.most_ordinary, s.extra_make_up_seats),
                *(s.capacity, s.accepts_make_ups, s.archived_at is not None, s.status is SessionStatus.CANCELLED),
                (s.starts_at, s.ends_at, s.moved_at),
            )
            for s in snapshot.sessions
        },
        "clients": {c.id: (c.account_id, c.archived_at is not None) for c in snapshot.clients},
        "enrolments": {e.id: (e.course_id, e.client_id, e.payment, e.price, e.ended_at) for e in snapshot.enrolments},
        "bookings": {
            b.id: (
                (b.session_id, b.client_id, b.paid_with, b.payment, b.price),
                (b.enrolment_id, b.credit_id, b.booked_at),
                (b.status, b.cancelled_at, b.outcome, frozenset(b.why_not_earned)),
                (b.attendance, b.marked_at, b.marked_by),
            )
            for b in snapshot.bookings
        },
        "credits": {
            c.id: (
                (c.client_id, c.origin, c.missed_booking_id, c.missed_session_id, c.issued_at, c.worth),
                (c.expiry_means, c.redeemable_from, c.category),
                (c.state_at(now), c.expires_at, c.expires_on, c.booking_id),
                _hold(c, now),
            )
            for c in snapshot.credits
        },
        "ledgers": {
            key: [
                (
                    *(line.kind, line.at, line.booking_id, line.expires_at, line.expires_on),
                    *(_end(line.before), line.reason, line.override, line.held_until, line.session_id),
                )
                for line in told(lines, now)
            ]
            for key, lines in snapshot.ledgers.items()
        },
        "places": {
            each.id: (
                (each.session_id, each.client_id, each.credit_id, each.joined_at),
                (state := each.state_at(now, starts[each.session_id]), _ended_at(each, state, starts), each.booking_id),
                _position(each.id, (waiting.id for waiting in queues[each.session_id])),
            )
            for each in snapshot.entries
        },
        "offers": {s.id: _on_offer(s, len(queues[s.id]), now) for s in snapshot.sessions},
    }


def learn_ids(oracle: WholeOracle, snapshot: Snapshot) -> None:
    """Gives what is new to the oracle the ids that the product made for it."""
    for enrolment in oracle.enrolments:
        ids = (e.id for e in snapshot.enrolments if (e.course_id, e.client_id) == _place(enrolment))
        enrolment.id = enrolment.id or _new_id(oracle.enrolments, ids)
    for booking in oracle.bookings:
        ids = (b.id for b in snapshot.bookings if (b.session_id, b.client_id) == _place(booking))
        booking.id = booking.id or _new_id(oracle.bookings, ids)
    for credit in oracle.credits:
        of = credit.client, _id(credit.missed)
        ids = (c.id for c in snapshot.credits if (c.client_id, c.missed_booking_id) == of)
        credit.id = credit.id or _new_id(oracle.credits, ids)


def _place(of: Enrolment | Booking) -> tuple[UUID, UUID]:
    return (of.course if isinstance(of, Enrolment) else of.session), of.client


def _new_id(known: Iterable[Named], candidates: Iterable[UUID]) -> UUID | None:
    named = {each.id for each in known}
    return next((candidate for candidate in candidates if candidate not in named), None)


def _waiting(credit: Credit) -> tuple[datetime | None, ...]:
    """How long, its own end, and the end of its one grace: given, or to be given if it waits to the end."""
    if credit.held_until is not None:
        graced = credit.expires_at if credit.expires_at != credit.own_end else credit.graced
        return credit.held_until, credit.own_end, graced
    return (credit.graced,) if credit.story[-1][0] not in (LedgerKind.REVOKED, LedgerKind.UNDONE) else ()


def _hold(credit: MakeUpCredit, now: datetime) -> tuple[datetime | None, ...]:
    """Of what the studio has taken back no grace is told."""
    if credit.state_at(now) is CreditState.HELD:
        return credit.held_until, credit.own_expires_at, credit.grace_until
    return (credit.grace_until,) if credit.state not in TAKEN_BACK else ()


def _ended_at(entry: WaitlistEntry, state: WaitlistState, starts: Mapping[UUID, datetime]) -> datetime | None:
    """Where no job has written it yet, as of the start."""
    return starts[entry.session_id] if entry.ended_at is None and state is WaitlistState.ENDED else entry.ended_at


def _position(key: UUID | None, queue: Iterable[UUID | None]) -> int | None:
    return next((place for place, each in enumerate(queue, 1) if each == key), None)


def _on_offer(session: Session, waiting: int, now: datetime) -> int:
    free = session.capacity + session.extra_make_up_seats - session.taken
    return 0 if session.started(now) else max(0, min(session.freed_late, free, waiting))


def _id(of: Named | None) -> UUID | None:
    return None if of is None else of.id


def _end(of: Expiry | None) -> tuple[datetime | None, date | None] | None:
    return None if of is None else (of.at, of.on)

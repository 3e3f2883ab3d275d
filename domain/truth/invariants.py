"""What must always be true (section 10 of the rule book), asked of all that one studio holds, or of a part of it."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from domain.credits.ledger import LedgerKind, at, fold, own_ends_before
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.credit import TAKEN_BACK, CreditOrigin, CreditState
from domain.nouns.session import SessionStatus
from domain.truth.queue_invariants import QUEUES_OF_CREDITS, QUEUES_OF_SESSIONS
from domain.truth.snapshot import Snapshot

Key = TypeVar("Key", bound=Hashable)
Invariant = Callable[[Snapshot, datetime], Iterator[str]]


def violations(snapshot: Snapshot, now: datetime, invariants: Iterable[Invariant] | None = None) -> tuple[str, ...]:
    """One sentence for each violation, naming the ids; none where all is well. Unless told, all invariants are asked.

    Of a part of a studio only those can be asked for which it is whole: see the tuples at the end.
    """
    asked = INVARIANTS if invariants is None else invariants
    return tuple(sentence for invariant in asked for sentence in invariant(snapshot, now))


def one_credit_per_missed_booking(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """1, E10: a booking has at most one credit that is not undone or revoked."""
    for booking_id in _repeated(c.missed_booking_id for c in snapshot.credits if c.state not in TAKEN_BACK):
        yield f"booking {booking_id} has more than one credit"


def used_credits_and_make_up_bookings_are_pairs(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """2: a used credit points to one make-up booking, live or cancelled late, and each of these to it.

    A forfeited one points to the booking that it was lost with, which is cancelled (C1).
    """
    here = {credit.id for credit in snapshot.credits}
    used = {c.id: c.booking_id for c in snapshot.credits if c.state is CreditState.USED}
    standing = (b for b in snapshot.bookings if b.status is not BookingStatus.CANCELLED)
    paid = {b.id: b.credit_id for b in standing if b.credit_id and b.credit_id in here}
    for credit_id in _repeated(paid.values()):
        yield f"credit {credit_id} pays more than one booking"
    for booking_id, credit_id in paid.items():
        if used.get(credit_id) != booking_id:
            yield f"booking {booking_id} is paid with credit {credit_id}, which is not used for it"
    for credit_id in used.keys() - set(paid.values()):
        yield f"credit {credit_id} is used and pays no booking that stands"
    lost_with = {b.id: b.credit_id for b in snapshot.bookings if b.status is BookingStatus.CANCELLED}
    for credit in snapshot.credits:
        if credit.state is CreditState.FORFEITED and lost_with.get(credit.booking_id or credit.id) != credit.id:
            yield f"credit {credit.id} is forfeited with {credit.booking_id}, which is no cancelled booking of its"


def make_ups_and_no_others_are_paid_with_credits(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """2: a booking names a credit if that is what it is paid with."""
    for booking in snapshot.bookings:
        if (booking.paid_with is PaidWith.MAKE_UP) != (booking.credit_id is not None):
            yield f"booking {booking.id} is paid with {booking.paid_with}, by credit {booking.credit_id}"


def sessions_are_not_overbooked(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """3, R6: live bookings never exceed the capacity and the extra seats, and `taken` is their number."""
    live = Counter(booking.session_id for booking in snapshot.bookings if booking.live)
    for session in snapshot.sessions:
        seats = session.capacity + session.extra_make_up_seats
        if live[session.id] > seats:
            yield f"session {session.id} has {live[session.id]} live bookings for {seats} seats"
        if live[session.id] != session.taken:
            yield f"session {session.id} counts {session.taken} taken and has {live[session.id]} live bookings"


def sessions_count_what_paid_their_seats(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """3, R6: `make_ups` are the live ones, and `most_ordinary` lies between the ordinary ones now and all ever."""
    by_credit = Counter(b.session_id for b in snapshot.bookings if b.live and b.paid_with is PaidWith.MAKE_UP)
    ordinary = [b for b in snapshot.bookings if b.paid_with is not PaidWith.MAKE_UP]
    ever, now_live = Counter(b.session_id for b in ordinary), Counter(b.session_id for b in ordinary if b.live)
    for session in snapshot.sessions:
        if by_credit[session.id] != session.make_ups:
            yield f"session {session.id} counts {session.make_ups} make-ups and has {by_credit[session.id]}"
        if not now_live[session.id] <= session.most_ordinary <= ever[session.id]:
            yield (
                f"session {session.id} counts at most {session.most_ordinary} ordinary bookings at once and has"
                f" {now_live[session.id]} of {ever[session.id]}"
            )


def clients_have_one_live_seat_a_session(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """R7, B1: a client has at most one live booking in a session."""
    for session_id, client_id in _repeated((b.session_id, b.client_id) for b in snapshot.bookings if b.live):
        yield f"client {client_id} has more than one live booking in session {session_id}"


def credits_are_the_folds_of_their_ledgers(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """4: state, expiry and booking of a credit are what its ledger adds up to at `now`."""
    for credit in snapshot.credits:
        lines = snapshot.ledgers.get(credit.id, ())
        balance = fold(lines)
        if balance is None:
            yield f"credit {credit.id} has no ledger"
            continue
        written = credit.state_at(now), credit.expires_at, credit.expires_on, credit.booking_id, credit.held_until
        folded = at(balance, now), balance.expires_at, lines[-1].standing.on, balance.booking_id, balance.held_until
        if written != folded:
            yield f"credit {credit.id} is {written} and its ledger adds up to {folded}"
    for credit_id in snapshot.ledgers.keys() - {credit.id for credit in snapshot.credits}:
        yield f"ledger {credit_id} belongs to no credit"


def no_balance_is_negative(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """4, V5: issued once, redeemed only when spendable, restored or forfeited only by the booking that it paid.

    C5: what is undone was unspent, also where time has expired it; a forfeited one pays again only what it was lost
    with.

    V6, V7: another end is given to what is unspent, and lies ahead; taken back is what could still be spent.
    """
    for credit_id, lines in snapshot.ledgers.items():
        for number, line in enumerate(lines):
            before = fold(lines[:number])
            match line.kind, before and at(before, line.at):
                case (LedgerKind.ISSUED, None) | (LedgerKind.REDEEMED, CreditState.ACTIVE | CreditState.HELD):
                    continue
                case (LedgerKind.HELD, CreditState.ACTIVE | CreditState.HELD) if (
                    line.held_until is not None and line.held_until > line.at
                ):
                    continue
                case (LedgerKind.RELEASED, _) if before and before.state is CreditState.HELD:
                    continue
                case (LedgerKind.REDEEMED, CreditState.FORFEITED) if before and before.booking_id == line.booking_id:
                    continue
                case (LedgerKind.RESTORED, CreditState.USED) if before and before.booking_id == line.booking_id:
                    continue
                case (LedgerKind.FORFEITED, CreditState.USED) if before and before.booking_id == line.booking_id:
                    continue
                case (LedgerKind.EXTENDED, CreditState.ACTIVE | CreditState.HELD | CreditState.EXPIRED) if (
                    line.expires_at is None or line.expires_at > line.at
                ):
                    continue
                case (LedgerKind.UNDONE, CreditState.ACTIVE | CreditState.HELD | CreditState.EXPIRED) | (
                    LedgerKind.EXPIRED,
                    CreditState.EXPIRED,
                ):
                    continue
                case (LedgerKind.REVOKED, CreditState.ACTIVE | CreditState.HELD):
                    continue
                case _, state:
                    yield f"credit {credit_id} was {line.kind} when it was {state} (line {line.id})"


def expiries_are_written_once(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """V5: one EXPIRED line for an expiry at most, and the credit knows of which it has the last."""
    for credit in snapshot.credits:
        written = [line.expires_at for line in snapshot.ledgers.get(credit.id, ()) if line.kind is LedgerKind.EXPIRED]
        for expiry in _repeated(written):
            yield f"credit {credit.id} has more than one line of having expired at {expiry}"
        if credit.expiry_written != (written[-1] if written else None):
            yield f"credit {credit.id} says that it has the line of {credit.expiry_written}, and has those of {written}"


def credits_stand_for_bookings_of_money(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """5, E3: an earned credit stands for a booking of its client that was not paid with a credit."""
    bookings = {b.id: (b.client_id, b.session_id, b.paid_with) for b in snapshot.bookings}
    for credit in snapshot.credits:
        missed = (credit.client_id, credit.missed_session_id, credit.missed_paid_with)
        if credit.missed_booking_id and bookings.get(credit.missed_booking_id) != missed:
            yield f"credit {credit.id} does not match booking {credit.missed_booking_id}, which it stands for"
        if credit.missed_paid_with is PaidWith.MAKE_UP:
            yield f"credit {credit.id} was born from a booking paid with a credit"


def cancellations_tell_what_they_brought(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """E1-E4, E6, C1: status, outcome and reasons of a booking agree with one another and with the credits.

    C5: what was undone is as if it had not been earned; a live booking may have any number of such credits.
    """
    counting = [credit for credit in snapshot.credits if credit.state is not CreditState.UNDONE]
    earned = {each.missed_booking_id for each in counting if each.origin is not CreditOrigin.EXCUSED_ABSENCE}
    lost = {credit.booking_id for credit in snapshot.credits if credit.state is CreditState.FORFEITED}
    for booking in snapshot.bookings:
        by_credit = booking.paid_with is PaidWith.MAKE_UP
        is_lost, says_lost = booking.id in lost, EarnedNothing.MAKE_UP_FORFEITED in booking.why_not_earned
        match booking.status, booking.outcome, by_credit, bool(booking.why_not_earned):
            case (
                (BookingStatus.BOOKED, None, _, False)
                | (BookingStatus.CANCELLED, CancellationOutcome.CREDIT, False, False)
                | (BookingStatus.CANCELLED, CancellationOutcome.CREDIT_RETURNED, True, True)
                | (BookingStatus.CANCELLED, CancellationOutcome.NOTHING, False, True)
                | (BookingStatus.CANCELLED_LATE, CancellationOutcome.NOTHING, _, True)
            ) if (booking.outcome is CancellationOutcome.CREDIT) == (booking.id in earned) and not is_lost | says_lost:
                continue
            case BookingStatus.CANCELLED, CancellationOutcome.NOTHING, True, True if is_lost and says_lost:
                continue
            case _:
                yield f"booking {booking.id} does not tell what its cancellation brought"


def extensions_tell_both_ends(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """V6: a line of another end, and no other, tells the one before; a line of taking back, and no other, why (V7).

    Both ends are the credit's own, without what waiting would add; only such a line of what waits tells that too.
    """
    for credit_id, lines in snapshot.ledgers.items():
        for was, line in zip(own_ends_before(lines), lines, strict=True):
            if line.if_released is not None and line.kind is not LedgerKind.EXTENDED:
                yield f"credit {credit_id} tells what waiting would add, without another end (line {line.id})"
            tells = line.before, line.reason is not None
            if tells != (was if line.kind is LedgerKind.EXTENDED else None, line.kind is LedgerKind.REVOKED):
                yield f"credit {credit_id} does not tell what it was before, or why (line {line.id})"


def ended_enrolments_hold_no_seat_to_come(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """C12: whatever had not started when an enrolment ended is given up, and ended with it."""
    ended = {enrolment.id: enrolment.ended_at for enrolment in snapshot.enrolments}
    starts = {session.id: session.starts_at for session in snapshot.sessions}
    for booking in snapshot.bookings:
        ended_at = ended.get(booking.enrolment_id) if booking.enrolment_id else None
        if booking.live and ended_at and starts[booking.session_id] > ended_at:
            yield f"booking {booking.id} is live, and its enrolment ended before the session started"
        if EarnedNothing.ENROLMENT_ENDED in booking.why_not_earned and booking.cancelled_at != ended_at:
            yield f"booking {booking.id} ended with an enrolment that did not end then"


def attendance_is_marked_from_the_start_on(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """E5, C8: nobody is marked before the start."""
    starts = {session.id: session.starts_at for session in snapshot.sessions}
    for booking in snapshot.bookings:
        if booking.marked_at and booking.marked_at < starts[booking.session_id]:
            yield f"booking {booking.id} was marked before its session started"


def excused_absences_that_earned_are_marked(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """E5: what an excused absence earned stands for one that is marked."""
    marked = {booking.id: booking.marked_at for booking in snapshot.bookings}
    for credit in snapshot.credits:
        if credit.origin is CreditOrigin.EXCUSED_ABSENCE and not marked.get(credit.missed_booking_id or credit.id):
            yield f"credit {credit.id} was earned by an absence that nobody has marked"


def archived_sessions_were_empty_or_over(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """B4: a session is archived when it has started, or else while nobody has a seat in it."""
    for session in snapshot.sessions:
        if session.archived_at and session.archived_at < session.starts_at and session.taken:
            yield f"session {session.id} is archived, is yet to start, and has {session.taken} live bookings"


def cancelled_sessions_have_no_seats(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """E6: nobody has a seat in a session that the studio has cancelled."""
    cancelled = {session.id for session in snapshot.sessions if session.status is SessionStatus.CANCELLED}
    for booking in snapshot.bookings:
        if booking.live and booking.session_id in cancelled:
            yield f"booking {booking.id} is live in session {booking.session_id}, which is cancelled"


def ledgers_never_go_back(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """7: lines are only added, so that their instants never go back."""
    for credit_id, lines in snapshot.ledgers.items():
        if any(later.at < earlier.at for earlier, later in pairwise(lines)):
            yield f"ledger {credit_id} goes back in time"


def everything_is_of_one_studio(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """8: all rows are of one studio."""
    s = snapshot
    rows = (*s.sessions, *s.clients, *s.enrolments, *s.bookings, *s.credits, *s.entries)
    if len(studios := {row.studio_id for row in rows}) > 1:
        yield f"rows of the studios {sorted(studios)} stand together"


def seats_and_places_name_what_is_here(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """8: bookings and places on waiting lists name what stands at their studio too."""
    for booking in snapshot.bookings:
        ids = {booking.session_id, booking.client_id, booking.enrolment_id, booking.credit_id}
        yield from _missing(booking.id, ids, snapshot)
    for entry in snapshot.entries:
        yield from _missing(entry.id, {entry.session_id, entry.client_id, entry.credit_id}, snapshot)


def credits_name_what_is_here(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """8: credits name what stands at their studio too."""
    for credit in snapshot.credits:
        ids = {credit.client_id, credit.missed_session_id, credit.missed_booking_id, credit.booking_id}
        yield from _missing(credit.id, ids, snapshot)


def enrolments_name_who_is_here(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    """8: enrolments name clients of their studio."""
    for enrolment in snapshot.enrolments:
        yield from _missing(enrolment.id, {enrolment.client_id}, snapshot)


def _missing(row_id: UUID, ids: Iterable[UUID | None], snapshot: Snapshot) -> Iterator[str]:
    for key in ids:
        if key is not None and key not in snapshot.ids:
            yield f"{row_id} names {key}, which is not of this studio"


def _repeated(keys: Iterable[Key | None]) -> Iterator[Key]:
    return (key for key, times in Counter(keys).items() if key is not None and times > 1)


OF_SESSIONS: tuple[Invariant, ...] = (
    one_credit_per_missed_booking,
    make_ups_and_no_others_are_paid_with_credits,
    sessions_are_not_overbooked,
    sessions_count_what_paid_their_seats,
    clients_have_one_live_seat_a_session,
    cancellations_tell_what_they_brought,
    ended_enrolments_hold_no_seat_to_come,
    attendance_is_marked_from_the_start_on,
    archived_sessions_were_empty_or_over,
    cancelled_sessions_have_no_seats,
    *QUEUES_OF_SESSIONS,
    seats_and_places_name_what_is_here,
    everything_is_of_one_studio,
)
"""Asked of sessions with all bookings in them, all places on their lists, and whatever these name or have earned."""
OF_CREDITS: tuple[Invariant, ...] = (
    used_credits_and_make_up_bookings_are_pairs,
    credits_are_the_folds_of_their_ledgers,
    no_balance_is_negative,
    expiries_are_written_once,
    credits_stand_for_bookings_of_money,
    extensions_tell_both_ends,
    excused_absences_that_earned_are_marked,
    *QUEUES_OF_CREDITS,
    ledgers_never_go_back,
    credits_name_what_is_here,
    everything_is_of_one_studio,
)
"""Asked of credits with their ledgers, all that they pay, all live places that they wait on, and whatever they name."""
OF_CLIENTS: tuple[Invariant, ...] = (enrolments_name_who_is_here, everything_is_of_one_studio)
"""Asked of clients with all their enrolments."""
INVARIANTS = tuple(dict.fromkeys((*OF_SESSIONS, *OF_CREDITS, *OF_CLIENTS)))

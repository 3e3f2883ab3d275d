"""Seating those who wait (W2): what becomes of a queue once seats are free, or once its session takes nobody more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.credits.holding import released
from domain.events import (
    CreditHeld,
    CreditRedeemed,
    CreditReleased,
    Event,
    SeatBooked,
    SeatsOffered,
    WaitlistEntryEnded,
)
from domain.nouns.booking import Booking, PaidWith, PaymentState
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.session import ScheduledSession, SessionStatus
from domain.nouns.waitlist import NOBODY, WaitlistState
from domain.spending.seats import SeatRequest, new_booking
from domain.waiting import giving_up, queueing
from domain.waiting.queueing import Place, Queue, Waiting


@dataclass(frozen=True)
class Seated:
    booking: Booking
    events: tuple[Event, ...]


def seated(waiting: Waiting, target: ScheduledSession, booking_id: UUID, now: datetime) -> Seated:
    """W2, W3: the seat of somebody whom nothing stands against, at the price of this moment; and all that follows.

    A seat ends the hold as a release would, so that whoever then cancels in time loses nothing.
    """
    entry, credit = waiting.entry, waiting.credit
    request = SeatRequest(target, waiting.client, False)
    if credit is None:
        booking = new_booking(request, booking_id, PaidWith.SINGLE, PaymentState.DUE, now)
        booking = replace(booking, price=target.single_price)
    else:
        booking = new_booking(request, booking_id, PaidWith.MAKE_UP, PaymentState.PAID, now)
        booking = replace(booking, credit_id=credit.id)
    got_it = WaitlistEntryEnded(entry, WaitlistState.SEATED, booking_id)
    if credit is None:
        return Seated(booking, (SeatBooked(booking), got_it))
    spent = CreditRedeemed(released(credit, now, target.studio.zone), booking)
    return Seated(booking, (SeatBooked(booking), spent, got_it, *giving_up.given_up(waiting.elsewhere)))


def with_seat_of(booking: Booking, target: ScheduledSession) -> ScheduledSession:
    """The session once a booking is made in it."""
    session, by_credit = target.session, int(booking.paid_with is PaidWith.MAKE_UP)
    taken, make_ups = session.taken + 1, session.make_ups + by_credit
    most = max(session.most_ordinary, taken - make_ups)
    return replace(target, session=replace(session, taken=taken, make_ups=make_ups, most_ordinary=most))


@dataclass
class _Waits:
    """What of the queues still stands while an act seats one after another: places that ended, credits as they are."""

    zone: ZoneInfo
    now: datetime
    events: list[Event]
    gone: set[UUID]
    credits: dict[UUID, MakeUpCredit]

    def left(self, queue: Queue) -> Iterator[Waiting]:
        """Those who still wait, as they are by now."""
        for each in queue.waiting:
            if each.entry.id not in self.gone:
                credit = each.credit and self.credits.get(each.credit.id, each.credit)
                elsewhere = tuple(place for place in each.elsewhere if place.entry.id not in self.gone)
                yield replace(each, credit=credit, elsewhere=elsewhere)

    def happen(self, events: Iterable[Event]) -> None:
        for event in events:
            self.events.append(event)
            match event:
                case WaitlistEntryEnded(entry):
                    self.gone.add(entry.id)
                case CreditHeld(credit) | CreditReleased(credit):
                    self.credits[credit.id] = credit
                case CreditRedeemed(credit):
                    self.credits[credit.id] = replace(credit, state=CreditState.USED)
                case _:
                    pass

    def end(self, waiting: Waiting, state: WaitlistState) -> None:
        self.happen(
            giving_up.ended(
                waiting.entry, state, waiting.credit, waiting.elsewhere, self.zone, self.now, waiting.booking_id
            )
        )


def decide(
    queues: Sequence[Queue], freed: Mapping[UUID, int], booking_ids: Iterable[UUID], now: datetime
) -> tuple[Event, ...]:
    """W2: all that follows for who waits, once an act has done what it does; the first session to start comes first.

    `queues`: of each session its state after the act, and everybody who waits for it. `freed`: how many seats became
    free in it. `booking_ids`: enough of them for everybody.
    """
    ids, events = iter(booking_ids), list[Event]()
    if not queues:
        return ()
    zone = queues[0].target.studio.zone
    waits = _Waits(zone, now, events, set(), {})
    for queue in _by_start(queues):
        session = queue.target.session
        if session.started(now):
            continue
        for each in waits.left(queue):
            if each.booking_id is not None:
                waits.end(each, WaitlistState.SEATED)
            elif each.credit is not None:
                waits.happen(
                    giving_up.waits_on(each.credit, (Place(each.entry, session.starts_at), *each.elsewhere), zone)
                )
        if takes_nobody_any_more(queue.target):
            for each in waits.left(queue):
                waits.end(each, WaitlistState.ENDED)
        elif now <= queue.target.seats_given_until:
            _seat(queue, waits, ids, now)
        else:
            _offer(queue, waits, freed.get(session.id, 0))
    return _by_kind(events)


def _by_start(queues: Iterable[Queue]) -> list[Queue]:
    return sorted(queues, key=lambda each: (each.target.session.starts_at, each.target.session.id))


_KINDS = (SeatsOffered, SeatBooked, CreditHeld, CreditReleased, CreditRedeemed, WaitlistEntryEnded)


def _by_kind(events: Iterable[Event]) -> tuple[Event, ...]:
    """So that what can be written at once stands side by side; of one credit they come in this order anyway."""
    return tuple(sorted(events, key=lambda event: _KINDS.index(type(event))))


def takes_nobody_any_more(target: ScheduledSession) -> bool:
    """B4: what is cancelled or archived, or of a course that is archived, has no seat to wait for."""
    session, course = target.session, target.course
    archived = session.archived_at is not None or (course is not None and course.archived_at is not None)
    return archived or session.status is SessionStatus.CANCELLED


def _seat(queue: Queue, waits: _Waits, booking_ids: Iterator[UUID], now: datetime) -> None:
    """Whoever cannot be seated is passed over and keeps the place."""
    target = queueing.offered(queue.target)
    if target.session.freed_late:
        waits.happen([SeatsOffered(target.session, 0)])
    for each in waits.left(queue):
        if queueing.why_not(each, target, NOBODY, now):
            continue
        taken = seated(each, target, next(booking_ids), now)
        waits.happen(taken.events)
        target = with_seat_of(taken.booking, target)


def _offer(queue: Queue, waits: _Waits, freed: int) -> None:
    """The least of the seats freed so, the seats that are free, and the clients who wait."""
    session = queue.target.session
    free = session.capacity + session.extra_make_up_seats - session.taken
    offers = max(0, min(session.freed_late + freed, free, len(list(waits.left(queue)))))
    if offers != session.freed_late:
        waits.happen([SeatsOffered(session, offers)])


def with_seats(queues: Sequence[Queue], now: datetime) -> tuple[Event, ...]:
    """The places of who has got a seat in the session in another way: they wait no longer."""
    if not queues:
        return ()
    waits = _Waits(queues[0].target.studio.zone, now, [], set(), {})
    for queue in _by_start(queues):
        for each in waits.left(queue):
            if each.booking_id is not None:
                waits.end(each, WaitlistState.SEATED)
    return _by_kind(waits.events)

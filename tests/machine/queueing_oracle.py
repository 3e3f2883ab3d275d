"""What the rule book says of queues: who comes first, and whom a seat that becomes free is given (W2)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import PaidWith, PaymentState
from domain.nouns.waitlist import WaitlistState
from domain.refusals import RefusalCode
from tests.machine.holding_oracle import HoldingOracle
from tests.machine.rows import DONE, Booking, Course, Entry, Says, Session

TAKEN_BACK = (LedgerKind.REVOKED, LedgerKind.UNDONE)


@dataclass(frozen=True)
class Before:
    """What an act began with: so many seats were taken or given up, and so the sessions and courses stood."""

    seatings: int
    sessions: Mapping[UUID, Session]
    courses: Mapping[UUID | None, Course]


class QueueingOracle(HoldingOracle):
    def __init__(self, zone: ZoneInfo, owner: UUID) -> None:
        super().__init__(zone, owner)
        self.kept: Counter[UUID] = Counter()
        """Of each session: the seats freed too late to be given, which nobody has claimed."""
        self.seated = 0
        """How many of those who waited an act has given a seat."""

    def queue(self, session: UUID) -> list[Entry]:
        entries = [entry for entry in self.entries if entry.live and entry.session == session]
        return sorted(entries, key=lambda entry: (entry.at, str(entry.id)))

    def on_offer(self, session: UUID) -> int:
        """The least of: seats freed so, seats free, clients waiting."""
        return max(0, min(self.kept[session], self.seats_free(session), len(self.queue(session))))

    def seats_free(self, session: UUID) -> int:
        return self.sessions[session].capacity + self.sessions[session].extra - self.taken(session)

    def others_come_first(self, now: datetime, session: UUID, client: UUID) -> bool:
        """Before who waits come those who joined earlier, and all before any other."""
        queue = self.queue(session)
        before = queue[: [*(entry.client for entry in queue), client].index(client)]
        return any(not self.against_seating(now, entry) for entry in before)

    def against_seating(self, now: datetime, entry: Entry) -> set[RefusalCode]:
        """The ordinary decision, but that a held credit does not expire and is theirs to spend."""
        session, client = entry.session, entry.client
        if entry.credit is None:
            full = self.taken(session) >= self.sessions[session].capacity
            return self.against_any_seat(now, session, client) | ({RefusalCode.SESSION_FULL} if full else set())
        codes = self.against_any_make_up(now, session, client) | self.against_a_make_up_seat(session, 0, False)
        of_the_credit = self.against_credit(entry.credit, now, session, client) - {RefusalCode.CREDIT_HELD}
        # A stranger's by now is described to nobody.
        return codes | (of_the_credit & {RefusalCode.CREDIT_OF_OTHER_CLIENT} or of_the_credit)

    # Seats that become free

    def judge(self, act: Callable[..., Says], *of: Any) -> Says:
        """Last of all, in the same transaction, seats are given."""
        sessions = {key: replace(session) for key, session in self.sessions.items()}
        before = Before(len(self.seatings), sessions, {key: replace(each) for key, each in self.courses.items()})
        says = super().judge(act, *of)
        if says == DONE and self.entries:
            self.follow(before)
        return says

    def follow(self, before: Before) -> None:
        for entry in self.entries:
            if entry.live and entry.credit is not None and entry.credit.story[-1][0] in TAKEN_BACK:
                self.give_up_places(entry.credit, self.now)
        live = [entry for entry in self.entries if entry.live]
        self.end_places([each for each in live if self.clients[each.client].archived], WaitlistState.ENDED)
        self.end_places([each for each in live if each.live and self.is_a_strangers(each)], WaitlistState.GIVEN_UP)
        by_start = sorted(before.sessions, key=lambda key: (self.sessions[key].start, str(key)))
        for key in by_start:
            for entry in self.queue(key):
                if self.has_seat(key, entry.client):  # got in another way
                    self.end_place(entry, WaitlistState.SEATED, self.now, self.seat_of(entry))
        freed, given_up = Counter[UUID](), set[UUID]()
        for by, booking in self.seatings[before.seatings :]:
            freed[booking.session] -= by
            given_up |= {booking.session} if by < 0 else set()
        for key in by_start:
            was, course = before.sessions[key], self.sessions[key].course
            decided = course is not None and before.courses[course] != self.courses[course]
            if key in given_up or decided or was != self.sessions[key]:
                more = self.sessions[key].capacity + self.sessions[key].extra - was.capacity - was.extra
                self.give_seats(key, max(0, freed[key]) + max(0, more))

    def is_a_strangers(self, entry: Entry) -> bool:
        """Whether no account manages both any more, who waits and whose the credit is (R8)."""
        if entry.credit is None or entry.credit.client == entry.client:
            return False
        return self.clients[entry.credit.client].account != self.clients[entry.client].account

    def end_places(self, entries: list[Entry], state: WaitlistState) -> None:
        """All at once: what is held for them waits for nothing else."""
        for entry in entries:
            entry.state, entry.ended_at = state, self.now
        for entry in entries:
            if entry.credit is not None and entry.credit.held_until is not None:
                self.lose_a_place(entry.credit, self.now)

    def seat_of(self, entry: Entry) -> Booking:
        place = entry.session, entry.client
        return next(each for each in self.bookings if each.live and (each.session, each.client) == place)

    def give_seats(self, session: UUID, freed: int) -> None:
        """W2: to the first who can take them, while whoever is seated can still cancel; later they are on offer."""
        it = self.sessions[session]
        if not self.now < it.start:
            return
        for entry in self.queue(session):
            if entry.credit is not None:  # C8: it may start at another time now
                self.wait(entry.credit, self.now)
        if it.cancelled or it.archived or (it.course is not None and self.courses[it.course].archived):
            for entry in self.queue(session):
                self.end_place(entry, WaitlistState.ENDED, self.now)
        elif self.now <= self.seats_given_until(it):
            self.kept[session] = 0
            for entry in self.queue(session):
                if not self.against_seating(self.now, entry):
                    self.take(entry, self.now)
                    self.seated += 1
        else:
            most = min(self.seats_free(session), len(self.queue(session)))
            self.kept[session] = max(0, min(self.kept[session] + freed, most))

    def seats_given_until(self, session: Session) -> datetime:
        """By the policy's deadline, without the day that follows a move."""
        return self.deadline(session) - timedelta(hours=self.settings["auto_seat_hours_before_deadline"])

    def take(self, entry: Entry, now: datetime) -> None:
        """At the price of the moment; W3: the first seat wins, and the credit's other places are given up."""
        session, client, credit = entry.session, entry.client, entry.credit
        entry.state, entry.ended_at = WaitlistState.SEATED, now
        if credit is None:
            price = self.single_price(session)
            entry.booking = Booking(None, session, client, PaidWith.SINGLE, PaymentState.DUE, price, now)
        else:
            paid = PaidWith.MAKE_UP, PaymentState.PAID, None
            entry.booking = Booking(None, session, client, *paid, now, credit=credit)
            self.let_go(credit, LedgerKind.REDEEMED, now, entry.booking)
            self.give_up_places(credit, now)
        self.seat(entry.booking)

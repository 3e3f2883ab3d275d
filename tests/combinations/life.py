"""A short life of some credits under one row of settings, in which every rule of earning and spending has its say."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from domain.booking import PaymentState
from domain.policy import SETTINGS, Level, Until
from domain.session import ScheduledSession
from domain.words import Word
from tests.combinations.choices import decided_at
from tests.combinations.covering import Row
from tests.machine.calendar import date_at
from tests.machine.decided import Term
from tests.machine.harness import Harness
from tests.machine.machine import AROUND
from tests.machine.managing import ManagingMachine
from tests.machine.world import A_DAY, AN_HOUR, known

AHEAD = (*(days * A_DAY + 3 * AN_HOUR for days in (2, 5, 9, 16)), 40 * A_DAY)


class Life(ManagingMachine):
    """Two courses and a class; two siblings, somebody for themselves, a guest, and a teacher who is a client too.

    Each act is compared with the oracle, as the state machine does it. `story`: what came of each.
    """

    def __init__(self, harness: Harness, row: Row) -> None:
        super().__init__(harness, Counter(), count())
        self.row = row
        self.story: list[tuple[datetime, frozenset[Word]]] = []

    def live(self, where: str) -> None:
        try:
            self.begin(where)
            self.seats_are_taken()
            self.seats_are_given_up()
            self.credits_are_given()
            self.everybody_spends_everywhere()
            self.time_goes_by()
        except AssertionError as failure:
            failure.add_note(f"{where}, at {self.now}, where {self.row}")
            raise
        finally:
            self.teardown()

    def count(self, *words: Word) -> None:
        super().count(*words)
        self.story.append((self.now, frozenset(words)))

    def begin(self, where: str) -> None:
        self.found(where)
        self.founded_on = date_at(self.now, self.oracle.zone)
        self.policy_is_changed("owner", decided_at(Level.STUDIO, self.row))
        for course, (single, category) in enumerate(((2999, "Yoga"), (4000, "Dance"))):
            self.course_is_created("owner", 9000, single, True, category, decided_at(Level.COURSE, self.row))
            for ahead in AHEAD:
                self.session_is_made(f"course {course}", ahead + course * A_DAY, None, None, None)
        self.session_is_made(None, 7 * A_DAY, True, 1500, "Yoga")
        for client, who in enumerate(("parent", "parent", "other parent", None, "instructor")):
            self.client_is_created("manager")
            if who is not None:
                self.client_is_linked("manager", f"client {client}", who)

    def session_is_made(self, course: str | None, ahead: timedelta, *of_class: Any) -> None:
        accepts, price, category = of_class
        decided = decided_at(Level.SESSION, self.row)
        self.session_is_added("owner", course, ahead, 2, accepts, False, price, category, decided)

    def seats_are_taken(self) -> None:
        """By enrolment, by oneself and by staff; paid, waived and due."""
        self.client_is_enrolled("owner", "course 0", "client 0", PaymentState.PAID, ())
        self.client_is_enrolled("owner", "course 1", "client 1", PaymentState.WAIVED, ())
        for session in ("session 2", "session 3", "session 10"):
            self.session_is_booked_by_its_client(session, "client 2")
        self.booking_is_marked("manager", self.seat_of(2, 3), PaymentState.PAID)
        for client, session in ((2, 1), (3, 4), (3, 6), (4, 8), (4, 2)):
            self.session_is_booked_by_staff(f"session {session}", f"client {client}", PaymentState.PAID)

    def seats_are_given_up(self) -> None:
        """Several by each client, so that caps are met; and once with what was not shown."""
        self.booking_is_cancelled_as_shown(self.seat_of(0, 3), None, A_DAY)
        for client, sessions in ((0, (3, 4)), (1, (8, 9, 7)), (2, (2, 3, 1, 10))):
            for session in sessions:
                self.booking_is_cancelled_as_shown(self.seat_of(client, session), None, None)
        self.cancel("manager", self.id(self.seat_of(3, 4)), None)

    def credits_are_given(self) -> None:
        for client, days, worth in (
            (0, 14, 0),
            (1, "the studio's", None),
            (2, 14, 500),
            (3, 14, None),
            (4, "never", 3000),
        ):
            self.credits_are_granted("manager", f"client {client}", 1, days, worth)

    def everybody_spends_everywhere(self) -> None:
        """Named and not, and for a sibling. At last some stay, more than are welcome where credits have few seats."""
        credits = [(name, self.credit(name).client) for name in self.names("credit")]
        for nth, session in enumerate(self.names("session")):
            credit, client = credits[nth % len(credits)]
            self.credit_is_spent_and_returned(session, client, credit)
            self.credit_is_spent_and_returned(session, self.id("client 0"), None)
            self.credit_is_spent_and_returned(session, self.id("client 1"), "credit 0")
        for session in ("session 3", "session 1"):
            for client in (1, 4, 2, 0):
                self.credit_is_spent(session, self.id(f"client {client}"), None)

    def time_goes_by(self) -> None:
        """From one border of a rule to the next: an instant before it, at it, and an instant after it."""
        borders = self.borders()
        for nth, (border, meet) in enumerate(borders):
            for by in AROUND:
                if border + by >= self.now:
                    self.now = border + by
                    meet(by)
            if nth == len(borders) // 4:
                for enrolment in self.oracle.enrolments:
                    self.end("manager", enrolment.id)

    def borders(self) -> list[tuple[datetime, Callable[[timedelta], None]]]:
        """Those of the sessions and of the credits that there are now, with what is tried at each."""
        found: list[tuple[datetime | None, Callable[[timedelta], None]]] = []
        for name, key in self.met["session"].items():
            session = self.oracle.sessions[key]
            for border in (session.start, self.oracle.opens_at(session), self.oracle.closes_at(session)):
                found.append((border, lambda by, name=name: self.seat_is_tried(name)))
            found.append((self.oracle.deadline(session), lambda by, key=key: self.seat_is_given_up(key, by)))
        for name in self.names("credit"):
            for border in (self.credit(name).expires_at, self.credit(name).redeemable_from):
                found.append((border, lambda by, name=name: self.credit_is_tried(name)))
        to_come = [(border, meet) for border, meet in found if border is not None and border >= self.now]
        return sorted(to_come, key=lambda each: each[0])

    def seat_is_tried(self, session: str) -> None:
        self.compare()
        clients = [self.credit(name).client for name in self.names("spendable credit")]
        seatless = (client for client in clients if not self.oracle.has_seat(self.id(session), client))
        for client in [client for client in seatless if self.oracle.clients[client].account is not None][:1]:
            self.credit_is_spent_and_returned(session, client, None)

    def seat_is_given_up(self, session: UUID, by: timedelta) -> None:
        self.compare()
        live = [booking for booking in self.oracle.bookings if booking.live and booking.session == session]
        for booking in live[:1] if by >= timedelta() else []:
            self.cancel(self.account_of(booking.client), known(booking.id), None)

    def credit_is_tried(self, credit: str) -> None:
        self.compare()
        client = self.credit(credit).client
        for session in [*self.open_to(client), *self.oracle.sessions][:1]:
            name = next(name for name, key in self.met["session"].items() if key == session)
            self.credit_is_spent_and_returned(name, client, credit)

    def credit_is_spent_and_returned(self, session: str, client: UUID, credit: str | None) -> None:
        if self.credit_is_spent(session, client, credit):
            self.make_up_is_cancelled_as_shown(f"booking {len(self.oracle.bookings) - 1}", None, None)

    def credit_is_spent(self, session: str, client: UUID, credit: str | None) -> bool:
        before = len(self.oracle.bookings)
        self.spend(self.account_of(client), self.id(session), client, None if credit is None else self.id(credit))
        return len(self.oracle.bookings) > before

    def seat_of(self, client: int, session: int) -> str:
        place = self.id(f"session {session}"), self.id(f"client {client}")
        return next(f"booking {n}" for n, b in enumerate(self.oracle.bookings) if (b.session, b.client) == place)

    def row_of(self, target: ScheduledSession) -> Row:
        """What held there, and by which level, as a row of the table tells it."""

        def told(value: object) -> object:
            return Term((value.last_day - self.founded_on).days) if isinstance(value, Until) else value

        return {name: (target.level_of(name), told(getattr(target.policy, name))) for name in SETTINGS}

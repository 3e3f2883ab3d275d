"""A short life of some credits under one row of settings, in which every rule of earning and spending has its say."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.policy import SETTINGS, Level, Until
from domain.nouns.session import Compensation, ScheduledSession
from tests.combinations.choices import decided_at
from tests.combinations.covering import Row
from tests.combinations.waits import Waits
from tests.machine.calendar import date_at, last_instant_at
from tests.machine.decided import Term
from tests.machine.harness import Harness
from tests.machine.machine import AROUND
from tests.machine.pictures import learn_ids
from tests.machine.world import A_DAY, A_MICROSECOND, AN_HOUR, known

DAYS_AHEAD = ((2, 5, 9, 16, 40), (3, 6, 10, 17, 41), (4, 45, 75))
"""Of each course's sessions: in three months, wherever a life begins."""
KINDS = ((4, 2999, "Yoga"), (4, 4000, "Dance"), (2, 2000, "Yoga"))
"""Of each course: the seats of a session, the price of one, and the category."""
CLASS = sum(map(len, DAYS_AHEAD))
CALLED_OFF = CLASS + 1
"""Another class, tomorrow at eight in the evening, which the studio cancels in the morning."""
MANAGED_BY = (
    *("parent", "parent", "other parent", None, "instructor", "other parent", "stranger", "stranger"),
    *("manager", "manager"),
    *["owner"] * 9,
)
COLLECTOR, SPENDER, VISITOR = 5, 6, 7
DISAPPOINTED = (8, 9)
CROWD = (1, VISITOR, 2, 4, 0)

Border = tuple[datetime, str, str]
"""An instant at which a rule turns, what it is, and of which session or credit."""


class Life(Waits):
    """Three courses and a class; two siblings, somebody for themselves, a guest, and a teacher who is a client too.

    And two who are enrolled everywhere: one keeps the credits that they earn, one spends each and earns the next. And
    two who have spent theirs on a class that does not take place. And some who wait for seats in two more classes.
    What comes of each act is compared with the oracle, as the state machine does it. `number` tells lives in one
    database apart.
    """

    def __init__(self, harness: Harness, row: Row, number: int = 0) -> None:
        super().__init__(harness, Counter(), count(number))
        self.row = row

    def live(self, where: str) -> None:
        try:
            self.begin(where)
            self.seats_are_taken()
            self.seats_are_given_up()
            self.credits_are_given()
            self.everybody_spends_everywhere()
            self.enrolments_end("course 0", 0, COLLECTOR)
            self.look()
            self.time_goes_by()
        except AssertionError as failure:
            failure.add_note(f"{where}, at {self.now}, where {self.row}")
            raise
        finally:
            self.teardown()

    def compare(self) -> None:
        """After each act only the ids are learned: nothing is ever deleted, so that a look now and then sees it all."""
        if any(each.id is None for each in (*self.oracle.enrolments, *self.oracle.bookings, *self.oracle.credits)):
            learn_ids(self.oracle, self.harness.snapshot(self.studio))

    def look(self) -> None:
        super().compare()

    def begin(self, where: str) -> None:
        self.found(where)
        self.founded_on = date_at(self.now, self.oracle.zone)
        self.policy_is_changed("owner", decided_at(Level.STUDIO, self.row))
        for course, (days_ahead, (seats, single, category)) in enumerate(zip(DAYS_AHEAD, KINDS, strict=True)):
            self.course_is_created("owner", 9000, single, True, category, decided_at(Level.COURSE, self.row))
            for days in days_ahead:
                self.session_is_made(f"course {course}", days, seats, None, None, None)
        self.session_is_made(None, 7, 2, True, 1500, "Yoga")
        decided = decided_at(Level.SESSION, self.row)
        ahead = self.tomorrow(20) - self.now
        self.session_is_added("owner", None, ahead, 4, True, False, 1500, "Yoga", decided)
        for client, who in enumerate(MANAGED_BY):
            self.client_is_created("manager")
            if who is not None:
                self.client_is_linked("manager", f"client {client}", who)
        self.classes_are_full(decided, self.tomorrow(20))

    def session_is_made(self, course: str | None, days: int, seats: int, *of_class: Any) -> None:
        accepts, price, category = of_class
        ahead, decided = days * A_DAY + 3 * AN_HOUR, decided_at(Level.SESSION, self.row)
        self.session_is_added("owner", course, ahead, seats, accepts, False, price, category, decided)

    def seats_are_taken(self) -> None:
        """By enrolment, by oneself and by staff; paid, waived and due."""
        self.client_is_enrolled("owner", "course 0", "client 0", PaymentState.PAID, ())
        self.client_is_enrolled("owner", "course 1", "client 1", PaymentState.WAIVED, ())
        for client in (COLLECTOR, SPENDER):
            for course in self.names("course"):
                self.client_is_enrolled("owner", course, f"client {client}", PaymentState.PAID, ())
        for session in (2, 3, 7, CLASS):
            self.session_is_booked_by_its_client(f"session {session}", "client 2")
        self.booking_is_marked("manager", self.seat_of(2, 3), PaymentState.PAID)
        for client, session in ((2, 6), (3, 9), (3, 6), (4, 8), (4, 2), (4, 5), (VISITOR, 4)):
            self.session_is_booked_by_staff(f"session {session}", f"client {client}", PaymentState.PAID)

    def seats_are_given_up(self) -> None:
        """Several by each client, so that caps are met; and once with what was not shown."""
        self.booking_is_cancelled_as_shown(self.seat_of(0, 3), None, A_DAY)
        given_up = ((0, (4, 3)), (1, (9, 8, 7)), (2, (2, 3, 6, CLASS)), (4, (8,)), (COLLECTOR, (12, 0, 9, 8, 1)))
        for client, sessions in given_up:
            for session in sessions:
                self.booking_is_cancelled_as_shown(self.seat_of(client, session), None, None)
        self.cancel("manager", self.id(self.seat_of(3, 9)), None)

    def credits_are_given(self) -> None:
        for client, number, days, worth in (
            *((0, 1, 14, 0), (1, 1, "the studio's", None), (2, 1, 14, 500), (3, 1, 14, None)),
            (COLLECTOR, 1, "the studio's", None),
            *((client, 2, "never", 3000 if client == 4 else None) for client in CROWD),
            (DISAPPOINTED[1], 1, "the studio's", None),
        ):
            self.credits_are_granted("manager", f"client {client}", number, days, worth)

    def everybody_spends_everywhere(self) -> None:
        """Named and not, and for a sibling. At last some stay, more than are welcome where credits have few seats."""
        credits = [(name, self.credit(name).client) for name in self.names("credit")]
        for nth, session in enumerate(self.names("session")[: CALLED_OFF + 1]):
            credit, client = credits[nth % len(credits)]
            self.credit_is_spent_and_returned(session, client, credit)
            self.credit_is_spent_and_returned(session, self.id("client 0"), None)
            self.credit_is_spent_and_returned(session, self.id("client 1"), "credit 0")
        for session in ("session 3", "session 8"):
            for client in CROWD:
                self.credit_is_spent(session, self.client(client), None)

    def enrolments_end(self, course: str, *clients: int) -> None:
        """And whatever credits their clients have then are tried."""
        ending = [(self.id(course), self.client(client)) for client in clients]
        for enrolment in self.oracle.enrolments:
            if (enrolment.course, enrolment.client) in ending:
                self.end("manager", enrolment.id)
        for name in self.names("credit"):
            if self.credit(name).client in (client for _, client in ending):
                self.credit_is_tried(name)

    def time_goes_by(self) -> None:
        """From one border of a rule to the next: an instant before it, at it, and an instant after it.

        At last it is seen which credits live for ever.
        """
        borders = self.borders()
        instants = sorted({border for border, _, _ in borders})
        morning = self.tomorrow(10)
        still_to_come = [
            (morning, self.class_is_called_off),
            *self.waits(morning, self.tomorrow(20)),
            (morning + 5 * A_DAY, lambda: self.credit_that_came_back_is_tried(DISAPPOINTED[0])),
            (morning + 20 * A_DAY, lambda: self.credit_that_came_back_is_tried(DISAPPOINTED[1])),
        ]
        for nth, instant in enumerate(instants):
            while still_to_come and still_to_come[0][0] < instant - A_MICROSECOND:
                at, happens = still_to_come.pop(0)
                self.now = max(self.now, at)
                happens()
            for by in AROUND:
                if instant + by >= self.now:
                    self.now = instant + by
                    for _, what, name in (each for each in borders if each[0] == instant):
                        self.border_is_met(what, name, by)
            self.look()
            if nth == len(instants) // 4:
                self.enrolments_end("course 1", 1)
        for name in self.names("credit"):
            self.credit_is_tried(name)
        self.look()

    def tomorrow(self, hour: int) -> datetime:
        return last_instant_at(self.founded_on + A_DAY, time(hour), self.oracle.zone)

    def class_is_called_off(self) -> None:
        """On the day itself, so that credits can book it whatever holds; where they take freed seats only, two are.

        Before that one gives a seat up, too late, and staff set the deadline aside.
        """
        session = f"session {CALLED_OFF}"
        for client in (*CROWD[:2], 3):
            self.session_is_booked_by_staff(session, f"client {client}", PaymentState.PAID)
        for client in CROWD[:2]:
            self.cancel("manager", self.id(self.seat_of(client, CALLED_OFF)), None)
        if self.credit_of_today_is_spent(session, DISAPPOINTED[0]):
            self.cancel("manager", known(self.oracle.bookings[-1].id), None, "The trams stood still.")
        for client in DISAPPOINTED:
            self.credit_of_today_is_spent(session, client)
        self.call_off("manager", self.id(session), Compensation.NONE, None)

    def credit_of_today_is_spent(self, session: str, client: int) -> bool:
        self.credits_are_granted("manager", f"client {client}", 1, 0, None)
        return self.credit_is_spent(session, self.client(client), f"credit {len(self.oracle.credits) - 1}")

    def credit_that_came_back_is_tried(self, client: int) -> None:
        """For the first time, some days later."""
        [*_, credit] = [name for name in self.names("credit") if self.credit(name).client == self.client(client)]
        self.credit_is_tried(credit)

    def borders(self) -> Sequence[Border]:
        """Those of the sessions and of the credits that there are now."""
        found: list[tuple[datetime | None, str, str]] = []
        for name in self.names("session")[: CALLED_OFF + 1]:
            key = self.id(name)
            session = self.oracle.sessions[key]
            found += [(session.start, "start", name), (self.oracle.deadline(session), "deadline", name)]
            found += [(self.oracle.opens_at(session), "window", name), (self.oracle.closes_at(session), "window", name)]
        found.append((self.limit(), "limit", self.waited_for))
        for name in self.names("credit"):
            credit = self.credit(name)
            found += [(credit.expires_at, "credit", name), (credit.redeemable_from, "credit", name)]
        return [(border, what, name) for border, what, name in found if border is not None and border >= self.now]

    def border_is_met(self, what: str, name: str, by: timedelta) -> None:
        match what:
            case "credit":
                self.credit_is_tried(name)
            case "limit":
                self.seat_is_freed_at_the_limit(by)
            case "deadline":
                self.seat_is_given_up(name, by)
            case "start" if by == timedelta():
                self.seat_is_missed(name, Attendance.EXCUSED)
            case "start" if by > timedelta():
                if int(name.split()[-1]) % 2:
                    self.seat_is_missed(name, Attendance.ABSENT)
                self.seat_is_taken_back(name)
            case _:
                self.seat_is_tried(name)
        if what not in ("credit", "limit") and by <= timedelta():
            self.spender_goes_on()
        if (what, by) in (("start", -A_MICROSECOND), ("window", timedelta())):
            self.many_come(name)

    def seat_is_tried(self, session: str) -> None:
        """By one of the crowd."""
        holders = [self.credit(name).client for name in self.names("spendable credit")]
        crowd = [client for client in map(self.client, CROWD) if client in holders]
        for client in [each for each in crowd if not self.oracle.has_seat(self.id(session), each)][:1]:
            self.credit_is_spent_and_returned(session, client, None)

    def seat_is_given_up(self, session: str, by: timedelta) -> None:
        """By a client at the deadline, where another is left: there is always one who tries it after that."""
        seats = [each for each in self.oracle.bookings if each.live and each.session == self.id(session)]
        by_clients = [each for each in seats if self.oracle.clients[each.client].account is not None]
        if by >= timedelta():
            for booking in by_clients[:1] if by > timedelta() else by_clients[1:2]:
                self.cancel(self.account_of(booking.client), known(booking.id), None)

    def seat_is_missed(self, session: str, mark: Attendance) -> None:
        """By one; all the others came."""
        seats = [each for each in self.oracle.bookings if each.live and each.session == self.id(session)]
        self.mark("manager", self.id(session), {known(each.id): mark for each in seats[:1]}, Attendance.ATTENDED)

    def seat_is_taken_back(self, session: str) -> None:
        """By staff, after all."""
        seats = [each for each in self.oracle.bookings if each.live and each.session == self.id(session)]
        for booking in seats[:1]:
            self.cancel("manager", known(booking.id), None)

    def many_come(self, session: str) -> None:
        """One after another, and then they all go."""
        before = len(self.oracle.bookings)
        for client in CROWD:
            if not self.oracle.has_seat(self.id(session), self.client(client)):
                self.credit_is_spent(session, self.client(client), None)
        for booking in range(before, len(self.oracle.bookings)):
            self.make_up_is_cancelled_as_shown(f"booking {booking}", None, None)

    def spender_goes_on(self) -> None:
        """Whoever has a credit spends it where they can; who has none gives up another seat that is near."""
        client = self.client(SPENDER)
        mine = [name for name in self.names("spendable credit") if self.credit(name).client == client]
        if mine:
            for session in self.open_to(client):
                if self.oracle.best_credit(self.now, session, client) is not None:
                    self.spend(self.account_of(client), session, client, None)
                    return
        else:
            for name in self.names("booking before its deadline"):
                booking = self.booking(name)
                near = self.oracle.sessions[booking.session].start - self.now < 8 * A_DAY
                if booking.client == client and booking.credit is None and near:
                    self.booking_is_cancelled_as_shown(name, None, None)
                    return

    def credit_is_tried(self, credit: str) -> None:
        client = self.credit(credit).client
        for session in [*self.oracle.sessions, *self.open_to(client)][-1:]:
            self.credit_is_spent_and_returned(self.name_of("session", session), client, credit)

    def credit_is_spent_and_returned(self, session: str, client: UUID, credit: str | None) -> None:
        if self.credit_is_spent(session, client, credit):
            self.make_up_is_cancelled_as_shown(f"booking {len(self.oracle.bookings) - 1}", None, None)

    def credit_is_spent(self, session: str, client: UUID, credit: str | None) -> bool:
        before = len(self.oracle.bookings)
        self.spend(self.account_of(client), self.id(session), client, None if credit is None else self.id(credit))
        return len(self.oracle.bookings) > before

    def client(self, number: int) -> UUID:
        return self.id(f"client {number}")

    def seat_of(self, client: int, session: int) -> str:
        place = self.id(f"session {session}"), self.client(client)
        return next(f"booking {n}" for n, b in enumerate(self.oracle.bookings) if (b.session, b.client) == place)

    def row_of(self, target: ScheduledSession) -> Row:
        """What held there, and by which level, as a row of the table tells it."""

        def told(value: object) -> object:
            return Term((value.last_day - self.founded_on).days) if isinstance(value, Until) else value

        return {name: (target.level_of(name), told(getattr(target.policy, name))) for name in SETTINGS}


class Beginning(Life):
    """No more of a life than takes each kind of act: everything is decided, given up, and spent once or twice."""

    def everybody_spends_everywhere(self) -> None:
        self.many_come("session 8")

    def time_goes_by(self) -> None:
        """Not here."""

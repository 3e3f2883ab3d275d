"""Seats become free by every kind of act where somebody waits, around the last instant at which they are given."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.nouns.booking import PaymentState
from domain.nouns.credit import RevocationReason
from domain.nouns.policy import HoursBefore, LateCancellation, OnEnrolmentEnd
from domain.nouns.session import Compensation
from tests.machine.absences import AbsenceMachine
from tests.machine.decided import AT_ANY_TIME, COURSE_SETTINGS, EVERYTHING_EARNS, EVERYTHING_IS_OPEN
from tests.machine.drawing import AROUND, a, one_of
from tests.machine.rows import Booking
from tests.machine.studio_cancelling import StudioCancellingMachine
from tests.machine.swapping import SwappingMachine
from tests.machine.undoing import UndoingMachine
from tests.machine.waiting import WaitingMachine
from tests.machine.world import A_DAY, A_MICROSECOND, AN_HOUR, known

A_CREDIT = one_of(None, 0, 1, 14, "never")
"""With what somebody waits: for money, or with a credit that lives so many days from now."""
GRACE = one_of(0, 1, 72)
FREED_BY = (
    *("its client", "its client", "staff", "an absence", "a swap", "an undo", "the end of an enrolment"),
    *("a higher capacity", "extra seats", "extra seats of the course", "a move", "the studio", "its archive"),
)


class SeatingMachine(WaitingMachine, SwappingMachine, UndoingMachine, StudioCancellingMachine, AbsenceMachine):
    @rule(
        holder=a("client"),
        waits=st.lists(A_CREDIT, min_size=1, max_size=3),
        of_course=st.booleans(),
        number=one_of(1, 1, 2),
        by=one_of(*FREED_BY),
        hours=one_of(0, 0, 1, 24),
        grace=GRACE,
        at=one_of(None, timedelta(), *AROUND),
        then=one_of("claimed", "claimed in any order", "cancelled", "freed again", "started"),
    )
    def seat_becomes_free_for_those_who_wait(
        self,
        holder: str,
        waits: Sequence[int | str | None],
        of_course: bool,
        number: int,
        by: str,
        hours: int,
        grace: int,
        at: timedelta | None,
        then: str,
    ) -> None:
        """In one session or two, at once or around the last instant at which seats are given by themselves."""
        self.nothing_stands_in_the_way(hours, grace, holder, *self.others_than(holder))
        of_course = of_course or by in ("an undo", "the end of an enrolment", "extra seats of the course")
        seats = self.full_sessions(holder, of_course, number, by)
        for session in seats:
            for client, credit in zip(self.others_than(holder), waits, strict=False):
                self.wait_for(session, client, credit)
        first = next(iter(seats))
        if at is not None:
            limit = self.oracle.seats_given_until(self.oracle.sessions[first])
            self.now = max(self.now, limit + at)
            self.compare()
        before = len(self.oracle.bookings)
        self.free(seats, by, holder)
        self.what_follows(seats, then, before)

    @rule(
        client=a("client"),
        days=one_of(0, 0, 1, 14),
        grace=one_of(0, 1, 72, 72),
        number=one_of(1, 2),
        end=one_of(None, None, None, 0, 1, 14, "never"),
        by=one_of(timedelta(), *AROUND),
        then=one_of("started", "started", "left", "left", "revoked", "extended before"),
        last=one_of(*AROUND),
    )
    def credit_waits_past_its_end(
        self,
        client: str,
        days: int,
        grace: int,
        number: int,
        end: int | str | None,
        by: timedelta,
        then: str,
        last: timedelta,
    ) -> None:
        """It may get another end meanwhile; released, it lives by its grace, once."""
        if self.oracle.clients[self.id(client)].account is None:  # a guest could not wait with it
            client = "client 0"
        holder, *_ = self.others_than(client)
        self.nothing_stands_in_the_way(0, grace, holder, client)
        seats = self.full_sessions(holder, False, number, "")
        for session in seats:
            self.wait_for(session, client, days)
        name = self.names("credit")[-1]
        credit = self.credit(name)
        if credit.held_until is None or credit.own_end is None:
            return
        until = credit.held_until
        if then != "extended before":
            self.now = max(self.now, credit.own_end + by)
            self.compare()
        if end is not None:
            self.credits_are_extended("owner", [name], end)
        if then == "revoked":
            self.credits_are_revoked("owner", [name], RevocationReason.OTHER)
        elif then == "left":
            for place in self.oracle.places(credit)[::-1]:
                self.leave("manager", known(place.id))
        else:
            self.now = max(self.now, until + by)
            self.compare()
        self.lives_by_its_grace(name, client, last)

    def lives_by_its_grace(self, credit: str, client: str, last: timedelta) -> None:
        """It cannot wait again; and until the grace is over it can be spent, or gets another end and may wait."""
        other, *_ = self.others_than(client)
        (session,) = self.full_sessions(other, False, 1, "")
        who, key = self.account_of(self.id(client)), self.id(client)
        self.join(who, session, key, True, self.id(credit))
        end = self.credit(credit).expires_at
        if end is not None:
            self.now = max(self.now, end + last)
            self.compare()
        self.jobs_are_run()
        self.join(who, session, key, True, self.id(credit))
        for target in self.one_open_to(key, 0):
            self.spend(who, target, key, self.id(credit))

    @rule(
        holder=a("client"),
        waits=st.lists(one_of(None, None, 14), min_size=2, max_size=3),
        hours=one_of(0, 1, 24),
        number=one_of(1, 2),
        backwards=st.booleans(),
        leaving=st.booleans(),
    )
    def seats_freed_too_late_are_claimed(
        self, holder: str, waits: Sequence[int | str | None], hours: int, number: int, backwards: bool, leaving: bool
    ) -> None:
        """By everybody, one after another, until they are gone. Somebody may book what is left, or leave first."""
        self.nothing_stands_in_the_way(hours, 72, holder, *self.others_than(holder))
        (session,) = self.full_sessions(holder, False, 1, "")
        for client, credit in zip(self.others_than(holder), waits, strict=False):
            self.wait_for(session, client, credit)
        self.now = self.oracle.seats_given_until(self.oracle.sessions[session]) + A_MICROSECOND
        self.compare()
        self.change("session", "manager", session, {"capacity": 1 + number})
        queue = self.oracle.queue(session)
        if leaving:
            for entry in queue[:1]:
                self.leave("manager", known(entry.id))
        self.book("manager", session, self.id(holder), PaymentState.PAID)
        for entry in queue[::-1] if backwards else queue:
            self.claim(self.account_of(entry.client), known(entry.id))

    @rule(
        holder=a("client"),
        waits=st.lists(A_CREDIT, min_size=1, max_size=3),
        leaves=st.integers(0, 2),
        hours=one_of(0, 24),
    )
    def places_are_taken_and_left_and_taken_again(
        self, holder: str, waits: Sequence[int | str | None], leaves: int, hours: int
    ) -> None:
        """Whoever comes back comes last. What becomes free goes to the first."""
        self.nothing_stands_in_the_way(hours, 72, holder, *self.others_than(holder))
        seats = self.full_sessions(holder, False, 1, "")
        (session,) = seats
        for _ in range(2):
            for client, credit in zip(self.others_than(holder), waits, strict=False):
                self.wait_for(session, client, credit)
            for entry in self.oracle.queue(session)[:leaves]:
                for _ in range(2):
                    self.leave("manager", known(entry.id))
                self.claim("manager", known(entry.id))
        self.free(seats, "its client", holder)

    @rule(client=a("client"), on_end=one_of(*OnEnrolmentEnd), excused=st.booleans())
    def credit_that_waits_is_taken_back(self, client: str, on_end: OnEnrolmentEnd, excused: bool) -> None:
        """With the enrolment that earned it; or its booking is wanted back first, which it cannot be."""
        other, *_ = self.others_than(client)
        self.nothing_stands_in_the_way(0, 72, other, client)
        self.policy_is_changed("owner", {"on_enrolment_end": on_end, "excused_absence_earns": True})
        mine = self.enrolled_alone(client)
        if mine is None:
            return
        self.cancel("manager", known(mine.id), None)
        credit = self.oracle.brought_by(mine)
        (session,) = self.full_sessions(other, False, 1, "")
        if credit is not None:
            self.join("manager", session, self.id(client), True, credit.id)
        self.undo("manager", known(mine.id), swap_back=True)
        self.end("manager", mine.enrolment and mine.enrolment.id)

    # What is there

    def others_than(self, client: str) -> list[str]:
        """Those who came to be clients after them, and then those before."""
        names = self.names("client")
        here = names.index(client)
        return [*names[here + 1 :], *names[:here]]

    def nothing_stands_in_the_way(self, hours: int, grace: int, *clients: str) -> None:
        """And nobody of these has left."""
        for client in clients:
            if self.oracle.clients[self.id(client)].archived:
                self.change("client", "owner", self.id(client), {"archived": False})
        waiting = {"auto_seat_hours_before_deadline": hours, "hold_release_grace_hours": grace}
        leaving = {"late_cancellation": LateCancellation.ALLOW_WITHOUT_CREDIT}
        self.policy_is_changed("owner", EVERYTHING_EARNS | EVERYTHING_IS_OPEN | waiting | leaving)
        self.course_policy_is_changed("owner", "course 0", dict.fromkeys(COURSE_SETTINGS))
        self.change("course", "owner", self.id("course 0"), {"single_price": 2999, "whole_price": 9000})

    def full_sessions(self, holder: str, of_course: bool, number: int, by: str) -> dict[UUID, Booking | None]:
        """New ones of one seat, which the holder has: bought, spent a credit on, or as part of an enrolment."""
        seats: dict[UUID, Booking | None] = {}
        for ahead in range(number):
            course = "course 0" if of_course else None
            deciding = AT_ANY_TIME | {"cancellation_deadline": HoursBefore(24)}
            self.session_is_added("owner", course, (4 + ahead) * A_DAY, 1, True, False, 1500, None, deciding)
            session, before = self.id(self.names("session")[-1]), len(self.oracle.bookings)
            if by == "an undo":
                self.spend_what_a_new_seat_earned(holder, session)
            elif by != "the end of an enrolment":
                self.book("manager", session, self.id(holder), PaymentState.PAID)
            seats[session] = next((b for b in self.oracle.bookings[before:] if b.session == session), None)
        if by == "the end of an enrolment":
            self.enrol_in(holder, frozenset(seats))
            seats = {key: self.seat_in(key, self.id(holder)) for key in seats}
        return seats

    def spend_what_a_new_seat_earned(self, holder: str, session: UUID) -> None:
        self.session_is_added("owner", "course 0", 6 * A_DAY, 1, True, False, None, None, AT_ANY_TIME)
        self.book("manager", self.id(self.names("session")[-1]), self.id(holder), PaymentState.PAID)
        missed = self.oracle.bookings[-1]
        self.cancel("manager", known(missed.id), None)
        credit = self.oracle.brought_by(missed)
        if credit is not None:
            self.spend("manager", session, self.id(holder), credit.id)

    def enrol_in(self, client: str, sessions: frozenset[UUID]) -> None:
        course = self.id("course 0")
        others = {key for key, session in self.oracle.sessions.items() if session.course == course}
        self.enrol("owner", course, self.id(client), PaymentState.PAID, frozenset(others - sessions))

    def enrolled_alone(self, client: str) -> Booking | None:
        self.session_is_added("owner", "course 0", 3 * A_DAY, 1, True, False, None, None, AT_ANY_TIME)
        session = self.id(self.names("session")[-1])
        self.enrol_in(client, frozenset({session}))
        return self.seat_in(session, self.id(client))

    def seat_in(self, session: UUID, client: UUID) -> Booking | None:
        mine = (b for b in self.oracle.bookings if b.live and (b.session, b.client) == (session, client))
        return next(mine, None)

    def wait_for(self, session: UUID, client: str, credit: int | str | None) -> None:
        """With a credit of their own; the next time with the one that waits already."""
        key = self.id(client)
        if credit is None:
            self.join("manager", session, key, False)
            return
        held = [each for each in self.oracle.credits if each.held_until is not None and each.client == key]
        if not held:
            self.credits_are_granted("manager", client, 1, credit, 500)
            held = self.oracle.credits
        self.join("manager", session, key, True, held[-1].id)

    # Becoming free

    def free(self, seats: dict[UUID, Booking | None], by: str, holder: str) -> None:
        if by == "an absence":
            self.away("manager", self.id(holder), 0, 100, "not at all")
            return
        for session, booking in seats.items():
            mine = None if booking is None else known(booking.id)
            match by:
                case "a higher capacity":
                    self.change("session", "manager", session, {"capacity": 2})
                case "extra seats":
                    name = self.name_of("session", session)
                    self.session_policy_is_changed("owner", name, {"extra_make_up_seats": 1})
                case "extra seats of the course":
                    self.course_policy_is_changed("owner", "course 0", {"extra_make_up_seats": 1})
                case "a move":
                    self.move("manager", session, self.now + 5 * A_DAY, AN_HOUR)
                case "the studio":
                    self.call_off("manager", session, Compensation.NONE, None)
                case _ if mine is not None and booking is not None:
                    self.give_up(by, session, booking, mine)
                case _:
                    pass

    def give_up(self, by: str, session: UUID, booking: Booking, mine: UUID) -> None:
        match by:
            case "staff":
                self.cancel("manager", mine, None, "The trams stood still.")
            case "a swap":
                self.session_is_added("owner", None, 3 * A_DAY, 1, True, False, 1500, None, AT_ANY_TIME)
                self.swap("manager", mine, self.id(self.names("session")[-1]))
            case "an undo" if booking.credit is not None and booking.credit.missed is not None:
                self.undo("manager", known(booking.credit.missed.id), swap_back=True)
            case "the end of an enrolment":
                self.end("manager", booking.enrolment and booking.enrolment.id)
            case "its archive":  # in an archived course nobody is seated: they wait on, and then for nothing
                course = self.oracle.sessions[session].course
                for archived in (True, False) if course is not None else ():
                    self.change("course", "manager", course, {"archived": archived})
                    if archived:
                        self.cancel("manager", mine, None)
                        self.change("session", "manager", session, {"archived": True})
            case _:
                self.cancel(self.account_of(booking.client), mine, None)

    def what_follows(self, seats: dict[UUID, Booking | None], then: str, before: int) -> None:
        for session in seats:
            queue = self.oracle.queue(session)
            if then.startswith("claimed"):
                for entry in queue[::-1] if then == "claimed in any order" else queue:
                    self.claim(self.account_of(entry.client), known(entry.id))
        for booking in self.oracle.bookings[before:] if then in ("cancelled", "freed again") else ():
            who = self.account_of(booking.client) if then == "cancelled" else "manager"
            self.cancel(who, known(booking.id), None)
        if then == "started":
            self.now = max(self.now, *(self.oracle.sessions[key].start for key in seats))
            self.compare()
            self.jobs_are_run()

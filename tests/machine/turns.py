"""Seats that were not given when they became free: whose turn it is then, and for whom nothing is kept any more."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.nouns.booking import PaymentState
from tests.machine.drawing import a, one_of
from tests.machine.erasing import ErasingMachine
from tests.machine.world import A_MICROSECOND, known


class TurnsMachine(ErasingMachine):
    @rule(holder=a("client"), backwards=st.booleans(), then=one_of("claimed", "booked"))
    def seat_that_nobody_could_take_is_taken_by_and_by(self, holder: str, backwards: bool, then: str) -> None:
        """They had left the studio, and come back; the first of them comes first."""
        waiting = self.others_than(holder)[:2]
        self.nothing_stands_in_the_way(0, 72, holder, *waiting)
        (session,) = seats = self.full_sessions(holder, False, 1, "")
        for archived in (True, False):
            for client in waiting:
                if archived:
                    self.wait_for(session, client, None)
                self.change("client", "owner", self.id(client), {"archived": archived})
            if archived:
                self.free(seats, "staff", holder)
        for entry in self.oracle.queue(session)[:: -1 if backwards else 1]:
            if then == "claimed":
                self.claim("owner", known(entry.id))
            else:
                self.book("owner", session, entry.client, PaymentState.PAID)

    @rule(holder=a("client"), extra=one_of(0, 1, 1), again=st.booleans())
    def nobody_is_left_to_wait_for_what_is_on_offer(self, holder: str, extra: int, again: bool) -> None:
        """Somebody else books it; and who comes back waits for the next."""
        waiting = self.others_than(holder)[0]
        self.nothing_stands_in_the_way(0, 72, holder, waiting)
        (session,) = seats = self.full_sessions(holder, False, 1, "")
        name = self.name_of("session", session)
        self.session_policy_is_changed("owner", name, {"extra_make_up_seats": extra})
        self.wait_for(session, waiting, None)
        self.now = self.oracle.seats_given_until(self.oracle.sessions[session]) + A_MICROSECOND
        self.compare()
        self.free(seats, "staff", holder)
        for entry in self.oracle.queue(session):
            self.leave("owner", known(entry.id))
        if again:
            self.book("manager", session, self.id(holder), PaymentState.PAID)
        self.wait_for(session, waiting, None)

"""Who waits in a life: for money, where seats become free around the last instant at which they are given; and with a
credit that waits past its own end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.nouns.booking import PaymentState
from tests.machine.drawing import AROUND
from tests.machine.studio_cancelling import StudioCancellingMachine
from tests.machine.waiting import WaitingMachine
from tests.machine.world import A_DAY, AN_HOUR, known

HOLDERS, WAITERS, PASSER_BY, WITH_CREDIT = (10, 11, 12), (13, 14, 15, 16), 17, 18
"""All of one account."""
A_NIGHT = 12 * AN_HOUR
Happening = tuple[datetime, Any]


class Waits(StudioCancellingMachine, WaitingMachine):
    """Two classes of their own, which have no extra seats: one is full and waited for, the other starts a night late.

    Whatever else is decided, no rule but those of waiting lists has a say about them.
    """

    def classes_are_full(self, decided: dict[str, object], tomorrow: datetime) -> None:
        no_more = decided | {"extra_make_up_seats": 0}
        for ahead, seats in ((5 * A_DAY, len(HOLDERS)), (tomorrow - self.now, 1)):
            self.session_is_added("owner", None, ahead, seats, True, False, 1500, "Yoga", no_more)
            self.somebody_waits_for_any_session("owner", self.names("session")[-1], f"client {PASSER_BY}", False)
            for client in HOLDERS[:seats]:
                self.session_is_booked_by_staff(self.names("session")[-1], f"client {client}", PaymentState.PAID)
        self.waited_for, self.held_for = self.names("session")[-2:]
        for client in WAITERS:
            self.join("owner", self.id(self.waited_for), self.id(f"client {client}"), with_credit=False)

    def limit(self) -> datetime:
        return self.oracle.seats_given_until(self.oracle.sessions[self.id(self.waited_for)])

    def seat_is_freed_at_the_limit(self, by: timedelta) -> None:
        """Around it, three times. Somebody tries to book past the queue; and the first in it claims the seat."""
        session, holder = self.id(self.waited_for), self.id(f"client {HOLDERS[AROUND.index(by)]}")
        seat = next(b for b in self.oracle.bookings if b.live and (b.session, b.client) == (session, holder))
        self.cancel("manager", known(seat.id), None)
        self.session_is_booked_by_staff(self.waited_for, f"client {PASSER_BY}", PaymentState.PAID)
        for entry in self.oracle.entries[: len(WAITERS)]:
            self.claim("owner", known(entry.id))

    def credit_waits(self) -> None:
        """It ends tonight, and would come in time; but the class is put off."""
        client, session = self.id(f"client {WITH_CREDIT}"), self.id(self.held_for)
        self.credits_are_granted("manager", f"client {WITH_CREDIT}", 1, 0, None)
        self.held = f"credit {len(self.oracle.credits) - 1}"
        for _ in range(2):
            self.join("owner", session, client, True, self.id(self.held))
        self.spend("owner", session, client, self.id(self.held))
        it = self.oracle.sessions[session]
        self.move("manager", session, it.start + A_NIGHT, it.length)

    def credit_has_waited(self) -> None:
        """Released with the start, it lives by its grace or not at all."""
        client = self.id(f"client {WITH_CREDIT}")
        for session in (self.held_for, self.waited_for):
            self.spend("owner", self.id(session), client, self.id(self.held))
            self.join("owner", self.id(session), client, True, self.id(self.held))
        self.leave("owner", known(self.oracle.entries[-1].id))

    def waits(self, morning: datetime, evening: datetime) -> Sequence[Happening]:
        """What happens when."""
        return (morning, self.credit_waits), (evening + A_NIGHT, self.credit_has_waited)

"""What the rule book says of credits that wait (W1): held, released, in grace, and ended by the start (W2)."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistState
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import Booking, Credit, Entry


class HoldingOracle(ManagingOracle):
    def places(self, credit: Credit) -> list[Entry]:
        """W3: one held credit may wait on several sessions."""
        return [entry for entry in self.entries if entry.live and entry.credit is credit]

    def in_grace(self, credit: Credit, now: datetime) -> bool:
        """Whether it lives by its grace now."""
        return credit.by_grace and credit.state(now) is CreditState.ACTIVE

    def hold(self, credit: Credit, now: datetime, session: UUID) -> None:
        """On one list more. What it was promised when it began to wait holds."""
        if credit.held_until is None:
            credit.own, credit.by_grace = (credit.expires_at, credit.expires_on), False
            credit.grace_hours = self.settings["hold_release_grace_hours"]
        self.wait(credit, now, session)

    def wait(self, credit: Credit, now: datetime, session: UUID | None = None) -> None:
        """Until the last of the starts, which may be another than before."""
        until = max(self.sessions[place.session].start for place in self.places(credit))
        if session is not None or until != credit.held_until:
            credit.held_until = until
            credit.waits[len(credit.story)] = until, session
            self.write(credit, LedgerKind.HELD, now, self.end_if_released(credit, until))

    def lose_a_place(self, credit: Credit, now: datetime) -> None:
        if self.places(credit):
            self.wait(credit, now)
        else:
            self.let_go(credit, LedgerKind.RELEASED, now)

    def let_go(self, credit: Credit, kind: LedgerKind, at: datetime, booking: Booking | None = None) -> None:
        """Released, or spent on a seat that came, as if it had been: C1 may give that end back."""
        end = self.end_if_released(credit, at)
        if end != credit.own[0]:
            credit.graced, credit.by_grace = end, True
        credit.held_until = None
        self.write(credit, kind, at, end, booking)

    def end_if_released(self, credit: Credit, at: datetime) -> datetime | None:
        """At or past its expiry it has the hours of grace from the release, once in its life."""
        own_end, _ = credit.own
        if own_end is None or at < own_end or credit.graced is not None or credit.grace_hours == 0:
            return own_end
        return at + timedelta(hours=credit.grace_hours)

    def give_end(self, credit: Credit, end: datetime | None) -> None:
        """V6: while it is held, its own end moves, and it goes on waiting."""
        if credit.held_until is None:
            super().give_end(credit, end)
            return
        credit.moved[len(credit.story)] = credit.own, (end, self.last_day(end))
        credit.own = end, self.last_day(end)
        credit.expires_at = self.end_if_released(credit, credit.held_until)
        credit.expires_on = self.last_day(credit.expires_at)

    def write(
        self, credit: Credit, kind: LedgerKind, at: datetime, end: datetime | None, booking: Booking | None = None
    ) -> None:
        """A line with another end, or the same."""
        credit.ends.append((credit.expires_at, credit.expires_on))
        credit.prolonged.add(len(credit.story))
        credit.expires_at, credit.expires_on = end, self.last_day(end)
        credit.story.append((kind, at, booking))

    def end_place(self, entry: Entry, state: WaitlistState, at: datetime, booking: Booking | None = None) -> None:
        entry.state, entry.ended_at, entry.booking = state, at, booking
        if entry.credit is not None and entry.credit.held_until is not None:
            self.lose_a_place(entry.credit, at)

    def give_up_places(self, credit: Credit, now: datetime) -> None:
        """W3, V7: of a credit that is spent or taken back."""
        credit.held_until = None
        for place in self.places(credit):
            self.end_place(place, WaitlistState.GIVEN_UP, now)

    def time_comes(self, now: datetime) -> None:
        """W2: at each start its queue ends, and what waits for nothing later is released as of that instant."""
        starts = {self.sessions[entry.session].start for entry in self.entries if entry.live}
        for start in sorted(start for start in starts if start <= now):
            over = [entry for entry in self.entries if entry.live and self.sessions[entry.session].start == start]
            for entry in over:
                entry.state, entry.ended_at = WaitlistState.ENDED, start
            for entry in over:
                credit = entry.credit
                if credit is not None and credit.held_until is not None and not self.places(credit):
                    self.let_go(credit, LedgerKind.RELEASED, start)
        self.now = now

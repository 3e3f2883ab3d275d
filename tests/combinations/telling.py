"""Whether a choice matters in a life: whether something else comes of some act without it, by the oracle alone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.nouns.session import Compensation
from domain.nouns.words import Word
from domain.outcome import Done
from domain.services.waitlists import claim_seat, join_waitlist, leave_waitlist
from tests.combinations.choices import taken_back
from tests.combinations.covering import Row
from tests.combinations.life import Border, Life
from tests.machine.harness import known
from tests.machine.memory import MemoryHarness
from tests.machine.rows import DONE, Expecting, Says


class Otherwise(Exception):
    """Something else came of an act."""


class Tale(Life):
    """A life of which the oracle alone tells. `story`: what came of each act, and when.

    One that follows another goes through the same instants, so that nothing but an outcome can differ; and it ends
    with the first that does.
    """

    def __init__(self, place: str, row: Row, follows: "Tale | None" = None) -> None:
        self.memory = MemoryHarness()
        super().__init__(self.memory, row)
        self.place = place
        self.follows = follows
        self.story: list[tuple[datetime, frozenset[Word]]] = []
        self.live(place)

    def matters(self, setting: str) -> bool:
        row = {**self.row, setting: taken_back(setting, self.row[setting])}
        try:
            return Tale(self.place, row, self).story != self.story
        except Otherwise:
            return True

    def tell(self, *words: Word) -> None:
        told, nth = (self.now, frozenset(words)), len(self.story)
        if self.follows is not None and self.follows.story[nth : nth + 1] != [told]:
            raise Otherwise
        self.story.append(told)

    def act(
        self,
        who: str,
        says: Says,
        service: Any,
        command: Any,
        codes: Iterable[Word] = (),
        learn: Callable[[Done], object] = lambda done: None,
        now: datetime | None = None,
    ) -> None:
        """The product is not asked: what is new gets its ids here."""
        self.told = ()
        if says == DONE:
            key, bookings = self.memory.new_id(), [each for each in self.oracle.bookings if each.id is None]
            for new in (*bookings, *self.oracle.enrolments, *self.oracle.credits):
                new.id = new.id or self.memory.new_id()
            booked = tuple(known(each.id) for each in bookings)
            if service is join_waitlist:
                self.oracle.entries[-1].id = key
            elif service not in (leave_waitlist, claim_seat):
                moved = self.oracle.moved_along
                learn(Done(self.studio, course=key, session=key, client=key, bookings=booked, moved=moved))
        self.tell(*says.words)

    def look(self) -> None:
        """There is nothing to compare with."""

    def cancel(self, who: str, booking: UUID, shown: Expecting | None, override: str = "") -> None:
        super().cancel(who, booking, shown, override)
        cancelled = next(each for each in self.oracle.bookings if each.id == booking)
        self.tell(cancelled.status, *cancelled.reasons, *filter(None, [cancelled.outcome]))

    def call_off(self, who: str, session: UUID, compensation: Compensation, shown: tuple[int, int, int] | None) -> None:
        ending = self.oracle.live(session)
        says = self.oracle.judge(self.oracle.cancel_session, self.id(who), self.now, session, compensation, shown)
        self.tell(*says.words)
        for booking in ending:
            self.tell(booking.status, *booking.reasons, *filter(None, [booking.outcome]))

    def learn_what_marks_brought(self, done: Done) -> None:
        self.tell(*(reason for each in self.oracle.brought.values() for reason in each.reasons))

    def borders(self) -> Sequence[Border]:
        self.found_borders = super().borders() if self.follows is None else self.follows.found_borders
        return self.found_borders

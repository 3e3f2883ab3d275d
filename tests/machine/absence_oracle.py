"""What the rule book says of an absence (C7): all of a client's bookings between two dates, an outcome for each."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.faults import FaultCode
from domain.nouns.policy import OFF
from domain.refusals import RefusalCode
from tests.machine.calendar import date_at
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import ANY, DONE, Booking, Expecting, Faulty, Says

Seen = dict[UUID, Expecting | None]
"""By booking: what the app had shown; None where it had shown that the seat stays."""


@dataclass(frozen=True)
class Answered:
    """What the act tells: each seat, those given up now, and why the others stay."""

    bookings: tuple[UUID | None, ...]
    changed: frozenset[UUID | None]
    against: frozenset[tuple[RefusalCode, UUID | None]]


class AbsenceOracle(ManagingOracle):
    answered = Answered((), frozenset(), frozenset())

    def seats_between(self, now: datetime, client: UUID, first: date, last: date) -> list[Booking]:
        """Live ones of sessions that have not started, both dates included, by start."""
        return [
            booking
            for booking in self.by_start(self.bookings)
            if booking.live and booking.client == client and self.is_between(booking, now, first, last)
        ]

    def is_between(self, booking: Booking, now: datetime, first: date, last: date) -> bool:
        start = self.sessions[booking.session].start
        return now < start and first <= date_at(start, self.zone) <= last

    def by_start(self, bookings: list[Booking]) -> list[Booking]:
        return sorted(bookings, key=lambda booking: (self.sessions[booking.session].start, str(booking.id)))

    def foresee_absence(self, account: UUID, now: datetime, client: UUID, first: date, last: date) -> Seen:
        """P1: found by doing it in a world of its own, one seat after the other."""
        world = deepcopy(self, {id(OFF): OFF})  # there is but one Off
        seen: Seen = {}
        for booking in world.seats_between(now, client, first, last):
            assert booking.id is not None
            shown = Expecting(*world.foresee(booking, now))
            seen[booking.id] = shown if world.cancel(account, now, booking.id, None) == DONE else None
        return seen

    def give_up_all(
        self,
        account: UUID,
        now: datetime,
        client: UUID,
        first: date,
        last: date,
        shown: Seen,
    ) -> Says:
        """`shown` is empty where nothing was shown."""
        self.need_client(account, client)
        theirs = {booking.id: booking for booking in self.bookings if booking.client == client}
        if not theirs.keys() >= shown.keys():
            raise Faulty(FaultCode.NOT_FOUND)
        truth = self.foresee_absence(account, now, client, first, last)
        if shown and (changed := self.not_as_shown(theirs, truth, shown)):
            return Says(codes=frozenset((RefusalCode.OUTCOME_CHANGED, key) for key in changed))
        gone = {key for key in shown if not theirs[key].live}  # C4
        against: set[tuple[RefusalCode, UUID | None]] = set()
        given_up: set[UUID | None] = set()
        for key in truth:
            says = self.cancel(account, now, key, None)
            against |= {(code, key) for code, _ in says.codes}
            if says == DONE:
                given_up.add(key)
        if against and not given_up and not gone:
            return Says(codes=frozenset(against))
        told = [booking for booking in theirs.values() if booking.id in truth or booking.id in shown]
        self.answered = Answered(
            tuple(booking.id for booking in self.by_start(told)), frozenset(given_up), frozenset(against)
        )
        return DONE

    def not_as_shown(self, theirs: Mapping[UUID | None, Booking], truth: Seen, shown: Seen) -> set[UUID]:
        """The seats of which something else would come. What is given up already is not asked (C4)."""
        changed = {key for key in truth if key not in shown}
        for key, expecting in shown.items():
            if theirs[key].live and not self.is_as_shown(expecting, truth.get(key)):
                changed.add(key)
        return changed

    def is_as_shown(self, shown: Expecting | None, truth: Expecting | None) -> bool:
        if shown is None or truth is None:
            return shown is truth
        return shown.outcome is truth.outcome and shown.expires_on in (truth.expires_on, ANY)

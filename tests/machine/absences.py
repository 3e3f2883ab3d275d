"""The state machine lets clients be away: for a day or for long, as the app had shown or not."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.cancellation import absence
from domain.dates import Dates
from domain.nouns.booking import CancellationOutcome, PaymentState
from domain.nouns.policy import OFF, LateCancellation
from domain.outcome import Done
from domain.services import absences
from tests.machine.absence_oracle import Answered, Seen
from tests.machine.calendar import date_at
from tests.machine.cancelling import expected_of
from tests.machine.drawing import ANYONE, AROUND, a, having, one_of
from tests.machine.managing import ManagingMachine
from tests.machine.rows import ANY, Expecting
from tests.machine.world import A_DAY

HOW_SHOWN = one_of(
    *["not at all", "as it is"] * 3, "another outcome", "another day", "any day", "one less", "one stays", "one more"
)


class AbsenceMachine(ManagingMachine):
    @rule(who=ANYONE, client=a("client"), ahead=one_of(-3, 0, 1), days=one_of(0, 3, 40))
    def anybody_says_that_a_client_is_away(self, who: str, client: str, ahead: int, days: int) -> None:
        self.away(who, self.id(client), ahead, days, "not at all")

    @having("live booking")
    @rule(
        booking=a("live booking"),
        before=one_of(0, 0, 2),
        days=one_of(0, 8, 100, 100),
        how=HOW_SHOWN,
        staff=st.booleans(),
        twice=st.booleans(),
    )
    def client_is_away(self, booking: str, before: int, days: int, how: str, staff: bool, twice: bool) -> None:
        """On the day of one of their sessions, and maybe for longer."""
        client, session = self.booking(booking).client, self.oracle.sessions[self.booking(booking).session]
        ahead = (date_at(session.start, self.oracle.zone) - date_at(self.now, self.oracle.zone)).days - before
        who = "manager" if staff else self.account_of(client)
        for _ in range(1 + twice):
            self.away(who, client, ahead, days + before, how)

    @having("live make-up")
    @rule(
        booking=a("live make-up"),
        most=one_of(0, 1, 2),
        late=one_of(*LateCancellation),
        how=one_of("not at all", "as it is"),
    )
    def client_who_has_a_make_up_is_away_under_a_cap(
        self, booking: str, most: int, late: LateCancellation, how: str
    ) -> None:
        """What comes back is outstanding again for the seats after it."""
        self.policy_is_changed("owner", {"max_outstanding": most, "late_cancellation": late})
        self.client_is_away(booking, before=2, days=100, how=how, staff=False, twice=False)

    @having("booking before its deadline")
    @rule(
        booking=a("booking before its deadline"),
        by=one_of(*AROUND),
        late=one_of(*LateCancellation),
        how=one_of("not at all", "as it is"),
        most=one_of(OFF, 1, 2),
    )
    def client_is_away_from_the_deadline_on(
        self, booking: str, by: timedelta, late: LateCancellation, how: str, most: object
    ) -> None:
        """Of one of their seats, in a course where they have another place as well."""
        client, session = self.booking(booking).client, self.oracle.sessions[self.booking(booking).session]
        self.policy_is_changed("owner", {"late_cancellation": late, "max_outstanding": most})
        for course in self.met["course"]:
            name = self.name_of("client", client)
            self.client_is_enrolled_wherever_there_is_a_seat("owner", course, name, PaymentState.PAID)
        self.now = max(self.now, self.oracle.deadline(session) + by)
        self.compare()
        self.away(self.account_of(client), client, 0, 100, how)

    @rule(client=a("client"), thing=a("thing elsewhere"))
    def seat_of_another_studio_is_expected(self, client: str, thing: str) -> None:
        self.give_up_all(self.account_of(self.id(client)), self.id(client), 0, 9, {self.id(thing): None})
        self.give_up_all("owner", self.id(thing), 0, 9, {})

    def away(self, who: str, client: UUID, ahead: int, days: int, how: str) -> None:
        seen: Seen = {}
        if how != "not at all" and self.oracle.sees_client(self.id(who), client):
            first = date_at(self.now, self.oracle.zone) + ahead * A_DAY
            seen = self.oracle.foresee_absence(self.id(who), self.now, client, first, first + days * A_DAY)
            self.distort(seen, client, how)
        self.give_up_all(who, client, ahead, days, seen)

    def distort(self, seen: Seen, client: UUID, how: str) -> None:
        """What the app had shown before something changed."""
        first = next(iter(seen), None)
        expecting = None if first is None else seen[first]
        if how == "one more":  # theirs, whatever became of it, or another's
            seen |= {known: None for each in self.oracle.bookings[-1:] if (known := each.id) not in (None, *seen)}
            gone = [each.id for each in self.oracle.bookings if each.client == client and not each.live]
            seen |= {key: Expecting(CancellationOutcome.CREDIT, ANY) for key in gone[-1:] if key is not None}
        elif first is None:
            return
        elif how == "one less":
            del seen[first]
        elif how == "one stays":
            seen[first] = None
        elif how == "any day" and expecting is not None:
            seen[first] = Expecting(expecting.outcome, ANY)
        elif how == "another day" and expecting is not None:
            day = expecting.expires_on
            seen[first] = Expecting(expecting.outcome, day + A_DAY if isinstance(day, date) else self.odd.date())
        elif how == "another outcome":
            was = None if expecting is None else expecting.outcome
            seen[first] = Expecting(next(each for each in CancellationOutcome if each is not was), ANY)

    def give_up_all(self, who: str, client: UUID, ahead: int, days: int, shown: Seen) -> None:
        first = date_at(self.now, self.oracle.zone) + ahead * A_DAY
        last = first + days * A_DAY
        says = self.oracle.judge(self.oracle.give_up_all, self.id(who), self.now, client, first, last, shown)
        expected = {key: expecting and expected_of(expecting) for key, expecting in shown.items()}
        command = absences.CancelBookings(client, Dates(first, last), expected or None)
        self.act(who, says, absences.cancel_bookings, command, absence.CODES, self.learn_what_became_of_each)

    def learn_what_became_of_each(self, done: Done) -> None:
        """Nothing new: the answer tells of each seat what the oracle does."""
        against = frozenset((reason.code, reason.booking_id) for reason in done.against)
        assert Answered(done.bookings, frozenset(done.changed), against) == self.oracle.answered

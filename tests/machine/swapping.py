"""Swapping seats at random, around every border of both halves."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.cancellation import swapping
from domain.nouns.booking import PaymentState
from domain.nouns.policy import OFF, CreditScope, Days, HoursBefore, LateCancellation, RedeemableFrom
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services.swaps import SwapSession, swap_session
from tests.machine.decided import AT_ANY_TIME, COURSE_SETTINGS, EVERYTHING_EARNS, EVERYTHING_IS_OPEN
from tests.machine.drawing import A_SESSION, ANYONE, AROUND, HOW_PAID, a, having, one_of
from tests.machine.managing import ManagingMachine
from tests.machine.world import A_DAY, known

EARNING: dict[str, object] = {
    "make_ups_enabled": True,
    "earning_needs_payment": False,
    "earn_cap": OFF,
    "max_outstanding": OFF,
    "redeemable_from": RedeemableFrom.ON_CANCELLATION,
}


class SwappingMachine(ManagingMachine):
    @having("booking")
    @rule(who=ANYONE, booking=a("booking"), session=A_SESSION, own=one_of(False, False, True))
    def booking_is_swapped_by_anyone(self, who: str, booking: str, session: str, own: bool) -> None:
        """Also what is cancelled already, and into the session where it is."""
        self.swap(who, self.id(booking), self.booking(booking).session if own else self.id(session))

    @having("cancelled booking")
    @rule(booking=a("cancelled booking"), session=A_SESSION)
    def cancelled_booking_is_swapped(self, booking: str, session: str) -> None:
        self.swap(self.account_of(self.booking(booking).client), self.id(booking), self.id(session))

    @having("live booking")
    @rule(
        booking=a("live booking"),
        settings=one_of({}, EARNING, EARNING),
        nth=st.integers(0, 3),
        staff=st.booleans(),
        twice=st.booleans(),
    )
    def booking_is_swapped_where_it_can_be(
        self, booking: str, settings: dict[str, object], nth: int, staff: bool, twice: bool
    ) -> None:
        """Twice: the same once more, and then what it was swapped for is swapped on."""
        self.policy_is_changed("owner", settings)
        client, mine = self.booking(booking).client, self.id(booking)
        who = "manager" if staff else self.account_of(client)
        targets = self.open_to(client)[nth:][: 1 + twice]
        for target in targets[:1] * (1 + twice):
            self.swap(who, mine, target)
        new = self.oracle.bookings[-1]
        if len(targets) == 2 and new.client == client and new.id is not None:
            self.swap(who, new.id, targets[1])

    @rule(
        client=a("client"),
        course=one_of("course 0", "course 1"),
        bought=st.booleans(),
        payment=HOW_PAID,
        earns=one_of(True, True, False),
        seats=st.integers(1, 2),
        twice=st.booleans(),
    )
    def seat_in_a_course_is_swapped_for_a_new_class(
        self, client: str, course: str, bought: bool, payment: PaymentState, earns: bool, seats: int, twice: bool
    ) -> None:
        """By itself or with the whole course. Twice: and from there on to another class."""
        living = {"cancellation_deadline": HoursBefore(0), "validity": Days(14)}
        self.policy_is_changed("owner", EARNING | living | {"single_bookings_earn": earns})
        self.course_policy_is_changed("owner", course, dict.fromkeys(("make_ups_enabled", "earn_cap", *living)))
        if bought:
            for session in self.coming_without(client, course)[:1]:
                self.book("manager", session, self.id(client), payment)
        else:
            self.client_is_enrolled_wherever_there_is_a_seat("owner", course, client, payment)
        theirs = [each for each in self.oracle.bookings if each.live and each.client == self.id(client)]
        booking = theirs[-1] if theirs else None
        for _ in range(1 + twice):
            self.session_is_added("owner", None, 2 * A_DAY, seats, True, False, None, None, {})
            if booking is not None:
                self.swap(self.account_of(booking.client), known(booking.id), self.id(self.names("session")[-1]))
                booking = self.oracle.bookings[-1]

    @rule(client=a("client"), payment=HOW_PAID, staff=st.booleans())
    def seat_bought_in_a_new_session_is_swapped_for_a_new_class(
        self, client: str, payment: PaymentState, staff: bool
    ) -> None:
        """In a course that sells them, where nothing that is decided stands in the way."""
        self.policy_is_changed("owner", EVERYTHING_EARNS | EVERYTHING_IS_OPEN)
        self.course_policy_is_changed("owner", "course 0", dict.fromkeys(COURSE_SETTINGS))
        self.change("course", "owner", self.id("course 0"), {"single_price": 2999})
        for course in ("course 0", None):
            self.session_is_added("owner", course, 2 * A_DAY, 1, True, False, None, None, AT_ANY_TIME)
        bought, wanted = self.names("session")[-2:]
        self.book("manager", self.id(bought), self.id(client), payment)
        for booking in self.oracle.bookings[-1:]:
            self.swap("manager" if staff else self.account_of(booking.client), known(booking.id), self.id(wanted))

    def coming_without(self, client: str, course: str) -> list[UUID]:
        """The sessions of the course in which they could have a seat."""
        return [
            key
            for key, session in self.oracle.sessions.items()
            if session.course == self.id(course)
            and session.start > self.now
            and not self.oracle.has_seat(key, self.id(client))
        ]

    @having("booking before its deadline")
    @rule(
        booking=a("booking before its deadline"),
        by=one_of(*AROUND),
        late=one_of(*LateCancellation),
        redeemable=one_of(*RedeemableFrom),
        staff=st.booleans(),
        nth=st.integers(0, 5),
    )
    def booking_is_swapped_at_its_deadline(
        self, booking: str, by: timedelta, late: LateCancellation, redeemable: RedeemableFrom, staff: bool, nth: int
    ) -> None:
        self.policy_is_changed("owner", {"late_cancellation": late, "redeemable_from": redeemable})
        self.now = max(self.now, self.deadline(self.booking(booking)) + by)
        self.compare()
        client = self.booking(booking).client
        for session in (*self.open_to(client), *self.oracle.sessions)[nth:][:1]:
            self.swap("manager" if staff else self.account_of(client), self.id(booking), session)

    @having("live make-up")
    @rule(booking=a("live make-up"), by=one_of(*AROUND), nth=st.integers(0, 5))
    def make_up_is_swapped_when_its_credit_expires(self, booking: str, by: timedelta, nth: int) -> None:
        """Where it does, and has not yet."""
        credit, client = self.booking(booking).credit, self.booking(booking).client
        assert credit is not None
        if credit.expires_at is not None:
            self.now = max(self.now, credit.expires_at + by)
            self.compare()
        for session in (*self.open_to(client), *self.oracle.sessions)[nth:][:1]:
            self.swap(self.account_of(client), self.id(booking), session)

    @having("spendable credit")
    @rule(
        credit=a("spendable credit"),
        client=a("client"),
        nth=st.integers(0, 2),
        scope=one_of(*CreditScope),
        to=one_of(None, "other parent"),
    )
    def what_a_sibling_paid_is_swapped(
        self, credit: str, client: str, nth: int, scope: CreditScope, to: str | None
    ) -> None:
        """Also where meanwhile each pays for themselves, or they are no siblings any more.

        First for the session that earned the credit, which is told only of a credit of their own.
        """
        key, holder, missed = self.id(client), self.credit(credit).client, self.credit(credit).missed
        self.policy_is_changed("owner", {"credit_scope": CreditScope.SAME_ACCOUNT})
        targets = self.open_to(key)[nth:][:2]
        if len(targets) < 2:
            return
        self.spend(self.account_of(key), targets[0], key, self.id(credit))
        new = self.oracle.bookings[-1]
        self.policy_is_changed("owner", {"credit_scope": scope})
        if to is not None:
            self.client_is_linked("owner", self.name_of("client", holder), to)
        if new.id is not None:
            for target in (*([] if missed is None else [missed.session]), targets[1]):
                self.swap(self.account_of(new.client), new.id, target)

    @having("booking")
    @rule(who=ANYONE, booking=a("booking"), session=A_SESSION, thing=a("thing elsewhere"))
    def something_of_another_studio_is_swapped(self, who: str, booking: str, session: str, thing: str) -> None:
        """Here there is no such thing."""
        self.swap(who, self.id(booking), self.id(thing))
        self.swap(who, self.id(thing), self.id(session))

    def swap(self, who: str, booking: UUID, session: UUID) -> None:
        says = self.oracle.judge(self.oracle.swap, self.id(who), self.now, booking, session)
        given_up = next((each for each in self.oracle.bookings if each.id == booking), None)

        def learn(done: Done) -> None:
            assert given_up is not None
            assert done.bookings[0] == booking
            self.count(given_up.paid_with)

        self.act(who, says, swap_session, SwapSession(booking, session), swapping.CODES, learn)
        for reason in self.told:
            if reason.code is RefusalCode.CANCELLATION_EARNS_NOTHING:
                assert given_up is not None
                assert frozenset(reason.why_not_earned) == self.oracle.why_not_earned(given_up, self.now)

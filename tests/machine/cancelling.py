"""The state machine cancels bookings: by anyone, around every deadline, and as the app had shown."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.cancellation import cancelling
from domain.cancellation.cancelling import Expected
from domain.faults import FaultCode
from domain.nouns.booking import CancellationOutcome, PaymentState
from domain.nouns.policy import LateCancellation, LocalTime
from domain.services import bookings
from tests.machine.calendar import date_at
from tests.machine.decided import SETTINGS
from tests.machine.drawing import ANYONE, AROUND, HOW_PAID, MAYBE_WRONG, MAYBE_WRONG_DAY, a, having, one_of
from tests.machine.rows import ANY, Expecting, Says
from tests.machine.seats import SeatsMachine
from tests.machine.world import A_DAY, A_MICROSECOND, known


class CancellingMachine(SeatsMachine):
    @having("booking")
    @rule(who=ANYONE, booking=a("booking"))
    def booking_is_cancelled_by_anyone(self, who: str, booking: str) -> None:
        """Also what is cancelled already."""
        self.cancel(who, self.id(booking), None)

    @rule(client=a("client"), payment=HOW_PAID)
    def class_is_booked_and_cancelled(self, client: str, payment: PaymentState) -> None:
        """One that is no course's."""
        self.session_is_added("owner", None, A_DAY, 2, True, False, 1500, None, {})
        before = len(self.oracle.bookings)
        self.book("manager", self.id(self.names("session")[-1]), self.id(client), payment)
        for booking in self.oracle.bookings[before:]:
            self.cancel(self.account_of(booking.client), known(booking.id), None)

    @having("live booking")
    @rule(booking=a("live booking"), twice=st.booleans())
    def booking_is_cancelled_by_its_client(self, booking: str, twice: bool) -> None:
        who = self.account_of(self.booking(booking).client)
        for _ in range(1 + twice):
            self.cancel(who, self.id(booking), None)

    @having("booking before its deadline")
    @rule(
        booking=a("booking before its deadline"),
        by=one_of(*AROUND),
        late=one_of(*LateCancellation),
        deadline=one_of(*SETTINGS["cancellation_deadline"]),
        staff=st.booleans(),
    )
    def booking_is_cancelled_at_its_deadline(
        self, booking: str, by: timedelta, late: LateCancellation, deadline: object, staff: bool
    ) -> None:
        self.policy_is_changed("owner", {"late_cancellation": late, "cancellation_deadline": deadline})
        self.now = max(self.now, self.deadline(self.booking(booking)) + by)
        self.compare()
        who = "manager" if staff else self.account_of(self.booking(booking).client)
        self.cancel(who, self.id(booking), None)

    @having("booking on the odd day")
    @rule(booking=a("booking on the odd day"), by=one_of(*AROUND))
    def booking_is_cancelled_at_an_odd_deadline(self, booking: str, by: timedelta) -> None:
        """One that the clocks jump over, or show twice."""
        odd = LocalTime(0, self.odd.time())
        self.booking_is_cancelled_at_its_deadline(booking, by, LateCancellation.BLOCK, odd, staff=False)

    @having("live make-up")
    @rule(booking=a("live make-up"), wrong_outcome=MAYBE_WRONG, wrong_day=MAYBE_WRONG_DAY)
    def make_up_is_cancelled_as_shown(
        self, booking: str, wrong_outcome: CancellationOutcome | None, wrong_day: timedelta | str | None
    ) -> None:
        self.booking_is_cancelled_as_shown(booking, wrong_outcome, wrong_day)

    @having("live booking")
    @rule(
        booking=a("live booking"),
        payment=one_of(PaymentState.DUE, *PaymentState),
        needed=one_of(True, True, False),
        single=st.booleans(),
    )
    def booking_is_cancelled_once_its_payment_was_told(
        self, booking: str, payment: PaymentState, needed: bool, single: bool
    ) -> None:
        """A make-up is always paid, and says so."""
        earning = {"make_ups_enabled": True, "earning_needs_payment": needed, "single_bookings_earn": single}
        self.policy_is_changed("owner", earning)
        self.booking_is_marked("manager", booking, payment)
        self.cancel(self.account_of(self.booking(booking).client), self.id(booking), None)

    @having("live booking")
    @rule(booking=a("live booking"), wrong_outcome=MAYBE_WRONG, wrong_day=MAYBE_WRONG_DAY)
    def booking_is_cancelled_as_shown(
        self, booking: str, wrong_outcome: CancellationOutcome | None, wrong_day: timedelta | str | None
    ) -> None:
        """With what the app had shown: the truth, or something else (P1)."""
        outcome, expires_on = self.oracle.foresee(self.booking(booking), self.now)
        if isinstance(wrong_day, timedelta):
            expires_on = date_at(self.now, self.oracle.zone) if expires_on is None else expires_on + wrong_day
        shown = Expecting(wrong_outcome or outcome, wrong_day if isinstance(wrong_day, str) else expires_on)
        self.cancel(self.account_of(self.booking(booking).client), self.id(booking), shown)

    def cancel(self, who: str, booking: UUID, shown: Expecting | None, override: str = "") -> None:
        says = self.oracle.judge(self.oracle.cancel, self.id(who), self.now, booking, shown, override)
        command = bookings.CancelBooking(booking, shown and expected_of(shown), override)
        self.act(who, says, bookings.cancel_booking, command, cancelling.CODES)

    @having("past booking")
    @rule(booking=a("past booking"))
    def clock_goes_back_before_a_booking(self, booking: str) -> None:
        """A history in which it was cancelled before it was made would contradict itself."""
        self.act(
            "owner",
            Says(fault=FaultCode.TIME_WENT_BACKWARDS),
            bookings.cancel_booking,
            bookings.CancelBooking(self.id(booking), None),
            now=self.booking(booking).at - A_MICROSECOND,
        )


def expected_of(shown: Expecting) -> Expected:
    day = None if isinstance(shown.expires_on, str) else shown.expires_on
    return Expected(shown.outcome, day, any_expiry=shown.expires_on == ANY)

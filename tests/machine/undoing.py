"""The state machine takes cancellations back: at once, at the last moment, and when the credit has been spent."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.cancellation import undoing
from domain.nouns.booking import PaymentState
from domain.nouns.policy import OFF, CreditScope, ExpiryMeans
from domain.outcome import Done
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.machine.drawing import A_SESSION, ANYONE, AROUND, MOMENTS, a, having, one_of
from tests.machine.managing import ManagingMachine
from tests.machine.rows import Booking


class UndoingMachine(ManagingMachine):
    @having("booking")
    @rule(who=ANYONE, booking=a("booking"), swap_back=st.booleans(), shown=a("booking"), as_shown=st.booleans())
    def cancellation_is_undone_by_anyone(
        self, who: str, booking: str, swap_back: bool, shown: str, as_shown: bool
    ) -> None:
        """Also of what is live, and of what ended with its enrolment."""
        self.undo(who, self.id(booking), swap_back, self.id(shown) if as_shown else None)

    @having("cancelled booking")
    @rule(booking=a("cancelled booking"), swap_back=st.booleans(), twice=st.booleans(), again=st.booleans())
    def cancellation_is_undone_by_its_client(self, booking: str, swap_back: bool, twice: bool, again: bool) -> None:
        """And once more cancelled, which is judged at its own time."""
        who = self.account_of(self.booking(booking).client)
        for _ in range(1 + twice):
            self.undo(who, self.id(booking), swap_back)
        if again:
            self.cancel(who, self.id(booking), None)
            self.undo(who, self.id(booking), swap_back)

    @having("live booking")
    @rule(booking=a("live booking"), earns=st.booleans(), most=one_of(OFF, 1), wait=one_of(*MOMENTS))
    def later_cancellation_is_judged_anew(self, booking: str, earns: bool, most: object, wait: timedelta) -> None:
        """What was undone pays nothing, and counts towards no cap."""
        it, earning = self.booking(booking), {"make_ups_enabled": True}
        who = self.account_of(it.client)
        self.policy_is_changed("owner", {"max_outstanding": most, "earning_needs_payment": False, **earning})
        self.cancel(who, self.id(booking), None)
        credit = self.oracle.brought_by(it)
        self.undo(who, self.id(booking), swap_back=False)
        for session in self.open_to(it.client)[:1] if credit else ():
            self.spend(who, session, it.client, credit and credit.id)
        self.policy_is_changed("owner", {"single_bookings_earn": earns})
        self.time_passes(wait)
        self.cancel("manager", self.id(booking), None)

    @having("cancelled booking")
    @rule(booking=a("cancelled booking"), by=one_of(*AROUND), staff=st.booleans())
    def cancellation_is_undone_as_the_session_starts(self, booking: str, by: timedelta, staff: bool) -> None:
        self.now = max(self.now, self.oracle.sessions[self.booking(booking).session].start + by)
        self.compare()
        who = "manager" if staff else self.account_of(self.booking(booking).client)
        self.undo(who, self.id(booking), swap_back=False)

    @having("live booking")
    @rule(
        booking=a("live booking"),
        nth=st.integers(0, 5),
        scope=one_of(*CreditScope),
        swap_back=one_of(True, True, False),
        by=one_of(None, None, *AROUND),
        staff=st.booleans(),
        swapped_on=one_of(False, False, True),
    )
    def cancellation_is_undone_when_its_credit_is_spent(
        self,
        booking: str,
        nth: int,
        scope: CreditScope,
        swap_back: bool,
        by: timedelta | None,
        staff: bool,
        swapped_on: bool,
    ) -> None:
        """On the holder's seat or a sibling's; then at once, or around that seat's own deadline.

        Swapped on: the person was shown that seat, and then somebody else spends the credit on another.
        """
        self.policy_is_changed(
            "owner", {"make_ups_enabled": True, "credit_scope": scope, "earning_needs_payment": False}
        )
        it = self.booking(booking)
        self.cancel(self.account_of(it.client), self.id(booking), None)
        self.spend_what_it_brought(it, nth)
        other = self.oracle.paid_instead(it)
        if by is not None and other is not None:
            self.now = max(self.now, self.deadline(other) + by)
            self.compare()
        who = "manager" if staff else self.account_of(it.client)
        shown = other and other.id
        if swapped_on and shown is not None:
            self.cancel("manager", shown, None)
            self.spend_what_it_brought(it, nth)
            self.undo(who, self.id(booking), True, shown)
            other = self.oracle.paid_instead(it)
            shown = other and other.id
        self.undo(who, self.id(booking), swap_back, shown)
        self.undo(who, self.id(booking), swap_back=True)

    @having("live booking")
    @rule(booking=a("live booking"), scope=one_of(*CreditScope), given_away=st.booleans())
    def seat_bought_with_a_sibling_s_credit_is_given_up_or_wanted_back(
        self, booking: str, scope: CreditScope, given_away: bool
    ) -> None:
        """By then the sibling may have another account, or siblings no longer pay for each other."""
        it = self.booking(booking)
        siblings = [key for key in self.oracle.clients if key != it.client and self.oracle.are_siblings(key, it.client)]
        earning = {"make_ups_enabled": True, "earning_needs_payment": False}
        self.policy_is_changed("owner", {"credit_scope": CreditScope.SAME_ACCOUNT, **earning})
        who = self.account_of(it.client)
        self.cancel(who, self.id(booking), None)
        credit = self.oracle.brought_by(it)
        for session in self.open_to(siblings[0])[:1] if siblings and credit else ():
            self.spend(who, session, siblings[0], credit and credit.id)
        other = self.oracle.paid_instead(it)
        if other is None or other.id is None:
            return
        if given_away:
            self.client_is_linked("owner", self.name_of("client", other.client), "other parent")
        self.policy_is_changed("owner", {"credit_scope": scope})
        if scope is CreditScope.SAME_CLIENT:
            self.cancel("manager", other.id, None)
            self.undo("manager", other.id, swap_back=False)
        self.undo(who, self.id(booking), swap_back=True)
        self.undo("manager", other.id, swap_back=False)  # by now its credit may be taken back, and a stranger's

    @having("live make-up")
    @rule(
        booking=a("live make-up"),
        elsewhere=st.booleans(),
        nth=st.integers(0, 5),
        by=one_of(None, None, None, *AROUND),
        scope=one_of(*CreditScope),
    )
    def make_up_is_cancelled_and_wanted_back(
        self, booking: str, elsewhere: bool, nth: int, by: timedelta | None, scope: CreditScope
    ) -> None:
        """In between its credit may be spent on another, or expire."""
        it, credit = self.booking(booking), self.booking(booking).credit
        assert credit is not None
        who = self.account_of(it.client)
        self.cancel(who, self.id(booking), None)
        if elsewhere:
            self.spend_what_it_brought(it, nth)
        if by is not None and credit.expires_at is not None:
            self.now = max(self.now, credit.expires_at + by)
            self.compare()
        self.policy_is_changed("owner", {"credit_scope": scope})
        self.undo(who, self.id(booking), swap_back=elsewhere)

    @having("cancelled make-up")
    @rule(booking=a("cancelled make-up"), days=one_of(0, 1, 7))
    def make_up_is_wanted_back_when_its_credit_was_shortened(self, booking: str, days: int) -> None:
        """One that says ATTEND_BY may end before the session starts."""
        it, names = self.booking(booking), self.names("spendable credit")
        held = [name for name in names if self.credit(name) is it.credit]
        if held:
            self.credits_are_extended("owner", held, days)
        self.undo(self.account_of(it.client), self.id(booking), swap_back=False)

    @having("live booking")
    @rule(booking=a("live booking"), client=a("client"), session=A_SESSION)
    def somebody_takes_the_seat_before_it_is_wanted_back(self, booking: str, client: str, session: str) -> None:
        """The same client, too."""
        it = self.booking(booking)
        self.cancel(self.account_of(it.client), self.id(booking), None)
        self.book("manager", it.session, self.id(client), PaymentState.PAID)
        self.undo("manager", self.id(booking), swap_back=False)
        self.undo(self.account_of(it.client), self.id(booking), swap_back=True)

    @having("booking")
    @rule(thing=a("thing elsewhere"), booking=a("booking"), who=ANYONE)
    def cancellation_of_another_studio_is_undone(self, thing: str, booking: str, who: str) -> None:
        """Or what is of another studio is given up for it."""
        self.undo(who, self.id(thing), swap_back=True)
        self.undo(who, self.id(booking), True, self.id(thing))

    @rule(means=one_of(*ExpiryMeans))
    def credits_are_to_be_attended_or_booked_by_their_end(self, means: ExpiryMeans) -> None:
        self.policy_is_changed("owner", {"expiry_means": means})

    def spend_what_it_brought(self, booking: Booking, nth: int) -> None:
        credit = self.oracle.brought_by(booking)
        if credit is None:
            return
        family = [key for key in self.oracle.clients if self.oracle.are_siblings(key, credit.client)]
        clients = (*family, credit.client)
        client = clients[nth % len(clients)]
        for session in self.one_open_to(client, nth):
            self.spend(self.account_of(client), session, client, credit.id)

    def undo(self, who: str, booking: UUID, swap_back: bool, shown: UUID | None = None) -> None:
        it = next((each for each in self.oracle.bookings if each.id == booking), None)
        other, credit = (self.oracle.paid_instead(it), self.oracle.brought_by(it)) if it else (None, None)
        says = self.oracle.judge(self.oracle.undo, self.id(who), self.now, booking, swap_back, shown)

        def learn(done: Done) -> None:
            assert it is not None
            assert done.booking == booking
            assert done.credit == (credit.id if credit and it.credit is None else None)
            assert done.bookings == ((other.id,) if other else ())

        command = UndoCancellation(booking, swap_back, shown)
        self.act(who, says, undo_cancellation, command, undoing.CODES, learn)

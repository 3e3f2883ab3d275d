"""Waiting lists at random: joined in every way, left, claimed from, and given seats by every kind of act."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.nouns.booking import PaymentState
from domain.nouns.policy import CreditScope
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services import waitlists
from domain.waiting import joining, leaving
from tests.machine.drawing import A_SESSION, ANYONE, AROUND, a, having, one_of
from tests.machine.managing import ManagingMachine
from tests.machine.rows import Entry
from tests.machine.world import CLIENTS_ACCOUNTS, known

TO_WAIT_FOR = a("session to wait for") | A_SESSION
PAYING = one_of("money", "best credit", "best credit", "a credit", "a held credit")


class WaitingMachine(ManagingMachine):
    # Joining

    @rule(who=ANYONE, session=A_SESSION, client=one_of(None) | a("client"), with_credit=st.booleans())
    def somebody_waits_for_any_session(self, who: str, session: str, client: str | None, with_credit: bool) -> None:
        """Also where a seat is free."""
        self.join(who, self.id(session), None if client is None else self.id(client), with_credit)

    @having("full session")
    @rule(session=a("full session"), client=a("client"), paying=PAYING, staff=st.booleans(), twice=st.booleans())
    def client_waits_for_a_full_session(self, session: str, client: str, paying: str, staff: bool, twice: bool) -> None:
        """Twice: and once more, which is refused."""
        key, credit = self.id(client), None
        held = [name for name in self.names("held credit") if self.credit(name).client == key]
        mine = [name for name in self.names("credit") if self.credit(name).client == key]
        if paying.startswith("a ") and (names := held if paying == "a held credit" and held else mine):
            credit = self.id(names[-1])
        who = "manager" if staff else self.account_of(key)
        for _ in range(1 + twice):
            self.join(who, self.id(session), key, paying != "money", credit)

    @having("held credit")
    @rule(
        credit=a("held credit"),
        session=TO_WAIT_FOR,
        client=a("client"),
        scope=one_of(CreditScope.SAME_ACCOUNT, *CreditScope),
    )
    def held_credit_is_to_wait_elsewhere_too(self, credit: str, session: str, client: str, scope: CreditScope) -> None:
        """For whom it waits already, or for a sibling, for whom it cannot."""
        self.policy_is_changed("owner", {"credit_scope": scope})
        place = self.oracle.places(self.credit(credit))[0]
        for key in (place.client, self.id(client)):
            self.join(self.account_of(key), self.id(session), key, True, self.id(credit))

    @having("credit in grace")
    @rule(
        credit=a("credit in grace"),
        session=TO_WAIT_FOR,
        named=st.booleans(),
        spent=st.booleans(),
    )
    def credit_in_grace_is_to_wait_again(self, credit: str, session: str, named: bool, spent: bool) -> None:
        client = self.credit(credit).client
        self.join(self.account_of(client), self.id(session), client, True, self.id(credit) if named else None)
        for key in self.one_open_to(client, 0) if spent else ():
            self.spend(self.account_of(client), key, client, self.id(credit))

    @rule(who=ANYONE, thing=a("thing elsewhere"), session=A_SESSION, client=a("client"))
    def something_of_another_studio_is_waited_for(self, who: str, thing: str, session: str, client: str) -> None:
        """Here there is no such thing."""
        self.join(who, self.id(thing), self.id(client), False)
        self.join("owner", self.id(session), self.id(thing), False)
        self.join("owner", self.id(session), self.id(client), True, self.id(thing))
        self.leave(who, self.id(thing))
        self.claim(who, self.id(thing))

    # Leaving and claiming

    @having("place")
    @rule(who=ANYONE, place=a("place"), claimed=st.booleans())
    def place_is_left_or_claimed_by_anyone(self, who: str, place: str, claimed: bool) -> None:
        """Also one that ended."""
        (self.claim if claimed else self.leave)(who, self.id(place))

    @having("live place")
    @rule(place=a("live place"), staff=st.booleans(), twice=st.booleans())
    def client_waits_no_longer(self, place: str, staff: bool, twice: bool) -> None:
        who = "manager" if staff else self.account_of(self.entry(place).client)
        for _ in range(1 + twice):
            self.leave(who, self.id(place))

    @having("live place")
    @rule(place=a("live place"))
    def who_waits_is_archived_and_brought_back(self, place: str) -> None:
        """Which brings no place back."""
        for archived in (True, False):
            self.change("client", "manager", self.entry(place).client, {"archived": archived})

    @having("held credit")
    @rule(credit=a("held credit"), whose=one_of("holds", "waits"), account=one_of(*CLIENTS_ACCOUNTS))
    def another_account_comes_to_manage_who_waits_or_whose_credit_is_held(
        self, credit: str, whose: str, account: str
    ) -> None:
        """And then the first of them again."""
        it = self.credit(credit)
        key = it.client if whose == "holds" else self.oracle.places(it)[0].client
        before = self.account_of(key)
        for who in (account, before):
            self.client_is_linked("manager", self.name_of("client", key), who)

    @having("place with an offer")
    @rule(place=a("place with an offer"), staff=st.booleans(), twice=st.booleans())
    def seat_on_offer_is_claimed(self, place: str, staff: bool, twice: bool) -> None:
        """Twice: by the next one too."""
        session = self.entry(place).session
        for entry in (self.entry(place), *self.oracle.queue(session))[: 1 + twice]:
            self.claim("manager" if staff else self.account_of(entry.client), known(entry.id))

    @having("held credit with an end")
    @rule(credit=a("held credit with an end"), by=one_of(*AROUND), hours=one_of(0, 1, 72), after=one_of(*AROUND))
    def place_is_left_when_its_credit_would_have_ended(
        self, credit: str, by: timedelta, hours: int, after: timedelta
    ) -> None:
        """And it is spent when its grace ends. What the studio decides by then is not what it was promised."""
        it = self.credit(credit)
        assert it.own_end is not None
        self.now = max(self.now, it.own_end + by)
        self.compare()
        self.policy_is_changed("owner", {"hold_release_grace_hours": hours})
        for place in self.oracle.places(it):
            self.leave(self.account_of(place.client), known(place.id))
        if it.expires_at is not None:
            self.now = max(self.now, it.expires_at + after)
            self.compare()
        for session in self.one_open_to(it.client, 0):
            self.spend(self.account_of(it.client), session, it.client, self.id(credit))

    @having("live place")
    @rule(place=a("live place"), by=one_of(*AROUND), jobs=st.booleans())
    def session_that_is_waited_for_starts(self, place: str, by: timedelta, jobs: bool) -> None:
        self.now = max(self.now, self.oracle.sessions[self.entry(place).session].start + by)
        self.compare()
        if jobs:
            self.jobs_are_run()
        self.leave("manager", self.id(place))
        self.claim("manager", self.id(place))

    @having("live place")
    @rule(place=a("live place"), client=a("client"), payment=one_of(None, PaymentState.PAID), own=st.booleans())
    def somebody_books_past_the_queue(self, place: str, client: str, payment: PaymentState | None, own: bool) -> None:
        """Or who waits there books in another way."""
        session, key = self.entry(place).session, self.id(client)
        key = self.entry(place).client if own else key
        if payment is None:
            self.spend(self.account_of(key), session, key, None)
        else:
            self.book("manager", session, key, payment)

    def join(self, who: str, session: UUID, client: UUID | None, with_credit: bool, credit: UUID | None = None) -> None:
        by = self.id(who)
        says = self.oracle.judge(self.oracle.join, by, self.now, session, client, with_credit, credit)

        def learn(done: Done) -> None:
            new = self.oracle.entries[-1]
            new.id = known(done.entry)
            assert done.credit == (new.credit and new.credit.id)

        command = waitlists.JoinWaitlist(session, client, with_credit, credit)
        self.act(who, says, waitlists.join_waitlist, command, joining.CODES, learn)

    def leave(self, who: str, place: UUID) -> None:
        says = self.oracle.judge(self.oracle.leave, self.id(who), self.now, place)

        def learn(done: Done) -> None:
            assert done.entry == place
            assert done.credit == self.credit_of(place)

        command = waitlists.LeaveWaitlist(place)
        self.act(who, says, waitlists.leave_waitlist, command, leaving.LEAVING_CODES, learn)

    def claim(self, who: str, place: UUID) -> None:
        says = self.oracle.judge(self.oracle.claim, self.id(who), self.now, place)

        def learn(done: Done) -> None:
            assert done.entry == place
            assert done.credit == self.credit_of(place)
            booking = self.entry_with(place).booking
            assert booking is not None
            booking.id = booking.id or known(done.booking)

        self.act(who, says, waitlists.claim_seat, waitlists.ClaimSeat(place), leaving.CLAIMING_CODES, learn)

    def entry_with(self, key: UUID) -> Entry:
        return next(entry for entry in self.oracle.entries if entry.id == key)

    def credit_of(self, place: UUID) -> UUID | None:
        credit = self.entry_with(place).credit
        return credit and credit.id

    # What is told of the queue

    def book(self, who: str, session: UUID, client: UUID | None, payment: PaymentState | None) -> None:
        super().book(who, session, client, payment)
        self.look_at_the_queue_told(who, session, client, with_credit=False)

    def spend(self, who: str, session: UUID, client: UUID | None, credit: UUID | None) -> None:
        super().spend(who, session, client, credit)
        self.look_at_the_queue_told(who, session, client, with_credit=True, credit=credit)

    def look_at_the_queue_told(
        self, who: str, session: UUID, client: UUID | None, with_credit: bool, credit: UUID | None = None
    ) -> None:
        """W1: how many wait, and whether they could, paying so."""
        for reason in self.told:
            if reason.code is RefusalCode.SESSION_FULL:
                key, named = self.oracle.client_and_credit(self.id(who), client, credit)
                _, codes = self.oracle.outlook(self.now, session, key, with_credit, named)
                waiting = len(self.oracle.queue(session))
                assert (reason.waiting, reason.can_join) == (waiting, not codes)

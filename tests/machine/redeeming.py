"""The state machine grants credits and spends them."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.issuing import granting
from domain.issuing.granting import GrantValidity, NoExpiry, StudioValidity, ThroughDate
from domain.nouns.credit import GrantReason
from domain.services import bookings, credits
from domain.spending import make_ups
from tests.machine.calendar import date_at
from tests.machine.cancelling import CancellingMachine
from tests.machine.drawing import A_SESSION, ANYONE, AROUND, MOSTLY_STAFF, a, having, one_of
from tests.machine.world import A_DAY, A_MICROSECOND


class RedeemingMachine(CancellingMachine):
    @rule(
        who=MOSTLY_STAFF,
        client=a("client"),
        number=one_of(1, 1, 2, 20),
        days=one_of("the studio's", "never", -1, 0, 1, 14, 30),
        worth=one_of(None, 0, 500),
        again=st.booleans(),
    )
    def credits_are_granted(
        self, who: str, client: str, number: int, days: int | str, worth: int | None, again: bool = False
    ) -> None:
        validity: GrantValidity = NoExpiry() if days == "never" else StudioValidity()
        if isinstance(days, int):
            validity = ThroughDate(date_at(self.now, self.oracle.zone) + days * A_DAY)
        client_id = self.id(client)
        says = self.oracle.judge(self.oracle.grant, self.id(who), self.now, client_id, number, validity, worth)
        command = credits.GrantMakeUp(client_id, number, GrantReason.GOODWILL, "", validity, worth)
        self.act(who, says, credits.grant_make_up, command, granting.CODES)
        if again:  # a moment later: of credits that expire together the oldest is spent
            self.now += A_MICROSECOND
            self.credits_are_granted(who, client, 1, days, worth)

    @rule(who=ANYONE, session=A_SESSION, client=one_of(None) | a("client"))
    def session_is_booked_with_some_credit(self, who: str, session: str, client: str | None) -> None:
        client_id = None if client is None else self.id(client)
        self.spend(who, self.id(session), client_id, None)

    @having("credit")
    @rule(who=ANYONE, session=A_SESSION, client=a("client"), credit=a("credit"))
    def session_is_booked_with_any_credit(self, who: str, session: str, client: str, credit: str) -> None:
        self.spend(who, self.id(session), self.id(client), self.id(credit))

    @having("spendable credit")
    @rule(session=A_SESSION, credit=a("spendable credit"), named=st.booleans(), left_out=st.booleans())
    def session_is_booked_by_the_holder_of_a_credit(
        self, session: str, credit: str, named: bool, left_out: bool
    ) -> None:
        client = self.credit(credit).client
        self.spend(
            self.account_of(client),
            self.id(session),
            None if left_out else client,
            self.id(credit) if named else None,
        )

    @having("spendable credit")
    @rule(credit=a("spendable credit"), nth=st.integers(0, 5), named=st.booleans(), twice=st.booleans())
    def credit_is_spent_where_it_can_be(self, credit: str, nth: int, named: bool, twice: bool) -> None:
        """Twice: one credit, from two phones, for two sessions."""
        client = self.credit(credit).client
        for session in self.open_to(client)[nth:][: 1 + twice]:
            self.spend(self.account_of(client), session, client, self.id(credit) if named else None)

    @having("dying credit")
    @rule(credit=a("dying credit"), by=one_of(*AROUND), nth=st.integers(0, 5), named=st.booleans())
    def credit_is_spent_when_it_expires(self, credit: str, by: timedelta, nth: int, named: bool) -> None:
        expires_at, client = self.credit(credit).expires_at, self.credit(credit).client
        assert expires_at is not None
        self.now = expires_at + by
        self.compare()
        for session in (*self.open_to(client), *self.oracle.sessions)[nth:][:1]:
            self.spend(self.account_of(client), session, client, self.id(credit) if named else None)

    @having("spendable credit")
    @rule(credit=a("spendable credit"))
    def credit_is_spent_on_the_session_that_earned_it(self, credit: str) -> None:
        missed = self.credit(credit).missed
        if missed is not None:
            self.spend(self.account_of(missed.client), missed.session, missed.client, self.id(credit))

    def one_open_to(self, client: UUID, nth: int) -> list[UUID]:
        """The nth of them, counted round and round; or none where there is none."""
        sessions = self.open_to(client)
        return sessions[nth % len(sessions) :][:1] if sessions else []

    def open_to(self, client: UUID) -> list[UUID]:
        """The sessions that a good credit of the client's could book now."""
        sessions = self.oracle.sessions
        return [key for key in sessions if not self.oracle.against_make_up(self.now, key, client)]

    def spend(self, who: str, session: UUID, client: UUID | None, credit: UUID | None) -> None:
        says = self.oracle.judge(self.oracle.book_with_credit, self.id(who), self.now, session, client, credit)
        command = bookings.BookWithMakeUp(session, client, credit)
        self.act(who, says, bookings.book_with_make_up, command, make_ups.CODES)

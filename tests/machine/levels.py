"""More rules of the state machine: courses and sessions decide too, and credits meet the borders of all levels."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.nouns.policy import OFF, CategoryGuard, CreditScope, ExpiryMeans, PriceGuard
from domain.services import policies
from tests.machine.decided import (
    COURSE_SETTINGS,
    EVERYTHING_EARNS,
    SEATS,
    SESSION_SETTINGS,
    SETTINGS,
    WRONG_SEATS,
    WRONG_SETTINGS,
)
from tests.machine.drawing import AROUND, MOSTLY_STAFF, a, changes, having, one_of
from tests.machine.machine import StudioMachine
from tests.machine.rows import Session
from tests.machine.world import known

WRONG = {name: values for name, values in (WRONG_SETTINGS | WRONG_SEATS).items() if name in COURSE_SETTINGS}
WINDOW = {
    "make_ups_open_days_before": one_of(OFF, 0, 1, 3, 30),
    "make_ups_close_minutes_before": one_of(OFF, 0, 1, 90, 24 * 60),
}
GUARDS = {
    "price_guard": one_of(PriceGuard.SAME_OR_LOWER, *PriceGuard),
    "category_guard": one_of(CategoryGuard.SAME_CATEGORY, *CategoryGuard),
}
TERMS = GUARDS | {name: one_of(*SETTINGS[name]) for name in ("redeemable_from", "expiry_means")}
WRONG_OF_SESSION = {name: values for name, values in WRONG.items() if name in SESSION_SETTINGS}


class LevelsMachine(StudioMachine):
    @rule(who=MOSTLY_STAFF, course=a("course"), settings=changes(COURSE_SETTINGS) | changes(COURSE_SETTINGS | WRONG))
    def course_policy_is_changed(self, who: str, course: str, settings: dict[str, object]) -> None:
        key, settings = self.id(course), self.decided(settings)
        says = self.oracle.judge(self.oracle.change_course_policy, self.id(who), self.now, key, settings)
        self.act(who, says, policies.update_course_policy, policies.UpdateCoursePolicy(key, settings), policies.CODES)

    @rule(
        who=MOSTLY_STAFF,
        session=a("session"),
        settings=changes(SESSION_SETTINGS) | changes(SESSION_SETTINGS | WRONG_OF_SESSION),
    )
    def session_policy_is_changed(self, who: str, session: str, settings: dict[str, object]) -> None:
        key = self.id(session)
        says = self.oracle.judge(self.oracle.change_session_policy, self.id(who), self.now, key, settings)
        self.act(who, says, policies.update_session_policy, policies.UpdateSessionPolicy(key, settings), policies.CODES)

    @rule(session=a("coming session"), of_session=changes(SEATS), extra=one_of(1, 2), after=changes(SEATS, 1))
    def credits_fill_a_session(
        self, session: str, of_session: dict[str, object], extra: int, after: dict[str, object]
    ) -> None:
        """Its extra seats too; and then there are to be fewer of them than are taken."""
        self.session_policy_is_changed("manager", session, of_session | {"extra_make_up_seats": extra})
        for name in self.names("spendable credit")[:5]:
            credit, key = self.credit(name), self.id(session)
            if not self.oracle.has_seat(key, credit.client):
                self.spend(self.account_of(credit.client), key, credit.client, known(credit.id))
        self.session_policy_is_changed("manager", session, after)

    @having("spendable credit")
    @rule(
        credit=a("spendable credit"),
        session=a("coming session"),
        settings=st.fixed_dictionaries(WINDOW),
        opening=st.booleans(),
        by=one_of(*AROUND),
    )
    def credit_is_spent_at_the_end_of_a_window(
        self, credit: str, session: str, settings: dict[str, object], opening: bool, by: timedelta
    ) -> None:
        self.session_policy_is_changed("owner", session, settings)
        border = self.oracle.opens_at if opening else self.oracle.closes_at
        self.meet_border(border, self.oracle.sessions[self.id(session)], by)
        client = self.credit(credit).client
        self.spend(self.account_of(client), self.id(session), client, self.id(credit))

    def meet_border(self, border: Callable[[Session], datetime | None], session: Session, by: timedelta) -> None:
        instant = border(session)
        if instant is not None and instant + by > self.now:
            self.now = instant + by
            self.compare()

    @having("booking before its deadline")
    @rule(
        booking=a("booking before its deadline"),
        earning=one_of({}, EVERYTHING_EARNS, EVERYTHING_EARNS),
        terms=st.fixed_dictionaries(TERMS),
        nth=st.integers(0, 5),
    )
    def credit_is_earned_on_some_terms(
        self, booking: str, earning: dict[str, object], terms: dict[str, object], nth: int
    ) -> None:
        """And spent at once, where its terms let it, and where they do not."""
        self.policy_is_changed("owner", earning | terms)
        client, credits = self.booking(booking).client, len(self.oracle.credits)
        self.cancel(self.account_of(client), self.id(booking), None)
        for credit in self.oracle.credits[credits:]:
            for session in self.one_open_to(client, nth):
                self.spend(self.account_of(client), session, client, known(credit.id))

    @rule(client=a("client"), days=one_of(1, 14, "never"), means=one_of(*ExpiryMeans), nth=st.integers(0, 5))
    def credit_is_granted_to_be_spent_at_once(self, client: str, days: int | str, means: ExpiryMeans, nth: int) -> None:
        self.policy_is_changed("owner", {"expiry_means": means})
        self.credits_are_granted("manager", client, 1, days, 500)
        for session in self.open_to(self.id(client))[nth:][:1]:
            self.spend("manager", session, self.id(client), known(self.oracle.credits[-1].id))

    @having("spendable credit")
    @rule(
        credit=a("spendable credit"),
        guards=st.fixed_dictionaries(GUARDS),
        nth=st.integers(0, 5),
        named=st.booleans(),
    )
    def credit_is_spent_past_the_guards(self, credit: str, guards: dict[str, object], nth: int, named: bool) -> None:
        self.policy_is_changed("owner", guards)
        client = self.credit(credit).client
        for session in self.one_open_to(client, nth):
            self.spend(self.account_of(client), session, client, self.id(credit) if named else None)

    @having("credit of a category")
    @rule(credit=a("credit of a category"), guard=one_of(*CategoryGuard), nth=st.integers(0, 5))
    def credit_is_spent_in_its_category_or_another(self, credit: str, guard: CategoryGuard, nth: int) -> None:
        self.credit_is_spent_past_the_guards(credit, {"category_guard": guard}, nth, named=True)

    @having("credit of a later day")
    @rule(credit=a("credit of a later day"), by=one_of(*AROUND), nth=st.integers(0, 5), named=st.booleans())
    def credit_is_spent_when_it_becomes_valid(self, credit: str, by: timedelta, nth: int, named: bool) -> None:
        redeemable_from, client = self.credit(credit).redeemable_from, self.credit(credit).client
        assert redeemable_from is not None
        self.now = redeemable_from + by
        self.compare()
        for session in (*self.open_to(client), *self.oracle.sessions)[nth:][:1]:
            self.spend(self.account_of(client), session, client, self.id(credit) if named else None)

    @having("spendable credit")
    @rule(
        credit=a("spendable credit"),
        sibling=a("client"),
        scope=one_of(CreditScope.SAME_ACCOUNT, *CreditScope),
        nth=st.integers(0, 5),
        named=st.booleans(),
    )
    def credit_is_spent_for_a_sibling(
        self, credit: str, sibling: str, scope: CreditScope, nth: int, named: bool
    ) -> None:
        """Or for whoever else is a client here."""
        self.policy_is_changed("owner", {"credit_scope": scope})
        client = self.id(sibling)
        for session in (*self.open_to(client), *self.oracle.sessions)[nth:][:1]:
            self.spend(self.account_of(client), session, client, self.id(credit) if named else None)

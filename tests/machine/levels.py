"""More rules of the state machine: courses and sessions decide too, and credits meet the borders of all levels."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.policy import CreditScope
from domain.services import policies
from tests.machine.machine import AROUND, MOSTLY_STAFF, StudioMachine, a, changes, having, one_of
from tests.machine.rows import Session
from tests.machine.world import COURSE_SETTINGS, SEATS, SESSION_SETTINGS, WRONG_SEATS, WRONG_SETTINGS

WRONG = {name: values for name, values in (WRONG_SETTINGS | WRONG_SEATS).items() if name in COURSE_SETTINGS}
WRONG_OF_SESSION = {name: values for name, values in WRONG.items() if name in SESSION_SETTINGS}


class LevelsMachine(StudioMachine):
    @rule(who=MOSTLY_STAFF, course=a("course"), settings=changes(COURSE_SETTINGS) | changes(COURSE_SETTINGS | WRONG))
    def course_policy_is_changed(self, who: str, course: str, settings: dict[str, object]) -> None:
        key = self.id(course)
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

    @rule(course=a("course"), session=a("session"), of_course=changes(SEATS, 1), of_session=changes(SEATS, 1))
    def seats_for_credits_are_decided(
        self, course: str, session: str, of_course: dict[str, object], of_session: dict[str, object]
    ) -> None:
        """Also below what credits have taken already."""
        self.course_policy_is_changed("manager", course, of_course)
        self.session_policy_is_changed("manager", session, of_session)

    @having("spendable credit")
    @rule(
        credit=a("spendable credit"),
        session=a("coming session"),
        settings=st.fixed_dictionaries(
            {
                name: one_of(*SESSION_SETTINGS[name])
                for name in ("make_ups_open_days_before", "make_ups_close_minutes_before")
            }
        ),
        opening=st.booleans(),
        by=one_of(*AROUND),
    )
    def credit_is_spent_at_the_end_of_a_window(
        self, credit: str, session: str, settings: dict[str, object], opening: bool, by: timedelta
    ) -> None:
        self.session_policy_is_changed("manager", session, settings)
        border = self.oracle.opens_at if opening else self.oracle.closes_at
        self.meet_border(border, self.oracle.sessions[self.id(session)], by)
        client = self.credit(credit).client
        self.spend(self.account_of(client), self.id(session), client, self.id(credit))

    def meet_border(self, border: Callable[[Session], datetime | None], session: Session, by: timedelta) -> None:
        instant = border(session)
        if instant is not None and instant + by > self.now:
            self.now = instant + by
            self.compare()

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

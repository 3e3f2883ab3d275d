"""More rules of the state machine: caps and terms are met, and staff change credits."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.credits.choosing import ById, ChosenCredits, CreditFilter
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.managing import extending, revoking
from domain.managing.extending import MoreDays, NewExpiry
from domain.nouns.booking import PaymentState
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.policy import OFF, CapPeriod, Days, EarnCap, HoursBefore, Until
from domain.outcome import Done
from domain.services import credits
from tests.machine.calendar import date_at, first_instant_of
from tests.machine.changing_credits import Told
from tests.machine.decided import Term
from tests.machine.drawing import AROUND, MOSTLY_STAFF, a, having, one_of
from tests.machine.levels import LevelsMachine
from tests.machine.rows import Credit
from tests.machine.world import A_DAY

A_CAP = one_of(
    *(OFF, EarnCap(1, CapPeriod.COURSE), EarnCap(1, CapPeriod.CALENDAR_MONTH), EarnCap(2, CapPeriod.CALENDAR_MONTH)),
    *(EarnCap(most, CapPeriod.ROLLING_DAYS, days) for most, days in ((1, 1), (1, 2), (1, 8), (2, 3), (2, 15))),
)
AN_END = one_of("never", -1, 0, 1, 14, MoreDays(1), MoreDays(7), MoreDays(30))
A_REASON = one_of(*RevocationReason)
STATES = one_of(None, *(frozenset({state}) for state in (CreditState.ACTIVE, CreditState.EXPIRED, CreditState.USED)))


class CreditsMachine(LevelsMachine):
    # Caps and terms

    @rule(
        client=a("client"),
        cap=A_CAP,
        most=one_of(OFF, OFF, 1, 2),
        of_course=one_of(None) | A_CAP,
        course=one_of("course 0", "course 0", "course 1"),
        revoked=st.booleans(),
        wait=one_of(0, 0, 2, 2),
    )
    def client_is_enrolled_and_cancels_everything_under_a_cap(
        self, client: str, cap: object, most: object, of_course: object, course: str, revoked: bool, wait: int
    ) -> None:
        """In between the first credit may be taken back, or some time pass."""
        earning = {"make_ups_enabled": True, "single_bookings_earn": True, "earning_needs_payment": False}
        living = {"validity": Days(1), "cancellation_deadline": HoursBefore(0), "never_before_missed_session": OFF}
        self.policy_is_changed("owner", {"earn_cap": cap, "max_outstanding": most, **earning, **living})
        undecided = dict.fromkeys(("make_ups_enabled", "validity", "cancellation_deadline"))
        self.course_policy_is_changed("owner", course, {"earn_cap": of_course, **undecided})
        key = self.id(client)
        for name in ("course 1", "course 0"):
            self.client_is_enrolled_wherever_there_is_a_seat("owner", name, client, PaymentState.PAID)
        live = [name for name in self.names("live booking") if self.booking(name).client == key]
        for number, name in enumerate(live[-5:]):
            self.cancel("manager", self.id(name), None)
            if number == 1:
                earned = [name for name in self.names("spendable credit") if self.is_earned_by(key, name)]
                if revoked and earned:
                    self.credits_are_revoked("owner", earned[:1], RevocationReason.CORRECTION)
                self.time_passes(wait * A_DAY)

    def is_earned_by(self, client: UUID, credit: str) -> bool:
        return self.credit(credit).client == client and self.credit(credit).missed is not None

    @having("live booking")
    @rule(booking=a("live booking"), days=st.integers(0, 2), of_course=st.booleans(), by=one_of(*AROUND))
    def booking_is_cancelled_when_a_term_ends(self, booking: str, days: int, of_course: bool, by: timedelta) -> None:
        """Whoever grants then, as the studio's credits live, meets the same end."""
        session = self.oracle.sessions[self.booking(booking).session]
        if of_course and session.course is not None:
            course = self.name_of("course", session.course)
            self.course_policy_is_changed("owner", course, {"validity": Term(days)})
        else:
            self.policy_is_changed("owner", {"validity": Term(days)})
        validity = self.oracle.holds("validity", session)
        if isinstance(validity, Until):
            self.now = max(self.now, first_instant_of(validity.last_day + A_DAY, self.oracle.zone) + by)
            self.compare()
        client = self.booking(booking).client
        self.cancel(self.account_of(client), self.id(booking), None)
        self.credits_are_granted("manager", self.name_of("client", client), 1, "the studio's", None)

    # Staff change credits

    @having("credit")
    @rule(who=MOSTLY_STAFF, names=st.runner().flatmap(lambda world: some_credits(world)), end=AN_END)
    def credits_are_extended(self, who: str, names: Sequence[str], end: object) -> None:
        self.extend(who, self.named(names), [self.credit(name) for name in names], end)

    @having("credit")
    @rule(who=MOSTLY_STAFF, names=st.runner().flatmap(lambda world: some_credits(world)), reason=A_REASON)
    def credits_are_revoked(self, who: str, names: Sequence[str], reason: RevocationReason) -> None:
        self.revoke(who, self.named(names), [self.credit(name) for name in names], reason)

    @rule(
        states=STATES,
        client=one_of(None) | a("client"),
        days=one_of(None, (0, 0), (-1, 1), (1, 14), (-30, -1)),
        end=AN_END,
        reason=one_of(None, None, None, *RevocationReason),
    )
    def what_a_filter_finds_is_changed(
        self,
        states: frozenset[CreditState] | None,
        client: str | None,
        days: tuple[int, int] | None,
        end: object,
        reason: RevocationReason | None,
    ) -> None:
        """As in a closure."""
        key, today = None if client is None else self.id(client), date_at(self.now, self.oracle.zone)
        first, last = (None, None) if days is None else (today + days[0] * A_DAY, today + days[1] * A_DAY)
        found = sorted(self.oracle.matching(self.now, states, key, days), key=lambda credit: str(credit.id))
        chosen = CreditFilter(states, key, first, last)
        if reason is None:
            self.extend("manager", chosen, found, end)
        else:
            self.revoke("manager", chosen, found, reason)

    @having("dying credit")
    @rule(
        credit=a("dying credit"),
        by=one_of(*AROUND),
        nth=st.integers(0, 5),
        end=one_of(None, MoreDays(1), -1, 0),
    )
    def credit_is_changed_when_it_expires_and_then_spent(
        self, credit: str, by: timedelta, nth: int, end: object
    ) -> None:
        """Taken back, where it gets no other end."""
        expires_at, client = self.credit(credit).expires_at, self.credit(credit).client
        assert expires_at is not None
        self.now = expires_at + by
        self.compare()
        if end is None:
            self.credits_are_revoked("owner", [credit], RevocationReason.OTHER)
        else:
            self.credits_are_extended("owner", [credit], end)
        for session in self.open_to(client)[nth:][:1]:
            self.spend(self.account_of(client), session, client, self.id(credit))

    @rule(thing=a("thing elsewhere"), revoked=st.booleans())
    def credit_of_another_studio_is_in_the_list(self, thing: str, revoked: bool) -> None:
        mine = self.oracle.credits[:1]
        chosen = ById((*(credit.id for credit in mine if credit.id is not None), self.id(thing)))
        if revoked:
            self.revoke("owner", chosen, [*mine, None], RevocationReason.OTHER)
        else:
            self.extend("owner", chosen, [*mine, None], "never")

    def extend(self, who: str, chosen: ChosenCredits, found: Sequence[Credit | None], end: object) -> None:
        wanted: NewExpiry = end if isinstance(end, MoreDays) else NoExpiry()
        if isinstance(end, int):
            wanted = ThroughDate(date_at(self.now, self.oracle.zone) + end * A_DAY)
        says = self.oracle.judge(self.oracle.extend, self.id(who), self.now, found, wanted)
        command = credits.ExtendMakeUps(chosen, wanted, "a closure")
        self.act(who, says, credits.extend_make_ups, command, extending.CODES, self.learn_what_changed)

    def revoke(self, who: str, chosen: ChosenCredits, found: Sequence[Credit | None], reason: RevocationReason) -> None:
        says = self.oracle.judge(self.oracle.revoke, self.id(who), self.now, found, reason)
        command = credits.RevokeMakeUps(chosen, reason, "seen")
        self.act(who, says, credits.revoke_make_ups, command, revoking.CODES, self.learn_what_changed)

    def learn_what_changed(self, done: Done) -> None:
        """Nothing new: the answer tells of each credit what the oracle does."""
        against = frozenset((reason.code, reason.credit_id) for reason in done.against)
        assert Told(done.credits, frozenset(done.changed), against) == self.oracle.told

    def named(self, names: Sequence[str]) -> ById:
        keys: list[UUID] = [self.id(name) for name in names]
        return ById(tuple(keys))


def some_credits(world: CreditsMachine) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(world.names("credit")), min_size=1, max_size=4, unique=True)

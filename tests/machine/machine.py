"""A state machine over the use cases: whatever is done, the product and the oracle tell the same story."""

from collections.abc import Sequence
from datetime import time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from domain.nouns.booking import PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistState
from domain.outcome import Done
from domain.services.jobs import end_waits, expire_credits
from tests.machine.calendar import date_at, first_instant_of, last_instant_at
from tests.machine.decided import COURSE_SETTINGS, SESSION_SETTINGS, SETTINGS
from tests.machine.drawing import AHEAD, AROUND, MOMENTS, a, changes, decisions, one_of
from tests.machine.openings import OPENINGS
from tests.machine.redeeming import RedeemingMachine
from tests.machine.rows import Session
from tests.machine.world import A_DAY


class StudioMachine(RedeemingMachine):
    @initialize(
        where=one_of(*OPENINGS),
        settings=changes(SETTINGS),
        ahead=st.lists(one_of(*AHEAD), min_size=6, max_size=6),
        capacity=st.integers(1, 3),
        days=one_of("the studio's", "never", 1, 14),
        decided=st.lists(decisions(COURSE_SETTINGS), min_size=3, max_size=3),
        deciding=st.lists(decisions(SESSION_SETTINGS), min_size=7, max_size=7),
    )
    def studio_is_founded(
        self,
        where: str,
        settings: dict[str, object],
        ahead: Sequence[timedelta],
        capacity: int,
        days: int | str,
        decided: Sequence[dict[str, object]],
        deciding: Sequence[dict[str, object]],
    ) -> None:
        """With a little of everything, so that every rule has something to work on from the first step."""
        self.found(where)
        self.policy_is_changed("owner", {"make_ups_enabled": True} | settings)
        kinds = ((9000, 2999, True, "Yoga"), (10_000, None, True, "Dance"), (None, 1000, False, None))
        for (whole, single, accepts, category), choices in zip(kinds, decided, strict=True):
            self.course_is_created("owner", whole, single, accepts, category, choices)
        evening = last_instant_at(self.odd.date(), time(20), self.oracle.zone) - self.now
        for course, start, choices in zip((0, 0, 0, 1, 1, 0), (*ahead[:5], evening), deciding, strict=False):
            self.session_is_added("owner", f"course {course}", start, capacity, None, True, None, None, choices)
        self.session_is_added("owner", None, ahead[5], capacity, True, False, 1500, "Yoga", deciding[6])
        for number, who in enumerate(("parent", "parent", "other parent", None, "instructor")):
            self.client_is_created("owner")
            if who is not None:
                self.client_is_linked("owner", f"client {number}", who)
            worth = (None, 0, 500)[number % 3]
            self.credits_are_granted("owner", f"client {number}", 1 + number % 2, days, worth, again=True)
        self.client_is_enrolled("owner", "course 0", "client 0", PaymentState.PAID, ())
        self.session_is_booked_by_staff("session 1", "client 4", PaymentState.PAID)
        for credit in ("credit 2", "credit 5"):
            self.credit_is_spent_where_it_can_be(credit, 0, named=False, twice=False)

    @rule(by=one_of(*MOMENTS))
    def time_passes(self, by: timedelta) -> None:
        self.now += by
        self.compare()

    @rule(first=one_of("waits", "credits"))
    def jobs_are_run(self, first: str = "waits") -> None:
        """And nothing that can be asked for has changed."""
        for job in (self.waits_end, self.credits_expire)[:: 1 if first == "waits" else -1]:
            job()
            self.compare()

    def waits_end(self) -> None:
        over = self.harness.by_itself(self.studio, self.now, end_waits)
        assert isinstance(over, Done)
        assert {entry.id for entry in self.oracle.entries if entry.state is WaitlistState.ENDED} >= {*over.entries}
        assert {credit.id for credit in self.oracle.credits if credit.held_until is None} >= {*over.credits}

    def credits_expire(self) -> None:
        expired = self.harness.by_itself(self.studio, self.now, expire_credits)
        assert isinstance(expired, Done)
        assert {credit.id for credit in self.oracle.credits if credit.state(self.now) is CreditState.EXPIRED} >= {
            *expired.credits
        }

    @rule(nth=st.integers(0, 5), by=one_of(*AROUND))
    def time_comes_to_a_turning_point(self, nth: int, by: timedelta) -> None:
        """A start, a deadline, an expiry, a border of a window, or when a session becomes near enough.

        And from when on seats are offered instead of given.
        """
        ahead = self.oracle.settings["max_days_ahead"]
        assert isinstance(ahead, int)
        credits, sessions = self.oracle.credits, self.oracle.sessions
        points = {instant for credit in credits for instant in (credit.expires_at, credit.redeemable_from)}
        points |= {credit.own_end for credit in credits}
        points |= {self.oracle.seats_given_until(sessions[place.session]) for place in self.oracle.entries}
        for session in sessions.values():
            near_on = date_at(session.start, self.oracle.zone) - ahead * A_DAY
            near_from = first_instant_of(near_on, self.oracle.zone)
            points |= {session.start, self.oracle.deadline(session), near_from}
            points |= {moved_at + A_DAY for moved_at in session.moves}
            points |= {self.oracle.opens_at(session), self.oracle.closes_at(session)}
        coming = sorted(point + by for point in points if point is not None and point + by > self.now)
        self.now = coming[min(nth, len(coming) - 1)] if coming else self.now
        self.compare()

    @rule(who=one_of("owner", "parent"), thing=a("thing elsewhere"), act=st.integers(0, 9))
    def something_of_another_studio_is_named(self, who: str, thing: str, act: int) -> None:
        """Even where the same account manages both: here there is no such thing."""
        key, client, session = self.id(thing), self.id("client 0"), self.id("session 0")
        match act:
            case 0:
                self.cancel(who, key, None)
            case 1:
                self.book(who, session, key, PaymentState.PAID)
            case 2:
                self.book("owner", key, client, PaymentState.PAID)
            case 3:
                self.spend(who, session, key, None)
            case 4:
                self.spend(who, session, client, key)
            case 5:
                self.spend("owner", key, client, None)
            case 6:
                self.enrol("owner", key, client, PaymentState.PAID, frozenset())
            case 7:
                self.enrol("owner", self.id("course 0"), client, PaymentState.PAID, frozenset({key}))
            case 8:
                self.enrol(who, self.id("course 0"), key, PaymentState.PAID, frozenset())
            case _:
                self.session_is_created("owner", Session(key, self.now + A_DAY, 1, None, None, None))

"""A state machine over the use cases: whatever is done, the product and the oracle tell the same story."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from domain import cancelling, enrolling, granting, make_ups, seats
from domain.booking import CancellationOutcome, PaymentState
from domain.cancelling import Expected
from domain.credit import GrantReason
from domain.faults import FaultCode
from domain.granting import GrantValidity, NoExpiry, StudioValidity, ThroughDate
from domain.outcome import Done
from domain.policy import LateCancellation, LocalTime
from domain.services import bookings, clients, credits, policies, schedule
from tests.machine.calendar import date_at, first_instant_of, last_instant_at
from tests.machine.rows import ANY, Client, Course, Expecting, Says, Session
from tests.machine.world import (
    A_DAY,
    A_MICROSECOND,
    ACCOUNTS,
    AN_HOUR,
    CLIENTS_ACCOUNTS,
    COURSE_SETTINGS,
    OPENINGS,
    SESSION_SETTINGS,
    SETTINGS,
    WRONG_SETTINGS,
    World,
)

AHEAD = (
    *(hours * AN_HOUR for hours in (1, 23, 25, 48)),
    *(days * A_DAY + timedelta(minutes=7) for days in (3, 7, 15, 29, 31, 90, 91)),
)
MOMENTS = (A_MICROSECOND, timedelta(minutes=20), AN_HOUR, 11 * AN_HOUR, A_DAY, 5 * A_DAY)
AROUND = (-A_MICROSECOND, timedelta(), A_MICROSECOND)


def one_of(*things: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(things)


def a(kind: str) -> st.SearchStrategy[Any]:
    """The name of one that stands in the world now."""
    return st.runner().flatmap(lambda world: st.sampled_from(world.names(kind)))


def some(kind: str) -> st.SearchStrategy[Any]:
    """A few names, or none."""
    return st.runner().flatmap(lambda world: st.lists(st.sampled_from(world.names(kind)), max_size=3))


def having(kind: str) -> Any:
    return precondition(lambda world: bool(world.names(kind)))


def changes(of: dict[str, tuple[object, ...]], least: int = 0) -> st.SearchStrategy[dict[str, object]]:
    keys = st.lists(st.sampled_from(sorted(of)), unique=True, min_size=least)
    return keys.flatmap(lambda keys: st.fixed_dictionaries({key: one_of(*of[key]) for key in keys}))


def decisions(of: dict[str, tuple[object, ...]]) -> st.SearchStrategy[dict[str, object]]:
    """What a new course or session decides; often nothing."""
    made = {name: tuple(value for value in values if value is not None) for name, values in of.items()}
    return one_of({}) | changes(made)


ANYONE = one_of(*ACCOUNTS)
A_CATEGORY = one_of(None, "Yoga", "Dance")
MOSTLY_STAFF = one_of(*["owner", "manager"] * 4, *ACCOUNTS)
A_SESSION = a("coming session") | a("coming session") | a("session")
HOW_PAID = one_of(PaymentState.PAID, PaymentState.PAID, PaymentState.WAIVED, PaymentState.DUE)
MAYBE_WRONG = one_of(None, None, None, *CancellationOutcome)
MAYBE_WRONG_DAY = one_of(None, None, ANY, -A_DAY, A_DAY)


class StudioMachine(World):
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

    # Time

    @rule(by=one_of(*MOMENTS))
    def time_passes(self, by: timedelta) -> None:
        self.now += by
        self.compare()

    @rule(nth=st.integers(0, 5), by=one_of(*AROUND))
    def time_comes_to_a_turning_point(self, nth: int, by: timedelta) -> None:
        """A start, a deadline, an expiry, a border of a window, or when a session becomes near enough."""
        ahead = self.oracle.settings["max_days_ahead"]
        assert isinstance(ahead, int)
        points = {instant for credit in self.oracle.credits for instant in (credit.expires_at, credit.redeemable_from)}
        for session in self.oracle.sessions.values():
            near_on = date_at(session.start, self.oracle.zone) - ahead * A_DAY
            near_from = first_instant_of(near_on, self.oracle.zone)
            points |= {session.start, self.oracle.deadline(session), near_from}
            points |= {self.oracle.opens_at(session), self.oracle.closes_at(session)}
        coming = sorted(point + by for point in points if point is not None and point + by > self.now)
        self.now = coming[min(nth, len(coming) - 1)] if coming else self.now
        self.compare()

    # The studio

    @rule(who=MOSTLY_STAFF, settings=changes(SETTINGS) | changes(SETTINGS | WRONG_SETTINGS))
    def policy_is_changed(self, who: str, settings: dict[str, object]) -> None:
        settings = self.decided(settings)
        says = self.oracle.judge(self.oracle.change_policy, self.id(who), self.now, settings)
        self.act(who, says, policies.update_policy, policies.UpdatePolicy(settings), policies.STUDIO_CODES)

    @rule(
        who=MOSTLY_STAFF,
        whole=one_of(None, 5000, 10_000),
        single=one_of(None, 0, 2999),
        accepts=st.booleans(),
        category=A_CATEGORY,
        decided=decisions(COURSE_SETTINGS),
    )
    def course_is_created(
        self,
        who: str,
        whole: int | None,
        single: int | None,
        accepts: bool,
        category: str | None,
        decided: dict[str, object],
    ) -> None:
        whole = 7777 if whole is None and single is None else whole  # one of the two is required
        decided = self.decided(decided)
        self.act(
            who,
            self.oracle.judge(self.oracle.create, self.id(who)),
            schedule.create_course,
            schedule.CreateCourse("Course", "", whole, single, accepts, category, decided),
            schedule.COURSE_CODES,
            learn=lambda done: self.oracle.courses.update(
                {self.meet("course", done.course): Course(whole, single, accepts, category, decided)}
            ),
        )

    @rule(
        who=MOSTLY_STAFF,
        course=a("course") | a("course") | one_of(None),
        ahead=one_of(*AHEAD),
        capacity=st.integers(1, 3),
        accepts=one_of(None, True, False),
        taught=st.booleans(),
        price=one_of(None, 0, 1500),
        category=A_CATEGORY,
        decided=decisions(SESSION_SETTINGS),
    )
    def session_is_added(
        self,
        who: str,
        course: str | None,
        ahead: timedelta,
        capacity: int,
        accepts: bool | None,
        taught: bool,
        price: int | None,
        category: str | None,
        decided: dict[str, object],
    ) -> None:
        """To a course, or as a one-time class: that has a price, and says whether it accepts make-ups."""
        instructor = self.oracle.staff[self.id("instructor")][1] if taught else None
        new = Session(None, self.now + ahead, capacity, price, bool(accepts), instructor, category, decided)
        if course is not None:
            new = replace(new, course=self.id(course), price=None, accepts_make_ups=accepts, category=None)
        self.session_is_created(who, new)

    def session_is_created(self, who: str, new: Session) -> None:
        self.act(
            who,
            self.oracle.judge(self.oracle.create, self.id(who), new.course),
            schedule.create_session,
            schedule.CreateSession(
                course_id=new.course,
                name="A class",
                starts_at=new.start,
                ends_at=new.start + AN_HOUR,
                capacity=new.capacity,
                price=new.price,
                accepts_make_ups=new.accepts_make_ups,
                instructor_id=new.instructor,
                category=new.category,
                choices=new.choices,
            ),
            schedule.SESSION_CODES,
            learn=lambda done: self.oracle.sessions.update(
                {self.meet("session", done.session): replace(new, extra=self.oracle.extra_seats(new))}
            ),
        )

    @rule(who=MOSTLY_STAFF)
    def client_is_created(self, who: str) -> None:
        self.act(
            who,
            self.oracle.judge(self.oracle.create, self.id(who)),
            clients.create_client,
            clients.CreateClient("Somebody"),
            clients.CREATE_CODES,
            learn=lambda done: self.oracle.clients.update({self.meet("client", done.client): Client()}),
        )

    @rule(who=MOSTLY_STAFF, client=a("client"), account=one_of(*CLIENTS_ACCOUNTS, *ACCOUNTS, "a typo"))
    def client_is_linked(self, who: str, client: str, account: str) -> None:
        """Also to staff: a teacher may be a mother too."""
        by_account = {key: email for email, key in self.oracle.emails.items()}
        email = by_account[self.id(account)] if account in ACCOUNTS else "nobody@example.com"
        says = self.oracle.judge(self.oracle.link_client, self.id(who), self.id(client), email)
        self.act(who, says, clients.link_client, clients.LinkClient(self.id(client), email))

    # Seats

    @rule(who=MOSTLY_STAFF, course=a("course"), client=a("client"), payment=HOW_PAID, excepted=some("session"))
    def client_is_enrolled(
        self, who: str, course: str, client: str, payment: PaymentState, excepted: Sequence[str]
    ) -> None:
        out = frozenset(map(self.id, excepted))
        self.enrol(who, self.id(course), self.id(client), payment, out)

    @rule(who=one_of("owner", "manager"), course=a("course"), client=a("client"), payment=HOW_PAID)
    def client_is_enrolled_wherever_there_is_a_seat(
        self, who: str, course: str, client: str, payment: PaymentState
    ) -> None:
        """Once refused, all the same except the sessions that were named."""
        excepted = frozenset(
            key
            for key, session in self.oracle.sessions.items()
            if session.course == self.id(course)
            and (self.oracle.full(key) or self.oracle.has_seat(key, self.id(client)))
        )
        self.enrol(who, self.id(course), self.id(client), payment, excepted)

    def enrol(self, who: str, course: UUID, client: UUID, payment: PaymentState, excepted: frozenset[UUID]) -> None:
        before = len(self.oracle.bookings)
        says = self.oracle.judge(self.oracle.enrol, self.id(who), self.now, course, client, payment, excepted)
        made = len(self.oracle.bookings) - before

        def learn(done: Done) -> None:
            assert len(done.bookings) == made

        command = bookings.EnrolClient(course, client, payment, excepted)
        self.act(who, says, bookings.enrol_client, command, enrolling.CODES, learn)

    @rule(
        who=ANYONE,
        session=A_SESSION,
        client=one_of(None) | a("client"),
        payment=one_of(None, None, *PaymentState),
    )
    def session_is_booked(self, who: str, session: str, client: str | None, payment: PaymentState | None) -> None:
        client_id = None if client is None else self.id(client)
        self.book(who, self.id(session), client_id, payment)

    @rule(session=A_SESSION, client=a("client"))
    def session_is_booked_by_its_client(self, session: str, client: str) -> None:
        who = self.account_of(self.id(client), otherwise="stranger")
        self.book(who, self.id(session), self.id(client), None)

    @rule(session=A_SESSION, client=a("client"), payment=HOW_PAID)
    def session_is_booked_by_staff(self, session: str, client: str, payment: PaymentState) -> None:
        self.book("manager", self.id(session), self.id(client), payment)

    def book(self, who: str, session: UUID, client: UUID | None, payment: PaymentState | None) -> None:
        says = self.oracle.judge(self.oracle.book, self.id(who), self.now, session, client, payment)
        command = bookings.BookSession(session, client, payment)
        self.act(who, says, bookings.book_session, command, seats.CODES)

    @having("booking")
    @rule(who=MOSTLY_STAFF, booking=a("booking"), payment=one_of(PaymentState.PAID, *PaymentState))
    def booking_is_marked(self, who: str, booking: str, payment: PaymentState) -> None:
        says = self.oracle.judge(self.oracle.mark_paid, self.id(who), self.id(booking), payment)
        command = bookings.MarkPaid(self.id(booking), None, payment)
        self.act(who, says, bookings.mark_paid, command, bookings.MARK_PAID_CODES)

    @having("live enrolment")
    @rule(who=MOSTLY_STAFF, booking=a("live enrolment"), payment=one_of(*PaymentState))
    def enrolment_is_marked(self, who: str, booking: str, payment: PaymentState) -> None:
        enrolment = self.booking(booking).enrolment
        assert enrolment is not None
        says = self.oracle.judge(self.oracle.mark_enrolment_paid, self.id(who), enrolment.id, payment)
        self.act(who, says, bookings.mark_paid, bookings.MarkPaid(None, enrolment.id, payment))

    # Cancelling

    @having("booking")
    @rule(who=ANYONE, booking=a("booking"))
    def booking_is_cancelled_by_anyone(self, who: str, booking: str) -> None:
        """Also what is cancelled already."""
        self.cancel(who, self.id(booking), None)

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

    def cancel(self, who: str, booking: UUID, shown: Expecting | None) -> None:
        says = self.oracle.judge(self.oracle.cancel, self.id(who), self.now, booking, shown)
        expected = None
        if shown is not None:
            day = None if isinstance(shown.expires_on, str) else shown.expires_on
            expected = Expected(shown.outcome, day, any_expiry=shown.expires_on == ANY)
        command = bookings.CancelBooking(booking, expected)
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

    # Credits

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

    def open_to(self, client: UUID) -> list[UUID]:
        """The sessions that a good credit of the client's could book now."""
        sessions = self.oracle.sessions
        return [key for key in sessions if not self.oracle.against_make_up(self.now, key, client)]

    def spend(self, who: str, session: UUID, client: UUID | None, credit: UUID | None) -> None:
        says = self.oracle.judge(self.oracle.book_with_credit, self.id(who), self.now, session, client, credit)
        command = bookings.BookWithMakeUp(session, client, credit)
        self.act(who, says, bookings.book_with_make_up, command, make_ups.CODES)

    # What is not here

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

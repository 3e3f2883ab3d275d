"""The state machine lets the studio cancel sessions, and staff set deadlines aside."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.cancellation import session_cancelling
from domain.cancellation.session_cancelling import Expected
from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.credit import RevocationReason
from domain.nouns.policy import OnMakeUpCancellation
from domain.nouns.session import Compensation
from domain.outcome import Done
from domain.services import session_cancellations
from tests.machine.attending import AttendingMachine
from tests.machine.calendar import date_at
from tests.machine.decided import SETTINGS
from tests.machine.drawing import A_SESSION, ANYONE, AROUND, MOSTLY_STAFF, a, changes, having, one_of
from tests.machine.studio_cancelling_oracle import A_WEEK
from tests.machine.world import A_DAY

COMPENSATION = one_of(Compensation.CREDITS, *Compensation)
EARNING = {
    name: SETTINGS[name] for name in ("make_ups_enabled", "single_bookings_earn", "earning_needs_payment", "earn_cap")
}
GRACE = one_of(0, 1, 14)
FORFEIT, RESTORE = OnMakeUpCancellation.FORFEIT, OnMakeUpCancellation.RESTORE
Shown = tuple[int, int, int]


class StudioCancellingMachine(AttendingMachine):
    @rule(who=MOSTLY_STAFF, session=A_SESSION, compensation=COMPENSATION, wrong=one_of(0, 0, 1), twice=st.booleans())
    def session_is_cancelled_as_shown(
        self, who: str, session: str, compensation: Compensation, wrong: int, twice: bool
    ) -> None:
        """And another is put in its place."""
        key, it = self.id(session), self.oracle.sessions[self.id(session)]
        credits, returned, nothing = self.oracle.foresee_seats(key, self.now, compensation)
        self.call_off(who, key, compensation, (credits, returned, nothing + wrong))
        for _ in range(twice):
            self.call_off(who, key, compensation, None)
        if it.cancelled and it.course is not None:
            course = self.name_of("course", it.course)
            self.session_is_added("owner", course, 3 * A_DAY, it.capacity, True, False, None, None, {})

    @having("live make-up")
    @rule(booking=a("live make-up"), compensation=COMPENSATION, grace=GRACE, by=one_of(*AROUND), on=one_of(*AROUND))
    def session_that_a_credit_paid_is_cancelled(
        self, booking: str, compensation: Compensation, grace: int, by: timedelta, on: timedelta
    ) -> None:
        """About when the credit ends; and it is spent when it ends at last."""
        credit, session = self.booking(booking).credit, self.booking(booking).session
        assert credit is not None
        self.policy_is_changed("owner", {"studio_cancellation_grace_days": grace, "on_make_up_cancellation": FORFEIT})
        if credit.expires_at is not None and credit.expires_at + by > self.now:
            self.now = credit.expires_at + by
            self.compare()
        self.call_off("manager", session, compensation, None)
        if credit.expires_at is not None and credit.expires_at + on > self.now:
            self.now = credit.expires_at + on
            self.compare()
        for key in self.open_to(credit.client)[:1]:
            self.spend(self.account_of(credit.client), key, credit.client, credit.id)

    @rule(
        who=MOSTLY_STAFF,
        course=a("course"),
        compensation=COMPENSATION,
        days=one_of(None, 0, 1, 3, 15),
        wrong=one_of(None, 0, 0, 1),
        twice=st.booleans(),
    )
    def sessions_of_a_course_are_cancelled(
        self, who: str, course: str, compensation: Compensation, days: int | None, wrong: int | None, twice: bool
    ) -> None:
        """From today, or from some days after it; as shown, otherwise, or whatever that brings. There will be more."""
        day = None if days is None else date_at(self.now, self.oracle.zone) + days * A_DAY
        coming = self.oracle.coming(self.id(course), self.now, day)
        credits, returned, nothing = self.oracle.foresee_course(coming, self.now, compensation)
        shown = None if wrong is None else (credits, returned, nothing + wrong)
        for _ in range(1 + twice):
            self.call_off_course(who, self.id(course), compensation, days, shown)
        for ahead in (2 * A_DAY, 15 * A_DAY):
            self.session_is_added("owner", course, ahead, 2, True, False, None, None, {})

    @having("booking before its deadline")
    @rule(booking=a("booking before its deadline"), payment=one_of(*PaymentState), compensation=COMPENSATION)
    def seat_is_given_up_and_taken_again_and_its_session_cancelled(
        self, booking: str, payment: PaymentState, compensation: Compensation
    ) -> None:
        """Whoever has a credit for it gets no second (E7)."""
        session, client = self.booking(booking).session, self.booking(booking).client
        self.cancel(self.account_of(client), self.id(booking), None)
        self.book("manager", session, client, payment)
        self.call_off("manager", session, compensation, None)

    @having("live booking")
    @rule(
        booking=a("live booking"),
        mark=one_of(Attendance.ATTENDED, Attendance.ATTENDED, *Attendance),
        compensation=one_of(*Compensation),
    )
    def session_is_cancelled_after_somebody_was_there_or_nobody(
        self, booking: str, mark: Attendance, compensation: Compensation
    ) -> None:
        session = self.booking(booking).session
        self.now = max(self.now, self.oracle.sessions[session].start)
        self.compare()
        self.mark("manager", session, {self.id(booking): mark}, None)
        self.call_off("manager", session, compensation, None)

    @rule(session=a("session"), by=one_of(*AROUND), compensation=COMPENSATION)
    def session_is_cancelled_a_week_after_its_end(
        self, session: str, by: timedelta, compensation: Compensation
    ) -> None:
        latest = self.oracle.sessions[self.id(session)].end + A_WEEK
        self.now = max(self.now, latest + by)
        self.compare()
        self.call_off("manager", self.id(session), compensation, None)

    @having("live booking")
    @rule(
        who=ANYONE | MOSTLY_STAFF,
        booking=a("live booking"),
        at=one_of("now", "deadline", "start"),
        by=one_of(*AROUND),
        settings=changes(EARNING),
    )
    def booking_is_cancelled_with_a_reason(
        self, who: str, booking: str, at: str, by: timedelta, settings: dict[str, object]
    ) -> None:
        """C10: which sets the deadline aside, and nothing else."""
        self.policy_is_changed("owner", settings)
        session = self.oracle.sessions[self.booking(booking).session]
        border = {"now": self.now, "deadline": self.oracle.deadline(session), "start": session.start}[at]
        self.now = max(self.now, border + by)
        self.compare()
        self.cancel(who, self.id(booking), None, "The trams stood still.")

    @having("live make-up")
    @rule(
        booking=a("live make-up"),
        on=one_of(FORFEIT, FORFEIT, RESTORE),
        reason=one_of("", "", "ill"),
        after=one_of("spend", "extend", "revoke"),
    )
    def make_up_is_cancelled_where_it_may_be_lost(
        self, booking: str, on: OnMakeUpCancellation, reason: str, after: str
    ) -> None:
        """And its credit is tried once more."""
        self.policy_is_changed("owner", {"on_make_up_cancellation": on})
        client, credit = self.booking(booking).client, self.booking(booking).credit
        assert credit is not None
        who = "manager" if reason else self.account_of(client)
        self.cancel(who, self.id(booking), None, reason)
        name = f"credit {self.oracle.credits.index(credit)}"
        match after:
            case "spend":
                for session in [*self.open_to(client), *self.oracle.sessions][:1]:
                    self.spend(self.account_of(client), session, client, credit.id)
            case "extend":
                self.credits_are_extended("owner", [name], 14)
            case _:
                self.credits_are_revoked("owner", [name], RevocationReason.OTHER)

    @rule(who=ANYONE, thing=a("thing elsewhere"), compensation=COMPENSATION)
    def session_of_another_studio_is_cancelled(self, who: str, thing: str, compensation: Compensation) -> None:
        """Here there is no such thing."""
        self.call_off(who, self.id(thing), compensation, None)
        self.call_off_course(who, self.id(thing), compensation, None)

    def call_off(self, who: str, session: UUID, compensation: Compensation, shown: Shown | None) -> None:
        before = {each.id for each in self.oracle.bookings if each.live and each.session == session}
        was_cancelled = session in self.oracle.sessions and self.oracle.sessions[session].cancelled
        by, expected = self.id(who), None if shown is None else Expected(*shown)
        says = self.oracle.judge(self.oracle.cancel_session, by, self.now, session, compensation, shown)

        def learn(done: Done) -> None:
            """The second time the same as the first."""
            ended = self.ended_with.setdefault(session, before)
            assert set(done.bookings) == ended
            assert not was_cancelled or not before

        command = session_cancellations.CancelSession(session, compensation, "ill", expected)
        self.act(who, says, session_cancellations.cancel_session, command, session_cancelling.CODES, learn)

    def call_off_course(
        self, who: str, course: UUID, compensation: Compensation, days: int | None, shown: Shown | None = None
    ) -> None:
        by, day = self.id(who), None if days is None else date_at(self.now, self.oracle.zone) + days * A_DAY
        meant = self.oracle.coming(course, self.now, day)
        new = [key for key in meant if not self.oracle.sessions[key].cancelled]
        live = {key: {each.id for each in self.oracle.live(key)} for key in new}
        says = self.oracle.judge(self.oracle.cancel_course, by, self.now, course, day, compensation, shown)

        def learn(done: Done) -> None:
            self.ended_with.update(live)
            assert (list(done.sessions), list(done.changed)) == (meant, new)
            assert set(done.bookings) == {key for session in meant for key in self.ended_with[session]}

        expected = None if shown is None else Expected(*shown)
        command = session_cancellations.CancelCourseSessions(course, day, compensation, "ill", expected)
        codes = session_cancelling.CODES_OF_ALL
        self.act(who, says, session_cancellations.cancel_course_sessions, command, codes, learn)

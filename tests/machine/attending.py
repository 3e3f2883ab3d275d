"""Sessions move, and who was there is marked, at random."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.cancellation import marking, moving
from domain.nouns.booking import Attendance
from domain.nouns.credit import RevocationReason
from domain.nouns.policy import CategoryGuard, LateCancellation
from domain.outcome import Done
from domain.services import attendance
from domain.services import moving as moves
from tests.machine.drawing import A_SESSION, AHEAD, ANYONE, AROUND, MOSTLY_STAFF, a, having, one_of, some
from tests.machine.managing import ManagingMachine
from tests.machine.world import A_DAY, A_MICROSECOND, AN_HOUR, known

A_MARK = one_of(Attendance.EXCUSED, *Attendance)
MAYBE_A_MARK = one_of(None, *Attendance)


class AttendingMachine(ManagingMachine):
    # Moving

    @rule(
        who=MOSTLY_STAFF,
        session=A_SESSION,
        ahead=one_of(None, timedelta(), -AN_HOUR, A_MICROSECOND, *AHEAD),
        length=one_of(AN_HOUR, AN_HOUR, 2 * AN_HOUR, timedelta()),
        twice=st.booleans(),
    )
    def session_is_moved(self, who: str, session: str, ahead: timedelta | None, length: timedelta, twice: bool) -> None:
        """Also to where it is, into the past, and to no length."""
        it = self.oracle.sessions[self.id(session)]
        start = it.start if ahead is None else self.now + ahead
        for _ in range(1 + twice):
            self.move(who, self.id(session), start, length)

    @having("live booking")
    @rule(
        booking=a("live booking"),
        late=one_of(*LateCancellation),
        ahead=one_of(2 * AN_HOUR, 23 * AN_HOUR, A_DAY, 25 * AN_HOUR, 30 * AN_HOUR, 3 * A_DAY),
        before=one_of(A_MICROSECOND, AN_HOUR, 25 * AN_HOUR),
        again=st.booleans(),
        by=one_of(*AROUND),
    )
    def booking_is_cancelled_a_day_after_its_session_moved(
        self, booking: str, late: LateCancellation, ahead: timedelta, before: timedelta, again: bool, by: timedelta
    ) -> None:
        """It moved before or after the old deadline, and perhaps once more."""
        self.policy_is_changed("owner", {"late_cancellation": late})
        session = self.booking(booking).session
        self.now = max(self.now, self.oracle.sessions[session].start - before)
        self.compare()
        for _ in range(1 + again):
            self.move("manager", session, self.now + ahead, AN_HOUR)
            self.now += AN_HOUR
        day = min(self.now - AN_HOUR + A_DAY, self.oracle.sessions[session].start)
        self.now = max(self.now, day + by)
        self.compare()
        self.cancel(self.account_of(self.booking(booking).client), self.id(booking), None)

    @rule(who=ANYONE, thing=a("thing elsewhere"))
    def session_elsewhere_is_moved_and_marked(self, who: str, thing: str) -> None:
        """Here there is no such thing."""
        self.move(who, self.id(thing), self.now + A_DAY, AN_HOUR)
        self.mark(who, self.id(thing), {}, Attendance.ATTENDED)
        self.mark(who, self.id("session 0"), {self.id(thing): Attendance.ATTENDED}, None)

    def move(self, who: str, session: UUID, start: datetime, length: timedelta) -> None:
        says = self.oracle.judge(self.oracle.move, self.id(who), self.now, session, start, length)

        def learn(done: Done) -> None:
            assert done.moved == self.oracle.moved_along

        command = moves.MoveSession(session, start, start + length)
        self.act(who, says, moves.move_session, command, moving.CODES, learn)

    # Marking

    @rule(who=MOSTLY_STAFF, session=a("session"), names=some("booking"), mark=A_MARK, unmarked=MAYBE_A_MARK)
    def roster_is_marked(
        self, who: str, session: str, names: Sequence[str], mark: Attendance, unmarked: Attendance | None
    ) -> None:
        """Also with seats of other sessions, and with those that were given up."""
        self.mark(who, self.id(session), {self.id(name): mark for name in names}, unmarked)

    @having("booking")
    @rule(who=MOSTLY_STAFF, booking=a("booking"), marks=st.lists(A_MARK, min_size=1, max_size=3), unmarked=MAYBE_A_MARK)
    def seat_is_marked_and_corrected(
        self, who: str, booking: str, marks: Sequence[Attendance], unmarked: Attendance | None
    ) -> None:
        for mark in marks:
            self.mark(who, self.booking(booking).session, {self.id(booking): mark}, unmarked)

    @having("live booking")
    @rule(
        booking=a("live booking"),
        by=one_of(*AROUND),
        earns=one_of(True, True, True, False),
        single=one_of(True, True, False),
        guard=one_of(*CategoryGuard),
        nth=st.integers(0, 3),
        after=one_of("nothing", "spent", "spent", "given up", "expired", "revoked"),
        then=one_of(None, *Attendance),
        last=A_MARK,
    )
    def absence_is_excused(
        self,
        booking: str,
        by: timedelta,
        earns: bool,
        single: bool,
        guard: CategoryGuard,
        nth: int,
        after: str,
        then: Attendance | None,
        last: Attendance,
    ) -> None:
        """And what it earned, if it did, is spent, lost or left alone; and then the mark is corrected."""
        earning = {"excused_absence_earns": earns, "make_ups_enabled": True, "single_bookings_earn": single}
        self.policy_is_changed("owner", {**earning, "category_guard": guard})
        session, client = self.booking(booking).session, self.booking(booking).client
        self.now = max(self.now, self.oracle.sessions[session].start + by)
        self.compare()
        before = len(self.oracle.credits)
        self.mark("manager", session, {self.id(booking): Attendance.EXCUSED}, None)
        for credit in self.oracle.credits[before:]:
            self.what_an_absence_earned(f"credit {self.oracle.credits.index(credit)}", client, after)
        if after == "given up":
            self.cancel("manager", self.id(booking), None)
        if then is not None:
            self.mark("manager", session, {self.id(booking): then}, None)
            self.mark("owner", session, {self.id(booking): last}, None)
        for credit in self.oracle.credits[before:]:
            for target in self.one_open_to(client, nth):
                self.spend(self.account_of(client), target, client, known(credit.id))

    def what_an_absence_earned(self, credit: str, client: UUID, after: str) -> None:
        match after:
            case "spent":
                for target in self.open_to(client)[:1]:
                    self.spend(self.account_of(client), target, client, self.id(credit))
            case "revoked":
                self.credits_are_revoked("owner", [credit], RevocationReason.MISUSE)
            case "expired" if (expires_at := self.credit(credit).expires_at) is not None:
                self.now = max(self.now, expires_at)
                self.compare()
            case _:
                pass

    def mark(self, who: str, session: UUID, marks: Mapping[UUID, Attendance], unmarked: Attendance | None) -> None:
        says = self.oracle.judge(self.oracle.mark, self.id(who), self.now, session, marks, unmarked)
        command = attendance.MarkAttendance(session, marks, unmarked)
        self.act(who, says, attendance.mark_attendance, command, marking.CODES, self.learn_what_marks_brought)

    def learn_what_marks_brought(self, done: Done) -> None:
        """The answer tells of each seat what the oracle does."""
        brought = self.oracle.brought
        reasons = dict(zip(done.bookings, map(frozenset, done.why_not_earned), strict=True))
        assert reasons == {key: each.reasons for key, each in brought.items()}
        assert set(done.changed) == {key for key, each in brought.items() if each.changed}
        assert set(done.credits) == {each.taken_back for each in brought.values()} - {None}
        self.count(*(reason for each in reasons.values() for reason in each))

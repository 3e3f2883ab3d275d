"""The state machine founds what a studio offers: its policy, courses, sessions and clients."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.managing import erasing
from domain.services import clients, policies, schedule
from tests.machine.decided import COURSE_SETTINGS, SESSION_SETTINGS, SETTINGS, WRONG_SETTINGS
from tests.machine.drawing import A_CATEGORY, AHEAD, MOSTLY_STAFF, a, changes, decisions, one_of
from tests.machine.rows import Client, Course, Session
from tests.machine.world import ACCOUNTS, AN_HOUR, CLIENTS_ACCOUNTS, World


class OfferingMachine(World):
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
            self.oracle.judge(self.oracle.create, self.id(who), decided),
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
            self.oracle.judge(self.oracle.create, self.id(who), new.choices, new.course),
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
            self.oracle.judge(self.oracle.create, self.id(who), {}),
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
        self.act(who, says, clients.link_client, clients.LinkClient(self.id(client), email), erasing.CHANGE_CODES)

"""Changing, archiving and ending what there is, at random."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.managing import changing, erasing
from domain.nouns.booking import PaymentState
from domain.nouns.policy import OnEnrolmentEnd
from domain.services import clients, enrolments, schedule_changes, studios
from tests.machine.credits import CreditsMachine
from tests.machine.drawing import A_SESSION, ANYONE, MOSTLY_STAFF, a, changes, having, one_of

OF_COURSES: dict[str, tuple[object, ...]] = {
    "whole_price": (None, 0, 5000, 10_000),
    "single_price": (None, 0, 2999),
    "accepts_make_ups": (True, True, False),
}
NO_LONGER_SOLD: dict[str, tuple[object, ...]] = {"whole_price": (None,), "single_price": (None,)}
OF_SESSIONS: dict[str, tuple[object, ...]] = {"capacity": (1, 2, 3), "accepts_make_ups": (None, True, False)}
PRODUCTS_NAMES = {"whole_price": "whole_course_price", "single_price": "single_session_price"}
ARCHIVED = one_of(True, False, False)


def split(given: dict[str, object]) -> tuple[dict[str, object], Any]:
    """A change as the product takes it: by its own names, and apart whether the thing is archived."""
    archived = given.get("archived")
    return {PRODUCTS_NAMES.get(k, k): value for k, value in given.items() if k != "archived"}, archived


class ManagingMachine(CreditsMachine):
    @rule(who=one_of("owner") | ANYONE, zone=one_of(None, "UTC"), slug=one_of(None, "here", "elsewhere", "elsewhere"))
    def studio_is_changed(self, who: str, zone: str | None, slug: str | None) -> None:
        """Its own slug it may keep."""
        given = {} if zone is None else {"time_zone": zone}
        given |= {} if slug is None else {"slug": f"{slug}-{self.number}"}
        says = self.oracle.judge(self.oracle.change_studio, self.id(who), zone, slug == "elsewhere", None)
        self.act(who, says, studios.update_studio, studios.UpdateStudio(given), changing.STUDIO_CODES)

    @rule(who=MOSTLY_STAFF, course=a("course"), given=changes(OF_COURSES) | changes(NO_LONGER_SOLD, 1))
    def course_is_changed(self, who: str, course: str, given: dict[str, object]) -> None:
        self.change("course", who, self.id(course), given)

    @rule(who=MOSTLY_STAFF, session=a("session"), given=changes(OF_SESSIONS))
    def session_is_changed(self, who: str, session: str, given: dict[str, object]) -> None:
        self.change("session", who, self.id(session), given)

    @having("live booking")
    @rule(booking=a("live booking"), seats=one_of(1, 1, 2))
    def capacity_is_lowered_where_there_are_seats_taken(self, booking: str, seats: int) -> None:
        self.change("session", "manager", self.booking(booking).session, {"capacity": seats})

    @having("spendable credit")
    @rule(credit=a("spendable credit"), nth=st.integers(0, 5), accepts=one_of(False, False, True))
    def credit_is_spent_where_make_ups_may_not_be_taken(self, credit: str, nth: int, accepts: bool) -> None:
        client = self.credit(credit).client
        for session in self.one_open_to(client, nth):
            self.change("session", "manager", session, {"accepts_make_ups": accepts})
            self.spend(self.account_of(client), session, client, self.id(credit))

    @having("live booking")
    @rule(booking=a("live booking"))
    def session_is_archived_where_there_are_seats_taken(self, booking: str) -> None:
        self.change("session", "manager", self.booking(booking).session, {"archived": True})

    @rule(who=MOSTLY_STAFF, client=a("client"))
    def client_is_renamed(self, who: str, client: str) -> None:
        says = self.oracle.judge(self.oracle.change_client, self.id(who), self.id(client), {})
        self.act(
            who,
            says,
            clients.update_client,
            clients.UpdateClient(self.id(client), {"name": "Anew"}),
            erasing.CHANGE_CODES,
        )

    @rule(who=MOSTLY_STAFF, kind=one_of("course", "session", "client"), data=st.data(), archived=ARCHIVED)
    def something_is_archived_or_brought_back(self, who: str, kind: str, data: st.DataObject, archived: bool) -> None:
        self.change(kind, who, self.id(data.draw(a(kind))), {"archived": archived})

    @rule(
        kind=one_of("studio", "course", "session", "client"),
        acts=st.lists(one_of("book", "spend", "enrol", "grant", "create"), min_size=2, max_size=3, unique=True),
        session=A_SESSION,
        client=a("client"),
    )
    def something_new_is_asked_of_what_is_archived(
        self, kind: str, acts: Sequence[str], session: str, client: str
    ) -> None:
        """And once more when it is back."""
        if kind == "session":  # one that can be archived, where there is one
            empty = [name for name in self.names("coming session") if not self.oracle.taken(self.id(name))]
            session = next(iter(empty), session)
        course = self.oracle.sessions[self.id(session)].course
        keys = {"studio": None, "course": course, "session": self.id(session), "client": self.id(client)}
        if kind == "course" and course is None:
            return
        for archived in (True, False):
            self.change(kind, "owner", keys[kind], {"archived": archived})
            for act in acts:
                self.ask_for_something_new(act, session, client)

    def ask_for_something_new(self, act: str, session: str, client: str) -> None:
        session_id, client_id = self.id(session), self.id(client)
        course = self.oracle.sessions[session_id].course
        match act:
            case "book":
                self.book("manager", session_id, client_id, PaymentState.PAID)
            case "spend":
                self.spend("manager", session_id, client_id, None)
            case "enrol" if course is not None:
                self.enrol("manager", course, client_id, PaymentState.PAID, frozenset())
            case "grant":
                self.credits_are_granted("manager", client, 1, -1, None)
                self.credits_are_granted("manager", client, 1, 14, None)
            case _:
                self.course_is_created("manager", 100, None, True, None, {})
                self.client_is_created("manager")

    def change(self, kind: str, who: str, key: Any, given: dict[str, object]) -> None:
        oracle, by, (fields, archived) = self.oracle, self.id(who), split(given)
        match kind:
            case "studio":
                says = oracle.judge(oracle.change_studio, by, None, False, archived)
                command: Any = studios.UpdateStudio(fields, archived)
                self.act(who, says, studios.update_studio, command, changing.STUDIO_CODES)
            case "course":
                says = oracle.judge(oracle.change_course, by, key, given)
                command = schedule_changes.UpdateCourse(key, fields, archived)
                self.act(who, says, schedule_changes.update_course, command, changing.COURSE_CODES)
            case "session":
                says = oracle.judge(oracle.change_session, by, self.now, key, given)
                command = schedule_changes.UpdateSession(key, fields, archived)
                self.act(who, says, schedule_changes.update_session, command, changing.SESSION_CODES)
            case _:
                says = oracle.judge(oracle.change_client, by, key, given)
                self.act(
                    who, says, clients.update_client, clients.UpdateClient(key, fields, archived), erasing.CHANGE_CODES
                )

    @having("seat of an enrolment")
    @rule(who=MOSTLY_STAFF, booking=a("seat of an enrolment"), twice=st.booleans())
    def enrolment_is_ended(self, who: str, booking: str, twice: bool) -> None:
        for _ in range(1 + twice):
            self.end(who, self.enrolment_of(booking))

    @having("live enrolment")
    @rule(booking=a("live enrolment"), on_end=one_of(*OnEnrolmentEnd), session=A_SESSION)
    def enrolment_is_ended_after_it_has_earned(self, booking: str, on_end: OnEnrolmentEnd, session: str) -> None:
        """And what it earned, if it did, is spent: as far as that can still be done."""
        client, course = self.booking(booking).client, self.oracle.sessions[self.booking(booking).session].course
        before = len(self.oracle.credits)
        self.policy_is_changed("owner", {"on_enrolment_end": on_end})
        self.cancel(self.account_of(client), self.id(booking), None)
        self.end("manager", self.enrolment_of(booking))
        for credit in self.oracle.credits[before:]:
            self.spend(self.account_of(client), self.id(session), client, credit.id)
        self.client_is_enrolled_wherever_there_is_a_seat(
            "owner", self.name_of("course", course), self.name_of("client", client), PaymentState.PAID
        )

    @rule(who=ANYONE, thing=a("thing elsewhere"))
    def something_of_another_studio_is_changed(self, who: str, thing: str) -> None:
        """Here there is no such thing."""
        self.end(who, self.id(thing))
        for kind in ("course", "session", "client"):
            self.change(kind, who, self.id(thing), {"archived": True})

    def end(self, who: str, enrolment: UUID | None) -> None:
        says = self.oracle.judge(self.oracle.end_enrolment, self.id(who), self.now, enrolment)
        assert enrolment is not None
        self.act(who, says, enrolments.end_enrolment, enrolments.EndEnrolment(enrolment))

    def enrolment_of(self, booking: str) -> UUID | None:
        enrolment = self.booking(booking).enrolment
        assert enrolment is not None
        return enrolment.id

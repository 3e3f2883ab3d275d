"""A0, A1: every mutation by everybody. Who may, and which answer the others get."""

from typing import Any
from uuid import UUID

import pytest

from domain.faults import FaultCode
from persistence.database import Database
from schema.ids import decode, encode
from tests.schema.counting import written
from tests.schema.stage import EXAMPLES, ROLES, Stage, a_booking
from tests.world import Json, Person, data, fault, unique

MAY, LOGIN, ROLE, ABSENT = "may", FaultCode.UNAUTHENTICATED, FaultCode.FORBIDDEN, FaultCode.NOT_FOUND

# The columns are ROLES: nobody, the client's account, another client's, the session's instructor, another
# instructor, a manager, the owner, the owner of another studio.
WHO_MAY: dict[str, tuple[str, ...]] = {
    "createStudio": (LOGIN, MAY, MAY, MAY, MAY, MAY, MAY, MAY),
    "updateStudioPolicy": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "updateCoursePolicy": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "updateSessionPolicy": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "updateStudio": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "updateCourse": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "updateSession": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "updateClient": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "endEnrolment": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "addStaff": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "createCourse": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "createSession": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "createClient": (LOGIN, ROLE, ROLE, ROLE, ROLE, MAY, MAY, ROLE),
    "linkClient": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "grantMakeUp": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "enrolClient": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "bookSession": (LOGIN, MAY, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "bookSession, saying how it is paid": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "bookWithMakeUp": (LOGIN, MAY, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "cancelBooking": (LOGIN, MAY, ABSENT, ROLE, ABSENT, MAY, MAY, ABSENT),
    "markPaid": (LOGIN, ROLE, ABSENT, ROLE, ABSENT, MAY, MAY, ABSENT),
    "markPaid, of an enrolment": (LOGIN, ROLE, ABSENT, ABSENT, ABSENT, MAY, MAY, ABSENT),
}


async def example(stage: Stage, act: str) -> Json:
    """An input with which the act would succeed once."""
    if act == "markPaid, of an enrolment":
        return {"enrolmentId": stage.things.enrolment, "payment": "PAID"}
    if act == "updateClient":
        return {"clientId": stage.things.client, "name": "Ana"}
    given = await EXAMPLES[act.split(",")[0]](stage)
    if act == "linkClient":
        person = stage.people["client"]
        assert isinstance(person, Person)
        given = {"clientId": stage.things.client, "email": person.email}
    return given


def as_given_by(role: str, act: str, given: Json) -> Json:
    """Of a booking, clients do not say how it is paid."""
    if act == "bookSession" and role not in ("manager", "owner"):
        return {name: value for name, value in given.items() if name != "payment"}
    return given


def test_every_mutation_that_asks_who_acts_stands_in_the_table() -> None:
    assert {act.split(",")[0] for act in WHO_MAY} == set(EXAMPLES) - {"signUp", "signIn"}


@pytest.mark.parametrize("act", WHO_MAY)
async def test_each_act_is_for_those_who_may_and_leaves_nothing_behind_for_the_others(
    stage: Stage, database: Database, act: str
) -> None:
    answers, given = dict[str, str](), await example(stage, act)
    for role in ROLES:
        async with written(database) as rows:
            answer = await stage.act(role, act.split(",")[0], as_given_by(role, act, given))
        if "errors" in answer:
            answers[role] = fault(answer)
            assert rows == {}
        else:
            answers[role] = MAY
            assert data(answer)["result"]["__typename"] != "Refused"
            assert sum(rows.values()) > 0
            given = await example(stage, act)
    assert tuple(answers.values()) == WHO_MAY[act]


async def test_what_is_a_strangers_another_studios_or_nowhere_looks_the_same(stage: Stage, database: Database) -> None:
    """Byte by byte, the message and the field at fault included."""
    mine, theirs, foreign = stage.things, stage.stranger_things, stage.foreign_things
    seats: Json = {"sessionId": mine.session}
    acts: list[tuple[str, str, str, Json]] = [
        ("bookSession", "clientId", "client", seats),
        ("bookWithMakeUp", "clientId", "client", seats),
        ("bookWithMakeUp", "creditId", "credit", {**seats, "clientId": mine.client}),
        ("cancelBooking", "bookingId", "booking", {}),
        ("markPaid", "bookingId", "booking", {}),
        ("markPaid", "enrolmentId", "enrolment", {}),
        ("linkClient", "clientId", "client", {"email": "nobody@example.com"}),
        ("grantMakeUp", "clientId", "client", {"reason": "OTHER"}),
        ("enrolClient", "clientId", "client", {"courseId": mine.course, "payment": "DUE"}),
        ("updateClient", "clientId", "client", {"archived": True}),
        ("endEnrolment", "enrolmentId", "enrolment", {}),
    ]
    async with written(database) as rows:
        for mutation, field, noun, rest in acts:
            stranger, elsewhere = getattr(theirs, noun), getattr(foreign, noun)
            ids = (stranger, elsewhere, *(another(each) for each in (stranger, elsewhere)), in_no_studio(stranger))
            answers = [await stage.act("client", mutation, {**rest, field: each}) for each in ids]
            assert [fault(answer) for answer in answers] == [ABSENT] * 5, (mutation, field)
            assert answers == [answers[0]] * 5
            assert answers[0]["errors"][0]["extensions"]["input"] == [field]
    assert rows == {}


@pytest.mark.parametrize("role", ["manager", "owner"])
async def test_staff_find_nothing_of_another_studio(stage: Stage, database: Database, role: str) -> None:
    mine, foreign = stage.things, stage.foreign_things
    (credit,) = await stage.world.granted(mine.client)
    acts: list[tuple[str, str, str, Json]] = [
        ("bookSession", "clientId", "client", {"sessionId": mine.session, "payment": "PAID"}),
        ("bookWithMakeUp", "clientId", "client", {"sessionId": mine.session}),
        ("bookWithMakeUp", "creditId", "credit", {"sessionId": mine.session, "clientId": mine.client}),
        ("cancelBooking", "bookingId", "booking", {}),
        ("markPaid", "bookingId", "booking", {}),
        ("markPaid", "enrolmentId", "enrolment", {}),
        ("linkClient", "clientId", "client", {"email": "nobody@example.com"}),
        ("grantMakeUp", "clientId", "client", {"reason": "OTHER"}),
        ("enrolClient", "clientId", "client", {"courseId": mine.course, "payment": "DUE"}),
        ("enrolClient", "except", "session", {"courseId": mine.course, "clientId": mine.client, "payment": "DUE"}),
        ("createSession", "courseId", "course", plan(stage)),
        ("createSession", "instructorId", "staff", {**plan(stage), "courseId": mine.course}),
        ("updateSession", "instructorId", "staff", {"sessionId": mine.session}),
        ("updateClient", "clientId", "client", {"name": "Eve"}),
        ("endEnrolment", "enrolmentId", "enrolment", {}),
    ]
    async with written(database) as rows:
        for mutation, field, noun, rest in acts:
            elsewhere = getattr(foreign, noun)
            ids = (elsewhere, another(elsewhere), another(getattr(mine, noun)), in_no_studio(elsewhere))
            answers = [await stage.act(role, mutation, {**rest, field: [i] if field == "except" else i}) for i in ids]
            assert [fault(answer) for answer in answers] == [ABSENT] * 4, (mutation, field)
            assert answers == [answers[0]] * 4
            assert answers[0]["errors"][0]["extensions"]["input"] == [field]
    assert rows == {}
    booked = {"sessionId": await stage.world.session(None, "2026-12-20T17:00:00Z"), "creditId": credit}
    assert data(await stage.act(role, "bookWithMakeUp", {**booked, "clientId": mine.client}))


async def test_a_session_and_a_client_of_different_studios_are_not_found(stage: Stage, database: Database) -> None:
    both = {"sessionId": stage.foreign_things.session, "clientId": stage.things.client}
    async with written(database) as rows:
        for role in ("client", "owner", "rival"):
            for mutation, more in (("bookSession", {"payment": "PAID"}), ("bookWithMakeUp", {})):
                assert fault(await stage.act(role, mutation, {**both, **more})) == ABSENT
        enrolling = {"courseId": stage.foreign_things.course, "clientId": stage.things.client, "payment": "PAID"}
        assert fault(await stage.act("rival", "enrolClient", enrolling)) == ABSENT
    assert rows == {}


async def test_a_studio_that_is_not_there_is_not_found(stage: Stage, database: Database) -> None:
    async with written(database) as rows:
        for mutation in ("updateStudioPolicy", "updateStudio", "createCourse", "createClient"):
            given: dict[str, Any] = {"studioId": "stu_1zzzzz", **more_of(mutation)}
            answer = await stage.act("owner", mutation, given)
            assert fault(answer) == ABSENT
            assert answer["errors"][0]["extensions"]["input"] == ["studioId"]
    assert rows == {}


async def test_an_account_that_nobody_has_cannot_be_linked_or_made_staff(stage: Stage, database: Database) -> None:
    email = f"{unique('nobody')}@example.com"
    client = await stage.world.client()
    async with written(database) as rows:
        for mutation, given in (
            ("linkClient", {"clientId": client}),
            ("addStaff", {"studioId": stage.things.studio, "role": "MANAGER", "displayName": "N"}),
        ):
            answer = await stage.act("owner", mutation, {**given, "email": email})
            assert fault(answer) == ABSENT
            assert answer["errors"][0]["extensions"]["input"] == ["email"]
    assert rows == {}


async def test_a_teacher_who_is_a_client_too_acts_for_themselves(stage: Stage) -> None:
    teacher, _ = await stage.world.staff("INSTRUCTOR", "Tea")
    client = await stage.world.client(teacher)
    booked = await teacher.do("bookSession", stage.now, sessionId=stage.things.session, clientId=client)
    assert booked["booking"]["payment"] == "DUE"
    cancelled = await teacher.do("cancelBooking", stage.now, bookingId=booked["booking"]["id"])
    assert cancelled["booking"]["status"] == "CANCELLED"
    of_another = await teacher.act("cancelBooking", stage.now, bookingId=await a_booking(stage))
    assert fault(of_another) == ABSENT


def plan(stage: Stage) -> Json:
    times = {"startsAt": "2026-12-15T17:00:00Z", "endsAt": "2026-12-15T18:00:00Z", "capacity": 1}
    return {"studioId": stage.things.studio, **times}


def more_of(mutation: str) -> Json:
    return {
        "updateStudioPolicy": {"maxDaysAhead": 1},
        "updateStudio": {"name": "Yoga"},
        "createCourse": {"name": "Yoga", "wholeCoursePrice": 1, "acceptsMakeUps": True},
        "createClient": {"name": "Ana"},
    }[mutation]


def another(id: str) -> str:
    """An id like this one, that nothing has."""
    ref = decode(id)
    assert ref is not None
    return encode(ref.kind, ref.studio_id, UUID(int=ref.key.int ^ 1))


def in_no_studio(id: str) -> str:
    """The same, in a studio that is not there."""
    ref = decode(id)
    assert ref is not None
    return encode(ref.kind, 2**31 - 1, ref.key)

"""A0, A1: every mutation by everybody: who may, and which answer the others get."""

from dataclasses import replace

import pytest
from graphql import GraphQLSchema

from domain.faults import FaultCode
from domain.refusals import RefusalCode
from persistence.database import Database
from tests.schema.audience import ABSENT, GUEST, LOGIN, ROLE, ROLES
from tests.schema.counting import written
from tests.schema.examples import EXAMPLES, SEATS, a_booking, with_a_reason
from tests.schema.staff_examples import an_invitation
from tests.schema.stage import Stage
from tests.world import Json, Person, codes, data, fault, unique

MAY, NO_ACCOUNT = "may", RefusalCode.ACCOUNT_REQUIRED
NO_ACCOUNT_YET = f"{NO_ACCOUNT} {RefusalCode.CREDIT_NOT_YET_VALID}"
EVERYBODY = (MAY,) * len(ROLES)

# The columns are ROLES: nobody, the client's account, another client's, a manager on a guest, the session's instructor,
# another instructor, a manager, the owner, the owner of another studio.
WHO_MAY: dict[str, tuple[str, ...]] = {
    "signUp": EVERYBODY,
    "signIn": EVERYBODY,
    "createStudio": (LOGIN, MAY, MAY, MAY, MAY, MAY, MAY, MAY, MAY),
    "updateStudioPolicy": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "updateCoursePolicy": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "updateCoursePolicy, of seats": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "updateSessionPolicy": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "updateSessionPolicy, of seats": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "updateStudio": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "updateCourse": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "updateSession": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "cancelSession": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "cancelCourseSessions": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "moveSession": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "markAttendance": (LOGIN, ROLE, ROLE, MAY, MAY, ROLE, MAY, MAY, ROLE),
    "inviteStaff": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "withdrawInvitation": (LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, MAY, ABSENT),
    # Each is the one who was invited.
    "acceptInvitation": (LOGIN, MAY, MAY, MAY, MAY, MAY, MAY, MAY, MAY),
    "updateStaff": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "removeStaff": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "createCourse": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "createCourse, of seats": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "createSession": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, MAY, ROLE),
    "createSession, of seats": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "createClient": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "updateClient": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "linkClient": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "grantMakeUp": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "extendMakeUps": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "revokeMakeUps": (LOGIN, ROLE, ROLE, MAY, ROLE, ROLE, MAY, MAY, ROLE),
    "enrolClient": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "endEnrolment": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "bookSession": (LOGIN, MAY, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "bookSession, saying how it is paid": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "bookWithMakeUp": (LOGIN, MAY, ABSENT, NO_ACCOUNT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "cancelBooking": (LOGIN, MAY, ABSENT, MAY, ROLE, ABSENT, MAY, MAY, ABSENT),
    "cancelBookings": (LOGIN, MAY, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "cancelBooking, with a reason": (LOGIN, ROLE, ABSENT, MAY, ROLE, ABSENT, MAY, MAY, ABSENT),
    "undoCancellation": (LOGIN, MAY, ABSENT, MAY, ROLE, ABSENT, MAY, MAY, ABSENT),
    "swapSession": (LOGIN, MAY, ABSENT, NO_ACCOUNT_YET, ROLE, ABSENT, MAY, MAY, ABSENT),
    "joinWaitlist": (LOGIN, MAY, ABSENT, NO_ACCOUNT, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "leaveWaitlist": (LOGIN, MAY, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "claimSeat": (LOGIN, MAY, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
    "markPaid": (LOGIN, ROLE, ABSENT, MAY, ROLE, ABSENT, MAY, MAY, ABSENT),
    "markPaid, of an enrolment": (LOGIN, ROLE, ABSENT, MAY, ABSENT, ABSENT, MAY, MAY, ABSENT),
}
WRITES_NOTHING = {"signIn"}
OF_STUDIO_TOO = {"cancellationDeadline", "makeUpsEnabled", "lateCancellation", "earnCap"}
STAFF_WHO_BOOK = {GUEST, "manager", "owner"}  # of a booking, clients do not say how it is paid


async def example(stage: Stage, act: str, role: str) -> Json:
    """An input with which the act would succeed once."""
    if act == "markPaid, of an enrolment":
        return {"enrolmentId": stage.things_for(role).enrolment, "payment": "PAID"}
    if act == "linkClient" and role != GUEST:
        person = stage.people["client"]
        assert isinstance(person, Person)
        return {"clientId": stage.things.client, "email": person.email}
    if act == "updateClient":
        return {"clientId": stage.things_for(role).client, "name": "Ana"}
    if act == "acceptInvitation":
        invited = stage.people[role]
        assert isinstance(invited, Person)
        return await an_invitation(stage, invited)
    theirs = replace(stage, things=stage.things_for(role))
    if act == "cancelBooking, with a reason":
        return await with_a_reason(theirs)
    given = await EXAMPLES[act.split(",")[0]](theirs)
    if act.endswith(", of seats"):  # all that a manager decides of a policy
        given = {name: value for name, value in given.items() if name not in OF_STUDIO_TOO}
        given |= {"policy": SEATS} if "policy" in given else {}
    if act == "bookSession" and role not in STAFF_WHO_BOOK:
        del given["payment"]
    return given


def test_every_mutation_stands_in_the_table(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    assert {act.split(",")[0] for act in WHO_MAY} == set(schema.mutation_type.fields)


@pytest.mark.parametrize("act", WHO_MAY)
async def test_each_act_is_for_those_who_may_and_leaves_nothing_behind_for_the_others(
    stage: Stage, database: Database, act: str
) -> None:
    says, mutation = dict(zip(ROLES, WHO_MAY[act], strict=True)), act.split(",")[0]
    faults = {role: code for role, code in says.items() if isinstance(code, FaultCode)}
    given = await example(stage, act, "client")
    async with written(database) as rows:
        assert {role: fault(await stage.act(role, mutation, given)) for role in faults} == faults
    assert rows == {}
    for role in says.keys() - faults.keys():
        given = await example(stage, act, role)
        async with written(database) as rows:
            result = data(await stage.act(role, mutation, given))["result"]
        if says[role] == MAY:
            assert result["__typename"] != "Refused"
            assert bool(rows) == (act not in WRITES_NOTHING)
        else:
            assert " ".join(codes(result)) == says[role]
            assert set(rows) == {"idempotency_keys"}


async def test_an_account_that_nobody_has_cannot_be_linked(stage: Stage, database: Database) -> None:
    email = f"{unique('nobody')}@example.com"
    client = await stage.world.client()
    async with written(database) as rows:
        answer = await stage.act("owner", "linkClient", {"clientId": client, "email": email})
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

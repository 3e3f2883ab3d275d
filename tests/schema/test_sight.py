"""A0, A1, A3: who sees what, by its id and over edges. What one may not see looks like what is not there."""

import pytest

from schema.ids import Kind
from tests.schema.stage import ROLES, Stage
from tests.schema.test_authority import another, in_no_studio
from tests.world import Json, Person, data, fault

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
STAFF_AND_CLIENT = {"client", "manager", "owner"}
WHO_SEES: dict[str, set[str]] = {
    "account": {"client"},
    "studio": {*ROLES},
    "staff": {*ROLES},
    "course": {*ROLES},
    "session": {*ROLES},
    "client": STAFF_AND_CLIENT,
    "enrolment": STAFF_AND_CLIENT,
    "credit": STAFF_AND_CLIENT,
    "booking": STAFF_AND_CLIENT | {"teacher"},
}
ROSTER = """query ($id: ID!) { node(id: $id) { ... on Booking { status payment session { id } client { name hasAccount }
  credit { id } earnedCredit { id } enrolment { id } cancellationPreview { outcome } } } }"""
BEHIND_A_CLIENT = """query ($id: ID!) { node(id: $id) { ... on Booking { client { name %s { totalCount } } } } }"""
STUDIO_LIST = "query ($slug: String!) { studio(slug: $slug) { %s { totalCount } } }"
OWN = """{ viewer { clients { nodes { id } } } bookings { nodes { client { id } } }
  makeUpCredits { nodes { client { id } note } } }"""
CREDIT_NOTE = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { note } } }"


def test_every_kind_of_id_is_in_the_table() -> None:
    assert set(WHO_SEES) == {kind.name.lower() for kind in Kind}


@pytest.mark.parametrize("noun", WHO_SEES)
async def test_a_node_is_there_for_those_who_may_see_it_and_nowhere_for_the_others(stage: Stage, noun: str) -> None:
    id = getattr(stage.things, noun)
    answers = {role: await stage.ask(role, NODE, {"id": id}) for role in ROLES}
    assert {role for role, answer in answers.items() if data(answer)["node"] is not None} == WHO_SEES[noun]
    assert {data(answer)["node"]["id"] for answer in answers.values() if data(answer)["node"]} == {id}
    if noun not in ("account", "studio"):
        for missing in (another(id), in_no_studio(id)):
            for role in ROLES:
                assert await stage.ask(role, NODE, {"id": missing}) == {"data": {"node": None}}


@pytest.mark.parametrize("field", ["clients", "bookings", "makeUpCredits"])
async def test_a_studios_own_lists_are_for_its_owner_and_managers(stage: Stage, field: str) -> None:
    answers: dict[str, str] = {}
    for role in ROLES:
        answer = await stage.ask(role, STUDIO_LIST % field, {"slug": stage.world.slug})
        assert ("errors" in answer) == (answer["data"]["studio"][field] is None)
        answers[role] = fault(answer) if "errors" in answer else "seen"
    assert answers == {
        "anonymous": "UNAUTHENTICATED",
        **dict.fromkeys(ROLES[1:], "FORBIDDEN"),
        "manager": "seen",
        "owner": "seen",
    }


async def paid_with_a_credit(stage: Stage, role: str = "owner") -> str:
    """A make-up booking in a session of the instructor's."""
    session = await stage.world.session(None, "2026-12-18T17:00:00Z", instructorId=stage.things.staff)
    (credit,) = await stage.world.granted(stage.things.client)
    given = {"sessionId": session, "clientId": stage.things.client, "creditId": credit}
    return data(await stage.act(role, "bookWithMakeUp", given))["result"]["booking"]["id"]


async def cancelled_for_a_credit(stage: Stage) -> str:
    course = await stage.world.course(wholeCoursePrice=90_000)
    await stage.world.session(course, "2026-12-19T17:00:00Z", instructorId=stage.things.staff)
    enrolled = await stage.world.enrolled(course, stage.things.client)
    booking = enrolled["bookings"][0]["id"]
    cancelled = data(await stage.act("client", "cancelBooking", {"bookingId": booking}))["result"]
    assert cancelled["credit"] is not None
    return booking


async def test_an_instructor_sees_the_roster_and_nothing_behind_it(stage: Stage) -> None:
    """Of a client no more than the name: no credit, no enrolment, no other booking, by whatever edge."""
    paid, cancelled = await paid_with_a_credit(stage), await cancelled_for_a_credit(stage)
    for booking, status, hidden in (
        (paid, "BOOKED", {"credit", "cancellationPreview"}),
        (cancelled, "CANCELLED", {"earnedCredit", "enrolment"}),
    ):
        for role in ("client", "manager", "owner"):
            seen = data(await stage.ask(role, ROSTER, {"id": booking}))["node"]
            assert {field for field in hidden if seen[field] is None} == set()
        seen = data(await stage.ask("teacher", ROSTER, {"id": booking}))["node"]
        assert seen["client"] == {"name": "Ana", "hasAccount": True}
        assert seen["status"] == status
        assert [seen[field] for field in ("credit", "earnedCredit", "enrolment", "cancellationPreview")] == [None] * 4
        for role in ("anonymous", "stranger", "idle", "rival"):
            assert await stage.ask(role, ROSTER, {"id": booking}) == {"data": {"node": None}}


@pytest.mark.parametrize("field", ["bookings", "makeUpCredits"])
async def test_a_clients_lists_are_for_their_account_and_the_staff_over_any_edge(stage: Stage, field: str) -> None:
    query, given = BEHIND_A_CLIENT % field, {"id": stage.things.booking}
    for role in ("client", "manager", "owner"):
        assert data(await stage.ask(role, query, given))["node"]["client"][field]["totalCount"] >= 1
    answer = await stage.ask("teacher", query, given)
    assert fault(answer) == "NOT_FOUND"
    assert answer["data"]["node"]["client"] == {"name": "Ana", field: None}


@pytest.mark.parametrize("role", ROLES)
async def test_the_root_lists_are_the_viewers_own_whatever_their_role(stage: Stage, role: str) -> None:
    answer = await stage.ask(role, OWN)
    if role == "anonymous":
        assert answer["data"] == {"viewer": None, "bookings": None, "makeUpCredits": None}
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
        return
    own = {"client": {stage.things.client}, "stranger": {stage.stranger_things.client}}.get(role, set())
    found = data(answer)
    assert {client["id"] for client in found["viewer"]["clients"]["nodes"]} == own
    for field in ("bookings", "makeUpCredits"):
        assert {node["client"]["id"] for node in found[field]["nodes"]} == own


async def test_only_staff_read_what_staff_noted(stage: Stage) -> None:
    (credit,) = await stage.world.granted(stage.things.client, note="Was ill.")
    notes: dict[str, Json] = {}
    for role in ROLES:
        node = data(await stage.ask(role, CREDIT_NOTE, {"id": credit}))["node"]
        notes[role] = node and node["note"]
    assert notes == dict.fromkeys(ROLES) | {"manager": "Was ill.", "owner": "Was ill."}


async def test_everybody_sees_an_instructors_name_and_only_staff_the_rest(stage: Stage) -> None:
    query = "query ($id: ID!) { node(id: $id) { ... on StaffMember { displayName role addedAt } } }"
    for role in ROLES:
        seen = data(await stage.ask(role, query, {"id": stage.things.staff}))["node"]
        of_the_staff = role in ("teacher", "idle", "manager", "owner")
        rest = {"role": "INSTRUCTOR", "addedAt": stage.now} if of_the_staff else {"role": None, "addedAt": None}
        assert seen == {"displayName": "Tea", **rest}


async def test_anybody_sees_the_schedule_with_the_instructors_name(stage: Stage) -> None:
    query = """query ($slug: String!, $course: ID!) { studio(slug: $slug) { myRole
      sessions(filter: {courseId: $course, startsUntil: "2026-12-11T00:00:00Z"}) { nodes {
        id name seatsLeft cancellationDeadline acceptsMakeUps
        price { amount currency } instructor { displayName } course { id makeUpsEnabled } } } } }"""
    for role in ("anonymous", "stranger", "rival"):
        answer = await stage.ask(role, query, {"slug": stage.world.slug, "course": stage.things.course})
        assert data(answer)["studio"]["myRole"] is None
        assert data(answer)["studio"]["sessions"]["nodes"] == [
            {
                "id": stage.things.session,
                "name": "Yoga",
                "seatsLeft": 9,
                "cancellationDeadline": "2026-12-09T17:00:00Z",
                "acceptsMakeUps": True,
                "price": {"amount": 12_000, "currency": "CZK"},
                "instructor": {"displayName": "Tea"},
                "course": {"id": stage.things.course, "makeUpsEnabled": True},
            }
        ]


async def test_everybody_is_told_their_own_role(stage: Stage) -> None:
    query = "query ($slug: String!) { studio(slug: $slug) { myRole } }"
    roles = {role: data(await stage.ask(role, query, {"slug": stage.world.slug}))["studio"]["myRole"] for role in ROLES}
    staff = {"teacher": "INSTRUCTOR", "idle": "INSTRUCTOR", "manager": "MANAGER", "owner": "OWNER"}
    assert roles == dict.fromkeys(ROLES) | staff


async def test_the_viewer_is_the_account_of_the_token(stage: Stage) -> None:
    person = stage.people["client"]
    assert isinstance(person, Person)
    found = data(await stage.ask("client", "{ viewer { account { id email name } } }"))["viewer"]["account"]
    assert found == {"id": person.account_id, "email": person.email, "name": "Ana"}

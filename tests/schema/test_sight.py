"""A1, A3: what one sees is the right one: a visitor the schedule, and everybody their own clients, role and account."""

import pytest

from tests.schema.audience import GUEST, ROLES
from tests.schema.stage import Stage
from tests.world import Person, data

OWN = """{ viewer { clients { nodes { id } } } bookings { nodes { client { id } } }
  makeUpCredits { nodes { client { id } } } }"""


async def test_anybody_sees_the_schedule_with_the_instructors_name(gallery: Stage) -> None:
    query = """query ($slug: String!, $course: ID!) { studio(slug: $slug) { myRole
      sessions(filter: {courseId: $course, startsUntil: "2026-12-11T00:00:00Z"}) { nodes {
        id name seatsLeft cancellationDeadline acceptsMakeUps
        price { amount currency } instructor { displayName } course { id makeUpsEnabled } } } } }"""
    for role in ("anonymous", "stranger", "rival"):
        answer = await gallery.ask(role, query, {"slug": gallery.world.slug, "course": gallery.things.course})
        assert data(answer)["studio"]["myRole"] is None
        assert data(answer)["studio"]["sessions"]["nodes"] == [
            {
                "id": gallery.things.session,
                "name": "Yoga",
                "seatsLeft": 9,
                "cancellationDeadline": "2026-12-09T17:00:00Z",
                "acceptsMakeUps": True,
                "price": {"amount": 12_000, "currency": "CZK"},
                "instructor": {"displayName": "Tea"},
                "course": {"id": gallery.things.course, "makeUpsEnabled": True},
            }
        ]


@pytest.mark.parametrize("role", ROLES)
async def test_the_root_lists_are_the_viewers_own_whatever_their_role(gallery: Stage, role: str) -> None:
    answer = await gallery.ask(role, OWN)
    if role == "anonymous":
        assert answer["data"] == {"viewer": None, "bookings": None, "makeUpCredits": None}
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
        return
    things = {"client": gallery.things, "stranger": gallery.stranger_things}.get(role)
    own, former = ({things.client}, {things.former}) if things else (set[str](), set[str]())
    found = data(answer)
    assert {client["id"] for client in found["viewer"]["clients"]["nodes"]} == own | former
    for field in ("bookings", "makeUpCredits"):
        assert {node["client"]["id"] for node in found[field]["nodes"]} == own


async def test_everybody_is_told_their_own_role(gallery: Stage) -> None:
    query = "query ($slug: String!) { studio(slug: $slug) { myRole } }"
    roles = {
        role: data(await gallery.ask(role, query, {"slug": gallery.world.slug}))["studio"]["myRole"] for role in ROLES
    }
    staff = {GUEST: "MANAGER", "teacher": "INSTRUCTOR", "idle": "INSTRUCTOR", "manager": "MANAGER", "owner": "OWNER"}
    assert roles == dict.fromkeys(ROLES) | staff


async def test_the_viewer_is_the_account_of_the_token(gallery: Stage) -> None:
    person = gallery.people["client"]
    assert isinstance(person, Person)
    found = data(await gallery.ask("client", "{ viewer { account { id email name } } }"))["viewer"]["account"]
    assert found == {"id": person.account_id, "email": person.email, "name": "Ana"}

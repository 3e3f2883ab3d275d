"""A4: a token of a deleted account is nobody's, whatever is asked or done with it."""

import pytest
from graphql import GraphQLSchema

from persistence.database import Database
from tests.schema.counting import written
from tests.schema.examples import EXAMPLES
from tests.schema.stage import Stage
from tests.world import PASSWORD, Json, Person, data

FOR_EVERYBODY = {"signUp", "signIn"}
ROOTS = {
    "serverTime": "serverTime",
    "viewer": "viewer { account { id } }",
    "node": 'node(id: "%(client)s") { id }',
    "studio": """studio(slug: "%(slug)s") { myRole clients { totalCount } staff { totalCount }
        auditTrail { totalCount } }""",
    "sessions": """sessions(studioSlug: "%(slug)s", first: 2) { nodes { id myBookings { nodes { id } } makeUpBookings
        bookings { totalCount } waitlist { totalCount } bookingEligibility(clientId: "%(client)s") { eligible }
        cancellationPreview(compensation: NONE) { refusals { code } } } }""",
    "courses": """courses(studioSlug: "%(slug)s", filter: {archived: INCLUDE}) { nodes {
        cancellationPreview(compensation: NONE) { __typename } } }""",
    "bookings": "bookings { totalCount }",
    "makeUpCredits": "makeUpCredits { totalCount }",
    "waitlistEntries": "waitlistEntries { totalCount }",
    "invitation": 'invitation(code: "%(code)s") { displayName }',
    "makeUpOptions": 'makeUpOptions(clientId: "%(client)s") { totalCount }',
}


@pytest.fixture
async def gone(stage: Stage) -> Person:
    """Who was an owner and a parent there."""
    person, _ = await stage.world.staff("OWNER")
    await stage.world.client(person)
    await person.do("deleteAccount", stage.now, password=PASSWORD)
    return person


def test_every_root_stands_in_the_table(schema: GraphQLSchema) -> None:
    assert schema.query_type is not None
    assert ROOTS.keys() == set(schema.query_type.fields)


async def test_a4_whatever_they_ask_is_answered_as_to_anybody(stage: Stage, gone: Person) -> None:
    of_owner = f'{{ node(id: "{stage.things.invitation}") {{ ... on StaffInvitation {{ code }} }} }}'
    code = data(await stage.ask("owner", of_owner))["node"]["code"]
    names = {"client": stage.things.client, "slug": stage.world.slug, "code": code}
    for root in ROOTS.values():
        query = f"{{ {root % names} }}"
        theirs = await gone.ask(query, now=stage.now)
        assert without_words(theirs) == without_words(await stage.ask("anonymous", query))


async def test_a4_whatever_they_do_they_have_to_sign_in(stage: Stage, gone: Person, database: Database) -> None:
    for mutation in sorted(EXAMPLES.keys() - FOR_EVERYBODY):
        given = await EXAMPLES[mutation](stage)
        async with written(database) as rows:
            answer = await gone.act(mutation, stage.now, **given)
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["UNAUTHENTICATED"], mutation
        assert rows == {}, mutation


def without_words(answer: Json) -> Json:
    """A token of nobody is told so in words of its own."""
    return {**answer, "errors": [{**each, "message": ""} for each in answer.get("errors", [])]}

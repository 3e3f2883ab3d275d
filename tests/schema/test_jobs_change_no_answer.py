"""V5: whatever is asked, the answer is the same before a job ran and after."""

import asyncio
import json
from datetime import datetime

from graphql import GraphQLSchema

from persistence import jobs
from persistence.database import Database
from tests.ids import ref
from tests.schema.asking import given, of_face
from tests.schema.faces import FACES
from tests.schema.stage import Stage, set_up
from tests.world import Api

ROLES = ("anonymous", "client", "stranger", "teacher", "manager", "owner")
AFTER_ALL_EXPIRIES = "2027-02-01T08:00:00Z"


async def test_v5_every_field_that_queries_can_reach_answers_the_same_before_and_after(
    api: Api, database: Database, schema: GraphQLSchema
) -> None:
    stage = await set_up(api)
    before = await answers(stage, schema)
    now = datetime.fromisoformat(AFTER_ALL_EXPIRIES)
    assert await jobs.expire_credits(database, ref(stage.things.studio).studio_id, now) > 0
    assert await answers(stage, schema) == before
    # Else the comparison would prove nothing.
    assert any('"EXPIRED"' in answer for answer in before)


async def answers(stage: Stage, schema: GraphQLSchema) -> list[str]:
    """Of every role to every face of the graph. Fields run side by side, so that errors come in any order."""
    questions = [of_face(schema, face) for face in FACES if face.operation == "query"]
    few = asyncio.Semaphore(10)

    async def answer(role: str, question: str) -> str:
        person = stage.people[role]
        async with few:
            whole = await stage.api.answer(
                question, given(stage, role), token=person and person.token, now=AFTER_ALL_EXPIRIES
            )
        whole["errors"] = sorted(whole.get("errors", ()), key=json.dumps)
        return json.dumps(whole)

    return await asyncio.gather(*(answer(role, question) for role in ROLES for question in questions))

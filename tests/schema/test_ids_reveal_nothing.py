"""A0, A1: the id of what one may not see is like an id that nothing has: the same bytes, by the same statements.

Whatever takes an id comes from the schema. It is tried with ids of other people's things, of another studio's, and of
nothing.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

import pytest
from graphql import GraphQLSchema

from persistence.database import Database
from schema.ids import Kind
from tests.schema.asking import by_an_id, given, thing_of
from tests.schema.audience import ABSENT, LOGIN, ROLE
from tests.schema.counting import statements, written
from tests.schema.examples import EXAMPLES, SEATS
from tests.schema.faces import PUBLIC_TYPES
from tests.schema.graph import edges, ids
from tests.schema.inputs import KINDS, Leaf, example, id_leaves
from tests.schema.stage import Stage, keyed
from tests.schema.things import Things, another, in_no_studio
from tests.world import Json, data, document, fault

PUBLIC = {
    Kind.STUDIO: "a studio is in every link to it",
    Kind.COURSE: "a course is on its studio's page",
    Kind.SESSION: "a session is on the schedule",
    Kind.STAFF: "those who teach are on the schedule",
}
"""What everybody sees by its id, and why. Where one studio is meant, that of another is like nothing all the same."""

SAYS_WHICH_STUDIO = {
    "bookSession": "sessionId",
    "bookWithMakeUp": "sessionId",
    "cancelCourseSessions": "courseId",
    "cancelSession": "sessionId",
    "createClient": "studioId",
    "createCourse": "studioId",
    "createSession": "studioId",
    "enrolClient": "courseId",
    "extendMakeUps": "studioId",
    "inviteStaff": "studioId",
    "joinWaitlist": "sessionId",
    "markAttendance": "sessionId",
    "moveSession": "sessionId",
    "removeStaff": "staffId",
    "revokeMakeUps": "studioId",
    "updateCourse": "courseId",
    "updateCoursePolicy": "courseId",
    "updateSession": "sessionId",
    "updateSessionPolicy": "sessionId",
    "updateStaff": "staffId",
    "updateStudio": "studioId",
    "updateStudioPolicy": "studioId",
}
"""The public ids that say which studio is meant: at another's, everything else in the input is nothing."""

STAFF = ("manager", "owner")
OWNERS_ALONE = {Kind.INVITATION, Kind.EVENT}


def tried(stage: Stage, role: str, kind: Kind) -> list[str]:
    """Ids of a kind: of what is there but not for this role, and of nothing, here, at another studio, and at none."""
    mine, others, foreign = (id_of(each, kind) for each in (stage.things, stage.stranger_things, stage.foreign_things))
    if role == "rival":
        there = [mine]
    elif kind in OWNERS_ALONE and role != "owner":
        there = [mine, foreign]
    elif kind is not Kind.ACCOUNT and (kind in PUBLIC or role in STAFF):
        there = [foreign]
    else:
        there = [others, foreign]
    nowhere = [another(mine), another(foreign)]
    return [*there, *nowhere] if kind is Kind.ACCOUNT else [*there, *nowhere, in_no_studio(foreign)]


def id_of(things: Things, kind: Kind) -> str:
    return getattr(things, kind.name.lower())


async def the_one_answer(ids: list[str], ask: Callable[[str], Awaitable[bytes]]) -> bytes:
    """The answer to each of these ids, found by the same statements."""
    told: dict[tuple[bytes, ...], str] = {}
    for id in ids:
        with statements() as sent:
            answer = await ask(id)
        told.setdefault((answer, *map(str.encode, sent)), id)
    assert len(told) == 1, told
    return next(iter(told))[0]


class Place(NamedTuple):
    """Where a query takes an id."""

    name: str
    kind: Kind
    query: str
    listed: bool

    async def answer(self, stage: Stage, role: str, id: str) -> bytes:
        variables = {**given(stage, role), "id": [id] if self.listed else id}
        return await stage.content(role, self.query, variables)


def places(schema: GraphQLSchema) -> Iterator[Place]:
    """Each place once for each kind of id that fits."""
    for name, type in ids(schema).items():
        field = re.findall(r"\w+", name)[-1]
        if not name.startswith("Mutation."):
            for kind in (KINDS[field],) if field in KINDS else set(Kind) - set(PUBLIC):
                yield Place(name, kind, by_an_id(schema, name, type), type.startswith("["))


async def test_no_query_tells_what_one_may_not_see_from_nothing(stage: Stage, schema: GraphQLSchema) -> None:
    for place in places(schema):
        answers: dict[str, bytes] = {}
        for role in ("anonymous", "client", *STAFF, *(() if place.kind in PUBLIC else ("idle", "rival"))):
            answers[role] = await the_one_answer(tried(stage, role, place.kind), partial(place.answer, stage, role))
        # Else it would prove nothing: either the client or the staff are told of what they may see.
        mine = id_of(stage.things, place.kind)
        assert any([await place.answer(stage, role, mine) != answers[role] for role in ("client", *STAFF)]), place


@pytest.mark.parametrize("mutation", EXAMPLES)
async def test_no_mutation_tells_what_one_may_not_see_from_nothing(
    stage: Stage, schema: GraphQLSchema, database: Database, mutation: str
) -> None:
    places = [leaf for leaf in id_leaves(schema, mutation) if leaf.path != (SAYS_WHICH_STUDIO.get(mutation),)]
    examples = {leaf: by_any_staff(await example(stage, mutation, leaf)) for leaf in places}
    async with written(database) as rows:
        for leaf, input in examples.items():
            kind = KINDS[leaf.path[-1]]
            for role in STAFF if kind in PUBLIC else ("anonymous", "client", "idle", *STAFF, "rival"):
                act = partial(answer_of_act, stage, role, mutation, leaf, input)
                answer = json.loads(await the_one_answer(tried(stage, role, kind), act))
                if role in STAFF and narrows(leaf):
                    assert data(answer)["result"]["results"] == []
                    continue
                assert fault(answer) == fault_of_nothing(role, mutation)
                if fault(answer) == ABSENT and role in ("client", *STAFF):
                    assert answer["errors"][0]["extensions"]["input"] == list(leaf.path)
    assert set(rows) == ({"idempotency_keys"} if any(map(narrows, places)) else set())


def narrows(leaf: Leaf) -> bool:
    """Whether it is in a filter, which finds none where there is nothing."""
    return "filter" in leaf.path


def fault_of_nothing(role: str, mutation: str) -> str:
    if role == "anonymous":
        return LOGIN
    # The studio alone, or the session of a roster, settles that only its staff may; nothing else is looked at.
    settled = SAYS_WHICH_STUDIO.get(mutation) == "studioId" or mutation == "markAttendance"
    return ROLE if settled and role not in STAFF else ABSENT


def by_any_staff(given: Json) -> Json:
    """Without what only an owner decides, so that managers come as far as the ids."""
    return given | {"policy": SEATS} if "policy" in given else given


async def answer_of_act(stage: Stage, role: str, mutation: str, leaf: Leaf, given: Json, id: str) -> bytes:
    return await stage.content(role, document(mutation), {"input": keyed(mutation, leaf.set(given, id))})


def test_the_ids_that_are_called_public_are_those_of_public_types(schema: GraphQLSchema) -> None:
    nodes = {Kind[thing_of(edge.to).upper()]: edge.to for edge in edges(schema, "Query") if edge.source == "Query.node"}
    assert set(nodes) == set(Kind)
    assert {kind for kind, type in nodes.items() if type in PUBLIC_TYPES} == set(PUBLIC)


def test_whatever_says_which_studio_is_public(schema: GraphQLSchema) -> None:
    for mutation, field in SAYS_WHICH_STUDIO.items():
        assert KINDS[field] in PUBLIC
        assert (field,) in [leaf.path for leaf in id_leaves(schema, mutation)]


async def test_where_the_studio_is_another_the_client_is_nothing(stage: Stage, database: Database) -> None:
    """Whoever asks: the client's account, the staff of the client's studio, and those of the other one."""
    both = {"sessionId": stage.foreign_things.session, "clientId": stage.things.client}
    enrolling = {"courseId": stage.foreign_things.course, "clientId": stage.things.client, "payment": "PAID"}
    async with written(database) as rows:
        for role in ("client", "owner", "rival"):
            for mutation, more in (("bookSession", {"payment": "PAID"}), ("bookWithMakeUp", {})):
                assert fault(await stage.act(role, mutation, {**both, **more})) == ABSENT
            assert fault(await stage.act(role, "enrolClient", enrolling)) == ABSENT
    assert rows == {}


async def test_at_another_studio_what_is_there_is_like_nothing(
    stage: Stage, schema: GraphQLSchema, database: Database
) -> None:
    """Also a course or a session, which everybody sees: whoever may not act there learns no more from trying."""
    examples = await examples_that_say_which_studio(stage, schema)
    async with written(database) as rows:
        for mutation, (leaf, given) in examples.items():
            kind = KINDS[leaf.path[-1]]
            if kind is not Kind.STUDIO:
                foreign = id_of(stage.foreign_things, kind)
                for role in ("client", "idle", *STAFF):
                    await the_one_answer(
                        [foreign, another(foreign)], partial(answer_of_act, stage, role, mutation, leaf, given)
                    )
    assert rows == {}


async def test_a_studio_that_is_not_there_is_not_found(stage: Stage, schema: GraphQLSchema, database: Database) -> None:
    """And the fault names a field that is in the input."""
    examples = await examples_that_say_which_studio(stage, schema)
    async with written(database) as rows:
        for mutation, (leaf, given) in examples.items():
            kind = KINDS[leaf.path[-1]]
            nowhere = "stu_1zzzzz" if kind is Kind.STUDIO else in_no_studio(id_of(stage.things, kind))
            answer = await stage.act("owner", mutation, leaf.set(given, nowhere))
            assert fault(answer) == ABSENT
            # Whose act it is comes first.
            named = "clientId" if "clientId" in given else leaf.path[-1]
            assert answer["errors"][0]["extensions"]["input"] == [named]
    assert rows == {}


async def examples_that_say_which_studio(stage: Stage, schema: GraphQLSchema) -> dict[str, tuple[Leaf, Json]]:
    """By mutation: the leaf that says it, and an input that would succeed."""
    leaves = {
        mutation: next(leaf for leaf in id_leaves(schema, mutation) if leaf.path == (field,))
        for mutation, field in SAYS_WHICH_STUDIO.items()
    }
    return {mutation: (leaf, await example(stage, mutation, leaf)) for mutation, leaf in leaves.items()}

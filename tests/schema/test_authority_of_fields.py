"""A0, A1, A3: every field that queries can reach, asked for by everybody: who gets a value, and what the others get."""

import asyncio

import pytest
from graphql import GraphQLSchema

from tests.schema.asking import cell, given, of_face
from tests.schema.audience import ROLES, SEES
from tests.schema.faces import FACES, Face
from tests.schema.graph import reachable
from tests.schema.stage import Stage


def test_every_field_that_queries_can_reach_has_a_row(schema: GraphQLSchema) -> None:
    rows = {(face.type, field) for face in FACES for field in face.fields}
    assert rows == {(type, field) for type, fields in reachable(schema).items() for field in fields}


def test_every_field_is_seen_by_somebody() -> None:
    every = {f"{face.type}.{field}" for face in FACES for field in face.fields}
    seen = {f"{face.type}.{field}" for face in FACES for field, cells in face.fields.items() if SEES in cells.values()}
    assert every == seen


@pytest.mark.parametrize("face", FACES, ids=lambda face: f"{face.type} by {face.ways[0] or 'itself'}")
async def test_each_role_gets_of_each_field_what_the_table_says(
    gallery: Stage, schema: GraphQLSchema, face: Face
) -> None:
    query = of_face(schema, face)
    answers = await asyncio.gather(*(gallery.ask(role, query, given(gallery, role)) for role in ROLES))
    wrong = {
        f"{field} for {role}": f"{got}, not {said}"
        for field, cells in face.fields.items()
        for (role, said), answer in zip(cells.items(), answers, strict=True)
        if (got := cell(answer, face, field)) != said
    }
    assert wrong == {}

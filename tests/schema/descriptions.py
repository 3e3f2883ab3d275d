"""What the schema tells of itself: everything that is described, and the codes that each mutation lists."""

import re
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)


def described(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """Everything that a description can stand on, introspection aside."""
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        yield name, kind
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", one) for value, one in kind.values.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field, one in kind.fields.items():
                yield f"{name}.{field}", one
                if isinstance(one, GraphQLField):
                    yield from ((f"{name}.{field}({given})", argument) for given, argument in one.args.items())


def mutations(schema: GraphQLSchema) -> dict[str, GraphQLField]:
    assert schema.mutation_type is not None
    return schema.mutation_type.fields


def refusals_of(mutation: GraphQLField) -> tuple[str, list[str]]:
    """The last paragraph of its description, and the codes in it."""
    _, _, last = (mutation.description or "").rpartition("\n\n")
    return last, re.findall(r"`([A-Z_]+)`", last)

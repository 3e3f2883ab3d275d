"""Walking the inputs of mutations, so that a new field comes under the tests by itself."""

from collections.abc import Iterator
from typing import NamedTuple

from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_required_input_field,
)

from schema.ids import Kind
from tests.schema.examples import EXAMPLES, changed
from tests.schema.stage import Stage
from tests.world import Json

Path = tuple[str, ...]

KINDS = {
    "studioId": Kind.STUDIO,
    "courseId": Kind.COURSE,
    "sessionId": Kind.SESSION,
    "except": Kind.SESSION,
    "clientId": Kind.CLIENT,
    "bookingId": Kind.BOOKING,
    "givesUp": Kind.BOOKING,
    "enrolmentId": Kind.ENROLMENT,
    "creditId": Kind.CREDIT,
    "entryId": Kind.ENTRY,
    "ids": Kind.CREDIT,
    "instructorId": Kind.STAFF,
    "staffId": Kind.STAFF,
    "actorId": Kind.STAFF,
    "invitationId": Kind.INVITATION,
}
"""By the name of an id: what it names."""


class Leaf(NamedTuple):
    """A field of an input that is not itself an input.

    `never_null`: it does not take null; `required`: nor may it be left out. `alone`: in an object of one field.
    """

    path: Path
    type_name: str
    never_null: bool
    required: bool
    listed: bool
    alone: bool

    def set(self, given: Json, value: object) -> Json:
        """A copy of an input with this field set."""
        value = [value] if self.listed else value
        if self.alone:
            return changed(given, self.path[:-1], {self.path[-1]: value})
        return changed(given, self.path, value)


def leaves(schema: GraphQLSchema, mutation: str) -> list[Leaf]:
    """Every leaf of a mutation's input."""
    assert schema.mutation_type is not None
    kind = get_named_type(schema.mutation_type.fields[mutation].args["input"].type)
    assert isinstance(kind, GraphQLInputObjectType)
    return list(_leaves(kind, ()))


def _leaves(kind: GraphQLInputObjectType, path: Path) -> Iterator[Leaf]:
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        here = (*path, name)
        if isinstance(inner, GraphQLInputObjectType):
            yield from _leaves(inner, here)
            continue
        never_null = isinstance(field.type, GraphQLNonNull)
        listed = is_list_type(field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type)
        # graphql-core is not told: Strawberry holds `@oneOf` itself.
        alone = kind.extensions["strawberry-definition"].is_one_of
        yield Leaf(here, inner.name, never_null, is_required_input_field(field), listed, alone)


def id_leaves(schema: GraphQLSchema, mutation: str) -> list[Leaf]:
    return [leaf for leaf in leaves(schema, mutation) if leaf.type_name == "ID"]


async def example(stage: Stage, mutation: str, leaf: Leaf | None = None) -> Json:
    """An input that would succeed, ready for setting one field."""
    given = await EXAMPLES[mutation](stage)
    if leaf is not None and (mutation, leaf.path) == ("markPaid", ("enrolmentId",)):
        del given["bookingId"]
    return given

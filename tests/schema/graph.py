"""The schema as a graph, types as vertices and fields as edges: what is new comes under the tests by itself."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_object_type,
)


class Edge(NamedTuple):
    """A field that leads from one object type to another. `of_several`: it leads to others too."""

    type: str
    field: str
    to: str
    of_several: bool

    @property
    def source(self) -> str:
        return f"{self.type}.{self.field}"

    @property
    def name(self) -> str:
        return f"{self.source}: {self.to}" if self.of_several else self.source

    @property
    def key(self) -> str:
        """What it is called in an answer, so that one can ask for each of several."""
        return self.to if self.of_several else self.field


Path = tuple[Edge, ...]


def fields(schema: GraphQLSchema, type_name: str) -> dict[str, Any]:
    """By name: the type that the field leads to, without what stands around it."""
    kind = schema.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType), type_name
    return {name: get_named_type(field.type) for name, field in kind.fields.items()}


def leaves(schema: GraphQLSchema, type_name: str) -> list[str]:
    """The fields that are no edges."""
    return [name for name, to in fields(schema, type_name).items() if not is_composite_type(to)]


def edges(schema: GraphQLSchema, type_name: str) -> list[Edge]:
    """The edges that leave a type."""
    found: list[Edge] = []
    for name, to in fields(schema, type_name).items():
        if is_object_type(to):
            found.append(Edge(type_name, name, to.name, of_several=False))
        elif is_abstract_type(to):
            found += [Edge(type_name, name, each.name, of_several=True) for each in schema.get_possible_types(to)]
    return found


def onward(schema: GraphQLSchema, type_name: str) -> list[Edge]:
    """The edges to walk on. Of a connection `nodes` alone: behind its `edges` are the very same things."""
    if type_name.endswith("Connection"):
        return [edge for edge in edges(schema, type_name) if edge.field == "nodes"]
    return edges(schema, type_name)


def reachable(schema: GraphQLSchema) -> dict[str, set[str]]:
    """By every object type that queries can reach: its fields."""
    found, new = dict[str, set[str]](), ["Query"]
    while new:
        name = new.pop()
        if name not in found:
            found[name] = set(fields(schema, name))
            new += [edge.to for edge in edges(schema, name)]
    return found


def ways_into_private(schema: GraphQLSchema, public: Collection[str], so_far: Path = ()) -> Iterator[Path]:
    """Every way over public types, none of them twice, up to an edge into a private one."""
    been = {"Query", *(edge.to for edge in so_far)}
    for edge in onward(schema, so_far[-1].to if so_far else "Query"):
        if edge.to not in public:
            yield (*so_far, edge)
        elif edge.to not in been:
            yield from ways_into_private(schema, public, (*so_far, edge))


def ways_out_of_private(schema: GraphQLSchema, public: Collection[str]) -> Iterator[Path]:
    """From the lists of what is the viewer's own: a shortest way over each edge from a private type to a public one."""
    shortest: dict[str, Path] = {"Query": ()}
    new = ["Query"]
    for at in new:
        for edge in onward(schema, at):
            if edge.to in public:
                if at != "Query":
                    yield (*shortest[at], edge)
            elif edge.to not in shortest and edge.source != "Query.node":
                shortest[edge.to] = (*shortest[at], edge)
                new.append(edge.to)


def ids(schema: GraphQLSchema) -> dict[str, str]:
    """Every argument and input field that takes ids, such as `Mutation.markPaid(input.bookingId)`, with its type."""
    found: dict[str, str] = {}
    for name in (*reachable(schema), "Mutation"):
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        for field, one in kind.fields.items():
            for argument, given in one.args.items():
                found |= {f"{name}.{field}({path})": type for path, type in _ids(given.type, argument)}
    return found


def _ids(type: Any, path: str) -> Iterator[tuple[str, str]]:
    kind = get_named_type(type)
    if isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from _ids(field.type, f"{path}.{name}")
    elif kind.name == "ID":
        yield path, str(type)

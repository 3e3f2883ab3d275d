"""Asking along a way through the graph, and reading what came of it at the end."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLSchema, is_composite_type

from tests.schema.audience import EMPTY, NULL, SEES
from tests.schema.faces import ARGUMENTS, FACES, Face
from tests.schema.graph import Edge, Path, fields, leaves, onward
from tests.schema.stage import Stage
from tests.world import Json, unique

_OF_OWNERS = {"StaffInvitation": "invitation", "AuditEntry": "event"}
_STRINGS = ("slug", "elsewhere", "key", "code")


def thing_of(type: str) -> str:
    """Which of the things is of a type."""
    return {"MakeUpCredit": "credit", "StaffMember": "staff", "WaitlistEntry": "entry", **_OF_OWNERS}.get(
        type, type.lower()
    )


def given(stage: Stage, role: str) -> Mapping[str, str]:
    """The variables of a query: the ids of what the role asks about."""
    slugs = {"slug": stage.world.slug, "elsewhere": stage.elsewhere.slug}
    return {**vars(stage.things_for(role)), **slugs, "key": unique("key"), "code": stage.code}


def of_face(schema: GraphQLSchema, face: Face) -> str:
    """Asks for all fields of a face, every way; the root field of the first way is called w0, and so on."""
    types = fields(schema, face.type)
    selection = " ".join(_asked(f"{face.type}.{field}") + _beneath(types[field]) for field in face.fields)
    ways = (_nested(_steps(way, f"w{number}: "), selection) for number, way in enumerate(face.ways))
    return _declaring(face.operation, " ".join(ways))


def of_paths(schema: GraphQLSchema, begun: Path, ends: Iterable[Edge]) -> str:
    """Asks for what lies behind edges at the end of a path, and for all that each type on it says itself."""
    selection = " ".join(_over(end, " ".join((_said(schema, end.to), *_next(schema, end)))) for end in ends)
    for edge in reversed(begun):
        selection = _over(edge, f"{_said(schema, edge.to)} {selection}")
    return _declaring("query", selection)


def by_an_id(schema: GraphQLSchema, place: str, type: str) -> str:
    """Asks a field that takes the id $id at a place such as `Query.sessions(filter.courseId)`."""
    owner, field, argument, *path = re.findall(r"\w+", place)
    value = "$id"
    for name in reversed(path):
        value = f"{{{name}: {value}}}"
    way = next(face.ways[0] for face in FACES if face.type == owner)
    selection = _asked(f"{owner}.{field}", **{argument: value}) + _beneath(fields(schema, owner)[field])
    return _declaring("query", _nested(_steps(way), selection), id=type)


def _declaring(operation: str, body: str, **types: str) -> str:
    types = {name: "String!" if name in _STRINGS else "ID!" for name in re.findall(r"\$(\w+)", body)} | types
    declared = ", ".join(f"${name}: {type}" for name, type in types.items())
    return f"{operation} {f'({declared})' if declared else ''} {{ {body} }}"


def _steps(way: str, alias: str = "") -> list[str]:
    return f"{alias}{way}".split(" / ") if way else []


def _nested(steps: Sequence[str], selection: str) -> str:
    return " { ".join((*steps, selection)) + " }" * len(steps)


def _asked(field: str, **others: str) -> str:
    """A field, such as `Query.studio`, with what it is given."""
    given = ", ".join(f"{name}: {value}" for name, value in (ARGUMENTS.get(field, {}) | others).items())
    return field.split(".")[1] + (f"({given})" if given else "")


def _beneath(to: Any) -> str:
    """Just enough beneath a field to see whether anything is there."""
    if to.name.endswith("Connection"):
        return " { nodes { __typename } }"
    return " { __typename }" if is_composite_type(to) else ""


def _said(schema: GraphQLSchema, type_name: str) -> str:
    """All that a type says itself."""
    return " ".join(("__typename", *leaves(schema, type_name)))


def _next(schema: GraphQLSchema, end: Edge) -> Iterator[str]:
    return (_over(edge, _said(schema, edge.to)) for edge in onward(schema, end.to))


def _over(edge: Edge, selection: str) -> str:
    asked = _asked(edge.source, **({"id": f"${thing_of(edge.to)}"} if edge.source == "Query.node" else {}))
    steps = (f"{edge.key}: {asked}", f"... on {edge.to}") if edge.of_several else (asked,)
    return _nested(steps, selection)


def cell(answer: Json, face: Face, field: str) -> str:
    """What is at the end of the ways: a value, if there is any; else the code of the fault; else nothing."""
    found = {
        each
        for number, way in enumerate(face.ways)
        for each in _found(answer["data"], (*_keys(number, way), field), (), answer.get("errors", ()))
    }
    codes = found - {SEES, EMPTY, NULL}
    assert not codes or (found == codes and len(codes) == 1), f"{field} differs from object to object: {found}"
    return next((each for each in (*codes, SEES, EMPTY) if each in found), NULL)


def _keys(number: int, way: str) -> list[str]:
    return [re.split(r"\W", step)[0] for step in _steps(way, f"w{number}:") if not step.startswith("...")]


def _found(at: Any, keys: Sequence[str], path: tuple[str | int, ...], errors: Iterable[Json]) -> Iterator[str]:
    match at:
        case None:
            codes = {error["extensions"]["code"] for error in errors if tuple(error["path"][: len(path)]) == path}
            yield from codes or {NULL}
        case [] | {"nodes": []}:
            yield EMPTY
        case list():
            for index, each in enumerate(at):
                yield from _found(each, keys, (*path, index), errors)
        case _ if not keys:
            yield SEES
        case dict() if keys[0] in at:
            yield from _found(at[keys[0]], keys[1:], (*path, keys[0]), errors)
        case _:
            pass  # an object of another type than the way asks for


def reached(answer: Json, path: Path) -> bool:
    """Whether an answer has anything at the end of a path."""
    return SEES in _found(answer["data"], [edge.key for edge in path], (), answer.get("errors", ()))

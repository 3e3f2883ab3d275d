"""Ways to objects of one type, and who sees what of them there."""

from dataclasses import dataclass

from tests.schema.audience import AUDIENCES, ROLES


@dataclass(frozen=True)
class Face:
    """Ways to objects of one type, and the audience of each of its fields there, as a role's cells.

    A way is a list of steps: `node(id: $booking) / ... on Booking / client`. What a role sees of any of the objects,
    it sees of the field.
    """

    type: str
    ways: tuple[str, ...]
    fields: dict[str, dict[str, str]]
    operation: str


def face(type: str, *ways: str, operation: str = "query", **audiences: str) -> Face:
    """By audience: the fields that it sees."""
    cells = {name: dict(zip(ROLES, AUDIENCES[name], strict=True)) for name in audiences}
    fields = {field: cells[name] for name, fields in audiences.items() for field in fields.split()}
    return Face(type, ways, fields, operation)


def by_id(type: str, *things: str, then: str = "") -> tuple[str, ...]:
    return tuple(f"node(id: ${thing}) / ... on {type}{then}" for thing in things)


def page(noun: str, way: str, audience: str) -> tuple[Face, Face]:
    """The types of a list, which say nothing themselves."""
    return (
        face(f"{noun}Connection", way, **{audience: "edges nodes pageInfo totalCount"}),
        face(f"{noun}Edge", f"{way} / edges", **{audience: "cursor node"}),
    )

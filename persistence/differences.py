"""What a change of a noun changed: the columns to write, and the same in JSON, as it was and as it is."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from domain.client import Client
from domain.course import Course
from domain.session import Session
from domain.studio import Staff, Studio

Noun = TypeVar("Noun", bound=Studio | Course | Session | Client | Staff)


@dataclass(frozen=True)
class Change:
    """`values` by column; `data` is `{"before": {…}, "after": {…}}`, and names only what differs."""

    values: dict[str, Any]
    data: dict[str, Any]

    @classmethod
    def of(cls, before: Noun, after: Noun) -> "Change":
        names = [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]
        both = {"before": before, "after": after}
        return cls(
            values={name: getattr(after, name) for name in names},
            data={when: {_camel(name): _json(getattr(noun, name)) for name in names} for when, noun in both.items()},
        )


def _json(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return value.hex
        case _:
            return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))

"""Values in the form in which events keep them: JSON, with one spelling for each value."""

from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

Plain = Any
"""What JSON can say."""


def plain(value: object) -> Plain:
    """An instant in UTC, an id as hex digits, a word as it is written."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return value.hex
        case Enum():
            return value.value
        case tuple():
            return [plain(each) for each in cast(tuple[object, ...], value)]
        case _:
            return value


def camel(name: str) -> str:
    """A field of a noun, as events call it."""
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def names_of(noun: type) -> tuple[str, ...]:
    """The fields of a dataclass."""
    return tuple(field.name for field in fields(noun))

"""Inputs that change something: a field left out stays as it is."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from domain.faults import BadUserInput

Value = TypeVar("Value")

LEFT_OUT = " A field left out stays as it is."


def field(description: str) -> Any:
    """A field that may be left out. Its description says what null does, unless null is no value for it."""
    return strawberry.field(default=strawberry.UNSET, description=description)


ARCHIVED = field(
    "True archives it: it is left out of lists and takes nothing new, and what there is stands. False brings it back."
)


def changes(given: Any, **readers: Callable[[Any], Any]) -> dict[str, Any]:
    """By the names of the fields that are given: what their readers make of them."""
    values = {name: getattr(given, name) for name in readers}
    return {name: readers[name](value) for name, value in values.items() if value is not strawberry.UNSET}


def never_null(value: Value | None, *path: str) -> Value:
    """`BadUserInput` for a null where there must be something."""
    if value is None:
        raise BadUserInput(f"`{path[-1]}` cannot be null. Leave it out to let it stay as it is.", *path)
    return value


def archived(given: Any) -> bool | None:
    """None where it stays as it is."""
    return None if given.archived is strawberry.UNSET else never_null(given.archived, "archived")

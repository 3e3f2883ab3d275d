"""What events tell of nouns, in JSON: as they begin, and what a change of them changes."""

from dataclasses import dataclass
from typing import Any

from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.replay import compared
from domain.replay.plain import camel, names_of, plain
from persistence import policies


@dataclass(frozen=True)
class Change:
    """`values` by column; `data` is `{"before": {…}, "after": {…}}`, and names only what differs."""

    values: dict[str, Any]
    data: dict[str, Any]

    @classmethod
    def of(
        cls, before: Studio | Staff | Course | Session | Client, after: Studio | Staff | Course | Session | Client
    ) -> "Change":
        names = [name for name in names_of(type(before)) if getattr(before, name) != getattr(after, name)]
        both = {"before": before, "after": after}
        return cls(
            values={name: getattr(after, name) for name in names},
            data={when: {camel(name): plain(getattr(noun, name)) for name in names} for when, noun in both.items()},
        )


def beginning(noun: Studio | Course | Session) -> dict[str, Any]:
    """All of it that events are to tell, for its first line."""
    return {camel(name): value for name, value in row_in_plain(noun).items() if name in compared(type(noun))}


def row_in_plain(noun: object) -> dict[str, Any]:
    """Every field in the form in which events keep it."""
    values = {name: getattr(noun, name) for name in names_of(type(noun))}
    return {name: policies.dump(value) if name == "choices" else plain(value) for name, value in values.items()}

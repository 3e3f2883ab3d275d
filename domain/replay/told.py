"""What a fold begins with, and what it is held against."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.history import EventKind
from domain.replay.plain import Plain, camel, names_of, plain

Row = dict[str, Plain]
"""The fields of a row by their names, as far as its lines tell them."""

FREE_TEXT = frozenset({"name", "display_name", "description", "note", "email"})
"""Words that people wrote. They are no projection: history may lose them, and rows keep their own."""
_NOT_COMPARED = FREE_TEXT | {"studio_id", "id", "changed_at"}


@dataclass(frozen=True)
class Told:
    """One event as it was written."""

    id: UUID
    kind: EventKind
    at: datetime
    actor_id: UUID | None
    course_id: UUID | None
    session_id: UUID | None
    client_id: UUID | None
    enrolment_id: UUID | None
    booking_id: UUID | None
    credit_id: UUID | None
    data: Mapping[str, Plain]

    @property
    def when(self) -> Plain:
        return plain(self.at)

    def key(self, name: str) -> UUID:
        """An id that stands in the data."""
        return UUID(self.data[name])


def compared(noun: type) -> tuple[str, ...]:
    """The fields of a noun that events determine, when they tell all that they should."""
    return tuple(name for name in names_of(noun) if name not in _NOT_COMPARED)


def said(data: Mapping[str, Plain], noun: type) -> Row:
    """The fields of a noun that stand in an event's data."""
    return {name: data[camel(name)] for name in compared(noun) if camel(name) in data}


def told_otherwise(first: Told, line: Told, *names: str) -> Row:
    """What a line names otherwise than the first of its row: no later line can make that good."""
    return {name: plain(key) for name in names if (key := getattr(line, name)) not in (None, getattr(first, name))}


def differences(noun: str, key: object, told: Row | None, row: Mapping[str, Plain] | None) -> Iterator[str]:
    """One sentence for each field that is not what the lines make it."""
    if row is None:
        if told is not None:
            yield f"events tell of {noun} {key}, which is not here"
    elif told is None:
        yield f"{noun} {key} is here, and no event tells how it began"
    else:
        for name, value in told.items():
            if row[name] != value:
                yield f"{noun} {key} has {row[name]} as {name}, and its events make it {value}"


def grouped(lines: Iterable[tuple[UUID | None, Told]]) -> dict[UUID, list[Told]]:
    """The lines of each id."""
    groups: dict[UUID, list[Told]] = {}
    for key, line in lines:
        if key is not None:
            groups.setdefault(key, []).append(line)
    return groups

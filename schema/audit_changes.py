"""What a line of the history says has changed, for people to read: field by field, before and after, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

import orjson

from domain.nouns.history import EventKind, Happened
from schema.ids import Kind, encode
from schema.scalars import format_instant

_TOLD_ELSEWHERE = frozenset({"before", "after", "note", "override", "reason", "renamed"})
_OF_NO_INTEREST = frozenset(
    {
        "taken",
        "makeUps",
        "mostOrdinary",
        "freedLate",
        "createdAt",
        "ifReleased",
        "graceHours",
        "graceUntil",
        "missedPaidWith",
    }
)
"""Counts and instants with which everything begins, and what only a fold of the history needs."""
_OF_ONE_FIELD = {
    EventKind.PAYMENT_RECORDED: "payment",
    EventKind.ATTENDANCE_MARKED: "attendance",
    EventKind.SEATS_OFFERED: "seatsFreedLate",
}
"""The kinds whose before and after are values of one field, and not fields with their values."""


class Changed(NamedTuple):
    field: str
    before: str | None
    after: str | None


def changes_of(happened: Happened) -> list[Changed]:
    """Also what something new was made with: it was nothing before."""
    return list(_changes(happened.studio_id, EventKind[happened.kind], happened.data))


def _changes(studio_id: int, kind: EventKind, data: Mapping[str, Any]) -> Iterator[Changed]:
    before, after = data.get("before"), data.get("after")
    if kind is EventKind.CLIENT_LINKED:  # which account it is, is nobody's to know
        yield Changed("hasAccount", _text(studio_id, "", before is not None), _text(studio_id, "", True))
    elif kind in _OF_ONE_FIELD:
        field = _OF_ONE_FIELD[kind]
        yield Changed(field, _text(studio_id, field, before), _text(studio_id, field, after))
    else:
        was: Mapping[str, Any] = before or {}
        is_now: Mapping[str, Any] = dict(_told(data)) | (after or {})
        for name in dict.fromkeys((*was, *is_now)):
            change = Changed(
                _camel(name), _text(studio_id, name, was.get(name)), _text(studio_id, name, is_now.get(name))
            )
            if change.before != change.after:
                yield change
    if data.get("renamed"):
        yield Changed("displayName", None, None)


def _told(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What stands beside a before and an after; of other things, which the entry itself shows, no key."""
    for name, value in data.items():
        if name == "choices":
            yield from value.items()
        elif name == "own":
            yield from ((f"own{each[0].upper()}{each[1:]}", when) for each, when in value.items())
        elif name == "instructorId" or not (name.endswith("Id") or name in _TOLD_ELSEWHERE | _OF_NO_INTEREST):
            yield name, value


def _text(studio_id: int, name: str, value: Any) -> str | None:
    match value:
        case None | [] | "":
            return None
        case str() if name == "instructor_id" or name == "instructorId":
            return encode(Kind.STAFF, studio_id, UUID(value))
        case str() if name.endswith(("At", "heldUntil")):
            return format_instant(datetime.fromisoformat(value))
        case str():
            return value
        case list() if name in ("bookings", "sessions"):
            return str(len(cast(list[Any], value)))
        case list():
            return ", ".join(map(str, cast(list[Any], value)))
        case _:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))

"""Cursors: where a row stands in a listing, opaque to whoever holds one.

A cursor names the listing and the filter that it was made for; under another it is refused, for the rows after
it would be none that anybody meant.
"""

import base64
import hashlib
from binascii import Error
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from domain.faults import BadUserInput
from persistence.reads.pages import Position
from persistence.types import from_microseconds, microseconds

_VERSION = 1
_LONGEST = 2000  # a name of 200 characters takes up to 1,700, where JSON must escape each


def encode(listing: str, position: Position) -> str:
    payload = orjson.dumps([_VERSION, _mark(listing), *map(_dump, position)])
    return base64.urlsafe_b64encode(payload).decode().rstrip("=")


def decode(listing: str, cursor: str, like: tuple[type, ...], *path: str) -> Position:
    """`like` are the types of the listing's order; `BadUserInput` for anything that `encode` did not write."""
    try:
        payload: Any = orjson.loads(_bytes(cursor))
        version, mark, *values = payload
        position = tuple(_load(value, kind) for value, kind in zip(values, like, strict=True))
    except (ValueError, TypeError, OverflowError, Error):
        raise BadUserInput("This is not a cursor.", *path) from None
    if version != _VERSION:
        raise BadUserInput("This cursor is of another version; start again without one.", *path)
    if mark != _mark(listing):
        raise BadUserInput("This cursor is of another list or filter; start again without one.", *path)
    if encode(listing, position) != cursor:
        raise BadUserInput("This is not a cursor.", *path)
    return position


def _bytes(cursor: str) -> bytes:
    if len(cursor) > _LONGEST:
        raise ValueError("too long")
    return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)


def _mark(listing: str) -> str:
    return hashlib.sha256(listing.encode()).hexdigest()[:12]


def _dump(value: object) -> object:
    match value:
        case datetime():
            return microseconds(value)
        case UUID():
            return value.hex
        case _:
            return value


def _load(value: Any, kind: type) -> Any:
    if kind is datetime and type(value) is int:
        return from_microseconds(value)
    if kind is UUID and type(value) is str:
        return UUID(value)
    if kind is int and type(value) is int and abs(value) < 2**63:
        return value
    if kind is str and type(value) is str and "\0" not in value:
        return value
    raise ValueError("a value of another kind")

"""How a mutation field performs an act: whose it is, its idempotency key, its transaction, its refusals."""

import hashlib
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
import strawberry

from domain.faults import BadUserInput
from domain.nouns.words import Word
from domain.outcome import Done
from domain.ports import Registry, Work
from domain.refusals import Refused as DomainRefused
from persistence.database import Answer
from persistence.idempotency import Key
from schema.context import Info
from schema.refusals import Refused

LONGEST_KEY = 100
_NOT_PART_OF_THE_INPUT = frozenset({"idempotency_key", "password"})

KEY = strawberry.field(
    description="Made by the client, new for every intent, the same for every retry of it: a UUID does."
    " 1 to 100 characters, kept for at least 24 hours. The same key and input act once and get the same answer,"
    " as long as the viewer may still see what the act changed."
)
INPUT = strawberry.argument(description="Everything that the act needs.")


# They make a name read as another than it is.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def mutation(description: str, codes: Iterable[Word] = ()) -> Any:
    """A mutation field whose description lists the codes that its rules can answer with."""
    listed = ", ".join(f"`{code.value}`" for code in codes)
    refusals = f"\n\nMay be refused with: {listed}." if listed else "\n\nIs never refused."
    return strawberry.mutation(description=description + refusals)


async def perform(
    info: Info, studio_id: int, given: Any, act: Callable[[Work], Awaitable[Done | DomainRefused]]
) -> Done | Refused:
    """One act at one studio, by the signed-in account."""
    context = info.context
    account_id = context.signed_in()
    answer = await context.database.perform(
        studio_id, account_id, context.now, act, key_of(info, given), context.travelling
    )
    return outcome_of(info, answer, studio_id)


async def register(
    info: Info,
    given: Any,
    act: Callable[[Registry], Awaitable[Done | DomainRefused]],
    *,
    holder_id: UUID,
) -> Done | Refused:
    """One act outside of any studio. `holder_id` is whose idempotency key it is."""
    context = info.context
    answer = await context.database.register(holder_id, context.now, act, key_of(info, given))
    return outcome_of(info, answer, None)


def is_replay(info: Info) -> bool:
    """Whether this field's act was done before, and is only answered again."""
    return str(info.path.key) in info.context.replayed_fields


def outcome_of(info: Info, answer: Answer, studio_id: int | None) -> Done | Refused:
    """What an act came to, told as it is told here."""
    context = info.context
    context.forget()
    if answer.replayed:
        context.replayed_fields.append(str(info.path.key))
    if isinstance(answer.outcome, DomainRefused):
        return Refused.of(answer.outcome, studio_id)
    return answer.outcome


def key_of(info: Info, given: Any) -> Key:
    """The key of an input, for what is asked with the rest of it."""
    key: str = given.idempotency_key
    if not 1 <= len(key) <= LONGEST_KEY or "\0" in key:
        raise BadUserInput(f"The key must have from 1 to {LONGEST_KEY} characters.", "idempotencyKey")
    fingerprint = hashlib.sha256(orjson.dumps(_canonical(given), option=orjson.OPT_SORT_KEYS)).digest()
    return Key(info.field_name, key, fingerprint)


def _canonical(value: Any) -> Any:
    """The input as JSON. A field left out is the same as null only where the schema says so by its default."""
    if is_dataclass(value):
        given = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            name: _canonical(each)
            for name, each in given.items()
            if name not in _NOT_PART_OF_THE_INPUT and each is not strawberry.UNSET
        }
    if isinstance(value, list):
        return [_canonical(each) for each in value]  # pyright: ignore[reportUnknownVariableType] - JSON
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def line(value: str, *path: str, most: int = 200) -> str:
    """One line that can be read, without white space around it; `BadUserInput` for anything else."""
    stripped = value.strip()
    if any(unicodedata.category(letter) == "Cc" or letter in _REORDERING for letter in stripped):
        raise BadUserInput(f"`{path[-1]}` must be one line, without control characters.", *path)
    if not any(letter.isprintable() and not letter.isspace() for letter in stripped) or len(stripped) > most:
        raise BadUserInput(f"`{path[-1]}` must have from 1 to {most} characters.", *path)
    return stripped


def text(value: str, *path: str, most: int) -> str:
    """Text of any number of lines, also none, without white space around it; `BadUserInput` where it is too long."""
    stripped = value.strip()
    if len(stripped) > most or "\0" in stripped:
        raise BadUserInput(f"`{path[-1]}` must have at most {most} characters.", *path)
    return stripped


def number(value: int, *path: str, least: int, most: int) -> int:
    """A whole number in a range; `BadUserInput` where it is not."""
    if not least <= value <= most:
        raise BadUserInput(f"`{path[-1]}` must be from {least} to {most}.", *path)
    return value


def price(value: int | None, *path: str) -> int | None:
    """An amount in minor units; None stays None."""
    return None if value is None else number(value, *path, least=0, most=1_000_000_000)

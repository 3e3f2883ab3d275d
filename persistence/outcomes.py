"""Outcomes as JSON and back, for idempotency keys: ids and reasons, never rendered answers."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from domain.nouns.booking import EarnedNothing
from domain.nouns.money import Money
from domain.outcome import Done
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused, Value


def dump(outcome: Done | Refused) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        return {"refused": [_dump_refusal(reason) for reason in outcome.reasons]}
    values = {field.name: getattr(outcome, field.name) for field in fields(Done)}
    return {"done": {name: _dump_part(value) for name, value in values.items() if value not in (None, ())}}


def load(stored: dict[str, Any]) -> Done | Refused:
    if "refused" in stored:
        return Refused(tuple(_load_refusal(reason) for reason in stored["refused"]))
    return Done(**{name: _load_part(value) for name, value in stored["done"].items()})


def _dump_part(value: Any) -> Any:
    match value:
        case tuple():
            return [_dump_part(each) for each in cast(tuple[Any, ...], value)]
        case EarnedNothing():
            return {"earnedNothing": value.value}
        case UUID():
            return value.hex
        case Refusal():
            return _dump_refusal(value)
        case _:
            return value


def _load_part(value: Any) -> Any:
    match value:
        case list():
            return tuple(_load_part(each) for each in cast(list[Any], value))
        case str():
            return UUID(value)
        case {"earnedNothing": code}:
            return EarnedNothing[code]
        case dict():
            return _load_refusal(cast(dict[str, Any], value))
        case _:
            return value


def _dump_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code.value,
        "message": refusal.message,
        "fixable_by": refusal.fixable_by and refusal.fixable_by.value,
        "actual": _dump_value(refusal.actual),
        "required": _dump_value(refusal.required),
        "available_from": _dump_value(refusal.available_from),
        "path": list(refusal.path),
        "session_id": refusal.session_id and refusal.session_id.hex,
        "credit_id": refusal.credit_id and refusal.credit_id.hex,
        "why_not_earned": [reason.value for reason in refusal.why_not_earned],
        "booking_id": refusal.booking_id and refusal.booking_id.hex,
        "waiting": refusal.waiting,
        "can_join": refusal.can_join,
    }


def _load_refusal(stored: dict[str, Any]) -> Refusal:
    return Refusal(
        code=RefusalCode[stored["code"]],
        message=stored["message"],
        fixable_by=stored["fixable_by"] and FixableBy[stored["fixable_by"]],
        actual=_load_value(stored["actual"]),
        required=_load_value(stored["required"]),
        available_from=_load_value(stored["available_from"]),
        path=tuple(stored["path"]),
        session_id=stored["session_id"] and UUID(stored["session_id"]),
        credit_id=stored.get("credit_id") and UUID(stored["credit_id"]),
        why_not_earned=tuple(EarnedNothing[reason] for reason in stored.get("why_not_earned", ())),
        booking_id=stored.get("booking_id") and UUID(stored["booking_id"]),
        waiting=stored.get("waiting"),
        can_join=stored.get("can_join"),
    )


def _dump_value(value: Value | None) -> Any:
    match value:
        case None:
            return None
        case Money(amount, currency):
            return {"money": [amount, currency]}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case int():
            return {"int": value}
        case str():
            return {"text": value}


_LOADERS: dict[str, Callable[[Any], Value]] = {
    "money": lambda pair: Money(*pair),
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
    "int": int,
    "text": str,
}


def _load_value(stored: Any) -> Any:
    if stored is None:
        return None
    ((kind, value),) = stored.items()
    return _LOADERS[kind](value)

"""Make-up credits: what stands in their rows, which know nothing of time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.history import EventKind
from domain.replay.plain import Plain, plain
from domain.replay.told import Row, Told, grouped, said, told_otherwise

_NOT_HELD: Row = dict.fromkeys(("held_until", "own_expires_at", "own_expires_on", "grace_hours"))


def credits(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By credit, of the lines of all, in their order."""
    rows: dict[UUID, Row] = {}
    for key, own in grouped((line.credit_id, line) for line in lines).items():
        for line in own:
            if line.kind is EventKind.CREDIT_ISSUED:
                rows[key] = _issued(line)
            elif key in rows:
                if line.kind is not EventKind.CREDIT_EXPIRED:
                    _time_releases(rows[key], line.at)
                _goes_on(rows[key], line)
                rows[key] |= told_otherwise(own[0], line, "client_id")
    return rows


def _issued(line: Told) -> Row:
    fixed = {"client_id": plain(line.client_id), "missed_booking_id": plain(line.booking_id), "issued_at": line.when}
    begun = {"state": CreditState.ACTIVE.value, "booking_id": None, "expiry_written": None, "grace_until": None}
    return {**said(line.data, MakeUpCredit), **fixed, **begun, **_NOT_HELD, **_end(line.data)}


def _time_releases(row: Row, now: datetime) -> None:
    """Whoever changes a credit whose hold has ended by itself finds it active."""
    if row["held_until"] is not None and now >= datetime.fromisoformat(row["held_until"]):
        row |= {"state": CreditState.ACTIVE.value, **_NOT_HELD}


def _goes_on(row: Row, line: Told) -> None:
    data = line.data
    match line.kind:
        case EventKind.CREDIT_HELD:
            row |= {
                "state": CreditState.HELD.value,
                **_end(data),
                **_NOT_HELD,
                "held_until": _instant(data["heldUntil"]),
            }
            _waits(row, data)
            _grace(row, data)
        case EventKind.CREDIT_RELEASED:
            row |= {"state": CreditState.ACTIVE.value, **_end(data), **_NOT_HELD}
            _grace(row, data)
        case EventKind.CREDIT_REDEEMED:
            row |= {"state": CreditState.USED.value, **_end(data), **_NOT_HELD, "booking_id": plain(line.booking_id)}
            _grace(row, data)
        case EventKind.CREDIT_EXTENDED:
            row |= _end(data.get("ifReleased", data))
            if row["state"] == CreditState.HELD:
                row |= {f"own_{name}": value for name, value in _end(data).items()}
            _grace(row, data)
        case EventKind.CREDIT_RESTORED:
            row |= {"state": CreditState.ACTIVE.value, **_end(data), "booking_id": None}
        case EventKind.CREDIT_FORFEITED:
            row |= {"state": CreditState.FORFEITED.value, "booking_id": plain(line.booking_id)}
        case EventKind.CREDIT_REVOKED:
            row |= {"state": CreditState.REVOKED.value, **_NOT_HELD}
        case EventKind.CREDIT_UNDONE:
            row |= {"state": CreditState.UNDONE.value, **_NOT_HELD}
        case EventKind.CREDIT_EXPIRED:
            row["expiry_written"] = _instant(data["expiresAt"])
        case _:
            pass


def _waits(row: Row, data: Mapping[str, Plain]) -> None:
    """What a held credit has been promised; not known where the line does not tell it."""
    if "own" in data:
        row |= {f"own_{name}": value for name, value in _end(data["own"]).items()}
        row["grace_hours"] = data["graceHours"]
    else:
        for name in ("own_expires_at", "own_expires_on", "grace_hours"):
            row.pop(name, None)


def _grace(row: Row, data: Mapping[str, Plain]) -> None:
    if "graceUntil" in data:
        row["grace_until"] = _instant(data["graceUntil"])
    else:
        row.pop("grace_until", None)


def _end(data: Mapping[str, Plain]) -> Row:
    return {"expires_at": _instant(data["expiresAt"]), "expires_on": data["expiresOn"]}


def _instant(told: Plain) -> Plain:
    return told and plain(datetime.fromisoformat(told))

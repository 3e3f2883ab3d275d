"""Credits: each line of their ledgers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain import events as e
from domain.credits.holding import own_expiry
from domain.credits.validity import Expiry
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.history import EventKind
from domain.replay.plain import camel, plain
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, together, told_override, write


@together(e.CreditIssued)
async def issued(events: Sequence[e.CreditIssued], writer: Writer) -> list[Line]:
    await writer.insert_all(t.make_up_credits, [event.credit for event in events])
    return [_issued(event) for event in events]


def _issued(event: e.CreditIssued) -> Line:
    credit = event.credit
    data = {camel(name): plain(getattr(credit, name)) for name in _TERMS} | told_override(event.override)
    return _credit_line(EventKind.CREDIT_ISSUED, credit, credit.missed_booking_id, data)


@write.register
async def _(event: e.CreditRedeemed, writer: Writer) -> Line:
    credit = event.credit
    used = {**_standing(credit), **_NOT_HELD, "state": CreditState.USED}
    await writer.update(t.make_up_credits, credit.id, booking_id=event.booking.id, **used)
    return _credit_line(EventKind.CREDIT_REDEEMED, credit, event.booking.id, _grace_of(credit))


@together(e.CreditRestored)
async def restored(events: Sequence[e.CreditRestored], writer: Writer) -> list[Line]:
    ends = [(each.credit.id, {"expires_at": each.expiry.at, "expires_on": each.expiry.on}) for each in events]
    await writer.update_all(t.make_up_credits, ends, state=CreditState.ACTIVE, booking_id=None)
    return [_restored(event) for event in events]


def _restored(event: e.CreditRestored) -> Line:
    after = replace(event.credit, expires_at=event.expiry.at, expires_on=event.expiry.on)
    return _credit_line(EventKind.CREDIT_RESTORED, after, event.booking.id, told_override(event.override))


@write.register
async def _(event: e.CreditForfeited, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.FORFEITED)
    return _credit_line(EventKind.CREDIT_FORFEITED, credit, event.booking.id, told_override(event.override))


@write.register
async def _(event: e.CreditUndone, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.UNDONE, **_NOT_HELD)
    return _credit_line(EventKind.CREDIT_UNDONE, credit, event.booking.id)


@write.register
async def _(event: e.CreditExtended, writer: Writer) -> Line:
    credit, after = event.credit, event.after
    await writer.update(t.make_up_credits, credit.id, **_standing(after))
    now, own, before = _expiry_of(after), _told(own_expiry(after)), _told(own_expiry(credit))
    added = {} if now == own else {"ifReleased": now}
    data = {**own, **added, "before": before, "note": event.note, **_grace_of(after)}
    return _credit_line(EventKind.CREDIT_EXTENDED, after, None, data)


@together(e.CreditHeld)
async def held(events: Sequence[e.CreditHeld], writer: Writer) -> list[Line]:
    await writer.update_all(t.make_up_credits, [(each.credit.id, _standing(each.credit)) for each in events])
    return [_held(each) for each in events]


def _held(event: e.CreditHeld) -> Line:
    credit = event.credit
    assert credit.held_until is not None
    data = {
        "heldUntil": plain(credit.held_until),
        "own": _told(own_expiry(credit)),
        "graceHours": credit.grace_hours,
        **_grace_of(credit),
    }
    told = _credit_line(EventKind.CREDIT_HELD, credit, None, data)
    return replace(told, ids={**told.ids, "session_id": event.session_id})


@together(e.CreditReleased)
async def released(events: Sequence[e.CreditReleased], writer: Writer) -> list[Line]:
    # What a job writes is no change of the credit: it has been so since then, whether or not this is written.
    rows = [
        (each.credit.id, _standing(each.credit) | {"changed_at": each.credit.changed_at if each.at else writer.now})
        for each in events
    ]
    await writer.update_all(t.make_up_credits, rows)
    return [_released(each) for each in events]


def _released(event: e.CreditReleased) -> Line:
    credit = event.credit
    return replace(_credit_line(EventKind.CREDIT_RELEASED, credit, None, _grace_of(credit)), at=event.at)


@write.register
async def _(event: e.CreditExpired, writer: Writer) -> Line:
    credit = event.credit
    # Not a change of the credit: whoever asks before and after is answered alike, also who travels in time.
    await writer.update(t.make_up_credits, credit.id, changed_at=credit.changed_at, expiry_written=credit.expires_at)
    # As of the instant at which it ran out, or came back too late: whoever waits for this job may act as of earlier.
    assert credit.expires_at is not None
    since = event.at or max(credit.expires_at, credit.changed_at)
    return replace(_credit_line(EventKind.CREDIT_EXPIRED, credit, None), at=since)


@write.register
async def _(event: e.CreditRevoked, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.REVOKED, **_NOT_HELD)
    return _credit_line(EventKind.CREDIT_REVOKED, credit, None, {"reason": event.reason.value, "note": event.note})


_TERMS = (
    *("origin", "reason", "note", "missed_session_id", "missed_paid_with"),
    *("expiry_means", "redeemable_from", "worth", "category"),
)
_NOT_HELD: dict[str, None] = dict.fromkeys(("held_until", "own_expires_at", "own_expires_on", "grace_hours"))
_STANDING = ("state", "expires_at", "expires_on", "grace_until", *_NOT_HELD)


def _standing(credit: MakeUpCredit) -> dict[str, Any]:
    """Its state and its end, and how it waits. A row may still say that it is held when time has released it."""
    return {name: getattr(credit, name) for name in _STANDING}


def _credit_line(
    kind: EventKind, credit: MakeUpCredit, booking_id: UUID | None, data: dict[str, Any] | None = None
) -> Line:
    return line(
        kind,
        {**_expiry_of(credit), **(data or {})},
        client_id=credit.client_id,
        booking_id=booking_id,
        credit_id=credit.id,
    )


def _grace_of(credit: MakeUpCredit) -> dict[str, str | None]:
    return {"graceUntil": plain(credit.grace_until)}


def _expiry_of(credit: MakeUpCredit) -> dict[str, str | None]:
    return _told(Expiry(credit.expires_at, credit.expires_on))


def _told(expiry: Expiry) -> dict[str, str | None]:
    return {
        "expiresAt": plain(expiry.at),
        "expiresOn": plain(expiry.on),
    }

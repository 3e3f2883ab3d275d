"""Credits: each line of their ledgers."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain import events as e
from domain.credit import CreditState, MakeUpCredit
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.CreditIssued, writer: Writer) -> Line:
    credit = event.credit
    await writer.insert(t.make_up_credits, credit)
    data = {
        "origin": credit.origin.value,
        "reason": credit.reason and credit.reason.value,
        "note": credit.note,
    } | _override(event.override)
    return _credit_line("CREDIT_ISSUED", credit, credit.missed_booking_id, data)


@write.register
async def _(event: e.CreditRedeemed, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.USED, booking_id=event.booking.id)
    return _credit_line("CREDIT_REDEEMED", credit, event.booking.id)


@write.register
async def _(event: e.CreditRestored, writer: Writer) -> Line:
    credit, lives = event.credit, event.expiry
    ends = {"expires_at": lives.at, "expires_on": lives.on}
    await writer.update(t.make_up_credits, credit.id, state=CreditState.ACTIVE, booking_id=None, **ends)
    return _credit_line("CREDIT_RESTORED", replace(credit, **ends), event.booking.id, _override(event.override))


@write.register
async def _(event: e.CreditForfeited, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.FORFEITED)
    return _credit_line("CREDIT_FORFEITED", credit, event.booking.id)


@write.register
async def _(event: e.CreditUndone, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.UNDONE)
    return _credit_line("CREDIT_UNDONE", credit, event.booking.id)


@write.register
async def _(event: e.CreditExtended, writer: Writer) -> Line:
    credit, expiry = event.credit, event.expiry
    await writer.update(t.make_up_credits, credit.id, expires_at=expiry.at, expires_on=expiry.on)
    after = replace(credit, expires_at=expiry.at, expires_on=expiry.on)
    return _credit_line("CREDIT_EXTENDED", after, None, {"before": _expiry_of(credit), "note": event.note})


@write.register
async def _(event: e.CreditExpired, writer: Writer) -> Line:
    credit = event.credit
    # Not a change of the credit: whoever asks before and after is answered alike, also who travels in time.
    await writer.update(t.make_up_credits, credit.id, changed_at=credit.changed_at, expiry_written=credit.expires_at)
    return _credit_line("CREDIT_EXPIRED", credit, None)


@write.register
async def _(event: e.CreditRevoked, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.REVOKED)
    return _credit_line("CREDIT_REVOKED", credit, None, {"reason": event.reason.value, "note": event.note})


def _credit_line(kind: str, credit: MakeUpCredit, booking_id: UUID | None, data: dict[str, Any] | None = None) -> Line:
    return line(
        kind,
        {**_expiry_of(credit), **(data or {})},
        client_id=credit.client_id,
        booking_id=booking_id,
        credit_id=credit.id,
    )


def _override(reason: str) -> dict[str, str]:
    return {"override": reason} if reason else {}


def _expiry_of(credit: MakeUpCredit) -> dict[str, str | None]:
    return {
        "expiresAt": credit.expires_at and credit.expires_at.isoformat(),
        "expiresOn": credit.expires_on and credit.expires_on.isoformat(),
    }

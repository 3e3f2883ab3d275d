"""Bookings, and places on waiting lists."""

from collections.abc import Iterable
from uuid import UUID

from domain.nouns.booking import Booking, BookingStatus, PaidWith
from domain.nouns.history import EventKind
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.replay.plain import plain
from domain.replay.told import Row, Told, grouped, said, told_otherwise

_NOT_CANCELLED: Row = {
    "status": BookingStatus.BOOKED.value,
    "outcome": None,
    "why_not_earned": [],
    "cancelled_at": None,
}
_NOT_MARKED: Row = {"attendance": None, "marked_at": None, "marked_by": None}
_ENDS = {EventKind[f"WAITLIST_{state}"]: state for state in WaitlistState if state is not WaitlistState.WAITING}


def bookings(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By booking, of all lines of their sessions, in their order.

    The payment of one that an enrolment stands behind is the enrolment's.
    """
    rows: dict[UUID, Row] = {}
    for key, own in grouped((line.booking_id, line) for line in lines).items():
        for line in own:
            if line.kind is EventKind.SEAT_BOOKED:
                rows[key] = _booked(line)
            elif key in rows:
                _goes_on(rows[key], line)
                rows[key] |= told_otherwise(own[0], line, "client_id", "enrolment_id")
    return rows


def _booked(line: Told) -> Row:
    ids = {name: plain(getattr(line, name)) for name in ("session_id", "client_id", "enrolment_id")}
    row = {**said(line.data, Booking), **ids, "booked_at": line.when, **_NOT_CANCELLED, **_NOT_MARKED}
    if row["paid_with"] == PaidWith.ENROLMENT:
        row.pop("payment", None)
    return row


def _goes_on(row: Row, line: Told) -> None:
    match line.kind:
        case EventKind.PAYMENT_RECORDED if "payment" in row:
            row["payment"] = line.data["after"]
        case EventKind.BOOKING_CANCELLED:
            row |= {**said(line.data, Booking), "cancelled_at": line.when}
        case EventKind.CANCELLATION_UNDONE:
            row |= _NOT_CANCELLED
        case EventKind.ATTENDANCE_MARKED:
            row |= {"attendance": line.data["after"], "marked_at": line.when, "marked_by": plain(line.actor_id)}
        case _:
            pass


def entries(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By place, of all lines of their sessions, in their order."""
    rows: dict[UUID, Row] = {}
    for line in lines:
        if line.kind is EventKind.WAITLIST_JOINED:
            ids = {name: plain(getattr(line, name)) for name in ("session_id", "client_id")}
            begun = {"joined_at": line.when, "state": WaitlistState.WAITING.value, "ended_at": None, "booking_id": None}
            rows[line.key("entryId")] = {**said(line.data, WaitlistEntry), **ids, **begun}
        elif line.kind in _ENDS and (key := line.key("entryId")) in rows:
            ended = {"state": _ENDS[line.kind].value, "ended_at": line.when}
            rows[key] |= {**ended, "client_id": plain(line.client_id), "booking_id": plain(line.booking_id)}
    return rows

"""A studio, its courses and its sessions."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from domain.nouns.booking import PaidWith
from domain.nouns.course import Course
from domain.nouns.history import EventKind
from domain.nouns.session import Session, SessionStatus
from domain.nouns.studio import Studio
from domain.replay.told import Row, Told, grouped, said


def studio(lines: Iterable[Told]) -> Row | None:
    """Of the lines of one studio, in their order."""
    row: Row | None = None
    for line in lines:
        if line.kind is EventKind.STUDIO_CREATED:
            row = {"archived_at": None, "created_at": line.when, **said(line.data, Studio)}
        elif row is not None and line.kind is EventKind.STUDIO_CHANGED:
            row |= said(line.data["after"], Studio)
        elif row is not None and line.kind is EventKind.POLICY_CHANGED:
            row["choices"] = line.data["after"]
    return row


def courses(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By course, of the lines of all, in their order."""
    rows: dict[UUID, Row] = {}
    for key, own in grouped((line.course_id, line) for line in lines).items():
        for line in own:
            if line.kind is EventKind.COURSE_CREATED:
                rows[key] = {"archived_at": None, "created_at": line.when, **said(line.data, Course)}
            elif key in rows and line.kind is EventKind.COURSE_CHANGED:
                rows[key] |= said(line.data["after"], Course)
            elif key in rows and line.kind is EventKind.COURSE_POLICY_CHANGED:
                rows[key]["choices"] = line.data["after"]
    return rows


def sessions(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By session, of the lines of all, and of their courses where these decide for them; in their order."""
    rows: dict[UUID, Row] = {}
    by_credit: defaultdict[UUID, set[UUID | None]] = defaultdict(set)
    for line in lines:
        if line.kind is EventKind.COURSE_POLICY_CHANGED:
            for key in map(UUID, line.data.get("sessions", ())):
                if key in rows:
                    rows[key]["extra_make_up_seats"] = line.data["extraMakeUpSeats"]
        elif line.session_id is not None and line.kind is EventKind.SESSION_CREATED:
            rows[line.session_id] = _new(line)
        elif line.session_id is not None and line.session_id in rows:
            _goes_on(rows[line.session_id], line, by_credit[line.session_id])
    return rows


def _new(line: Told) -> Row:
    counts = dict.fromkeys(("taken", "make_ups", "most_ordinary", "freed_late"), 0)
    course = line.course_id and line.course_id.hex
    begun = {"course_id": course, "status": SessionStatus.SCHEDULED.value, "archived_at": None, "moved_at": None}
    return {**said(line.data, Session), **begun, **counts, "created_at": line.when}


def _goes_on(row: Row, line: Told, by_credit: set[UUID | None]) -> None:
    """`by_credit`: the bookings in it that credits have paid."""
    match line.kind:
        case EventKind.SESSION_CHANGED:
            row |= said(line.data["after"], Session)
        case EventKind.SESSION_MOVED:
            row |= {**said(line.data["after"], Session), "moved_at": line.when}
        case EventKind.SESSION_CANCELLED:
            row["status"] = SessionStatus.CANCELLED.value
        case EventKind.SESSION_POLICY_CHANGED:
            row |= {"choices": line.data["after"], **said(line.data, Session)}
        case EventKind.SEATS_OFFERED:
            row["freed_late"] = line.data["after"]
        case EventKind.SEAT_BOOKED:
            if line.data["paidWith"] == PaidWith.MAKE_UP:
                by_credit.add(line.booking_id)
            _counts(row, 1, line.booking_id in by_credit)
        case EventKind.CANCELLATION_UNDONE:
            _counts(row, 1, line.booking_id in by_credit)
        case EventKind.BOOKING_CANCELLED:
            _counts(row, -1, line.booking_id in by_credit)
        case _:
            pass


def _counts(row: Row, seats: int, by_credit: bool) -> None:
    """R6: of seats, of those that credits pay, and the most of the others that there ever were at once."""
    row["taken"] += seats
    row["make_ups"] += seats if by_credit else 0
    row["most_ordinary"] = max(row["most_ordinary"], row["taken"] - row["make_ups"])

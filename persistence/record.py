"""One function per event: what it writes, and its line in the append-only table of events."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import events as e
from domain.booking import Booking, PaidWith
from domain.credit import CreditState, MakeUpCredit
from domain.policy import Choices
from persistence import policies
from persistence import tables as t
from persistence.differences import Change
from persistence.shapes import row_of


@dataclass(frozen=True)
class Line:
    """An event's line: its kind, the ids it concerns, and what else a reader of it needs."""

    kind: str
    ids: dict[str, UUID | None]
    data: dict[str, Any]


def _line(kind: str, data: dict[str, Any] | None = None, **ids: UUID | None) -> Line:
    return Line(kind, ids, data or {})


@dataclass(frozen=True)
class Writer:
    """Writes rows of one studio as of `now`."""

    connection: AsyncConnection
    studio_id: int
    now: datetime

    async def insert(self, table: sa.Table, noun: object, **other: object) -> None:
        await self.connection.execute(table.insert().values({**row_of(noun, table), **other}))

    async def update(self, table: sa.Table, key: UUID, **values: object) -> None:
        await self.connection.execute(
            table.update()
            .where(table.c.studio_id == self.studio_id, table.c.id == key)
            .values(changed_at=self.now, **values)
        )

    async def seat_taken(self, booking: Booking) -> None:
        """R6: counts a new live booking, and the most ordinary ones that there ever were at once."""
        c = t.sessions.c
        if booking.paid_with is PaidWith.MAKE_UP:
            await self.update(t.sessions, booking.session_id, taken=c.taken + 1, make_ups=c.make_ups + 1)
            return
        ordinary = c.taken - c.make_ups + 1
        most = sa.case((c.most_ordinary < ordinary, ordinary), else_=c.most_ordinary)
        await self.update(t.sessions, booking.session_id, taken=c.taken + 1, most_ordinary=most)

    async def seat_freed(self, booking: Booking) -> None:
        c = t.sessions.c
        make_up = int(booking.paid_with is PaidWith.MAKE_UP)
        await self.update(t.sessions, booking.session_id, taken=c.taken - 1, make_ups=c.make_ups - make_up)


@singledispatch
async def write(event: Any, writer: Writer) -> Line:
    """Writes what the event changed and answers its line."""
    raise TypeError(f"nothing writes {event!r}")


@write.register
async def _(event: e.StudioCreated, writer: Writer) -> Line:
    # The studio's row is written by `SqlRegistry.found_studio`, which needs its id before anything else.
    studio = event.studio
    return _line("STUDIO_CREATED", {"slug": studio.slug, "timeZone": studio.time_zone})


@write.register
async def _(event: e.PolicyChanged, writer: Writer) -> Line:
    await writer.connection.execute(
        t.studios.update()
        .where(t.studios.c.id == writer.studio_id)
        .values(choices=event.choices, changed_at=writer.now)
    )
    return _line("POLICY_CHANGED", _before_and_after(event.studio.choices, event.choices))


@write.register
async def _(event: e.CoursePolicyChanged, writer: Writer) -> Line:
    course, session = event.course, t.sessions.c
    await writer.update(t.courses, course.id, choices=event.choices)
    await writer.connection.execute(
        t.sessions.update()
        .where(session.studio_id == writer.studio_id, session.id.in_(event.session_ids))
        .values(extra_make_up_seats=event.extra_make_up_seats, changed_at=writer.now)
    )
    return _line("COURSE_POLICY_CHANGED", _before_and_after(course.choices, event.choices), course_id=course.id)


@write.register
async def _(event: e.SessionPolicyChanged, writer: Writer) -> Line:
    session = event.session
    await writer.update(t.sessions, session.id, choices=event.choices, extra_make_up_seats=event.extra_make_up_seats)
    data = _before_and_after(session.choices, event.choices)
    return _line("SESSION_POLICY_CHANGED", data, course_id=session.course_id, session_id=session.id)


def _before_and_after(before: Choices, after: Choices) -> dict[str, Any]:
    return {"before": policies.dump(before), "after": policies.dump(after)}


@write.register
async def _(event: e.StudioChanged, writer: Writer) -> Line:
    change = Change.of(event.studio, event.after)
    studio = t.studios.update().where(t.studios.c.id == writer.studio_id)
    await writer.connection.execute(studio.values(**change.values, changed_at=writer.now))
    return _line("STUDIO_CHANGED", change.data)


@write.register
async def _(event: e.CourseChanged, writer: Writer) -> Line:
    change = Change.of(event.course, event.after)
    await writer.update(t.courses, event.course.id, **change.values)
    return _line("COURSE_CHANGED", change.data, course_id=event.course.id)


@write.register
async def _(event: e.SessionChanged, writer: Writer) -> Line:
    change, session = Change.of(event.session, event.after), event.session
    await writer.update(t.sessions, session.id, **change.values)
    return _line("SESSION_CHANGED", change.data, course_id=session.course_id, session_id=session.id)


@write.register
async def _(event: e.ClientChanged, writer: Writer) -> Line:
    change = Change.of(event.client, event.after)
    await writer.update(t.clients, event.client.id, **change.values)
    return _line("CLIENT_CHANGED", change.data, client_id=event.client.id)


@write.register
async def _(event: e.StaffAdded, writer: Writer) -> Line:
    await writer.insert(t.staff, event.staff)
    return _line("STAFF_ADDED", {"staffId": event.staff.id.hex, "role": event.staff.role.value})


@write.register
async def _(event: e.CourseCreated, writer: Writer) -> Line:
    await writer.insert(t.courses, event.course)
    return _line("COURSE_CREATED", course_id=event.course.id)


@write.register
async def _(event: e.SessionCreated, writer: Writer) -> Line:
    session = event.session
    await writer.insert(t.sessions, session)
    data = {"startsAt": session.starts_at.isoformat(), "capacity": session.capacity}
    return _line("SESSION_CREATED", data, course_id=session.course_id, session_id=session.id)


@write.register
async def _(event: e.ClientCreated, writer: Writer) -> Line:
    await writer.insert(t.clients, event.client)
    return _line("CLIENT_CREATED", client_id=event.client.id)


@write.register
async def _(event: e.ClientLinked, writer: Writer) -> Line:
    client, links = event.client, t.client_accounts
    of_client = (links.c.studio_id == writer.studio_id, links.c.client_id == client.id)
    await writer.connection.execute(links.delete().where(*of_client))
    await writer.connection.execute(
        links.insert().values(studio_id=writer.studio_id, client_id=client.id, account_id=event.account_id)
    )
    await writer.update(t.clients, client.id)
    before = client.account_id and client.account_id.hex
    return _line("CLIENT_LINKED", {"before": before, "after": event.account_id.hex}, client_id=client.id)


@write.register
async def _(event: e.ClientEnrolled, writer: Writer) -> Line:
    enrolment = event.enrolment
    await writer.insert(t.enrolments, enrolment)
    return _line(
        "CLIENT_ENROLLED",
        {"payment": enrolment.payment.value, "price": enrolment.price},
        course_id=enrolment.course_id,
        client_id=enrolment.client_id,
        enrolment_id=enrolment.id,
    )


@write.register
async def _(event: e.EnrolmentEnded, writer: Writer) -> Line:
    enrolment = event.enrolment
    await writer.update(t.enrolments, enrolment.id, ended_at=writer.now)
    return _line(
        "ENROLMENT_ENDED",
        {"payment": enrolment.payment.value},
        course_id=enrolment.course_id,
        client_id=enrolment.client_id,
        enrolment_id=enrolment.id,
    )


@write.register
async def _(event: e.SeatBooked, writer: Writer) -> Line:
    booking = event.booking
    stands_on_enrolment = booking.paid_with is PaidWith.ENROLMENT
    await writer.insert(t.bookings, booking, payment=None if stands_on_enrolment else booking.payment)
    await writer.seat_taken(booking)
    return _line(
        "SEAT_BOOKED",
        {"paidWith": booking.paid_with.value, "price": booking.price},
        session_id=booking.session_id,
        client_id=booking.client_id,
        enrolment_id=booking.enrolment_id,
        booking_id=booking.id,
    )


@write.register
async def _(event: e.BookingPaymentRecorded, writer: Writer) -> Line:
    booking = event.booking
    await writer.update(t.bookings, booking.id, payment=event.payment)
    data = {"before": booking.payment.value, "after": event.payment.value}
    return _line("PAYMENT_RECORDED", data, client_id=booking.client_id, booking_id=booking.id)


@write.register
async def _(event: e.EnrolmentPaymentRecorded, writer: Writer) -> Line:
    enrolment = event.enrolment
    await writer.update(t.enrolments, enrolment.id, payment=event.payment)
    data = {"before": enrolment.payment.value, "after": event.payment.value}
    return _line("PAYMENT_RECORDED", data, client_id=enrolment.client_id, enrolment_id=enrolment.id)


@write.register
async def _(event: e.BookingCancelled, writer: Writer) -> Line:
    booking = event.booking
    await writer.update(
        t.bookings,
        booking.id,
        status=event.status,
        outcome=event.outcome,
        why_not_earned=event.why_not_earned,
        cancelled_at=writer.now,
    )
    await writer.seat_freed(booking)
    return _line(
        "BOOKING_CANCELLED",
        {
            "status": event.status.value,
            "outcome": event.outcome.value,
            "whyNotEarned": [code.value for code in event.why_not_earned],
        },
        session_id=booking.session_id,
        client_id=booking.client_id,
        enrolment_id=booking.enrolment_id,
        booking_id=booking.id,
    )


@write.register
async def _(event: e.CreditIssued, writer: Writer) -> Line:
    credit = event.credit
    await writer.insert(t.make_up_credits, credit)
    data = {
        "origin": credit.origin.value,
        "reason": credit.reason and credit.reason.value,
        "note": credit.note,
    }
    return _credit_line("CREDIT_ISSUED", credit, credit.missed_booking_id, data)


@write.register
async def _(event: e.CreditRedeemed, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.USED, booking_id=event.booking.id)
    return _credit_line("CREDIT_REDEEMED", credit, event.booking.id)


@write.register
async def _(event: e.CreditRestored, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.ACTIVE, booking_id=None)
    return _credit_line("CREDIT_RESTORED", credit, event.booking.id)


@write.register
async def _(event: e.CreditExtended, writer: Writer) -> Line:
    credit, expiry = event.credit, event.expiry
    await writer.update(t.make_up_credits, credit.id, expires_at=expiry.at, expires_on=expiry.on)
    after = replace(credit, expires_at=expiry.at, expires_on=expiry.on)
    return _credit_line("CREDIT_EXTENDED", after, None, {"before": _expiry_of(credit), "note": event.note})


@write.register
async def _(event: e.CreditRevoked, writer: Writer) -> Line:
    credit = event.credit
    await writer.update(t.make_up_credits, credit.id, state=CreditState.REVOKED)
    return _credit_line("CREDIT_REVOKED", credit, None, {"reason": event.reason.value, "note": event.note})


def _credit_line(kind: str, credit: MakeUpCredit, booking_id: UUID | None, data: dict[str, Any] | None = None) -> Line:
    return _line(
        kind,
        {**_expiry_of(credit), **(data or {})},
        client_id=credit.client_id,
        booking_id=booking_id,
        credit_id=credit.id,
    )


def _expiry_of(credit: MakeUpCredit) -> dict[str, str | None]:
    return {
        "expiresAt": credit.expires_at and credit.expires_at.isoformat(),
        "expiresOn": credit.expires_on and credit.expires_on.isoformat(),
    }

"""Enrolments, and how they are paid."""

from domain import events as e
from domain.nouns.history import EventKind
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.ClientEnrolled, writer: Writer) -> Line:
    enrolment = event.enrolment
    await writer.insert(t.enrolments, enrolment)
    return line(
        EventKind.CLIENT_ENROLLED,
        {"payment": enrolment.payment.value, "price": enrolment.price},
        course_id=enrolment.course_id,
        client_id=enrolment.client_id,
        enrolment_id=enrolment.id,
    )


@write.register
async def _(event: e.EnrolmentPaymentRecorded, writer: Writer) -> Line:
    enrolment = event.enrolment
    await writer.update(t.enrolments, enrolment.id, payment=event.payment)
    data = {"before": enrolment.payment.value, "after": event.payment.value}
    return line(EventKind.PAYMENT_RECORDED, data, client_id=enrolment.client_id, enrolment_id=enrolment.id)


@write.register
async def _(event: e.EnrolmentEnded, writer: Writer) -> Line:
    enrolment = event.enrolment
    await writer.update(t.enrolments, enrolment.id, ended_at=writer.now)
    return line(
        EventKind.ENROLMENT_ENDED,
        {"payment": enrolment.payment.value},
        course_id=enrolment.course_id,
        client_id=enrolment.client_id,
        enrolment_id=enrolment.id,
    )

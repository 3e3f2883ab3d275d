"""Bookings, and the enrolments that some of them stand on."""

import sqlalchemy as sa

from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, PaidWith, PaymentState
from persistence.tables.columns import instant, metadata, own_id, reference, studio_id, where
from persistence.types import Reasons, word

enrolments = sa.Table(
    "enrolments",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("course_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("payment", word(PaymentState, "payment"), nullable=False),
    sa.Column("price", sa.Integer, nullable=False),
    instant("enrolled_at"),
    instant("changed_at"),
    instant("ended_at", nullable=True),
    reference(None, ["course_id"], "courses", ["id"]),
    reference(None, ["client_id"], "clients", ["id"]),
    sa.CheckConstraint("ended_at >= enrolled_at", name="ends_after_its_beginning"),
    sa.UniqueConstraint("studio_id", "id", "client_id"),
    sa.Index(
        "enrolments_one_running_a_client",
        "studio_id",
        "course_id",
        "client_id",
        unique=True,
        **where("ended_at IS NULL"),
    ),
    sa.Index(None, "studio_id", "client_id"),
)

bookings = sa.Table(
    "bookings",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("session_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("paid_with", word(PaidWith, "paid_with"), nullable=False),
    sa.Column("enrolment_id", sa.Uuid),
    sa.Column("credit_id", sa.Uuid),
    sa.Column("payment", word(PaymentState, "payment")),
    sa.Column("price", sa.Integer),
    sa.Column("status", word(BookingStatus, "status"), nullable=False),
    instant("booked_at"),
    instant("cancelled_at", nullable=True),
    sa.Column("outcome", word(CancellationOutcome, "outcome")),
    sa.Column("why_not_earned", Reasons, nullable=False),
    instant("changed_at"),
    sa.Column("attendance", word(Attendance, "attendance")),
    instant("marked_at", nullable=True),
    sa.Column("marked_by", sa.Uuid, sa.ForeignKey("accounts.id", name="bookings_to_accounts")),
    reference(None, ["session_id"], "sessions", ["id"]),
    reference(None, ["client_id"], "clients", ["id"]),
    reference(None, ["enrolment_id", "client_id"], "enrolments", ["id", "client_id"]),
    reference("bookings_to_make_up_credits", ["credit_id"], "make_up_credits", ["id"], use_alter=True),
    sa.CheckConstraint("(paid_with = 'ENROLMENT') = (enrolment_id IS NOT NULL)", name="enrolment_when_paid_so"),
    sa.CheckConstraint("(paid_with = 'MAKE_UP') = (credit_id IS NOT NULL)", name="credit_when_paid_so"),
    sa.CheckConstraint("(paid_with = 'ENROLMENT') = (payment IS NULL)", name="payment_stands_once"),
    sa.CheckConstraint("paid_with <> 'MAKE_UP' OR payment = 'PAID'", name="make_up_is_paid"),
    sa.CheckConstraint("(status = 'BOOKED') = (cancelled_at IS NULL)", name="cancelled_at_when_cancelled"),
    sa.CheckConstraint("(status = 'BOOKED') = (outcome IS NULL)", name="outcome_when_cancelled"),
    sa.CheckConstraint(
        "(attendance IS NULL) = (marked_at IS NULL) AND (attendance IS NULL) = (marked_by IS NULL)",
        name="marked_by_somebody",
    ),
    # What a credit copies of the booking that earned it, so that its foreign key can hold the copy true.
    sa.UniqueConstraint("studio_id", "id", "session_id", "client_id", "paid_with", name="bookings_as_missed"),
    sa.UniqueConstraint("studio_id", "id", "credit_id", name="bookings_as_paid_by_credit"),
    sa.Index(
        "bookings_one_live_seat_a_client",
        "studio_id",
        "session_id",
        "client_id",
        unique=True,
        **where("status = 'BOOKED'"),
    ),
    sa.Index(
        "bookings_one_seat_a_credit",
        "studio_id",
        "credit_id",
        unique=True,
        **where("credit_id IS NOT NULL AND status <> 'CANCELLED'"),
    ),
    sa.Index(None, "studio_id", "session_id"),
    sa.Index(None, "studio_id", "client_id"),
    sa.Index(None, "studio_id", "enrolment_id"),
)

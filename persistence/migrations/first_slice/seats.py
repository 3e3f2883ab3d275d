"""Enrolments and bookings."""

import sqlalchemy as sa
from alembic import op


def make() -> None:
    op.create_table(
        "enrolments",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "payment",
            sa.Enum("DUE", "PAID", "WAIVED", name="payment", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"],
            ["clients.studio_id", "clients.id"],
            name=op.f("enrolments_to_clients"),
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "course_id"],
            ["courses.studio_id", "courses.id"],
            name=op.f("enrolments_to_courses"),
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("enrolments_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("enrolments_key")),
        sa.UniqueConstraint(
            "studio_id",
            "course_id",
            "client_id",
            name=op.f("enrolments_unique_studio_id_course_id_client_id"),
        ),
        sa.UniqueConstraint("studio_id", "id", "client_id", name=op.f("enrolments_unique_studio_id_id_client_id")),
    )
    op.create_index(op.f("enrolments_by_studio_id_client_id"), "enrolments", ["studio_id", "client_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "paid_with",
            sa.Enum(
                "ENROLMENT",
                "SINGLE",
                "MAKE_UP",
                name="paid_with",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("credit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "payment",
            sa.Enum("DUE", "PAID", "WAIVED", name="payment", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "BOOKED",
                "CANCELLED",
                "CANCELLED_LATE",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "CREDIT",
                "CREDIT_RETURNED",
                "NOTHING",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("why_not_earned", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(paid_with = 'ENROLMENT') = (enrolment_id IS NOT NULL)",
            name=op.f("bookings_enrolment_when_paid_so"),
        ),
        sa.CheckConstraint("(paid_with = 'ENROLMENT') = (payment IS NULL)", name=op.f("bookings_payment_stands_once")),
        sa.CheckConstraint(
            "(paid_with = 'MAKE_UP') = (credit_id IS NOT NULL)", name=op.f("bookings_credit_when_paid_so")
        ),
        sa.CheckConstraint(
            "(status = 'BOOKED') = (cancelled_at IS NULL)", name=op.f("bookings_cancelled_at_when_cancelled")
        ),
        sa.CheckConstraint("(status = 'BOOKED') = (outcome IS NULL)", name=op.f("bookings_outcome_when_cancelled")),
        sa.CheckConstraint("paid_with <> 'MAKE_UP' OR payment = 'PAID'", name=op.f("bookings_make_up_is_paid")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["clients.studio_id", "clients.id"], name=op.f("bookings_to_clients")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "credit_id"],
            ["make_up_credits.studio_id", "make_up_credits.id"],
            name="bookings_to_make_up_credits",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "enrolment_id", "client_id"],
            ["enrolments.studio_id", "enrolments.id", "enrolments.client_id"],
            name=op.f("bookings_to_enrolments"),
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "session_id"],
            ["sessions.studio_id", "sessions.id"],
            name=op.f("bookings_to_sessions"),
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("bookings_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("bookings_key")),
        sa.UniqueConstraint("studio_id", "id", "credit_id", name="bookings_as_paid_by_credit"),
        sa.UniqueConstraint("studio_id", "id", "session_id", "client_id", "paid_with", name="bookings_as_missed"),
    )
    op.create_index(op.f("bookings_by_studio_id_client_id"), "bookings", ["studio_id", "client_id"], unique=False)
    op.create_index(op.f("bookings_by_studio_id_enrolment_id"), "bookings", ["studio_id", "enrolment_id"], unique=False)
    op.create_index(op.f("bookings_by_studio_id_session_id"), "bookings", ["studio_id", "session_id"], unique=False)
    op.create_index(
        "bookings_one_live_seat_a_client",
        "bookings",
        ["studio_id", "session_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("status = 'BOOKED'"),
        sqlite_where=sa.text("status = 'BOOKED'"),
    )
    op.create_index(
        "bookings_one_seat_a_credit",
        "bookings",
        ["studio_id", "credit_id"],
        unique=True,
        postgresql_where=sa.text("credit_id IS NOT NULL AND status <> 'CANCELLED'"),
        sqlite_where=sa.text("credit_id IS NOT NULL AND status <> 'CANCELLED'"),
    )

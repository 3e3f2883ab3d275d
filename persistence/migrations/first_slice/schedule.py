"""Courses and sessions."""

import sqlalchemy as sa
from alembic import op


def make() -> None:
    op.create_table(
        "courses",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("whole_course_price", sa.Integer(), nullable=True),
        sa.Column("single_session_price", sa.Integer(), nullable=True),
        sa.Column("make_ups_enabled", sa.Boolean(), nullable=True),
        sa.Column("accepts_make_ups", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "whole_course_price >= 0 AND single_session_price >= 0", name=op.f("courses_prices_not_negative")
        ),
        sa.CheckConstraint(
            "whole_course_price IS NOT NULL OR single_session_price IS NOT NULL",
            name=op.f("courses_is_sold_somehow"),
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("courses_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("courses_key")),
    )
    op.create_index(op.f("courses_by_studio_id_name_id"), "courses", ["studio_id", "name", "id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("accepts_make_ups", sa.Boolean(), nullable=True),
        sa.Column("instructor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("SCHEDULED", "CANCELLED", name="status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("sessions_has_a_seat")),
        sa.CheckConstraint(
            "course_id IS NOT NULL OR accepts_make_ups IS NOT NULL", name=op.f("sessions_make_ups_decided")
        ),
        sa.CheckConstraint("course_id IS NULL OR price IS NULL", name=op.f("sessions_price_of_one_time_class")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("sessions_ends_after_start")),
        sa.CheckConstraint("price >= 0", name=op.f("sessions_price_not_negative")),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("sessions_seats_not_oversold")),
        sa.ForeignKeyConstraint(
            ["studio_id", "course_id"], ["courses.studio_id", "courses.id"], name=op.f("sessions_to_courses")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "instructor_id"], ["staff.studio_id", "staff.id"], name=op.f("sessions_to_staff")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("sessions_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("sessions_key")),
    )
    op.create_index(
        op.f("sessions_by_studio_id_course_id_starts_at"),
        "sessions",
        ["studio_id", "course_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("sessions_by_studio_id_starts_at_id"), "sessions", ["studio_id", "starts_at", "id"], unique=False
    )

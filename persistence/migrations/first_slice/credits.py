"""Make-up credits."""

import sqlalchemy as sa
from alembic import op


def make() -> None:
    op.create_table(
        "make_up_credits",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("CANCELLATION", "GRANT", name="origin", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("missed_booking_id", sa.Uuid(), nullable=True),
        sa.Column("missed_session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "missed_paid_with",
            sa.Enum(
                "ENROLMENT",
                "SINGLE",
                "MAKE_UP",
                name="missed_paid_with",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("worth", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "COMPENSATION",
                "STUDIO_CANCELLED_CLASS",
                "PREPAID_THEN_CANCELLED",
                "GOODWILL",
                "CORRECTION",
                "OTHER",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ACTIVE",
                "HELD",
                "USED",
                "FORFEITED",
                "EXPIRED",
                "REVOKED",
                "UNDONE",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(origin = 'CANCELLATION') = (missed_booking_id IS NOT NULL)"
            " AND (missed_booking_id IS NULL) = (missed_session_id IS NULL)"
            " AND (missed_booking_id IS NULL) = (missed_paid_with IS NULL)",
            name=op.f("make_up_credits_missed_booking_when_earned"),
        ),
        sa.CheckConstraint(
            "(origin = 'GRANT') = (reason IS NOT NULL)", name=op.f("make_up_credits_reason_when_granted")
        ),
        sa.CheckConstraint(
            "(state = 'USED') = (booking_id IS NOT NULL)", name=op.f("make_up_credits_booking_when_used")
        ),
        sa.CheckConstraint("missed_paid_with <> 'MAKE_UP'", name=op.f("make_up_credits_not_born_from_a_make_up")),
        sa.CheckConstraint(
            "(expires_at IS NULL) = (expires_on IS NULL)", name=op.f("make_up_credits_expiry_in_both_forms")
        ),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("make_up_credits_expires_after_issue")),
        sa.CheckConstraint("worth >= 0", name=op.f("make_up_credits_worth_not_negative")),
        sa.ForeignKeyConstraint(
            ["studio_id", "booking_id", "id"],
            ["bookings.studio_id", "bookings.id", "bookings.credit_id"],
            name="make_up_credits_to_paid_booking",
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"],
            ["clients.studio_id", "clients.id"],
            name=op.f("make_up_credits_to_clients"),
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "missed_booking_id", "missed_session_id", "client_id", "missed_paid_with"],
            [
                "bookings.studio_id",
                "bookings.id",
                "bookings.session_id",
                "bookings.client_id",
                "bookings.paid_with",
            ],
            name="make_up_credits_to_missed_booking",
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("make_up_credits_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("make_up_credits_key")),
    )
    op.create_index(
        op.f("make_up_credits_by_studio_id_booking_id"),
        "make_up_credits",
        ["studio_id", "booking_id"],
        unique=True,
    )
    op.create_index(
        op.f("make_up_credits_by_studio_id_client_id_expires_at_id"),
        "make_up_credits",
        ["studio_id", "client_id", "expires_at", "id"],
        unique=False,
    )
    op.create_index(
        "make_up_credits_one_a_missed_booking",
        "make_up_credits",
        ["studio_id", "missed_booking_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('UNDONE', 'REVOKED')"),
        sqlite_where=sa.text("state NOT IN ('UNDONE', 'REVOKED')"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The two tables refer to each other; SQLite takes that when it makes them, PostgreSQL only afterwards.
        op.create_foreign_key(
            op.f("bookings_to_make_up_credits"),
            "bookings",
            "make_up_credits",
            ["studio_id", "credit_id"],
            ["studio_id", "id"],
        )

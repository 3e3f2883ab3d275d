"""The first slice: studios, schedule, clients, bookings, credits, events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_idempotency_keys",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("holder_id", "mutation", "key", name=op.f("account_idempotency_keys_key")),
        comment="Keys of acts outside of any studio, by account; of signing up, by a hash of the e-mail.",
    )
    op.create_index(op.f("account_idempotency_keys_by_used_at"), "account_idempotency_keys", ["used_at"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_key")),
        sa.UniqueConstraint("email", name=op.f("accounts_unique_email")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("studio_id", "account_id", "mutation", "key", name=op.f("idempotency_keys_key")),
    )
    op.create_index(op.f("idempotency_keys_by_used_at"), "idempotency_keys", ["used_at"], unique=False)
    op.create_table(
        "studios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("studios_key")),
        sa.UniqueConstraint("slug", name=op.f("studios_unique_slug")),
    )
    op.create_table(
        "clients",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("clients_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("clients_key")),
    )
    op.create_index(op.f("clients_by_studio_id_name_id"), "clients", ["studio_id", "name", "id"], unique=False)
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
        "events",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("credit_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("events_to_accounts")),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("events_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("events_key")),
        comment="What happened, in the order of (at, id). Append-only: triggers refuse every change.",
    )
    op.create_index(
        "events_of_a_credit",
        "events",
        ["studio_id", "credit_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("credit_id IS NOT NULL"),
        sqlite_where=sa.text("credit_id IS NOT NULL"),
    )
    op.create_table(
        "staff",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "OWNER",
                "MANAGER",
                "INSTRUCTOR",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("staff_to_accounts")),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("staff_to_studios")),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("staff_key")),
        sa.UniqueConstraint("studio_id", "account_id", name=op.f("staff_unique_studio_id_account_id")),
    )
    op.create_index(op.f("staff_by_account_id"), "staff", ["account_id"], unique=False)
    op.create_table(
        "client_accounts",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("client_accounts_to_accounts")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"],
            ["clients.studio_id", "clients.id"],
            name=op.f("client_accounts_to_clients"),
        ),
        sa.PrimaryKeyConstraint("studio_id", "client_id", name=op.f("client_accounts_key")),
        comment="The directory of which account manages which clients where.",
    )
    op.create_index(op.f("client_accounts_by_account_id"), "client_accounts", ["account_id"], unique=False)
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
            "(origin = 'CANCELLATION') = (missed_booking_id IS NOT NULL) AND (missed_booking_id IS NULL) = (missed_session_id IS NULL) AND (missed_booking_id IS NULL) = (missed_paid_with IS NULL)",
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
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events"
        " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events"
        " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        "CREATE TRIGGER events_no_replace BEFORE INSERT ON events"
        " WHEN EXISTS (SELECT 1 FROM events WHERE studio_id = NEW.studio_id AND id = NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
        "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events"
        " FOR EACH ROW EXECUTE FUNCTION events_refuse_change()",
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events"
        " FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_change()",
    ),
}

"""The tables. Every tenant table begins its keys with `studio_id`; constraints repeat every invariant they can."""

import sqlalchemy as sa

from domain.booking import BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.credit import CreditOrigin, CreditState, GrantReason
from domain.policy import ExpiryMeans
from domain.session import SessionStatus
from domain.studio import Role
from persistence.types import ChoicesJson, Instant, Reasons, word

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_key",
        "uq": "%(table_name)s_unique_%(column_0_N_name)s",
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "fk": "%(table_name)s_to_%(referred_table_name)s",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)


def _studio(*, to_studios: bool = True) -> sa.Column[int]:
    reference = (sa.ForeignKey("studios.id"),) if to_studios else ()
    return sa.Column("studio_id", sa.Integer, *reference, primary_key=True, autoincrement=False)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=nullable)


def _reference(
    name: str | None, columns: list[str], table: str, keys: list[str], *, use_alter: bool = False
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["studio_id", *columns],
        [f"{table}.{key}" for key in ("studio_id", *keys)],
        name=name,
        use_alter=use_alter,
    )


accounts = sa.Table(
    "accounts",
    metadata,
    _id(),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    _instant("created_at"),
)

studios = sa.Table(
    "studios",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    _instant("created_at"),
    _instant("changed_at"),
    sa.Column("choices", ChoicesJson, nullable=False, server_default="{}"),
    _instant("archived_at", nullable=True),
)

staff = sa.Table(
    "staff",
    metadata,
    _studio(),
    _id(),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("role", word(Role, "role"), nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    _instant("created_at"),
    _instant("changed_at"),
    sa.UniqueConstraint("studio_id", "account_id"),
    sa.Index(None, "account_id"),
)

clients = sa.Table(
    "clients",
    metadata,
    _studio(),
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    _instant("created_at"),
    _instant("changed_at"),
    _instant("archived_at", nullable=True),
    sa.Index(None, "studio_id", "name", "id"),
)

client_accounts = sa.Table(
    "client_accounts",
    metadata,
    _studio(to_studios=False),
    sa.Column("client_id", sa.Uuid, primary_key=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _reference(None, ["client_id"], "clients", ["id"]),
    sa.Index(None, "account_id"),
    comment="The directory of which account manages which clients where.",
)

courses = sa.Table(
    "courses",
    metadata,
    _studio(),
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("whole_course_price", sa.Integer),
    sa.Column("single_session_price", sa.Integer),
    sa.Column("accepts_make_ups", sa.Boolean, nullable=False),
    _instant("created_at"),
    _instant("changed_at"),
    sa.Column("category", sa.Text),
    sa.Column("choices", ChoicesJson, nullable=False, server_default="{}"),
    _instant("archived_at", nullable=True),
    sa.CheckConstraint("whole_course_price IS NOT NULL OR single_session_price IS NOT NULL", name="is_sold_somehow"),
    sa.CheckConstraint("whole_course_price >= 0 AND single_session_price >= 0", name="prices_not_negative"),
    sa.Index(None, "studio_id", "name", "id"),
    sa.Index(None, "studio_id", "category", "name", "id"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _studio(),
    _id(),
    sa.Column("course_id", sa.Uuid),
    sa.Column("name", sa.Text, nullable=False),
    _instant("starts_at"),
    _instant("ends_at"),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
    sa.Column("price", sa.Integer),
    sa.Column("accepts_make_ups", sa.Boolean),
    sa.Column("instructor_id", sa.Uuid),
    sa.Column("status", word(SessionStatus, "status"), nullable=False),
    _instant("created_at"),
    _instant("changed_at"),
    sa.Column("category", sa.Text),
    sa.Column("choices", ChoicesJson, nullable=False, server_default="{}"),
    sa.Column("make_ups", sa.Integer, nullable=False, server_default="0"),
    sa.Column("most_ordinary", sa.Integer, nullable=False, server_default="0"),
    sa.Column("extra_make_up_seats", sa.Integer, nullable=False, server_default="0"),
    _instant("archived_at", nullable=True),
    _reference(None, ["course_id"], "courses", ["id"]),
    _reference(None, ["instructor_id"], "staff", ["id"]),
    sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    sa.CheckConstraint("capacity >= 1", name="has_a_seat"),
    sa.CheckConstraint("taken >= 0 AND taken <= capacity + extra_make_up_seats", name="seats_not_oversold"),
    sa.CheckConstraint("make_ups >= 0 AND make_ups <= taken", name="make_ups_among_taken"),
    sa.CheckConstraint("most_ordinary >= taken - make_ups", name="most_ordinary_ever"),
    sa.CheckConstraint("extra_make_up_seats >= 0", name="extra_seats_not_negative"),
    sa.CheckConstraint("price >= 0", name="price_not_negative"),
    sa.CheckConstraint("course_id IS NULL OR price IS NULL", name="price_of_one_time_class"),
    sa.CheckConstraint("course_id IS NULL OR category IS NULL", name="category_of_one_time_class"),
    sa.CheckConstraint("course_id IS NOT NULL OR accepts_make_ups IS NOT NULL", name="make_ups_decided"),
    sa.CheckConstraint("course_id IS NOT NULL OR name <> ''", name="called_somehow"),
    sa.CheckConstraint("archived_at IS NULL OR archived_at >= starts_at OR taken = 0", name="archived_when_empty"),
    sa.Index(None, "studio_id", "starts_at", "id"),
    sa.Index(None, "studio_id", "course_id", "starts_at"),
    sa.Index(
        "sessions_of_a_category",
        "studio_id",
        "category",
        postgresql_where=sa.text("category IS NOT NULL"),
        sqlite_where=sa.text("category IS NOT NULL"),
    ),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    _studio(),
    _id(),
    sa.Column("course_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("payment", word(PaymentState, "payment"), nullable=False),
    sa.Column("price", sa.Integer, nullable=False),
    _instant("enrolled_at"),
    _instant("changed_at"),
    _instant("ended_at", nullable=True),
    _reference(None, ["course_id"], "courses", ["id"]),
    _reference(None, ["client_id"], "clients", ["id"]),
    sa.CheckConstraint("ended_at >= enrolled_at", name="ends_after_its_beginning"),
    sa.UniqueConstraint("studio_id", "id", "client_id"),
    sa.Index(
        "enrolments_one_running_a_client",
        "studio_id",
        "course_id",
        "client_id",
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index(None, "studio_id", "client_id"),
)

bookings = sa.Table(
    "bookings",
    metadata,
    _studio(),
    _id(),
    sa.Column("session_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("paid_with", word(PaidWith, "paid_with"), nullable=False),
    sa.Column("enrolment_id", sa.Uuid),
    sa.Column("credit_id", sa.Uuid),
    sa.Column("payment", word(PaymentState, "payment")),
    sa.Column("price", sa.Integer),
    sa.Column("status", word(BookingStatus, "status"), nullable=False),
    _instant("booked_at"),
    _instant("cancelled_at", nullable=True),
    sa.Column("outcome", word(CancellationOutcome, "outcome")),
    sa.Column("why_not_earned", Reasons, nullable=False),
    _instant("changed_at"),
    _reference(None, ["session_id"], "sessions", ["id"]),
    _reference(None, ["client_id"], "clients", ["id"]),
    _reference(None, ["enrolment_id", "client_id"], "enrolments", ["id", "client_id"]),
    _reference("bookings_to_make_up_credits", ["credit_id"], "make_up_credits", ["id"], use_alter=True),
    sa.CheckConstraint("(paid_with = 'ENROLMENT') = (enrolment_id IS NOT NULL)", name="enrolment_when_paid_so"),
    sa.CheckConstraint("(paid_with = 'MAKE_UP') = (credit_id IS NOT NULL)", name="credit_when_paid_so"),
    sa.CheckConstraint("(paid_with = 'ENROLMENT') = (payment IS NULL)", name="payment_stands_once"),
    sa.CheckConstraint("paid_with <> 'MAKE_UP' OR payment = 'PAID'", name="make_up_is_paid"),
    sa.CheckConstraint("(status = 'BOOKED') = (cancelled_at IS NULL)", name="cancelled_at_when_cancelled"),
    sa.CheckConstraint("(status = 'BOOKED') = (outcome IS NULL)", name="outcome_when_cancelled"),
    # What a credit copies of the booking that earned it, so that its foreign key can hold the copy true.
    sa.UniqueConstraint("studio_id", "id", "session_id", "client_id", "paid_with", name="bookings_as_missed"),
    sa.UniqueConstraint("studio_id", "id", "credit_id", name="bookings_as_paid_by_credit"),
    sa.Index(
        "bookings_one_live_seat_a_client",
        "studio_id",
        "session_id",
        "client_id",
        unique=True,
        postgresql_where=sa.text("status = 'BOOKED'"),
        sqlite_where=sa.text("status = 'BOOKED'"),
    ),
    sa.Index(
        "bookings_one_seat_a_credit",
        "studio_id",
        "credit_id",
        unique=True,
        postgresql_where=sa.text("credit_id IS NOT NULL AND status <> 'CANCELLED'"),
        sqlite_where=sa.text("credit_id IS NOT NULL AND status <> 'CANCELLED'"),
    ),
    sa.Index(None, "studio_id", "session_id"),
    sa.Index(None, "studio_id", "client_id"),
    sa.Index(None, "studio_id", "enrolment_id"),
)

make_up_credits = sa.Table(
    "make_up_credits",
    metadata,
    _studio(),
    _id(),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("origin", word(CreditOrigin, "origin"), nullable=False),
    sa.Column("missed_booking_id", sa.Uuid),
    sa.Column("missed_session_id", sa.Uuid),
    sa.Column("missed_paid_with", word(PaidWith, "missed_paid_with")),
    _instant("issued_at"),
    _instant("expires_at", nullable=True),
    sa.Column("expires_on", sa.Date),
    sa.Column("worth", sa.Integer),
    sa.Column("reason", word(GrantReason, "reason")),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("state", word(CreditState, "state"), nullable=False),
    sa.Column("booking_id", sa.Uuid),
    _instant("changed_at"),
    sa.Column("category", sa.Text),
    sa.Column("expiry_means", word(ExpiryMeans, "expiry_means"), nullable=False, server_default="BOOK_BY"),
    _instant("redeemable_from", nullable=True),
    _reference(None, ["client_id"], "clients", ["id"]),
    _reference(
        "make_up_credits_to_missed_booking",
        ["missed_booking_id", "missed_session_id", "client_id", "missed_paid_with"],
        "bookings",
        ["id", "session_id", "client_id", "paid_with"],
    ),
    _reference("make_up_credits_to_paid_booking", ["booking_id", "id"], "bookings", ["id", "credit_id"]),
    sa.CheckConstraint("missed_paid_with <> 'MAKE_UP'", name="not_born_from_a_make_up"),
    sa.CheckConstraint(
        "(origin = 'CANCELLATION') = (missed_booking_id IS NOT NULL)"
        " AND (missed_booking_id IS NULL) = (missed_session_id IS NULL)"
        " AND (missed_booking_id IS NULL) = (missed_paid_with IS NULL)",
        name="missed_booking_when_earned",
    ),
    sa.CheckConstraint("(origin = 'GRANT') = (reason IS NOT NULL)", name="reason_when_granted"),
    sa.CheckConstraint("(expires_at IS NULL) = (expires_on IS NULL)", name="expiry_in_both_forms"),
    sa.CheckConstraint("expires_at > issued_at", name="expires_after_issue"),
    sa.CheckConstraint("worth >= 0", name="worth_not_negative"),
    sa.CheckConstraint("(state = 'USED') = (booking_id IS NOT NULL)", name="booking_when_used"),
    sa.Index(
        "make_up_credits_one_a_missed_booking",
        "studio_id",
        "missed_booking_id",
        unique=True,
        postgresql_where=sa.text("state NOT IN ('UNDONE', 'REVOKED')"),
        sqlite_where=sa.text("state NOT IN ('UNDONE', 'REVOKED')"),
    ),
    sa.Index(None, "studio_id", "booking_id", unique=True),
    sa.Index(None, "studio_id", "client_id", "expires_at", "id"),
)

events = sa.Table(
    "events",
    metadata,
    _studio(),
    _id(),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("actor_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    _instant("at"),
    sa.Column("course_id", sa.Uuid),
    sa.Column("session_id", sa.Uuid),
    sa.Column("client_id", sa.Uuid),
    sa.Column("enrolment_id", sa.Uuid),
    sa.Column("booking_id", sa.Uuid),
    sa.Column("credit_id", sa.Uuid),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Index(
        "events_of_a_credit",
        "studio_id",
        "credit_id",
        "at",
        "id",
        postgresql_where=sa.text("credit_id IS NOT NULL"),
        sqlite_where=sa.text("credit_id IS NOT NULL"),
    ),
    comment="What happened, in the order of (at, id). Append-only: triggers refuse every change.",
)


def _key_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("mutation", sa.String(60), primary_key=True),
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True)),
        _instant("used_at"),
    )


idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    _studio(to_studios=False),
    sa.Column("account_id", sa.Uuid, primary_key=True),
    *_key_columns(),
    sa.Index(None, "used_at"),
)

account_idempotency_keys = sa.Table(
    "account_idempotency_keys",
    metadata,
    sa.Column("holder_id", sa.Uuid, primary_key=True),
    *_key_columns(),
    sa.Index(None, "used_at"),
    comment="Keys of acts outside of any studio, by account; of signing up, by a hash of the e-mail.",
)

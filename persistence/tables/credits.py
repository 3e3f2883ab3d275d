"""Make-up credits."""

import sqlalchemy as sa

from domain.nouns.booking import PaidWith
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason
from domain.nouns.policy import ExpiryMeans
from persistence.tables.columns import instant, metadata, own_id, reference, studio_id, where
from persistence.types import word

make_up_credits = sa.Table(
    "make_up_credits",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("origin", word(CreditOrigin, "origin"), nullable=False),
    sa.Column("missed_booking_id", sa.Uuid),
    sa.Column("missed_session_id", sa.Uuid),
    sa.Column("missed_paid_with", word(PaidWith, "missed_paid_with")),
    instant("issued_at"),
    instant("expires_at", nullable=True),
    sa.Column("expires_on", sa.Date),
    sa.Column("worth", sa.Integer),
    sa.Column("reason", word(GrantReason, "reason")),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("state", word(CreditState, "state"), nullable=False),
    sa.Column("booking_id", sa.Uuid),
    instant("changed_at"),
    sa.Column("category", sa.Text),
    sa.Column("expiry_means", word(ExpiryMeans, "expiry_means"), nullable=False, server_default="BOOK_BY"),
    instant("redeemable_from", nullable=True),
    instant("expiry_written", nullable=True),
    instant("held_until", nullable=True),
    instant("own_expires_at", nullable=True),
    sa.Column("own_expires_on", sa.Date),
    sa.Column("grace_hours", sa.Integer),
    instant("grace_until", nullable=True),
    reference(None, ["client_id"], "clients", ["id"]),
    reference(
        "make_up_credits_to_missed_booking",
        ["missed_booking_id", "missed_session_id", "client_id", "missed_paid_with"],
        "bookings",
        ["id", "session_id", "client_id", "paid_with"],
    ),
    reference("make_up_credits_to_paid_booking", ["booking_id", "id"], "bookings", ["id", "credit_id"]),
    sa.CheckConstraint("missed_paid_with <> 'MAKE_UP'", name="not_born_from_a_make_up"),
    sa.CheckConstraint(
        "(origin <> 'GRANT') = (missed_booking_id IS NOT NULL)"
        " AND (missed_booking_id IS NULL) = (missed_session_id IS NULL)"
        " AND (missed_booking_id IS NULL) = (missed_paid_with IS NULL)",
        name="missed_booking_when_earned",
    ),
    sa.CheckConstraint("(origin = 'GRANT') = (reason IS NOT NULL)", name="reason_when_granted"),
    sa.CheckConstraint("(expires_at IS NULL) = (expires_on IS NULL)", name="expiry_in_both_forms"),
    sa.CheckConstraint("expires_at > issued_at", name="expires_after_issue"),
    sa.CheckConstraint("worth >= 0", name="worth_not_negative"),
    sa.CheckConstraint("(state IN ('USED', 'FORFEITED')) = (booking_id IS NOT NULL)", name="booking_when_used"),
    sa.CheckConstraint(
        "(state = 'HELD') = (held_until IS NOT NULL) AND (state = 'HELD') = (grace_hours IS NOT NULL)",
        name="hold_when_held",
    ),
    sa.CheckConstraint(
        "(own_expires_at IS NULL) = (own_expires_on IS NULL) AND (state = 'HELD' OR own_expires_at IS NULL)",
        name="own_expiry_when_held",
    ),
    sa.Index(
        "make_up_credits_one_a_missed_booking",
        "studio_id",
        "missed_booking_id",
        unique=True,
        **where("state NOT IN ('UNDONE', 'REVOKED')"),
    ),
    # The unique one above serves only whoever asks for what counts: SQLite does not see that a parameter says so.
    sa.Index(None, "studio_id", "missed_booking_id"),
    sa.Index(None, "studio_id", "missed_session_id"),
    sa.Index(None, "studio_id", "booking_id", unique=True),
    sa.Index(None, "studio_id", "client_id", "expires_at", "id"),
    sa.Index(
        "make_up_credits_to_expire",
        "studio_id",
        "expires_at",
        "id",
        **where("state = 'ACTIVE' AND (expiry_written IS NULL OR expiry_written <> expires_at)"),
    ),
    sa.Index("make_up_credits_held", "studio_id", "held_until", "id", **where("state = 'HELD'")),
)

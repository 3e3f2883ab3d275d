"""Waiting lists: who waits for a seat, and who waited."""

import sqlalchemy as sa

from domain.nouns.waitlist import WaitlistState
from persistence.tables.columns import instant, metadata, own_id, reference, studio_id, where
from persistence.types import word

waitlist_entries = sa.Table(
    "waitlist_entries",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("session_id", sa.Uuid, nullable=False),
    sa.Column("client_id", sa.Uuid, nullable=False),
    sa.Column("credit_id", sa.Uuid),
    instant("joined_at"),
    sa.Column("state", word(WaitlistState, "state"), nullable=False),
    instant("ended_at", nullable=True),
    sa.Column("booking_id", sa.Uuid),
    instant("changed_at"),
    reference(None, ["session_id"], "sessions", ["id"]),
    reference(None, ["client_id"], "clients", ["id"]),
    reference(None, ["credit_id"], "make_up_credits", ["id"]),
    reference(None, ["booking_id"], "bookings", ["id"]),
    sa.CheckConstraint("(state = 'WAITING') = (ended_at IS NULL)", name="ended_when_over"),
    sa.CheckConstraint("(state = 'SEATED') = (booking_id IS NOT NULL)", name="booking_when_seated"),
    sa.CheckConstraint("ended_at >= joined_at", name="ends_after_its_beginning"),
    sa.Index(
        "waitlist_entries_one_live_a_client",
        "studio_id",
        "session_id",
        "client_id",
        unique=True,
        **where("state = 'WAITING'"),
    ),
    sa.Index(
        "waitlist_entries_of_a_held_credit",
        "studio_id",
        "credit_id",
        "session_id",
        unique=True,
        **where("state = 'WAITING' AND credit_id IS NOT NULL"),
    ),
    sa.Index(None, "studio_id", "session_id", "joined_at", "id"),
    sa.Index(None, "studio_id", "client_id"),
)

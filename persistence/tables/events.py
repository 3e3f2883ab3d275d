"""What happened, and who did it; nobody did what time brings."""

import sqlalchemy as sa

from persistence.tables.columns import instant, metadata, own_id, studio_id, where

events = sa.Table(
    "events",
    metadata,
    studio_id(),
    own_id(),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("actor_id", sa.Uuid, sa.ForeignKey("accounts.id")),
    instant("at"),
    sa.Column("course_id", sa.Uuid),
    sa.Column("session_id", sa.Uuid),
    sa.Column("client_id", sa.Uuid),
    sa.Column("enrolment_id", sa.Uuid),
    sa.Column("booking_id", sa.Uuid),
    sa.Column("credit_id", sa.Uuid),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Index("events_of_a_credit", "studio_id", "credit_id", "at", "id", **where("credit_id IS NOT NULL")),
    sa.Index("events_of_a_session", "studio_id", "session_id", "at", "id", **where("session_id IS NOT NULL")),
    sa.Index("events_of_a_client", "studio_id", "client_id", "at", "id", **where("client_id IS NOT NULL")),
    # Those of the studio itself and of its staff stand there too, under no course.
    sa.Index(
        "events_of_a_course",
        "studio_id",
        "course_id",
        "at",
        "id",
        **where("session_id IS NULL AND client_id IS NULL"),
    ),
    # Which bookings ended with a session stands in its line, and a session is cancelled once.
    sa.Index(
        "events_of_cancelled_sessions",
        "studio_id",
        "session_id",
        unique=True,
        **where("kind = 'SESSION_CANCELLED'"),
    ),
    sa.Index(None, "studio_id", "at", "id"),
    sa.Index(None, "studio_id", "actor_id", "at", "id"),
    comment="What happened, in the order of (at, id). Append-only: triggers refuse every change.",
)

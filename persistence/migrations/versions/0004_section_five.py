"""Sessions are moved and cancelled, attendance is marked, and credits stem from more, and are lost."""

import sqlalchemy as sa
from alembic import op

from persistence.migrations.rebuilding import adding, rebuild

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ORIGINS = ("CANCELLATION", "GRANT"), ("CANCELLATION", "STUDIO_CANCELLATION", "EXCUSED_ABSENCE", "GRANT")
_CREDITS = {
    "origin": tuple(f"origin IN ({', '.join(map(repr, words))})" for words in _ORIGINS),
    "missed_booking_when_earned": tuple(
        f"(origin {test}) = (missed_booking_id IS NOT NULL)"
        " AND (missed_booking_id IS NULL) = (missed_session_id IS NULL)"
        " AND (missed_booking_id IS NULL) = (missed_paid_with IS NULL)"
        for test in ("= 'CANCELLATION'", "<> 'GRANT'")
    ),
    "booking_when_used": (
        "(state = 'USED') = (booking_id IS NOT NULL)",
        "(state IN ('USED', 'FORFEITED')) = (booking_id IS NOT NULL)",
    ),
}
_EMPTY = "status <> 'CANCELLED' OR taken = 0"
_ATTENDANCE = "attendance IN ('ATTENDED', 'ABSENT', 'EXCUSED', 'NO_SHOW')"
_MARKED = "(attendance IS NULL) = (marked_at IS NULL) AND (attendance IS NULL) = (marked_by IS NULL)"


def upgrade() -> None:
    once = sa.text("kind = 'SESSION_CANCELLED'")
    columns = ["studio_id", "session_id"]
    op.create_index(
        "events_of_cancelled_sessions", "events", columns, unique=True, sqlite_where=once, postgresql_where=once
    )
    if op.get_bind().dialect.name == "sqlite":
        empty = f"CONSTRAINT sessions_cancelled_when_empty CHECK ({_EMPTY})"
        rebuild("sessions", adding("moved_at BIGINT", empty))
        rebuild(
            "bookings",
            adding(
                "attendance VARCHAR(40)",
                "marked_at BIGINT",
                "marked_by CHAR(32)",
                f"CONSTRAINT bookings_attendance CHECK ({_ATTENDANCE})",
                f"CONSTRAINT bookings_marked_by_somebody CHECK ({_MARKED})",
                "CONSTRAINT bookings_to_accounts FOREIGN KEY(marked_by) REFERENCES accounts (id)",
            ),
        )
        rebuild("make_up_credits", _other_guards)
        return
    op.add_column("sessions", sa.Column("moved_at", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f("sessions_cancelled_when_empty"), "sessions", _EMPTY)
    op.add_column("bookings", sa.Column("attendance", sa.String(length=40), nullable=True))
    op.add_column("bookings", sa.Column("marked_at", sa.BigInteger(), nullable=True))
    op.add_column("bookings", sa.Column("marked_by", sa.Uuid(), nullable=True))
    op.create_check_constraint(op.f("bookings_attendance"), "bookings", _ATTENDANCE)
    op.create_check_constraint(op.f("bookings_marked_by_somebody"), "bookings", _MARKED)
    op.create_foreign_key("bookings_to_accounts", "bookings", "accounts", ["marked_by"], ["id"])
    for name, (_, guard) in _CREDITS.items():
        op.drop_constraint(f"make_up_credits_{name}", "make_up_credits")
        op.create_check_constraint(op.f(f"make_up_credits_{name}"), "make_up_credits", guard)


def _other_guards(create: str) -> str:
    for before, after in _CREDITS.values():
        if before not in create:
            raise RuntimeError(f"no such guard: {before}")
        create = create.replace(before, after)
    return create

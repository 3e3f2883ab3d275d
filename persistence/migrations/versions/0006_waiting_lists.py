"""Waiting lists: places on them, seats that are kept for them, and credits that are held meanwhile."""

import sqlalchemy as sa
from alembic import op

from persistence.migrations.rebuilding import adding, rebuild

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LATE = "freed_late >= 0"
_HOLD = "(state = 'HELD') = (held_until IS NOT NULL) AND (state = 'HELD') = (grace_hours IS NOT NULL)"
_OWN = "(own_expires_at IS NULL) = (own_expires_on IS NULL) AND (state = 'HELD' OR own_expires_at IS NULL)"
_STATES = ("WAITING", "SEATED", "LEFT", "GIVEN_UP", "ENDED")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        late = f"CONSTRAINT sessions_freed_late_not_negative CHECK ({_LATE})"
        rebuild("sessions", adding("freed_late INTEGER DEFAULT '0' NOT NULL", late))
        rebuild(
            "make_up_credits",
            adding(
                "held_until BIGINT",
                "own_expires_at BIGINT",
                "own_expires_on DATE",
                "grace_hours INTEGER",
                "grace_until BIGINT",
                f"CONSTRAINT make_up_credits_hold_when_held CHECK ({_HOLD})",
                f"CONSTRAINT make_up_credits_own_expiry_when_held CHECK ({_OWN})",
            ),
        )
    else:
        op.add_column("sessions", sa.Column("freed_late", sa.Integer(), nullable=False, server_default="0"))
        op.create_check_constraint(op.f("sessions_freed_late_not_negative"), "sessions", _LATE)
        for name, of in (
            ("held_until", sa.BigInteger()),
            ("own_expires_at", sa.BigInteger()),
            ("own_expires_on", sa.Date()),
            ("grace_hours", sa.Integer()),
            ("grace_until", sa.BigInteger()),
        ):
            op.add_column("make_up_credits", sa.Column(name, of, nullable=True))
        op.create_check_constraint(op.f("make_up_credits_hold_when_held"), "make_up_credits", _HOLD)
        op.create_check_constraint(op.f("make_up_credits_own_expiry_when_held"), "make_up_credits", _OWN)
    _index("sessions_with_offers", "sessions", ["studio_id", "starts_at"], "freed_late > 0")
    _index("make_up_credits_held", "make_up_credits", ["studio_id", "held_until", "id"], "state = 'HELD'")
    _make_waitlist_entries()


def _index(name: str, table: str, columns: list[str], condition: str, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, postgresql_where=where, sqlite_where=where)


def _make_waitlist_entries() -> None:
    op.create_table(
        "waitlist_entries",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("credit_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, _STATES))})", name=op.f("waitlist_entries_state")),
        sa.CheckConstraint("(state = 'WAITING') = (ended_at IS NULL)", name=op.f("waitlist_entries_ended_when_over")),
        sa.CheckConstraint(
            "(state = 'SEATED') = (booking_id IS NOT NULL)", name=op.f("waitlist_entries_booking_when_seated")
        ),
        sa.CheckConstraint("ended_at >= joined_at", name=op.f("waitlist_entries_ends_after_its_beginning")),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name="waitlist_entries_to_studios"),
        *(
            sa.ForeignKeyConstraint(
                ["studio_id", f"{one}_id"], [f"{table}.studio_id", f"{table}.id"], name=f"waitlist_entries_to_{table}"
            )
            for one, table in (
                ("session", "sessions"),
                ("client", "clients"),
                ("credit", "make_up_credits"),
                ("booking", "bookings"),
            )
        ),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("waitlist_entries_key")),
    )
    table, waiting = "waitlist_entries", "state = 'WAITING'"
    _index(f"{table}_one_live_a_client", table, ["studio_id", "session_id", "client_id"], waiting, unique=True)
    of_credit = f"{waiting} AND credit_id IS NOT NULL"
    _index(f"{table}_of_a_held_credit", table, ["studio_id", "credit_id", "session_id"], of_credit, unique=True)
    by_joining = ["studio_id", "session_id", "joined_at", "id"]
    op.create_index(f"{table}_by_{'_'.join(by_joining)}", table, by_joining)
    op.create_index(f"{table}_by_studio_id_client_id", table, ["studio_id", "client_id"])

"""Staff are invited and leave, accounts and clients are erased.

And history is read by time, by who acted, and by what it concerned.
"""

import sqlalchemy as sa
from alembic import op

from persistence.migrations.rebuilding import adding, rebuild

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NOTHING_LEFT = (
    "(deleted_at IS NULL) = (email IS NOT NULL) AND (deleted_at IS NULL OR (name = '' AND password_hash = ''))"
)
_REMOVED = "removed_at >= created_at"
_ROLES = ("OWNER", "MANAGER", "INSTRUCTOR")
_STATES = ("OPEN", "ACCEPTED", "WITHDRAWN", "EXPIRED")
_ON_STAFF = sa.text("removed_at IS NULL")
_OPEN = sa.text("state = 'OPEN'")
_CONCERNING = {
    "session": "session_id IS NOT NULL",
    "client": "client_id IS NOT NULL",
    "course": "session_id IS NULL AND client_id IS NULL",
}
_ONE_AN_ACCOUNT = "CONSTRAINT staff_unique_studio_id_account_id UNIQUE (studio_id, account_id)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild("accounts", _without_email)
        rebuild("staff", _removable)
        rebuild("clients", adding("erased_at BIGINT"))
    else:
        op.alter_column("accounts", "email", nullable=True)
        op.add_column("accounts", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
        op.create_check_constraint(op.f("accounts_nothing_left_when_deleted"), "accounts", _NOTHING_LEFT)
        op.drop_constraint("staff_unique_studio_id_account_id", "staff")
        op.add_column("staff", sa.Column("removed_at", sa.BigInteger(), nullable=True))
        op.create_check_constraint(op.f("staff_removed_after_the_beginning"), "staff", _REMOVED)
        op.add_column("clients", sa.Column("erased_at", sa.BigInteger(), nullable=True))
        op.create_table_comment("accounts", "What is left of a deleted one says only that somebody acted.")
    op.create_index(
        "staff_one_an_account",
        "staff",
        ["studio_id", "account_id"],
        unique=True,
        postgresql_where=_ON_STAFF,
        sqlite_where=_ON_STAFF,
    )
    _make_invitations()
    for column in ((), ("actor_id",)):
        columns = ["studio_id", *column, "at", "id"]
        op.create_index(f"events_by_{'_'.join(columns)}", "events", columns)
    for noun, condition in _CONCERNING.items():
        where = sa.text(condition)
        columns = ["studio_id", f"{noun}_id", "at", "id"]
        op.create_index(f"events_of_a_{noun}", "events", columns, postgresql_where=where, sqlite_where=where)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _without_email(create: str) -> str:
    return adding("deleted_at BIGINT", f"CONSTRAINT accounts_nothing_left_when_deleted CHECK ({_NOTHING_LEFT})")(
        _changed(create, "email TEXT NOT NULL", "email TEXT")
    )


def _removable(create: str) -> str:
    guard = f"CONSTRAINT staff_removed_after_the_beginning CHECK ({_REMOVED})"
    return _changed(adding("removed_at BIGINT")(create), _ONE_AN_ACCOUNT, guard)


def _changed(create: str, before: str, after: str) -> str:
    if before not in create:
        raise RuntimeError(f"not there: {before}")
    return create.replace(before, after)


def _make_invitations() -> None:
    op.create_table(
        "staff_invitations",
        sa.Column("studio_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"role IN ({', '.join(map(repr, _ROLES))})", name=op.f("staff_invitations_role")),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, _STATES))})", name=op.f("staff_invitations_state")),
        sa.CheckConstraint("(state = 'OPEN') = (email IS NOT NULL)", name=op.f("staff_invitations_email_while_open")),
        sa.CheckConstraint(
            "(state = 'ACCEPTED') = (staff_id IS NOT NULL)", name=op.f("staff_invitations_staff_when_accepted")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studios.id"], name=op.f("staff_invitations_to_studios")),
        sa.ForeignKeyConstraint(
            ["studio_id", "staff_id"], ["staff.studio_id", "staff.id"], name=op.f("staff_invitations_to_staff")
        ),
        sa.PrimaryKeyConstraint("studio_id", "id", name=op.f("staff_invitations_key")),
    )
    op.create_index(
        "staff_invitations_one_open_an_email",
        "staff_invitations",
        ["studio_id", "email"],
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_index("staff_invitations_by_email", "staff_invitations", ["email"])


_WORDS = "note", "override", "before.name", "after.name"
_REFUSAL = "events are append-only"
_THE_REST = (
    *("studio_id", "id", "kind", "actor_id", "at"),
    *("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id"),
)
_APPEND_ONLY = {
    "sqlite": (
        "DROP TRIGGER events_no_update",
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events WHEN NOT ("
        + "".join(f"NEW.{name} IS OLD.{name} AND " for name in _THE_REST)
        + f"NEW.data = json_remove(OLD.data, {', '.join(repr(f'$.{path}') for path in _WORDS)}))"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'UPDATE' THEN IF to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data' AND NEW.data::jsonb = "
        + "OLD.data::jsonb"
        + "".join(f" #- ARRAY{path.split('.')!r}" for path in _WORDS)
        + f" THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '{_REFUSAL}'; END $$",
    ),
}

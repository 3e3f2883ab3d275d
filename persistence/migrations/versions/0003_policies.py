"""Courses and sessions decide too; credits carry all their terms; seats are counted by what paid them."""

import sqlalchemy as sa
from alembic import op

from persistence.migrations.rebuilding import adding, rebuild

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SEATS = {
    "seats_not_oversold": "taken >= 0 AND taken <= capacity + extra_make_up_seats",
    "make_ups_among_taken": "make_ups >= 0 AND make_ups <= taken",
    "most_ordinary_ever": "most_ordinary >= taken - make_ups",
    "extra_seats_not_negative": "extra_make_up_seats >= 0",
}
_OF_MANAGING = {
    "sessions": {
        "called_somehow": "course_id IS NOT NULL OR name <> ''",
        "archived_when_empty": "archived_at IS NULL OR archived_at >= starts_at OR taken = 0",
    },
    "enrolments": {"ends_after_its_beginning": "ended_at >= enrolled_at"},
}
_EXPIRY_MEANS = "expiry_means IN ('BOOK_BY', 'ATTEND_BY')"

# The most ordinary bookings of a session that were live at once, from when each was made and given up.
_COUNT_SEATS = """
UPDATE sessions SET make_ups = counted.make_ups, most_ordinary = counted.most_ordinary FROM (
  SELECT studio_id, session_id, max(make_ups) AS make_ups, max(ordinary) AS most_ordinary FROM (
    SELECT studio_id, session_id,
      sum(CASE WHEN paid_with <> 'MAKE_UP' THEN change ELSE 0 END) OVER so_far AS ordinary,
      sum(CASE WHEN paid_with = 'MAKE_UP' THEN change ELSE 0 END) OVER of_session AS make_ups
    FROM (
      SELECT studio_id, session_id, paid_with, booked_at AS at, 1 AS change FROM bookings
      UNION ALL
      SELECT studio_id, session_id, paid_with, cancelled_at, -1 FROM bookings WHERE cancelled_at IS NOT NULL
    ) AS changes
    WINDOW of_session AS (PARTITION BY studio_id, session_id),
      so_far AS (PARTITION BY studio_id, session_id ORDER BY at, change)
  ) AS running GROUP BY studio_id, session_id
) AS counted WHERE counted.studio_id = sessions.studio_id AND counted.session_id = sessions.id
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("studios", "clients", "courses", "sessions"):
        if table != "clients":
            op.add_column(table, sa.Column("choices", sa.JSON(), server_default="{}", nullable=False))
        if table == "sessions":
            for name in ("make_ups", "most_ordinary", "extra_make_up_seats"):
                op.add_column(table, sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        op.add_column(table, sa.Column("archived_at", sa.BigInteger(), nullable=True))
    op.add_column("enrolments", sa.Column("ended_at", sa.BigInteger(), nullable=True))

    op.execute("UPDATE studios SET choices = policy")
    op.drop_column("studios", "policy")
    for value, decided in (("true", "make_ups_enabled"), ("false", "NOT make_ups_enabled")):
        op.execute(f"""UPDATE courses SET choices = '{{"make_ups_enabled": {value}}}' WHERE {decided}""")
    op.drop_column("courses", "make_ups_enabled")
    op.execute(_COUNT_SEATS)

    if sqlite:
        guards = tuple(f"CONSTRAINT sessions_{name} CHECK ({guard})" for name, guard in _SEATS.items())
        old = "CONSTRAINT sessions_seats_not_oversold CHECK (taken >= 0 AND taken <= capacity)"
        rebuild("sessions", lambda create: adding(*guards)(_without(create, old)))
        rebuild(
            "enrolments",
            lambda create: _without(
                create,
                "CONSTRAINT enrolments_unique_studio_id_course_id_client_id UNIQUE (studio_id, course_id, client_id)",
            ),
        )
        rebuild(
            "make_up_credits",
            adding(
                "category TEXT",
                "expiry_means VARCHAR(40) DEFAULT 'BOOK_BY' NOT NULL",
                "redeemable_from BIGINT",
                f"CONSTRAINT make_up_credits_expiry_means CHECK ({_EXPIRY_MEANS})",
            ),
        )
    else:
        op.drop_constraint("sessions_seats_not_oversold", "sessions")
        for name, guard in _SEATS.items():
            op.create_check_constraint(op.f(f"sessions_{name}"), "sessions", guard)
        op.drop_constraint("enrolments_unique_studio_id_course_id_client_id", "enrolments")
        op.add_column("make_up_credits", sa.Column("category", sa.Text(), nullable=True))
        op.add_column(
            "make_up_credits",
            sa.Column("expiry_means", sa.String(length=40), server_default="BOOK_BY", nullable=False),
        )
        op.add_column("make_up_credits", sa.Column("redeemable_from", sa.BigInteger(), nullable=True))
        op.create_check_constraint(op.f("make_up_credits_expiry_means"), "make_up_credits", _EXPIRY_MEANS)
    # A session that was called as its course is has no name of its own any more, and follows the course's.
    op.execute("""UPDATE sessions SET name = '' WHERE name = (
        SELECT name FROM courses WHERE courses.studio_id = sessions.studio_id AND courses.id = sessions.course_id
    )""")
    for table, guards in _OF_MANAGING.items():
        if sqlite:
            rebuild(table, adding(*(f"CONSTRAINT {table}_{name} CHECK ({guard})" for name, guard in guards.items())))
        else:
            for name, guard in guards.items():
                op.create_check_constraint(op.f(f"{table}_{name}"), table, guard)

    running = sa.text("ended_at IS NULL")
    op.create_index(
        "enrolments_one_running_a_client",
        "enrolments",
        ["studio_id", "course_id", "client_id"],
        unique=True,
        postgresql_where=running,
        sqlite_where=running,
    )


def _without(create: str, clause: str) -> str:
    left, found, right = create.partition(f"{clause}, ")
    if not found:
        raise RuntimeError(f"no such clause: {clause}")
    return left + right

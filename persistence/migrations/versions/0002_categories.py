"""Courses and one-time classes may have a category."""

import sqlalchemy as sa
from alembic import op

from persistence.migrations.rebuilding import adding, rebuild

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("courses", sa.Column("category", sa.Text(), nullable=True))
    op.create_index(
        op.f("courses_by_studio_id_category_name_id"), "courses", ["studio_id", "category", "name", "id"], unique=False
    )
    of_one_time_class = "course_id IS NULL OR category IS NULL"
    if op.get_bind().dialect.name == "sqlite":
        guard = f"CONSTRAINT sessions_category_of_one_time_class CHECK ({of_one_time_class})"
        rebuild("sessions", adding("category TEXT", guard))
    else:
        op.add_column("sessions", sa.Column("category", sa.Text(), nullable=True))
        op.create_check_constraint(op.f("sessions_category_of_one_time_class"), "sessions", of_one_time_class)
    op.create_index(
        "sessions_of_a_category",
        "sessions",
        ["studio_id", "category"],
        unique=False,
        postgresql_where=sa.text("category IS NOT NULL"),
        sqlite_where=sa.text("category IS NOT NULL"),
    )

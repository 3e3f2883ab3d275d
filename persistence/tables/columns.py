"""What the tables share: how constraints are named, and the columns that nearly every table has."""

from typing import Any

import sqlalchemy as sa

from persistence.types import Instant

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_key",
        "uq": "%(table_name)s_unique_%(column_0_N_name)s",
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "fk": "%(table_name)s_to_%(referred_table_name)s",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)


def studio_id(*, to_studios: bool = True) -> sa.Column[int]:
    studios = (sa.ForeignKey("studios.id"),) if to_studios else ()
    return sa.Column("studio_id", sa.Integer, *studios, primary_key=True, autoincrement=False)


def own_id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=nullable)


def reference(
    name: str | None, columns: list[str], table: str, keys: list[str], *, use_alter: bool = False
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["studio_id", *columns],
        [f"{table}.{key}" for key in ("studio_id", *keys)],
        name=name,
        use_alter=use_alter,
    )


def where(condition: str) -> dict[str, Any]:
    """Of an index of some of the rows."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}

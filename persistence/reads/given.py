"""Values that a request gives, as a table: one parameter, so that a statement has the same text for any number."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from persistence.types import microseconds

Types = Mapping[str, sa.types.TypeEngine[Any]]


def table_of(rows: Iterable[Mapping[str, object]], types: Types) -> sa.CTE:
    """With a column of each name in `types`."""
    given = {str(n): {name: _json(row[name]) for name in types} for n, row in enumerate(rows)}
    # Both databases have this function, with these names.
    each = sa.func.json_each(sa.literal(given, sa.JSON)).table_valued(sa.column("value", sa.JSON)).c.value
    columns = (sa.cast(each[name].as_string(), type_).label(name) for name, type_ in types.items())
    return read_once(sa.select(*columns))


def read_once(select: sa.Select[*tuple[Any, ...]]) -> sa.CTE:
    """Worked out once for the whole statement, not once for each row that asks for it."""
    return select.cte().prefix_with("MATERIALIZED")


def _json(value: object) -> object:
    match value:
        case datetime():
            return microseconds(value)
        case UUID():
            return value.hex
        case _:
            return value

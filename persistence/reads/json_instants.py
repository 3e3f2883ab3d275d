"""Instants in the data of events, to compare with those in columns."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from persistence.types import Instant


class instant_in(GenericFunction[Any]):
    """Of the text that `datetime.isoformat()` makes of an instant in UTC; null of null."""

    type = Instant()
    inherit_cache = True


@compiles(instant_in, "postgresql")
def _on_postgresql(element: instant_in, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(EPOCH FROM CAST({text} AS TIMESTAMPTZ)) * 1000000 AS BIGINT)"


@compiles(instant_in, "sqlite")
def _on_sqlite(element: instant_in, compiler: SQLCompiler, **options: Any) -> str:
    # It counts in milliseconds itself: the seconds and what comes after them are read apart. Where nothing does, the
    # offset stands there, which is of no hours.
    text = compiler.process(element.clauses, **options)
    seconds, rest = f"strftime('%s', substr({text}, 1, 19))", f"substr({text}, 21, 6)"
    return f"(CAST({seconds} AS INTEGER) * 1000000 + CAST({rest} AS INTEGER))"

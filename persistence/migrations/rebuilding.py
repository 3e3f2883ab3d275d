"""SQLite cannot change the guards of a table: the table is written anew, whole, and its rows are copied."""

import re
from collections.abc import Callable

from alembic import op


def rebuild(table: str, change: Callable[[str], str]) -> None:
    """`change` is given the CREATE TABLE of a table and answers the new one, which keeps every column. SQLite only.

    Nothing refers to the new table before it has the old one's name, and this connection does not ask for foreign
    keys, so that those of other tables hold again as soon as it does. Migrations check them all at their end.
    """
    connection = op.get_bind()
    rows = connection.exec_driver_sql("SELECT type, sql FROM sqlite_master WHERE tbl_name = ?", (table,)).all()
    (create,) = [sql for kind, sql in rows if kind == "table"]
    hanging_on_it = [sql for kind, sql in rows if kind != "table" and sql is not None]
    columns = ", ".join(f'"{row.name}"' for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
    connection.exec_driver_sql(re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", change(create)))
    connection.exec_driver_sql(f"INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
    for sql in hanging_on_it:
        connection.exec_driver_sql(sql)


def adding(*clauses: str) -> Callable[[str], str]:
    """A change that adds columns and guards. Columns come before guards, whatever the table had before."""

    def change(create: str) -> str:
        head, body = create[: create.index("(") + 1], create[create.index("(") + 1 : create.rindex(")")]
        columns = [clause for clause in clauses if not clause.startswith("CONSTRAINT")]
        guards = [clause for clause in clauses if clause.startswith("CONSTRAINT")]
        first_guard = re.search(r",\s*CONSTRAINT ", body)
        at = len(body.rstrip()) if first_guard is None else first_guard.start()
        return f"{head}{', '.join((body[:at], *columns))}{', '.join((body[at:].rstrip(), *guards))})"

    return change

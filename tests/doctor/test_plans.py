"""Whatever a part is read with is looked up: the time of a round grows with the rows, and not with their square."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.doctor.conftest import NOW
from tests.doctor.damaging import found


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
async def test_no_part_is_sought_through_a_whole_studio(demo_url: str) -> None:
    """But for pages in the order of ids, and for the few who are staff.

    PostgreSQL chooses by how much there is: its plans for a demo say nothing of a large studio.
    """
    sent: dict[str, Sequence[Any]] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Sequence[Any], *_: Any) -> None:
        sent.setdefault(statement, parameters)

    engine = create_async_engine(demo_url, poolclass=NullPool)
    async with engine.connect() as connection:
        event.listen(connection.sync_connection, "before_cursor_execute", note)
        assert await found(connection, NOW, at_once=20) == []
        event.remove(connection.sync_connection, "before_cursor_execute", note)

        asked = {
            statement: given for statement, given in sent.items() if "WHERE" in statement and "LIMIT" not in statement
        }
        assert len(asked) > 15
        for statement, given in asked.items():
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given))).all()
            through = [step.detail for step in plan if step.detail.endswith("(studio_id=?)")]
            few = [step for step in through if " staff" in step or step.startswith("SEARCH studios")]
            assert through == few, statement
    await engine.dispose()

"""Everything of one studio at once, for checking that what must always be true is."""

from uuid import UUID

from domain.credits.ledger import LedgerEntry
from domain.truth.snapshot import Snapshot
from persistence import shapes as s
from persistence.database import Database
from persistence.reads.ledgers import LEDGER_OF_STUDIO, entry_of
from persistence.shapes import Noun, Shape


async def take(database: Database, studio_id: int) -> Snapshot:
    """For studios whose rows fit in memory, such as those of tests."""
    async with database.reading() as connection:

        async def every(shape: Shape[Noun]) -> tuple[Noun, ...]:
            columns = shape.table.c
            select = shape.select().where(columns.studio_id == studio_id).order_by(columns.id)
            return tuple(shape.make(row) for row in await connection.execute(select))

        ledgers: dict[UUID, tuple[LedgerEntry, ...]] = {}
        lines = await connection.execute(LEDGER_OF_STUDIO, {"studio_id": studio_id})
        for row in lines:
            ledgers[row.credit_id] = (*ledgers.get(row.credit_id, ()), entry_of(row))
        return Snapshot(
            sessions=await every(s.SESSION),
            clients=await every(s.CLIENT),
            enrolments=await every(s.ENROLMENT),
            bookings=await every(s.BOOKING),
            credits=await every(s.CREDIT),
            ledgers=ledgers,
            entries=await every(s.ENTRY),
        )

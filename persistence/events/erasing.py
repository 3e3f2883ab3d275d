"""What is taken out of the rows when an account is deleted, so that nothing tells whose they were."""

import sqlalchemy as sa

from domain import events as e
from domain.managing.erasing import CLIENT_NAME, STAFF_NAME
from domain.nouns.history import EventKind
from persistence import tables as t
from persistence.append_only import POSTGRESQL_WITHOUT_WORDS, SQLITE_WITHOUT_WORDS
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.ClientErased, writer: Writer) -> Line:
    client = event.client
    nobody = {"name": CLIENT_NAME, "archived_at": client.archived_at or writer.now, "erased_at": writer.now}
    await writer.update(t.clients, client.id, **nobody)

    def theirs(table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.studio_id == writer.studio_id, table.c.client_id == client.id)

    # Why staff set a deadline aside for them stands also with the credit that paid, be it a sibling's.
    events, seat = t.events.c, t.bookings.c
    of_a_siblings_credit = sa.and_(
        events.studio_id == writer.studio_id,
        events.credit_id.in_(sa.select(seat.credit_id).where(theirs(t.bookings), seat.credit_id.is_not(None))),
        events.booking_id.in_(sa.select(seat.id).where(theirs(t.bookings))),
    )
    wordless = t.events.update().values(_without_words(writer))
    for change in (
        t.client_accounts.delete().where(theirs(t.client_accounts)),
        t.make_up_credits.update().values(note="").where(theirs(t.make_up_credits)),
        wordless.where(theirs(t.events)),
        wordless.where(of_a_siblings_credit),
    ):
        await writer.connection.execute(change)
    return line(EventKind.CLIENT_ERASED, client_id=client.id)


def _without_words(writer: Writer) -> dict[str, sa.ColumnElement[object]]:
    """What the trigger lets pass."""
    on_postgresql = writer.connection.dialect.name == "postgresql"
    words = f"({POSTGRESQL_WITHOUT_WORDS})::json" if on_postgresql else SQLITE_WITHOUT_WORDS
    return {"data": sa.literal_column(words.format("data"))}


@write.register
async def _(event: e.StaffErased, writer: Writer) -> Line:
    staff_id, invitations = event.staff.id, t.staff_invitations
    await writer.update(t.staff, staff_id, display_name=STAFF_NAME)
    joined_with = (invitations.c.studio_id == writer.studio_id, invitations.c.staff_id == staff_id)
    await writer.connection.execute(invitations.update().where(*joined_with).values(display_name=STAFF_NAME))
    return line(EventKind.STAFF_ERASED, {"staffId": staff_id.hex})

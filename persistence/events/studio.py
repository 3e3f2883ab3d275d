"""A studio."""

from domain import events as e
from domain.nouns.history import EventKind
from persistence import tables as t
from persistence.differences import Change, beginning
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.StudioCreated, writer: Writer) -> Line:
    # The studio's row is written by `SqlRegistry.found_studio`, which needs its id before anything else.
    return line(EventKind.STUDIO_CREATED, beginning(event.studio))


@write.register
async def _(event: e.StudioChanged, writer: Writer) -> Line:
    change = Change.of(event.studio, event.after)
    studio = t.studios.update().where(t.studios.c.id == writer.studio_id)
    await writer.connection.execute(studio.values(**change.values, changed_at=writer.now))
    return line(EventKind.STUDIO_CHANGED, change.data)

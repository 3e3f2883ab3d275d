"""Clients, and who manages them."""

from domain import events as e
from domain.nouns.history import EventKind
from persistence import tables as t
from persistence.differences import Change
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.ClientCreated, writer: Writer) -> Line:
    await writer.insert(t.clients, event.client)
    return line(EventKind.CLIENT_CREATED, client_id=event.client.id)


@write.register
async def _(event: e.ClientChanged, writer: Writer) -> Line:
    change = Change.of(event.client, event.after)
    await writer.update(t.clients, event.client.id, **change.values)
    return line(EventKind.CLIENT_CHANGED, change.data, client_id=event.client.id)


@write.register
async def _(event: e.ClientLinked, writer: Writer) -> Line:
    client, links = event.client, t.client_accounts
    of_client = (links.c.studio_id == writer.studio_id, links.c.client_id == client.id)
    await writer.connection.execute(links.delete().where(*of_client))
    await writer.connection.execute(
        links.insert().values(studio_id=writer.studio_id, client_id=client.id, account_id=event.account_id)
    )
    await writer.update(t.clients, client.id)
    before = client.account_id and client.account_id.hex
    return line(EventKind.CLIENT_LINKED, {"before": before, "after": event.account_id.hex}, client_id=client.id)

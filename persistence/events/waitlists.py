"""Waiting lists."""

from collections.abc import Sequence
from dataclasses import replace

from domain import events as e
from domain.nouns.history import EventKind
from domain.replay.plain import plain
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, together, write


@write.register
async def _(event: e.WaitlistJoined, writer: Writer) -> Line:
    entry = event.entry
    await writer.insert(t.waitlist_entries, entry)
    return line(
        EventKind.WAITLIST_JOINED,
        {"entryId": entry.id.hex, "creditId": plain(entry.credit_id)},
        session_id=entry.session_id,
        client_id=entry.client_id,
    )


@together(e.WaitlistEntryEnded)
async def ended(events: Sequence[e.WaitlistEntryEnded], writer: Writer) -> list[Line]:
    # What time has ended has been so since then, whether or not this job wrote it: that is no change of the entry.
    rows = [
        (
            each.entry.id,
            {
                "state": each.state,
                "ended_at": each.at or writer.now,
                "booking_id": each.booking_id,
                "changed_at": writer.now if each.at is None else each.entry.changed_at,
            },
        )
        for each in events
    ]
    await writer.update_all(t.waitlist_entries, rows)
    return [_ended(each) for each in events]


def _ended(event: e.WaitlistEntryEnded) -> Line:
    entry = event.entry
    told = line(
        EventKind[f"WAITLIST_{event.state}"],
        {"entryId": entry.id.hex},
        session_id=entry.session_id,
        client_id=entry.client_id,
        booking_id=event.booking_id,
    )
    return replace(told, at=event.at)


@write.register
async def _(event: e.SeatsOffered, writer: Writer) -> Line:
    session, since = event.session, event.at
    unchanged = {} if since is None else {"changed_at": session.changed_at}
    await writer.update(t.sessions, session.id, freed_late=event.freed_late, **unchanged)
    data = {"before": session.freed_late, "after": event.freed_late}
    return replace(line(EventKind.SEATS_OFFERED, data, session_id=session.id), at=since)

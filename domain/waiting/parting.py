"""Staff archive a client, or another account comes to manage them: what becomes of the places on waiting lists."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.credits.holding import released
from domain.events import CreditReleased, Event, WaitlistEntryEnded
from domain.nouns.client import Client
from domain.nouns.credit import MakeUpCredit
from domain.nouns.waitlist import WaitlistEntry, WaitlistState


@dataclass(frozen=True)
class Waits:
    """A client, and the live entries that are theirs, or another's who waits with a credit of theirs.

    `credits`: the ones that are held for these, and `people`: the client, those who wait, and whose the credits are;
    each by id.
    """

    client: Client
    entries: tuple[WaitlistEntry, ...] = ()
    credits: Mapping[UUID, MakeUpCredit] = field(default_factory=dict[UUID, MakeUpCredit])
    people: Mapping[UUID, Client] = field(default_factory=dict[UUID, Client])


def archived(waits: Waits, zone: ZoneInfo, now: datetime) -> tuple[Event, ...]:
    """W1, B4: who takes nothing new waits for nothing. A sibling may go on waiting with a credit of theirs."""
    own = (entry for entry in waits.entries if entry.client_id == waits.client.id)
    return tuple(_ended(own, WaitlistState.ENDED, waits, zone, now))


def linked(waits: Waits, account_id: UUID, zone: ZoneInfo, now: datetime) -> tuple[Event, ...]:
    """R8: once this account manages the client, nobody waits any more with what has come to be a stranger's credit."""
    managed_by = {key: person.account_id for key, person in waits.people.items()} | {waits.client.id: account_id}

    def apart(entry: WaitlistEntry) -> bool:
        if entry.credit_id is None:
            return False
        holder_id = waits.credits[entry.credit_id].client_id
        return holder_id != entry.client_id and managed_by[holder_id] != managed_by[entry.client_id]

    return tuple(_ended(filter(apart, waits.entries), WaitlistState.GIVEN_UP, waits, zone, now))


def _ended(
    entries: Iterable[WaitlistEntry], state: WaitlistState, waits: Waits, zone: ZoneInfo, now: datetime
) -> Iterator[Event]:
    """What is held for one of them waits for one client only (R8), and so on none but these."""
    released_ids = set[UUID]()
    for entry in entries:
        yield WaitlistEntryEnded(entry, state, None)
        if entry.credit_id is not None:
            released_ids.add(entry.credit_id)
    for key in sorted(released_ids):
        yield CreditReleased(released(waits.credits[key], now, zone))

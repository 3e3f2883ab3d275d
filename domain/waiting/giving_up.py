"""A place on a waiting list ends without the seat: the credit that was held for it waits elsewhere, or is free (W1)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.credits.holding import held, released
from domain.events import CreditHeld, CreditReleased, Event, WaitlistEntryEnded
from domain.nouns.credit import MakeUpCredit
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.waiting.queueing import Place


def ended(
    entry: WaitlistEntry,
    state: WaitlistState,
    credit: MakeUpCredit | None,
    elsewhere: Iterable[Place],
    zone: ZoneInfo,
    now: datetime,
    booking_id: UUID | None = None,
) -> tuple[Event, ...]:
    """Of an entry that is live. `booking_id`: the seat that its client has got in another way."""
    gone = WaitlistEntryEnded(entry, state, booking_id)
    return (gone,) if credit is None else (gone, *waiting_less(credit, elsewhere, zone, now))


def waiting_less(
    credit: MakeUpCredit, elsewhere: Iterable[Place], zone: ZoneInfo, now: datetime
) -> tuple[CreditHeld | CreditReleased, ...]:
    """W1: a held credit that has lost a place: it waits on those that it has elsewhere, or no longer."""
    places = tuple(elsewhere)
    return waits_on(credit, places, zone) if places else (CreditReleased(released(credit, now, zone)),)


def waits_on(credit: MakeUpCredit, places: Iterable[Place], zone: ZoneInfo) -> tuple[CreditHeld, ...]:
    """W1, W3: a held credit waits until the last of the starts, also where a session has moved (C8)."""
    until = max(place.starts_at for place in places)
    if until == credit.held_until:
        return ()
    return (CreditHeld(held(credit, until, credit.grace_hours or 0, zone), None),)


def given_up(places: Iterable[Place]) -> tuple[WaitlistEntryEnded, ...]:
    """W3, V7: the places of a credit that is spent or taken back."""
    return tuple(WaitlistEntryEnded(place.entry, WaitlistState.GIVEN_UP, None) for place in places)

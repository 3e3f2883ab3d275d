"""Waiting lists that violate an invariant: which, and what its sentence has to name."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.credits.ledger import LedgerEntry
from domain.credits.validity import Expiry
from domain.nouns.credit import MakeUpCredit
from domain.nouns.session import SessionStatus
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.truth.invariants import (
    Snapshot,
    credits_are_the_folds_of_their_ledgers,
    everything_is_of_one_studio,
    extensions_tell_both_ends,
    seats_and_places_name_what_is_here,
)
from domain.truth.queue_invariants import (
    clients_wait_once_for_a_session,
    held_credits_wait_somewhere,
    nobody_waits_in_vain,
    nobody_waits_with_a_strangers_credit,
    places_tell_how_they_ended,
)
from tests.domain.builders import A_MICROSECOND, NOW, OTHER_ID, SESSION_ID, START, a_client, a_session, uuid
from tests.domain.snapshots import (
    AN_END,
    CLEAN,
    DAY,
    EARNED,
    EARNED_ID,
    EXPIRES_AT,
    EXPIRES_ON,
    GRANTED,
    GRANTED_ID,
    GRANTED_LINES,
    HELD_KIND,
    MAKE_UP_ID,
    TARGET_ID,
    Invariant,
    extended,
    ledger,
    line,
)
from tests.domain.waiters import ENTRY_ID, LATER_ID, LATER_START, a_held_credit, an_entry

BY_CREDIT = an_entry(credit_id=GRANTED_ID)
LATER = replace(BY_CREDIT, id=uuid(302), session_id=LATER_ID)
FOR_MONEY = an_entry(client_id=OTHER_ID)
OF_A_SIBLING = replace(BY_CREDIT, client_id=OTHER_ID)
SEATED = an_entry(session_id=TARGET_ID, state=WaitlistState.SEATED, ended_at=NOW, booking_id=MAKE_UP_ID)
CLIENTS = (a_client(), a_client(id=OTHER_ID))
SESSIONS = (*CLEAN.sessions, a_session(id=LATER_ID, starts_at=LATER_START))


def held_line(credit: MakeUpCredit) -> LedgerEntry:
    ends = {"expires_at": credit.expires_at, "expires_on": credit.expires_on}
    return replace(line(HELD_KIND, None), held_until=credit.held_until, session_id=SESSION_ID, **ends)


def queues(*entries: WaitlistEntry, until: datetime | None = None, **more: Any) -> Snapshot:
    """The clean snapshot with these places, and the granted credit held until then."""
    waits = replace(CLEAN, sessions=SESSIONS, clients=CLIENTS, entries=entries)
    if until is not None:
        held = a_held_credit(until, GRANTED)
        ledgers = {**CLEAN.ledgers, GRANTED_ID: (*GRANTED_LINES, held_line(held))}
        waits = replace(waits, credits=(EARNED, held), ledgers=ledgers)
    return replace(waits, **more)


GRACED = Expiry(a_held_credit(START, GRANTED).expires_at, a_held_credit(START, GRANTED).expires_on)


def moved(before: Expiry = AN_END, if_released: Expiry | None = GRACED) -> Snapshot:
    """The granted credit waits until after its end, and staff have given it a sooner one: the grace stays."""
    waits, sooner = queues(BY_CREDIT, until=START), {"expires_at": EXPIRES_AT - DAY, "expires_on": EXPIRES_ON - DAY}
    given = replace(extended(1, before), if_released=if_released, **sooner)
    held = replace(waits.credits[1], **{f"own_{name}": end for name, end in sooner.items()})
    ledgers = {**waits.ledgers, GRANTED_ID: (*waits.ledgers[GRANTED_ID], given)}
    return replace(waits, credits=(EARNED, held), ledgers=ledgers)


def closed(**fields: Any) -> Snapshot:
    return queues(FOR_MONEY, sessions=(replace(SESSIONS[0], **fields), *SESSIONS[1:]))


HOLDING_QUEUES = {
    "a credit that waits, and has got another end": moved(),
    "a place for money, and one that got its seat": queues(FOR_MONEY, SEATED),
    "a credit that waits on two lists until the later": queues(BY_CREDIT, LATER, until=LATER_START),
    "a credit that waits on the later of them alone": (
        queues(replace(BY_CREDIT, state=WaitlistState.LEFT, ended_at=NOW), LATER, until=LATER_START)
    ),
    "a credit that waits for a sibling": queues(OF_A_SIBLING, until=START),
    "a client who waits again": queues(
        FOR_MONEY, replace(FOR_MONEY, id=LATER.id, state=WaitlistState.LEFT, ended_at=NOW)
    ),
}

OF_QUEUES: dict[str, tuple[Invariant, Snapshot, UUID]] = {
    "6, a held credit that waits nowhere": (held_credits_wait_somewhere, queues(until=START), GRANTED_ID),
    "6, a held credit whose place has ended": (
        held_credits_wait_somewhere,
        queues(replace(BY_CREDIT, state=WaitlistState.LEFT, ended_at=NOW), until=START),
        GRANTED_ID,
    ),
    "6, a place with a credit that is not held": (held_credits_wait_somewhere, queues(BY_CREDIT), GRANTED_ID),
    "6, a place with a credit that is spent": (
        *(held_credits_wait_somewhere, queues(replace(BY_CREDIT, credit_id=EARNED_ID)), EARNED_ID),
    ),
    "W1, a credit held too long": (
        *(held_credits_wait_somewhere, queues(BY_CREDIT, until=START + A_MICROSECOND), GRANTED_ID),
    ),
    "W1, a credit held not long enough": (
        *(held_credits_wait_somewhere, queues(BY_CREDIT, LATER, until=START), GRANTED_ID),
    ),
    "R8, a credit that waits for two clients": (
        held_credits_wait_somewhere,
        queues(BY_CREDIT, replace(LATER, client_id=OTHER_ID), until=LATER_START),
        GRANTED_ID,
    ),
    "W1, a client who waits twice": (
        clients_wait_once_for_a_session,
        queues(FOR_MONEY, replace(FOR_MONEY, id=LATER.id)),
        OTHER_ID,
    ),
    "W1, a client who waits where they have a seat": (
        *(clients_wait_once_for_a_session, queues(an_entry(session_id=TARGET_ID)), TARGET_ID),
    ),
    "W2, a place in a session that is cancelled": (
        *(nobody_waits_in_vain, closed(status=SessionStatus.CANCELLED), ENTRY_ID),
    ),
    "W2, a place in a session that is archived": (nobody_waits_in_vain, closed(archived_at=NOW), ENTRY_ID),
    "B4, a place of a client who is archived": (
        *(
            nobody_waits_in_vain,
            queues(FOR_MONEY, clients=(CLIENTS[0], replace(CLIENTS[1], archived_at=NOW))),
            ENTRY_ID,
        ),
    ),
    "R8, a place with a credit of a client whom another account manages": (
        nobody_waits_with_a_strangers_credit,
        queues(OF_A_SIBLING, until=START, clients=(CLIENTS[0], replace(CLIENTS[1], account_id=uuid(399)))),
        GRANTED_ID,
    ),
    "R8, a place with a credit of a client, and nobody manages either": (
        nobody_waits_with_a_strangers_credit,
        queues(OF_A_SIBLING, until=START, clients=tuple(replace(each, account_id=None) for each in CLIENTS)),
        GRANTED_ID,
    ),
    "W2, a place that waits and has ended": (
        *(places_tell_how_they_ended, queues(replace(FOR_MONEY, ended_at=NOW)), ENTRY_ID),
    ),
    "W2, a place that has ended nobody knows when": (
        *(places_tell_how_they_ended, queues(replace(FOR_MONEY, state=WaitlistState.LEFT)), ENTRY_ID),
    ),
    "W2, a seated client without a seat": (
        *(places_tell_how_they_ended, queues(replace(SEATED, booking_id=None)), ENTRY_ID),
    ),
    "W2, a seated client with another's seat": (
        *(places_tell_how_they_ended, queues(replace(SEATED, client_id=OTHER_ID)), ENTRY_ID),
    ),
    "W2, a seated client with a seat elsewhere": (
        *(places_tell_how_they_ended, queues(replace(SEATED, session_id=SESSION_ID)), ENTRY_ID),
    ),
    "W2, a seat of somebody who was not seated": (
        *(places_tell_how_they_ended, queues(replace(SEATED, state=WaitlistState.LEFT)), ENTRY_ID),
    ),
    "W2, fewer seats for a queue than none": (places_tell_how_they_ended, closed(freed_late=-1), SESSION_ID),
    "4, a credit held until another instant than its ledger says": (
        credits_are_the_folds_of_their_ledgers,
        replace(queues(BY_CREDIT, until=START), credits=(EARNED, a_held_credit(START + A_MICROSECOND, GRANTED))),
        GRANTED_ID,
    ),
    "4, a credit that waits past its new end, and its ledger does not tell how it then ends": (
        *(credits_are_the_folds_of_their_ledgers, moved(if_released=None), GRANTED_ID),
    ),
    "V6, of what waits the end that a grace would give, as if it were its own": (
        *(extensions_tell_both_ends, moved(GRACED), GRANTED_ID),
    ),
    "V6, what waiting adds, told by what gave no other end": (
        extensions_tell_both_ends,
        ledger(GRANTED_ID, replace(GRANTED_LINES[0], if_released=AN_END)),
        GRANTED_ID,
    ),
    "8, a place in a session that is not here": (
        *(seats_and_places_name_what_is_here, replace(queues(LATER), sessions=CLEAN.sessions), LATER_ID),
    ),
    "8, a place of a client who is not here": (
        *(seats_and_places_name_what_is_here, replace(queues(FOR_MONEY), clients=CLEAN.clients), OTHER_ID),
    ),
    "8, a place of another studio": (everything_is_of_one_studio, queues(replace(FOR_MONEY, studio_id=77)), uuid(77)),
}
"""The queues' own, and what the other invariants find in them."""

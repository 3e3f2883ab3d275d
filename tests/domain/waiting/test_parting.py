"""What becomes of places on waiting lists where staff archive a client, or another account comes to manage them."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.events import CreditReleased, WaitlistEntryEnded
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.waiting import parting
from domain.waiting.parting import Waits
from tests.domain.builders import A_MICROSECOND, ACCOUNT_ID, CLIENT_ID, NOW, OTHER_ID, START, a_client, uuid
from tests.domain.waiters import GRACE, LATER_ID, LATER_START, OWN_END, PRAGUE, a_held_credit, an_entry

ANOTHER = uuid(299)
HELD = a_held_credit(LATER_START)
CLIENT, SIBLING = a_client(), a_client(id=OTHER_ID)
BY_CREDIT = an_entry(credit_id=HELD.id)
LATER = replace(BY_CREDIT, id=uuid(302), session_id=LATER_ID)
FOR_MONEY = an_entry(id=uuid(303), session_id=uuid(332))
OF_SIBLING = [replace(each, client_id=OTHER_ID) for each in (BY_CREDIT, LATER)]


def waits(client: UUID, *entries: WaitlistEntry, sibling_of: UUID | None = ACCOUNT_ID) -> Waits:
    """Of the client whose credit it is, or of the sibling."""
    people = {CLIENT_ID: CLIENT, OTHER_ID: replace(SIBLING, account_id=sibling_of)}
    return Waits(people[client], entries, {HELD.id: HELD}, people)


def told(events: tuple[object, ...]) -> list[tuple[UUID, WaitlistState | CreditState]]:
    """The entries that ended, and the credits that were released."""
    found: list[tuple[UUID, WaitlistState | CreditState]] = []
    for event in events:
        if isinstance(event, WaitlistEntryEnded):
            assert event.booking_id is None
            found.append((event.entry.id, event.state))
        else:
            assert isinstance(event, CreditReleased)
            found.append((event.credit.id, event.credit.state))
    return found


def test_b4_w1_who_is_archived_waits_for_nothing_and_what_was_held_is_released_once():
    ended = parting.archived(waits(CLIENT_ID, BY_CREDIT, LATER, FOR_MONEY), PRAGUE, NOW)

    assert told(ended) == [
        *((each.id, WaitlistState.ENDED) for each in (BY_CREDIT, LATER, FOR_MONEY)),
        (HELD.id, CreditState.ACTIVE),
    ]


def test_b4_a_sibling_goes_on_waiting_with_a_credit_of_who_is_archived():
    assert parting.archived(waits(CLIENT_ID, *OF_SIBLING), PRAGUE, NOW) == ()
    ended = parting.archived(waits(CLIENT_ID, *OF_SIBLING, FOR_MONEY), PRAGUE, NOW)
    assert told(ended) == [(FOR_MONEY.id, WaitlistState.ENDED)]


def test_b4_who_waits_with_a_siblings_credit_and_is_archived_releases_it():
    ended = parting.archived(waits(OTHER_ID, *OF_SIBLING), PRAGUE, NOW)
    assert told(ended)[-1] == (HELD.id, CreditState.ACTIVE)
    assert len(ended) == 3


@pytest.mark.parametrize(
    ("now", "ends"),
    [(OWN_END - A_MICROSECOND, OWN_END), (OWN_END, OWN_END + timedelta(hours=GRACE))],
    ids=["before its own end", "at its own end"],
)
def test_w1_what_is_released_by_it_has_its_grace(now: datetime, ends: datetime):
    for events in (
        parting.archived(waits(CLIENT_ID, BY_CREDIT), PRAGUE, now),
        parting.linked(waits(OTHER_ID, OF_SIBLING[0]), ANOTHER, PRAGUE, now),
    ):
        released = events[-1]
        assert isinstance(released, CreditReleased)
        assert (released.credit.expires_at, released.at) == (ends, None)


@pytest.mark.parametrize("linked", [CLIENT_ID, OTHER_ID], ids=["whose credit it is", "who waits"])
def test_r8_who_is_parted_from_whose_credit_it_is_gives_up_every_place_with_it(linked: UUID):
    given_up = parting.linked(waits(linked, *OF_SIBLING), ANOTHER, PRAGUE, NOW)

    assert told(given_up) == [
        *((each.id, WaitlistState.GIVEN_UP) for each in OF_SIBLING),
        (HELD.id, CreditState.ACTIVE),
    ]


def test_r8_who_waits_with_their_own_credit_or_for_money_waits_on_whoever_manages_them():
    assert parting.linked(waits(CLIENT_ID, BY_CREDIT, LATER, FOR_MONEY), ANOTHER, PRAGUE, NOW) == ()


@pytest.mark.parametrize("linked", [CLIENT_ID, OTHER_ID], ids=["whose credit it is", "who waits"])
def test_r8_who_comes_to_be_of_one_account_with_whose_credit_it_is_waits_on(linked: UUID):
    both = waits(linked, *OF_SIBLING, sibling_of=ANOTHER)
    assert parting.linked(both, ANOTHER if linked == CLIENT_ID else ACCOUNT_ID, PRAGUE, NOW) == ()
    assert len(parting.linked(both, uuid(298), PRAGUE, NOW)) == 3


def test_who_waits_for_nothing_ends_nothing():
    nothing = Waits(CLIENT)
    assert parting.archived(nothing, PRAGUE, START) == parting.linked(nothing, ANOTHER, PRAGUE, START) == ()

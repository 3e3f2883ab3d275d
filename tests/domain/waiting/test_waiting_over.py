"""W2: what the start of a session has ended is written down as of that start."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.credits.holding import settled
from domain.events import CreditExpired, CreditReleased, SeatsOffered, WaitlistEntryEnded
from domain.nouns.waitlist import WaitlistState
from domain.waiting.waiting_over import Over, decide
from tests.domain.builders import A_MICROSECOND, SESSION_ID, START, a_credit, a_session, uuid
from tests.domain.waiters import LATER_ID, LATER_START, a_held_credit, an_entry

ENDED = WaitlistState.ENDED
LATER = a_session(id=LATER_ID, starts_at=LATER_START)
FOR_MONEY = an_entry(id=uuid(301), client_id=uuid(302))
FOR_CREDIT = an_entry(credit_id=a_credit().id)


@pytest.mark.parametrize("after", [timedelta(), A_MICROSECOND, timedelta(days=100)])
def test_w2_places_holds_and_offers_end_with_the_start_whenever_it_is_written(after: timedelta):
    session = a_session(freed_late=2)
    over = Over({SESSION_ID: session}, (FOR_MONEY, FOR_CREDIT), (a_held_credit(START),))

    assert decide(over, START + after) == (
        WaitlistEntryEnded(FOR_MONEY, ENDED, None, at=START),
        WaitlistEntryEnded(FOR_CREDIT, ENDED, None, at=START),
        CreditReleased(settled(a_held_credit(START), START), at=START),
        SeatsOffered(session, 0, at=START),
    )


def test_w3_a_credit_that_waits_for_a_later_session_is_held_on():
    waits = a_held_credit(LATER_START)
    over = Over({SESSION_ID: a_session()}, (FOR_CREDIT,), (waits,))

    assert decide(over, LATER_START - A_MICROSECOND) == (WaitlistEntryEnded(FOR_CREDIT, ENDED, None, at=START),)
    assert decide(over, LATER_START)[1:] == (CreditReleased(settled(waits, LATER_START), at=LATER_START),)


def test_w3_each_place_ends_with_its_own_start_and_the_credit_with_the_last():
    later = replace(FOR_CREDIT, id=uuid(303), session_id=LATER_ID)
    waits = a_held_credit(LATER_START)
    over = Over({SESSION_ID: a_session(), LATER_ID: LATER}, (FOR_CREDIT, later), (waits,))

    assert decide(over, LATER_START) == (
        WaitlistEntryEnded(FOR_CREDIT, ENDED, None, at=START),
        WaitlistEntryEnded(later, ENDED, None, at=LATER_START),
        CreditReleased(settled(waits, LATER_START), at=LATER_START),
    )


def test_v5_what_waited_past_its_end_without_a_grace_has_run_out_with_its_release():
    waits = a_held_credit(START, grace_hours=0)
    over = Over({SESSION_ID: a_session()}, (FOR_CREDIT,), (waits,))
    free = settled(waits, START)

    assert decide(over, START + A_MICROSECOND)[1:] == (CreditReleased(free, at=START), CreditExpired(free, at=START))


def test_w2_where_nothing_is_over_nothing_is_written():
    assert decide(Over({}, (), ()), START) == ()
    assert decide(Over({SESSION_ID: a_session()}, (), ()), START) == ()

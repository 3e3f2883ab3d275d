"""W1: a credit that waits is held, does not run out meanwhile, and is released with its one grace."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.credits.holding import extended, held, in_grace, own_expiry, released, settled
from domain.credits.validity import NEVER, Expiry, expiring, expiring_after
from domain.nouns.credit import CreditState, MakeUpCredit
from tests.domain.builders import A_MICROSECOND, START, a_credit, local, utc
from tests.domain.waiters import GRACE, OWN_END, PRAGUE, a_held_credit

OWN = Expiry(OWN_END, date(2026, 12, 6))
BEFORE, AFTER = OWN_END - timedelta(days=1), OWN_END + timedelta(days=1)
THREE_DAYS = timedelta(hours=GRACE)
HOLD = ("held_until", "own_expires_at", "own_expires_on", "grace_hours")


def expiry_of(credit: MakeUpCredit) -> Expiry:
    return Expiry(credit.expires_at, credit.expires_on)


def has_no_trace_of_a_hold(credit: MakeUpCredit) -> bool:
    return all(getattr(credit, name) is None for name in HOLD)


def graced(at: datetime = AFTER) -> MakeUpCredit:
    """Released after its own end."""
    return released(a_held_credit(START), at, PRAGUE)


# The end that a held credit tells


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (OWN_END - A_MICROSECOND, OWN),
        (OWN_END, expiring(OWN_END + THREE_DAYS, PRAGUE)),
        (OWN_END + A_MICROSECOND, expiring(OWN_END + A_MICROSECOND + THREE_DAYS, PRAGUE)),
    ],
    ids=["its own end is a microsecond after the release", "is the release", "is a microsecond before the release"],
)
def test_w1_a_held_credit_tells_the_end_that_it_has_if_no_seat_comes(until: datetime, expected: Expiry):
    credit = a_held_credit(until)

    assert expiry_of(credit) == expected
    assert (credit.state, credit.held_until, credit.grace_hours) == (CreditState.HELD, until, GRACE)
    assert own_expiry(credit) == OWN
    assert credit.grace_until == (None if expected == OWN else expected.at)
    assert not in_grace(credit)


@pytest.mark.parametrize("until", [BEFORE, OWN_END, AFTER])
def test_w1_a_held_credit_does_not_run_out_while_it_waits_and_is_released_at_the_very_start(until: datetime):
    credit = a_held_credit(until)

    assert credit.state_at(until - A_MICROSECOND) is CreditState.HELD
    assert credit.state_at(until) is CreditState.ACTIVE
    assert settled(credit, until - A_MICROSECOND) == credit
    assert settled(credit, until).state is CreditState.ACTIVE
    assert has_no_trace_of_a_hold(settled(credit, until))


@pytest.mark.parametrize("until", [BEFORE, OWN_END, AFTER])
def test_w1_the_end_of_a_hold_changes_nothing_that_was_told_before(until: datetime):
    credit = a_held_credit(until)
    for now in (until - A_MICROSECOND, until, until + THREE_DAYS - A_MICROSECOND, until + THREE_DAYS):
        after = settled(credit, now)

        assert expiry_of(after) == expiry_of(credit)
        assert after.state_at(now) is credit.state_at(now)
        assert settled(after, now) == after


def test_w1_what_was_never_held_is_as_it_is():
    assert settled(a_credit(), AFTER) == released(a_credit(), AFTER, PRAGUE) == a_credit()
    assert own_expiry(a_credit()) == OWN
    assert not in_grace(a_credit())


# Being released


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OWN_END - A_MICROSECOND, OWN),
        (OWN_END, expiring(OWN_END + THREE_DAYS, PRAGUE)),
        (OWN_END + A_MICROSECOND, expiring(OWN_END + A_MICROSECOND + THREE_DAYS, PRAGUE)),
    ],
    ids=["a microsecond before its own end", "at it", "a microsecond after it"],
)
def test_w1_who_leaves_at_or_past_the_end_has_the_grace_from_then_on(at: datetime, expected: Expiry):
    credit = released(a_held_credit(START), at, PRAGUE)

    assert (credit.state, expiry_of(credit)) == (CreditState.ACTIVE, expected)
    assert in_grace(credit) is (expected != OWN)
    assert credit.grace_until == (None if expected == OWN else expected.at)
    assert has_no_trace_of_a_hold(credit)


def test_w1_a_grace_ends_at_an_instant_and_not_at_the_end_of_a_day():
    credit = graced(at=utc("2026-12-07T09:30:00Z"))

    assert credit.expires_at == utc("2026-12-10T09:30:00Z")
    assert credit.expires_on == date(2026, 12, 10)


def test_v2_a_grace_that_ends_at_midnight_is_of_the_day_before():
    assert graced(at=utc("2026-12-07T23:00:00Z")).expires_on == date(2026, 12, 10)
    assert graced(at=utc("2026-12-07T23:00:00Z") + A_MICROSECOND).expires_on == date(2026, 12, 11)


def test_v2_72_hours_of_grace_are_elapsed_hours_across_a_change_of_clocks():
    own_end = local("Europe/Prague", "2027-03-27T00:00")
    credit = a_credit(expires_at=own_end, expires_on=date(2027, 3, 26))

    after = settled(a_held_credit(own_end, credit), own_end)

    assert after.expires_at == local("Europe/Prague", "2027-03-30T01:00")
    assert after.expires_on == date(2027, 3, 30)
    back = settled(a_held_credit(own_end, credit, grace_hours=71), own_end)
    assert back.expires_at == local("Europe/Prague", "2027-03-30T00:00")
    assert back.expires_on == date(2027, 3, 29)


def test_v2_the_local_date_is_that_of_the_studio():
    zone = ZoneInfo("America/New_York")
    credit = held(a_credit(), AFTER, GRACE, zone)

    assert credit.expires_at == utc("2026-12-10T23:00:00Z")
    assert credit.expires_on == date(2026, 12, 10)
    assert held(a_credit(), AFTER, GRACE, ZoneInfo("Pacific/Auckland")).expires_on == date(2026, 12, 11)


def test_v2_an_exact_end_is_the_end_that_grace_is_asked_by():
    exact = a_credit(expires_at=OWN_END + A_MICROSECOND, expires_on=date(2026, 12, 7))

    assert not in_grace(released(a_held_credit(START, exact), OWN_END, PRAGUE))
    assert in_grace(released(a_held_credit(START, exact), OWN_END + A_MICROSECOND, PRAGUE))


def test_w1_what_never_expires_needs_no_grace():
    eternal = a_held_credit(START, a_credit(expires_at=None, expires_on=None))

    assert expiry_of(eternal) == own_expiry(eternal) == NEVER
    assert (eternal.grace_until, in_grace(eternal)) == (None, False)
    assert expiry_of(released(eternal, AFTER, PRAGUE)) == expiry_of(settled(eternal, START)) == NEVER
    assert settled(eternal, START).state_at(START) is CreditState.ACTIVE


def test_w1_with_no_hours_of_grace_it_has_run_out_when_it_is_released_past_its_end():
    credit = a_held_credit(AFTER, grace_hours=0)

    assert expiry_of(credit) == OWN
    assert credit.state_at(OWN_END) is CreditState.HELD
    assert credit.state_at(AFTER - A_MICROSECOND) is CreditState.HELD
    assert credit.state_at(AFTER) is CreditState.EXPIRED
    assert expiry_of(released(credit, OWN_END, PRAGUE)) == OWN
    assert credit.grace_until is None


# Once in its life


def test_w1_what_lives_by_its_grace_says_so_and_nothing_else_does():
    assert in_grace(graced())
    assert in_grace(settled(a_held_credit(AFTER), AFTER))
    assert not in_grace(settled(a_held_credit(BEFORE), BEFORE))
    assert not in_grace(a_held_credit(AFTER))


def test_w1_an_extension_ends_the_grace_and_there_is_no_second_one():
    later = expiring_after(date(2026, 12, 20), PRAGUE)
    once_more = extended(graced(), later, PRAGUE)
    assert not in_grace(once_more)
    assert once_more.grace_until == graced().grace_until
    assert later.at is not None

    waits = held(once_more, later.at + timedelta(days=1), GRACE, PRAGUE)

    assert expiry_of(waits) == own_expiry(waits) == later
    assert waits.state_at(later.at + timedelta(days=1)) is CreditState.EXPIRED
    assert expiry_of(released(waits, later.at, PRAGUE)) == later
    assert waits.grace_until == graced().grace_until


def test_w1_an_end_of_its_own_where_its_grace_once_ended_brings_no_second_one():
    later = expiring_after(date(2026, 12, 20), PRAGUE)
    grace_ended = graced().grace_until
    assert grace_ended is not None
    waits = held(extended(graced(), later, PRAGUE), START, GRACE, PRAGUE)

    shorter = extended(waits, expiring(grace_ended, PRAGUE), PRAGUE)

    for credit in (shorter, held(shorter, START + timedelta(days=1), GRACE, PRAGUE), settled(shorter, START)):
        assert (credit.expires_at, credit.grace_until) == (grace_ended, grace_ended)
    assert released(shorter, START - A_MICROSECOND, PRAGUE).expires_at == grace_ended


def test_w1_a_grace_that_was_only_promised_is_not_used_up():
    left = released(a_held_credit(AFTER), BEFORE, PRAGUE)
    assert expiry_of(left) == OWN
    assert left.grace_until is None

    again = settled(held(left, AFTER, GRACE, PRAGUE), AFTER)

    assert in_grace(again)
    assert again.expires_at == AFTER + THREE_DAYS


# Waiting for longer, or less long


def test_w1_the_end_moves_with_the_last_start_that_it_waits_for():
    credit = a_held_credit(AFTER)
    later = held(credit, START, GRACE, PRAGUE)
    assert later.expires_at == START + THREE_DAYS

    sooner = held(later, BEFORE, GRACE, PRAGUE)
    assert (expiry_of(sooner), sooner.grace_until) == (OWN, None)
    assert held(sooner, AFTER, GRACE, PRAGUE) == credit


def test_w1_what_was_promised_when_it_began_to_wait_is_what_it_gets():
    credit = held(a_held_credit(AFTER, grace_hours=10), START, 500, PRAGUE)

    assert (credit.grace_hours, credit.expires_at) == (10, START + timedelta(hours=10))
    assert released(credit, OWN_END, PRAGUE).expires_at == OWN_END + timedelta(hours=10)
    none = held(a_held_credit(AFTER, grace_hours=0), START, 500, PRAGUE)
    assert (none.grace_hours, expiry_of(none)) == (0, OWN)
    anew = held(released(credit, BEFORE, PRAGUE), START, 500, PRAGUE)
    assert anew.grace_hours == 500


# Another end while it waits (V6)


def test_v6_another_end_while_it_waits_is_another_end_of_its_own():
    credit = a_held_credit(AFTER)
    at_the_release, later = Expiry(AFTER, date(2026, 12, 7)), expiring(AFTER + A_MICROSECOND, PRAGUE)

    longer = extended(credit, later, PRAGUE)
    assert (longer.state, longer.held_until) == (CreditState.HELD, AFTER)
    assert (own_expiry(longer), expiry_of(longer), longer.grace_until) == (later, later, None)

    sooner = extended(longer, at_the_release, PRAGUE)
    assert own_expiry(sooner) == at_the_release
    assert sooner.expires_at == sooner.grace_until == AFTER + THREE_DAYS

    assert extended(sooner, OWN, PRAGUE) == credit
    never = extended(credit, NEVER, PRAGUE)
    assert (own_expiry(never), expiry_of(never), never.grace_until) == (NEVER, NEVER, None)


def test_v6_another_end_that_is_the_very_end_of_a_promised_grace_leaves_the_grace_for_later():
    credit = a_held_credit(AFTER)
    same = extended(credit, expiry_of(credit), PRAGUE)

    assert own_expiry(same) == expiry_of(same) == expiry_of(credit)
    assert not in_grace(settled(same, AFTER))
    later = settled(held(settled(same, AFTER), START, GRACE, PRAGUE), START)
    assert later.expires_at == START + THREE_DAYS


def test_v6_another_end_of_what_does_not_wait_is_just_that():
    later = expiring_after(date(2026, 12, 20), PRAGUE)
    expected = replace(a_credit(), expires_at=later.at, expires_on=later.on)

    assert extended(a_credit(), later, PRAGUE) == expected
    assert expiry_of(extended(graced(), NEVER, PRAGUE)) == NEVER

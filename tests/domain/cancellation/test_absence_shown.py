"""C7, P1: if anything is not as it was shown, nothing is given up; C4: what is given up already is answered."""

from dataclasses import replace
from itertools import count

import pytest

from domain.cancellation.absence import GivenUp, Shown, decide
from domain.cancellation.cancelling import Expected
from domain.refusals import RefusalCode, Refused
from tests.domain.absences import (
    A_DAY,
    BLOCK,
    CREDIT,
    LATE,
    NOTHING,
    SIXTH,
    away,
    done,
    given_up_before,
    numbers,
    refused,
    seat,
    shown_of,
)
from tests.domain.builders import A_MICROSECOND, NOW, START, uuid

ANYTHING = Expected(CREDIT, None, any_expiry=True)
TRUTH = Expected(CREDIT, SIXTH)
NOT_AS_SHOWN: dict[str, tuple[Shown, list[int]]] = {
    "the truth": (shown_of(TRUTH, TRUTH), []),
    "the outcomes alone": (shown_of(ANYTHING, ANYTHING), []),
    "another outcome of the second": (shown_of(TRUTH, Expected(NOTHING, None)), [2]),
    "another day for the first": (shown_of(Expected(CREDIT, SIXTH + A_DAY), TRUTH), [1]),
    "no end for either": (shown_of(Expected(CREDIT, None), Expected(CREDIT, None)), [1, 2]),
    "the first only": (shown_of(TRUTH), [2]),
    "none": ({}, [1, 2]),
    "that the first stays": (shown_of(None, TRUTH), [1]),
}


@pytest.mark.parametrize(("shown", "changed"), NOT_AS_SHOWN.values(), ids=NOT_AS_SHOWN)
def test_c7_p1_if_anything_is_not_as_shown_nothing_is_given_up(shown: Shown, changed: list[int]):
    absence = away(seat(1), seat(2))

    if changed:
        assert refused(absence, shown) == [(RefusalCode.OUTCOME_CHANGED, number) for number in changed]
        decision = decide(absence, shown, map(uuid, count(1)), NOW)
        assert isinstance(decision, Refused)
        assert numbers(tuple(each.booking_id for each in decision.reasons if each.booking_id)) == changed
    else:
        assert numbers(done(absence, shown).changed) == [1, 2]


def test_c7_p1_what_cannot_be_given_up_must_have_been_shown_to_stay():
    absence = away(seat(1, BLOCK), seat(2, BLOCK))
    decision = decide(absence, shown_of(ANYTHING, ANYTHING), map(uuid, count(1)), LATE)

    assert isinstance(decision, Refused)
    (reason,) = decision.reasons
    assert (reason.code, reason.session_id) == (RefusalCode.OUTCOME_CHANGED, uuid(1001))
    assert (reason.actual, reason.required) == ("stays", "CREDIT")
    assert numbers(done(absence, shown_of(None, ANYTHING), LATE).changed) == [2]


def test_c7_p1_a_seat_that_was_shown_and_is_no_longer_meant_has_changed():
    moved_away, started = seat(1, starts_at=START + 90 * A_DAY), seat(1, starts_at=NOW)

    for absence in (away(seat(2), moved_away), away(started, seat(2))):
        assert refused(absence, shown_of(TRUTH, TRUTH)) == [(RefusalCode.OUTCOME_CHANGED, 1)]
        assert numbers(done(absence, shown_of(None, TRUTH)).changed) == [2]


def test_c7_c4_what_was_shown_and_is_given_up_already_is_answered_and_nothing_else_is_asked_of_it():
    absence = away(given_up_before(1), seat(2))

    decision = done(absence, shown_of(TRUTH, TRUTH))
    assert (numbers(decision.bookings), numbers(decision.changed)) == ([1, 2], [2])

    again = done(away(given_up_before(1), given_up_before(2)), shown_of(TRUTH, TRUTH))
    assert again == GivenUp((), decision.bookings, (), ())


def test_c7_c4_what_stays_is_no_refusal_where_others_are_given_up_already():
    absence = away(given_up_before(1), seat(2, BLOCK))

    decision = done(absence, shown_of(TRUTH, None), START + A_DAY - A_MICROSECOND)

    assert (numbers(decision.bookings), decision.changed) == ([1, 2], ())
    assert [reason.code for reason in decision.against] == [RefusalCode.LATE_CANCELLATION_BLOCKED]


def test_c7_what_stays_is_told_of_the_booking_as_its_session_may_have_been_given_up_before():
    gone = given_up_before(1)
    again = seat(2, BLOCK, START)
    same = replace(again, target=gone.target, booking=replace(again.booking, session_id=gone.target.session.id))
    blocked = replace(same, target=replace(same.target, studio=again.target.studio))

    decision = done(away(gone, blocked), shown_of(TRUTH, None), LATE)

    assert (numbers(decision.bookings), decision.changed) == ([1, 2], ())
    assert [(each.session_id, each.booking_id) for each in decision.against] == [(uuid(1001), uuid(2002))]

from datetime import datetime, timedelta

import pytest

from domain.cancellation.moving import CODES, Move, decide, it_has_not_started, studio_has_not_cancelled_it
from domain.events import SessionMoved
from domain.faults import BadUserInput
from domain.nouns.session import Session, SessionStatus
from domain.refusals import RefusalCode, Refused
from tests.domain.builders import A_MICROSECOND, NOW, START, a_session

AN_HOUR = timedelta(hours=1)
LATER = START + timedelta(days=2)
CANCELLED = a_session(status=SessionStatus.CANCELLED)


def to(starts_at: datetime, session: Session | None = None, lasting: timedelta = AN_HOUR) -> Move:
    return Move(session or a_session(), starts_at, starts_at + lasting)


@pytest.mark.parametrize("session", [a_session(taken=3), a_session(archived_at=NOW)], ids=["booked", "archived"])
@pytest.mark.parametrize("starts_at", [LATER, NOW + A_MICROSECOND], ids=["later", "at once"])
def test_c8_a_session_moves_with_its_seats(starts_at: datetime, session: Session):
    move = to(starts_at, session)

    assert decide(move, NOW) == (SessionMoved(move.session, starts_at, starts_at + AN_HOUR),)


def test_c8_another_end_alone_is_a_move():
    assert decide(to(START, lasting=2 * AN_HOUR), NOW) == (SessionMoved(a_session(), START, START + 2 * AN_HOUR),)


def test_c8_the_same_times_again_are_no_move():
    assert decide(to(START), NOW) == ()


@pytest.mark.parametrize(
    ("starts_at", "lasting", "path"),
    [
        (NOW, AN_HOUR, ("startsAt",)),
        (NOW - A_MICROSECOND, AN_HOUR, ("startsAt",)),
        (NOW, -AN_HOUR, ("startsAt",)),
        (LATER, timedelta(), ("endsAt",)),
        (LATER, -A_MICROSECOND, ("endsAt",)),
    ],
)
def test_c8_it_moves_to_the_future_and_ends_after_it_starts(
    starts_at: datetime, lasting: timedelta, path: tuple[str, ...]
):
    with pytest.raises(BadUserInput) as caught:
        decide(to(starts_at, lasting=lasting), NOW)

    assert caught.value.path == path


@pytest.mark.parametrize(
    ("now", "expected"),
    [(START - A_MICROSECOND, None), (START, RefusalCode.SESSION_STARTED), (LATER, RefusalCode.SESSION_STARTED)],
)
def test_c8_what_has_started_does_not_move(now: datetime, expected: RefusalCode | None):
    refusal = it_has_not_started(to(LATER + AN_HOUR), now)

    assert (refusal and refusal.code) is expected
    if refusal:
        assert (refusal.actual, refusal.required, refusal.fixable_by) == (now, START, None)


def test_c8_what_is_cancelled_does_not_move():
    refusal = studio_has_not_cancelled_it(to(LATER, CANCELLED), NOW)

    assert refusal is not None
    assert refusal.code is RefusalCode.SESSION_CANCELLED
    assert studio_has_not_cancelled_it(to(LATER), NOW) is None


def test_every_reason_is_told_also_where_its_times_are_these_already():
    refused = decide(Move(CANCELLED, START + AN_HOUR, START + 2 * AN_HOUR), START)

    assert isinstance(refused, Refused)
    assert tuple(reason.code for reason in refused.reasons) == CODES

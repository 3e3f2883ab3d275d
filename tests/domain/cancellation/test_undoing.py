from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.authority import Authority
from domain.cancellation.undoing import CODES, Undoing, Undone, decide, taken_back, why_not, within_reach
from domain.credits.validity import Expiry
from domain.events import BookingCancelled, CancellationUndone, CreditRedeemed, CreditRestored, CreditUndone
from domain.issuing.earning import Missed
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.policy import CreditScope, ExpiryMeans, Policy
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from domain.nouns.studio import Role
from domain.refusals import FixableBy, RefusalCode, Refused
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    CLIENT_ID,
    CREDIT_ID,
    DEADLINE,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    a_booking,
    a_client,
    a_course,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    an_enrolment,
    uuid,
)

A_DAY = timedelta(days=1)
CANCELLED = replace(a_booking(status=BookingStatus.CANCELLED, cancelled_at=NOW), outcome=CancellationOutcome.CREDIT)
MAKE_UP = replace(
    a_make_up_booking(
        status=BookingStatus.CANCELLED, cancelled_at=NOW, why_not_earned=(EarnedNothing.PAID_WITH_CREDIT,)
    ),
    outcome=CancellationOutcome.CREDIT_RETURNED,
)
EARNED = replace(a_credit(missed_booking_id=BOOKING_ID, missed_session_id=SESSION_ID), origin=CreditOrigin.CANCELLATION)
EXPIRES_AT = EARNED.expires_at or NOW
SPENT = a_make_up_booking(id=OTHER_ID, session_id=uuid(80))
USED = replace(EARNED, state=CreditState.USED, booking_id=OTHER_ID)
KEPT, LOST = (
    replace(a_credit(), state=state, booking_id=BOOKING_ID) for state in (CreditState.USED, CreditState.FORFEITED)
)


def undoing(
    booking: Booking = CANCELLED,
    credit: MakeUpCredit | None = EARNED,
    target: ScheduledSession | None = None,
    spent: Missed | None = None,
    swap_back: bool = False,
) -> Undoing:
    return Undoing(
        *(target or a_target(), a_client(), False, booking),
        enrolment=None,
        credit=credit,
        siblings=frozenset(),
        spent=spent,
        swap_back=swap_back,
    )


def paid(booking: Booking = SPENT, starts_at: datetime = START) -> Missed:
    """The booking that the credit has paid."""
    target = replace(a_target(), session=a_session(id=booking.session_id, starts_at=starts_at))
    return Missed(target, booking, 0, earned_before=(), standing=None)


def in_session(session: Session) -> ScheduledSession:
    return replace(a_target(), session=session)


def codes(of: Undoing, now: datetime = NOW) -> list[RefusalCode]:
    return [reason.code for reason in why_not(of, now)]


R = RefusalCode
ENDED = an_enrolment(ended_at=NOW)
HOLDING: dict[str, tuple[Undoing, datetime]] = {
    "an unspent credit": (undoing(), NOW),
    "an expired one": (undoing(), EXPIRES_AT),
    "no credit": (undoing(credit=None), NOW),
    "a microsecond before the start": (undoing(), START - A_MICROSECOND),
    "the last seat": (undoing(target=in_session(a_session(capacity=3, taken=2))), NOW),
    "of an enrolment that goes on": (replace(undoing(), enrolment=an_enrolment()), NOW),
    "a make-up whose credit came back": (undoing(MAKE_UP, a_credit()), NOW),
    "a make-up, an instant before its credit expires": (undoing(MAKE_UP, a_credit()), EXPIRES_AT - A_MICROSECOND),
    "a make-up that kept its credit used, long after that expired": (
        undoing(MAKE_UP, KEPT),
        EXPIRES_AT,
    ),
    "a make-up that forfeited its credit, long after that expired": (*(undoing(MAKE_UP, LOST), EXPIRES_AT),),
    "a make-up in the last extra seat": (
        undoing(MAKE_UP, a_credit(), in_session(a_session(capacity=1, taken=1, extra_make_up_seats=1))),
        NOW,
    ),
    "a spent credit, swapped back at the deadline of what it paid": (
        undoing(credit=USED, spent=paid(), swap_back=True),
        DEADLINE,
    ),
    "a make-up in a session that credits cannot book any more": (
        undoing(
            MAKE_UP,
            a_credit(worth=1),
            a_target(studio=a_studio(Policy(max_days_ahead=0)), course=a_course(accepts_make_ups=False)),
        ),
        NOW,
    ),
}


@pytest.mark.parametrize(("of", "now"), HOLDING.values(), ids=HOLDING)
def test_c5_a_cancellation_is_undone(of: Undoing, now: datetime):
    assert codes(of, now) == []


@pytest.mark.parametrize("extra", [0, 1])
def test_c5_the_seat_that_is_given_up_in_the_very_same_session_is_free_for_the_one_wanted_back(extra: int):
    """A sibling has it, for the credit that giving up this one had earned; extra seats are none for money."""
    full = in_session(a_session(capacity=1, taken=1 + extra, make_ups=1 + extra, extra_make_up_seats=extra))
    siblings = paid(replace(SPENT, session_id=SESSION_ID))
    codes_of_full = [R.SESSION_FULL] if extra else []

    assert codes(undoing(credit=USED, target=full, spent=siblings, swap_back=True)) == codes_of_full
    assert codes(undoing(credit=USED, target=full, spent=siblings)) == [R.SESSION_FULL, R.CREDIT_USED]
    assert codes(undoing(credit=USED, target=full, spent=paid(), swap_back=True)) == [R.SESSION_FULL]


ATTEND_BY = a_credit(expiry_means=ExpiryMeans.ATTEND_BY, expires_at=START)
STATES = {
    CreditState.HELD: R.CREDIT_HELD,
    CreditState.FORFEITED: R.CREDIT_FORFEITED,
    CreditState.REVOKED: R.CREDIT_REVOKED,
}
FAILING: dict[str, tuple[Undoing, datetime, list[RefusalCode]]] = {
    "what is live": (undoing(a_booking(), None, in_session(a_session(capacity=0))), START, [R.NOT_CANCELLED]),
    "of an enrolment that has ended": (replace(undoing(), enrolment=ENDED), NOW, [R.ENROLMENT_ENDED]),
    "in a session that the studio cancelled": (
        *(undoing(target=in_session(a_session(status=SessionStatus.CANCELLED))), NOW, [R.SESSION_CANCELLED]),
    ),
    "at the start": (undoing(), START, [R.SESSION_STARTED]),
    "no ordinary seat, though there is one for a credit": (
        undoing(target=in_session(a_session(capacity=2, taken=2, extra_make_up_seats=1))),
        NOW,
        [R.SESSION_FULL],
    ),
    "no extra seat": (
        undoing(MAKE_UP, a_credit(), in_session(a_session(capacity=1, taken=2, extra_make_up_seats=1))),
        NOW,
        [R.SESSION_FULL],
    ),
    "no seat for a credit": (
        undoing(MAKE_UP, a_credit(), in_session(a_session(make_ups=1, taken=1, choices={"max_make_ups": 1}))),
        NOW,
        [R.MAKE_UP_SEATS_FULL],
    ),
    "booked there again": (replace(undoing(), already_booked=True), NOW, [R.ALREADY_BOOKED]),
    **{
        f"an earned credit that is {state.value.lower()}": (undoing(credit=replace(EARNED, state=state)), NOW, [code])
        for state, code in STATES.items()
    },
    **{
        f"a credit that came back and is {state.value.lower()}": (
            *(undoing(MAKE_UP, replace(a_credit(), state=state)), NOW, [code]),
        )
        for state, code in {**STATES, CreditState.UNDONE: R.CREDIT_UNDONE}.items()
    },
    "a credit that came back and was forfeited with another": (
        undoing(MAKE_UP, replace(LOST, booking_id=OTHER_ID), swap_back=True),
        NOW,
        [R.CREDIT_FORFEITED],
    ),
    "a credit that came back and has expired": (undoing(MAKE_UP, a_credit()), EXPIRES_AT, [R.CREDIT_EXPIRED]),
    "a credit that came back to somebody else": (
        *(undoing(MAKE_UP, a_credit(client_id=OTHER_ID)), NOW, [R.CREDIT_OF_OTHER_CLIENT]),
    ),
    "a credit that came back and ends as the session starts": (
        *(undoing(MAKE_UP, ATTEND_BY), NOW, [R.STARTS_AFTER_EXPIRY]),
    ),
    "a spent credit": (undoing(credit=USED, spent=paid()), NOW, [R.CREDIT_USED]),
    "a spent credit, and nobody may give up what it paid": (
        *(undoing(credit=USED, swap_back=True), NOW, [R.CREDIT_USED]),
    ),
    "what it paid, an instant after that one's deadline": (
        undoing(credit=USED, spent=paid(), swap_back=True),
        DEADLINE + A_MICROSECOND,
        [R.CREDIT_USED],
    ),
    "what it paid, cancelled late": (
        undoing(credit=USED, spent=paid(replace(SPENT, status=BookingStatus.CANCELLED_LATE)), swap_back=True),
        NOW,
        [R.CREDIT_USED],
    ),
    "what it paid, given back too late to pay again": (
        undoing(
            MAKE_UP, replace(USED, missed_session_id=None), spent=paid(starts_at=EXPIRES_AT + 9 * A_DAY), swap_back=True
        ),
        EXPIRES_AT,
        [R.CREDIT_EXPIRED],
    ),
}


@pytest.mark.parametrize(("of", "now", "expected"), FAILING.values(), ids=FAILING)
def test_c5_a_cancellation_is_not_undone(of: Undoing, now: datetime, expected: list[RefusalCode]):
    assert codes(of, now) == expected
    assert isinstance(decide(of, None, now), Refused)
    assert set(expected) <= set(CODES)


def test_c5_r8_a_sibling_s_credit_pays_again_where_siblings_pay_for_each_other():
    target = a_target(studio=a_studio(Policy(credit_scope=CreditScope.SAME_ACCOUNT)))
    theirs = replace(undoing(MAKE_UP, a_credit(client_id=OTHER_ID), target), siblings=frozenset({OTHER_ID}))

    assert codes(theirs) == []
    assert codes(replace(theirs, siblings=frozenset())) == [R.CREDIT_OF_OTHER_CLIENT]


def test_c5_what_cannot_be_had_any_more_is_told_apart_from_what_somebody_can_change():
    who: dict[RefusalCode, list[FixableBy | None]] = {code: [] for code in RefusalCode}
    for of, now, _ in FAILING.values():
        for reason in why_not(of, now):
            who[reason.code].append(reason.fixable_by)

    for code in (R.NOT_CANCELLED, R.ENROLMENT_ENDED, R.SESSION_CANCELLED, R.SESSION_STARTED, R.CREDIT_REVOKED):
        assert set(who[code]) == {None}, code
    assert set(who[R.CREDIT_HELD]) == {FixableBy.CLIENT}
    assert set(who[R.ALREADY_BOOKED]) == {FixableBy.CLIENT}
    assert set(who[R.SESSION_FULL]) == {FixableBy.STAFF}


@pytest.mark.parametrize(
    ("now", "fixable_by", "said"),
    [(DEADLINE, FixableBy.CLIENT, True), (DEADLINE + A_MICROSECOND, FixableBy.STAFF, False)],
)
def test_c5_a_spent_credit_tells_whether_swapping_back_would_do(now: datetime, fixable_by: FixableBy, said: bool):
    (reason,) = why_not(undoing(credit=USED, spent=paid()), now)

    assert (reason.code, reason.fixable_by) == (R.CREDIT_USED, fixable_by)
    assert ("swapBack" in reason.message) is said
    assert codes(undoing(credit=USED, spent=paid(), swap_back=True), now) == ([] if said else [R.CREDIT_USED])


def events(of: Undoing, now: datetime = NOW) -> tuple[object, ...]:
    decision = decide(of, None, now)
    assert isinstance(decision, Undone)
    return decision.events


def test_c5_what_happens_to_the_seat_and_to_the_credit():
    back = replace(USED, state=CreditState.ACTIVE, booking_id=None)
    given_up = (
        BookingCancelled(
            *(SPENT, BookingStatus.CANCELLED, CancellationOutcome.CREDIT_RETURNED, (EarnedNothing.PAID_WITH_CREDIT,))
        ),
        CreditRestored(USED, SPENT, Expiry(USED.expires_at, USED.expires_on)),
    )

    assert events(undoing()) == (CancellationUndone(CANCELLED), CreditUndone(EARNED, CANCELLED))
    assert events(undoing(credit=None)) == (CancellationUndone(CANCELLED),)
    assert events(undoing(credit=USED, spent=paid(), swap_back=True)) == (
        *given_up,
        CancellationUndone(CANCELLED),
        CreditUndone(back, CANCELLED),
    )
    assert events(undoing(MAKE_UP, a_credit())) == (CancellationUndone(MAKE_UP), CreditRedeemed(a_credit(), MAKE_UP))
    assert events(undoing(MAKE_UP, USED, spent=paid(), swap_back=True)) == (
        *given_up,
        CancellationUndone(MAKE_UP),
        CreditRedeemed(back, MAKE_UP),
    )


SWAPPING_BACK = undoing(credit=USED, spent=paid(), swap_back=True)
AS_SHOWN: dict[str, tuple[Undoing, UUID | None, list[RefusalCode]]] = {
    "the one shown": (SWAPPING_BACK, OTHER_ID, []),
    "whichever it is": (SWAPPING_BACK, None, []),
    "none, and none was shown": (undoing(), None, []),
    "another than the one shown": (SWAPPING_BACK, uuid(81), [R.OUTCOME_CHANGED]),
    "none any more": (replace(undoing(), swap_back=True), OTHER_ID, [R.OUTCOME_CHANGED]),
    "none, as that is not asked for": (undoing(), OTHER_ID, [R.OUTCOME_CHANGED]),
    "another, and a rule says no": (
        replace(SWAPPING_BACK, target=in_session(a_session(capacity=0))),
        uuid(81),
        [R.SESSION_FULL],
    ),
}


@pytest.mark.parametrize(("of", "shown", "expected"), AS_SHOWN.values(), ids=AS_SHOWN)
def test_c5_p1_no_other_booking_is_given_up_than_the_one_shown(
    of: Undoing, shown: UUID | None, expected: list[RefusalCode]
):
    decision = decide(of, shown, NOW)

    told = decision.reasons if isinstance(decision, Refused) else ()
    assert [reason.code for reason in told] == expected
    assert set(expected) <= set(CODES)


def test_p1_whoever_is_told_that_another_would_be_given_up_can_ask_again():
    for of, said in ((SWAPPING_BACK, "another booking"), (undoing(), "no booking")):
        decision = decide(of, uuid(81), NOW)
        assert isinstance(decision, Refused)
        (reason,) = decision.reasons
        assert reason.fixable_by is FixableBy.CLIENT
        assert said in reason.message


def test_c5_a_credit_left_used_by_the_cancellation_gets_no_line_and_a_forfeited_one_is_redeemed_again():
    assert events(undoing(MAKE_UP, KEPT)) == (CancellationUndone(MAKE_UP),)
    assert events(undoing(MAKE_UP, LOST)) == (CancellationUndone(MAKE_UP), CreditRedeemed(LOST, MAKE_UP))


def test_c5_what_the_preview_tells_is_what_the_act_takes_back():
    for of, now in HOLDING.values():
        decision = decide(of, None, now)
        assert isinstance(decision, Undone)
        assert decision.credit == taken_back(of, now)
    assert taken_back(undoing(credit=USED, spent=paid()), NOW) is None
    assert taken_back(undoing(credit=USED, spent=paid(), swap_back=True), NOW) == replace(
        USED, state=CreditState.ACTIVE, booking_id=None
    )
    assert taken_back(undoing(MAKE_UP, a_credit()), NOW) is None


def test_a1_only_what_one_may_give_up_oneself_is_swapped_back():
    of = undoing(credit=USED, spent=paid(replace(SPENT, client_id=OTHER_ID)), swap_back=True)
    parent = Authority(uuid(90), None, None, frozenset({CLIENT_ID}))

    assert within_reach(of, replace(parent, client_ids=frozenset({CLIENT_ID, OTHER_ID}))) == of
    assert within_reach(of, replace(parent, role=Role.MANAGER)) == of
    for role in (None, Role.INSTRUCTOR):
        assert codes(within_reach(of, replace(parent, role=role))) == [R.CREDIT_USED]
    assert of.credit is not None
    assert of.credit.id == CREDIT_ID

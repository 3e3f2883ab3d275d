from datetime import timedelta
from uuid import UUID

import pytest

from domain.credits.choosing import ById
from domain.faults import Forbidden, NotFound
from domain.issuing.granting import ThroughDate
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.policy import CreditScope, ExpiryMeans, PriceGuard
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookWithMakeUp,
    book_with_make_up,
)
from domain.services.clients import LinkClient, link_client
from domain.services.credits import ExtendMakeUps, RevokeMakeUps, extend_make_ups, revoke_make_ups
from domain.services.schedule import create_session
from domain.services.schedule_changes import UpdateCourse, update_course
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import A_MICROSECOND, NOW, START, uuid
from tests.domain.studio import StudioInMemory, email_of, known, new_session
from tests.domain.undone import (
    A_DAY,
    ISSUED,
    LATER,
    REDEEMED,
    RESTORED,
    TARGET,
    TARGETS_DEADLINE,
    booking_of,
    given_up,
    spent,
    undo,
    why_not,
)


def test_c5_a_make_up_that_is_wanted_back_spends_the_same_credit_again(studio: StudioInMemory):
    client = studio.a_client()
    credit = studio.a_credit(client)
    make_up = spent(studio, client, NOW)
    studio.cancel(make_up, NOW)

    done = undo(studio, make_up, LATER)

    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, REDEEMED]
    assert (studio.rows.credits[credit].state, studio.rows.credits[credit].booking_id) == (CreditState.USED, make_up)
    assert booking_of(studio, make_up).live
    assert (done.credit, done.bookings) == (None, ())


def test_c5_a_make_up_that_was_cancelled_late_never_lost_its_credit(studio: StudioInMemory):
    client = studio.a_client()
    credit = studio.a_credit(client)
    make_up = spent(studio, client, NOW)
    studio.cancel(make_up, TARGETS_DEADLINE + A_MICROSECOND)

    undo(studio, make_up, TARGET - A_MICROSECOND)

    assert studio.ledger(credit) == [ISSUED, REDEEMED]
    assert booking_of(studio, make_up).live
    assert studio.rows.credits[credit].booking_id == make_up


def test_c5_c2_a_late_make_up_is_wanted_back_also_when_its_credit_would_have_expired(studio: StudioInMemory):
    """It was spent while it lived, and stayed so."""
    booking, client = given_up(studio)
    expires_at = studio.earned(booking).expires_at
    assert expires_at is not None
    make_up = spent(studio, client, starts_at=expires_at + 2 * A_DAY)
    studio.cancel(make_up, expires_at + 2 * A_DAY - timedelta(hours=1))

    undo(studio, make_up, expires_at + 2 * A_DAY - A_MICROSECOND)

    assert studio.ledger(studio.earned(booking).id) == [ISSUED, REDEEMED]


@pytest.mark.parametrize(("early", "codes"), [(A_MICROSECOND, []), (timedelta(), [RefusalCode.CREDIT_EXPIRED])])
def test_c5_a_make_up_s_credit_that_came_back_must_not_have_expired(
    studio: StudioInMemory, early: timedelta, codes: list[RefusalCode]
):
    booking, client = given_up(studio)
    expires_at = studio.earned(booking).expires_at
    assert expires_at is not None
    make_up = spent(studio, client, starts_at=expires_at + 2 * A_DAY)
    studio.cancel(make_up, LATER)

    if codes:
        assert why_not(studio, make_up, expires_at - early) == codes
    else:
        undo(studio, make_up, expires_at - early)


def test_c5_a_make_up_s_credit_that_was_spent_elsewhere_comes_back_only_by_swapping(studio: StudioInMemory):
    client = studio.a_client()
    credit = studio.a_credit(client)
    first = spent(studio, client, NOW)
    studio.cancel(first, NOW)
    second = spent(studio, client, NOW)

    assert why_not(studio, first, LATER) == [RefusalCode.CREDIT_USED]
    done = undo(studio, first, LATER, swap_back=True)

    assert (done.credit, done.bookings) == (None, (second,))
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, REDEEMED, RESTORED, REDEEMED]
    assert studio.rows.credits[credit].booking_id == first


def test_c5_a_make_up_s_credit_may_have_been_undone_or_revoked_meanwhile(studio: StudioInMemory):
    booking, client = given_up(studio)
    make_up = spent(studio, client)
    studio.cancel(make_up, LATER)
    undo(studio, booking, LATER)
    assert why_not(studio, make_up, LATER) == [RefusalCode.CREDIT_UNDONE]

    studio.cancel(booking, LATER)
    make_up = spent(studio, client)
    studio.cancel(make_up, LATER)
    credit = known(studio.rows.bookings[make_up].credit_id)
    studio.done(revoke_make_ups, RevokeMakeUps(ById((credit,)), RevocationReason.OTHER, ""), now=LATER)
    assert why_not(studio, make_up, LATER) == [RefusalCode.CREDIT_REVOKED]


def test_c5_swap_back_gives_up_a_make_up_that_was_itself_wanted_back(studio: StudioInMemory):
    booking, client = given_up(studio)
    make_up = spent(studio, client)
    studio.cancel(make_up, LATER)
    undo(studio, make_up, LATER)

    assert undo(studio, booking, LATER, swap_back=True).bookings == (make_up,)


def test_c5_a_shortened_credit_that_says_attend_by_pays_again_only_what_starts_before_its_end(studio: StudioInMemory):
    studio.change_policy(expiry_means=ExpiryMeans.ATTEND_BY)
    client = studio.a_client()
    credit = studio.a_credit(client)
    make_up = spent(studio, client, NOW)
    studio.cancel(make_up, NOW)
    shorten = ExtendMakeUps(ById((credit,)), ThroughDate(TARGET.date() - A_DAY), "")
    studio.done(extend_make_ups, shorten, now=NOW)

    assert why_not(studio, make_up, LATER) == [RefusalCode.STARTS_AFTER_EXPIRY]


def test_c5_rules_for_new_bookings_are_not_asked_of_a_seat_that_was_theirs(studio: StudioInMemory):
    """C11: nor are they of a seat that is still theirs."""
    course, client = studio.a_course(), studio.a_client()
    studio.a_credit(client, worth=1)
    command = BookWithMakeUp(studio.a_session(TARGET, course), client, None)
    make_up = known(studio.done(book_with_make_up, command).booking)
    studio.cancel(make_up, NOW)
    studio.change_policy(max_days_ahead=0, price_guard=PriceGuard.SAME_OR_LOWER)
    studio.done(update_course, UpdateCourse(course, {"accepts_make_ups": False}), now=NOW)

    assert studio.codes(book_with_make_up, command, now=LATER) == [
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        RefusalCode.TOO_FAR_AHEAD,
        RefusalCode.NO_ELIGIBLE_CREDIT,
    ]
    undo(studio, make_up, LATER)


def test_c5_r6_a_make_up_asks_for_a_seat_for_credits_and_an_ordinary_booking_for_an_ordinary_one(
    studio: StudioInMemory,
):
    client, session = studio.a_client(), studio.a_session(TARGET, capacity=1)
    studio.change_session_policy(session, extra_make_up_seats=1, max_make_ups=1)
    studio.a_credit(client)
    make_up = known(studio.done(book_with_make_up, BookWithMakeUp(session, client, None)).booking)
    studio.cancel(make_up, NOW)
    ordinary = studio.a_booking(session, studio.a_client("stranger"))
    undo(studio, make_up, NOW)
    studio.cancel(ordinary, NOW, by="stranger")
    assert why_not(studio, ordinary, NOW, by="stranger") == [RefusalCode.SESSION_FULL]

    studio.cancel(make_up, NOW)
    undo(studio, ordinary, NOW, by="stranger")
    studio.change_session_policy(session, max_make_ups=0)
    assert why_not(studio, make_up, NOW) == [RefusalCode.MAKE_UP_SEATS_FULL]


def test_a1_whoever_could_cancel_the_booking_can_undo_it_and_nobody_else(studio: StudioInMemory):
    booking, _ = given_up(studio)
    for who in ("stranger", "instructor"):
        with pytest.raises(NotFound) as raised:
            studio.act(undo_cancellation, UndoCancellation(booking, swap_back=False), who, LATER)
        assert raised.value.path == ("bookingId",)
    with pytest.raises(NotFound):
        studio.act(undo_cancellation, UndoCancellation(uuid(404), swap_back=False), "owner", LATER)

    for who in ("owner", "manager", "parent"):
        undo(studio, booking, LATER, who)
        studio.cancel(booking, LATER)


def test_a1_the_instructor_sees_the_roster_and_undoes_nothing(studio: StudioInMemory):
    session = known(studio.done(create_session, new_session(studio.a_course(), START, 1, studio.instructor_id)).session)
    booking = studio.a_booking(session, studio.a_client())
    studio.cancel(booking, NOW)

    with pytest.raises(Forbidden):
        studio.act(undo_cancellation, UndoCancellation(booking, swap_back=False), "instructor", LATER)


def siblings(studio: StudioInMemory) -> tuple[UUID, UUID, UUID, UUID]:
    """A booking given up; its client; a sibling, and the make-up that the credit has bought for them."""
    booking, client = given_up(studio, credit_scope=CreditScope.SAME_ACCOUNT)
    sibling = studio.a_client()
    command = BookWithMakeUp(studio.a_session(TARGET), sibling, studio.earned(booking).id)
    return booking, client, sibling, known(studio.done(book_with_make_up, command, "parent", LATER).booking)


@pytest.mark.parametrize("by", ["parent", "manager"])
def test_c5_r8_swap_back_gives_up_a_sibling_s_seat_that_the_credit_has_bought(studio: StudioInMemory, by: str):
    booking, _, _, make_up = siblings(studio)

    assert undo(studio, booking, LATER, by, swap_back=True).bookings == (make_up,)
    assert not booking_of(studio, make_up).live


def test_c5_r8_the_seat_of_a_sibling_whom_another_account_manages_now_is_not_theirs_to_give_up(studio: StudioInMemory):
    booking, _, sibling, make_up = siblings(studio)
    studio.done(link_client, LinkClient(sibling, email_of("stranger")), now=LATER)

    assert why_not(studio, booking, LATER, swap_back=True) == [RefusalCode.CREDIT_USED]
    assert undo(studio, booking, LATER, "manager", swap_back=True).bookings == (make_up,)


def test_c5_r8_a_sibling_s_credit_pays_again_only_where_it_may_pay(studio: StudioInMemory):
    booking, _, sibling, make_up = siblings(studio)
    studio.cancel(make_up, LATER)
    studio.change_policy(credit_scope=CreditScope.SAME_CLIENT)
    assert why_not(studio, make_up, LATER) == [RefusalCode.CREDIT_OF_OTHER_CLIENT]

    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    undo(studio, make_up, LATER)
    assert studio.earned(booking).booking_id == make_up
    assert booking_of(studio, make_up).client_id == sibling


def test_c4_after_an_undo_cancelling_twice_is_again_once(studio: StudioInMemory):
    booking, _ = given_up(studio)
    undo(studio, booking, LATER)
    studio.cancel(booking, LATER)
    studio.cancel(booking, LATER)

    assert [credit.state for credit in studio.rows.credits.values()] == [CreditState.UNDONE, CreditState.ACTIVE]

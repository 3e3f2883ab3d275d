"""What is live when a credit is spent and what is fixed when it is issued (V8); seats that credits and money share."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from domain.nouns.credit import CreditState
from domain.nouns.policy import (
    OFF,
    CategoryGuard,
    CreditScope,
    Days,
    ExpiryMeans,
    ExpiryRounding,
    Never,
    PriceGuard,
    RedeemableFrom,
)
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookWithMakeUp,
    book_with_make_up,
)
from domain.services.clients import LinkClient, link_client
from domain.services.schedule import CreateSession, create_session
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.studio import HOUR, StudioInMemory, email_of, known

A_DAY = timedelta(days=1)


def a_class(studio: StudioInMemory, price: int | None = 3_000, category: str | None = None, capacity: int = 2) -> UUID:
    command = CreateSession(None, "Class", START, START + HOUR, capacity, price, True, None, category)
    return known(studio.done(create_session, command).session)


def earned(studio: StudioInMemory, client: UUID, course: UUID | None = None) -> UUID:
    """A credit for a seat in a session, which is given up at once."""
    booking = studio.a_booking(studio.a_session(START, course or studio.a_course()), client)
    studio.cancel(booking, NOW)
    return studio.earned(booking).id


def why_not(studio: StudioInMemory, session: UUID, client: UUID, credit: UUID | None = None) -> list[RefusalCode]:
    """Why the credit cannot book the session now; it must not be able to."""
    return studio.codes(book_with_make_up, BookWithMakeUp(session, client, credit))


def spend(studio: StudioInMemory, session: UUID, client: UUID, credit: UUID | None = None) -> UUID:
    """The credit spent."""
    return known(studio.done(book_with_make_up, BookWithMakeUp(session, client, credit), "parent").credit)


LIVE: dict[str, tuple[dict[str, object], RefusalCode]] = {
    "maxDaysAhead": ({"max_days_ahead": 20}, RefusalCode.TOO_FAR_AHEAD),
    "makeUpsOpenDaysBefore": ({"make_ups_open_days_before": 20}, RefusalCode.BOOKING_NOT_OPEN_YET),
    "makeUpsCloseMinutesBefore": ({"make_ups_close_minutes_before": 21 * 24 * 60 + 1}, RefusalCode.BOOKING_CLOSED),
    "priceGuard": ({"price_guard": PriceGuard.SAME_OR_LOWER}, RefusalCode.PRICE_ABOVE_CREDIT),
    "categoryGuard": ({"category_guard": CategoryGuard.SAME_CATEGORY}, RefusalCode.CATEGORY_MISMATCH),
}


@pytest.mark.parametrize(("changes", "code"), LIVE.values(), ids=LIVE)
def test_v8_what_the_studio_decides_of_booking_is_read_when_booking(
    studio: StudioInMemory, changes: dict[str, object], code: RefusalCode
):
    client, session = studio.a_client(), a_class(studio, price=3_001, category="Dance")
    credit = earned(studio, client, studio.a_course(category="Yoga"))

    studio.change_policy(**changes)
    assert why_not(studio, session, client, credit) == [code]
    studio.change_policy(**dict.fromkeys(changes))
    assert spend(studio, session, client, credit) == credit


def test_v8_whose_credits_pay_is_read_when_booking(studio: StudioInMemory):
    client, sibling, session = studio.a_client(), studio.a_client(), a_class(studio)
    credit = studio.a_credit(sibling)

    assert why_not(studio, session, client, credit) == [RefusalCode.CREDIT_OF_OTHER_CLIENT]
    assert why_not(studio, session, client) == [RefusalCode.NO_ELIGIBLE_CREDIT]
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    assert spend(studio, session, client) == credit


SEATS: dict[str, tuple[dict[str, object], RefusalCode]] = {
    "maxMakeUps": ({"max_make_ups": 0}, RefusalCode.MAKE_UP_SEATS_FULL),
    "freedSeatsOnly": ({"freed_seats_only": True}, RefusalCode.MAKE_UP_SEATS_FULL),
}


@pytest.mark.parametrize(("changes", "code"), SEATS.values(), ids=SEATS)
@pytest.mark.parametrize("decide", [StudioInMemory.change_course_policy, StudioInMemory.change_session_policy])
def test_v8_what_a_course_or_a_session_decides_of_its_seats_is_read_when_booking(
    studio: StudioInMemory, changes: dict[str, object], code: RefusalCode, decide: Callable[..., None]
):
    client, course = studio.a_client(), studio.a_course()
    session, credit = studio.a_session(START, course), studio.a_credit(client)
    which = course if decide is StudioInMemory.change_course_policy else session

    decide(studio, which, **changes)
    assert why_not(studio, session, client, credit) == [code]
    decide(studio, which, **dict.fromkeys(changes))
    assert spend(studio, session, client, credit) == credit


def test_v8_a_session_may_undo_what_its_course_decides(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course(max_make_ups=0, make_ups_open_days_before=0)
    session, credit = studio.a_session(START, course), studio.a_credit(client)

    assert why_not(studio, session, client, credit) == [
        RefusalCode.BOOKING_NOT_OPEN_YET,
        RefusalCode.MAKE_UP_SEATS_FULL,
    ]
    studio.change_session_policy(session, max_make_ups=OFF, make_ups_open_days_before=OFF)
    assert spend(studio, session, client, credit) == credit


FROZEN: dict[str, tuple[dict[str, object], dict[str, object], RefusalCode | None]] = {
    "book by": ({"expiry_means": ExpiryMeans.BOOK_BY}, {"expiry_means": ExpiryMeans.ATTEND_BY}, None),
    "attend by": (
        {"expiry_means": ExpiryMeans.ATTEND_BY},
        {"expiry_means": ExpiryMeans.BOOK_BY},
        RefusalCode.STARTS_AFTER_EXPIRY,
    ),
    "valid at once": (
        {"redeemable_from": RedeemableFrom.ON_CANCELLATION},
        {"redeemable_from": RedeemableFrom.AFTER_MISSED_SESSION},
        None,
    ),
    "valid after the missed session": (
        {"redeemable_from": RedeemableFrom.AFTER_MISSED_SESSION},
        {"redeemable_from": RedeemableFrom.ON_CANCELLATION},
        RefusalCode.CREDIT_NOT_YET_VALID,
    ),
}


@pytest.mark.parametrize(("issued", "later", "code"), FROZEN.values(), ids=FROZEN)
def test_v8_the_terms_of_a_credit_are_those_of_its_issue(
    studio: StudioInMemory, issued: dict[str, object], later: dict[str, object], code: RefusalCode | None
):
    client, session = studio.a_client(), a_class(studio)
    studio.change_policy(**issued)
    credit = earned(studio, client)
    before = studio.rows.credits[credit]

    studio.change_policy(**later, validity=Never(), expiry_rounding=ExpiryRounding.EXACT)

    assert studio.rows.credits[credit] == before
    if code is None:
        assert spend(studio, session, client, credit) == credit
    else:
        assert why_not(studio, session, client, credit) == [code]


def test_v8_the_worth_and_the_category_of_a_credit_are_those_of_the_missed_session(studio: StudioInMemory):
    client = studio.a_client()
    studio.change_policy(price_guard=PriceGuard.SAME_OR_LOWER, category_guard=CategoryGuard.SAME_CATEGORY)
    credit = earned(studio, client, studio.a_course(category="Yoga", single=2_500))

    assert (studio.rows.credits[credit].worth, studio.rows.credits[credit].category) == (2_500, "Yoga")
    assert why_not(studio, a_class(studio, 2_501, "Yoga"), client, credit) == [RefusalCode.PRICE_ABOVE_CREDIT]
    assert why_not(studio, a_class(studio, 2_500, "Dance"), client, credit) == [RefusalCode.CATEGORY_MISMATCH]
    assert spend(studio, a_class(studio, 2_500, "Yoga"), client, credit) == credit


def test_r9_a_grant_is_worth_what_staff_say_and_is_of_no_category(studio: StudioInMemory):
    client = studio.a_client()
    studio.change_policy(price_guard=PriceGuard.SAME_OR_LOWER, category_guard=CategoryGuard.SAME_CATEGORY)
    worth_something, worth_unknown = studio.a_credit(client, worth=2_500), studio.a_credit(client)

    dear = a_class(studio, 2_501, "Yoga")
    assert why_not(studio, dear, client, worth_something) == [RefusalCode.PRICE_ABOVE_CREDIT]
    assert spend(studio, dear, client) == worth_unknown
    assert spend(studio, a_class(studio, 2_500, "Dance"), client) == worth_something


def test_r12_a_credit_can_be_spent_from_the_end_of_the_missed_session_on_and_is_active_before(studio: StudioInMemory):
    studio.change_policy(redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION, validity=Days(60))
    client, session = studio.a_client(), studio.a_session(START + 3 * A_DAY)
    credit, over = earned(studio, client), START + HOUR

    assert studio.rows.credits[credit].state_at(NOW) is CreditState.ACTIVE
    command = BookWithMakeUp(session, client, None)
    assert studio.codes(book_with_make_up, command, now=over - A_MICROSECOND) == [RefusalCode.NO_ELIGIBLE_CREDIT]
    assert studio.done(book_with_make_up, command, "parent", over).credit == credit


def test_r8_r10_a_siblings_credit_pays_and_comes_back_to_the_sibling(studio: StudioInMemory):
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    client, sibling, session = studio.a_client(), studio.a_client(), a_class(studio)
    siblings, own = studio.a_credit(sibling), studio.a_credit(client)

    assert spend(studio, session, client) == own
    assert spend(studio, a_class(studio), client) == siblings
    booking = next(b for b in studio.rows.bookings.values() if b.credit_id == siblings)
    assert booking.client_id == client
    studio.cancel(booking.id, NOW)
    back = studio.rows.credits[siblings]
    assert (back.client_id, back.state) == (sibling, CreditState.ACTIVE)


def test_r8_a_sibling_is_whoever_the_same_account_manages_now(studio: StudioInMemory):
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    client, sibling, guest, session = studio.a_client(), studio.a_client(), studio.a_client(None), a_class(studio)
    credit = studio.a_credit(sibling)
    studio.a_credit(guest)

    studio.done(link_client, LinkClient(sibling, email_of("stranger")))
    assert why_not(studio, session, client) == [RefusalCode.NO_ELIGIBLE_CREDIT]
    by_staff = BookWithMakeUp(session, client, credit)
    assert studio.codes(book_with_make_up, by_staff, "manager") == [RefusalCode.CREDIT_OF_OTHER_CLIENT]
    studio.done(link_client, LinkClient(sibling, email_of("parent")))
    assert spend(studio, session, client) == credit

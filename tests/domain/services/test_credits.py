"""V6, V7, V8: many credits at once, each by itself."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from domain.credits.choosing import MOST_AT_ONCE, ById, ChosenCredits, CreditFilter
from domain.credits.ledger import LedgerKind
from domain.credits.validity import Expiry
from domain.faults import BadUserInput, NotFound
from domain.issuing import granting
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.managing.extending import MoreDays, NewExpiry
from domain.nouns.booking import CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditState, GrantReason, MakeUpCredit, RevocationReason
from domain.nouns.policy import (
    SETTINGS,
    CapPeriod,
    CategoryGuard,
    CreditScope,
    Days,
    EarnCap,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    Level,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    Policy,
    PriceGuard,
    RedeemableFrom,
)
from domain.outcome import Done
from domain.refusals import RefusalCode, Refused
from domain.services.bookings import BookWithMakeUp, book_with_make_up
from domain.services.credits import (
    ExtendMakeUps,
    GrantMakeUp,
    RevokeMakeUps,
    extend_make_ups,
    grant_make_up,
    revoke_make_ups,
)
from domain.services.policies import (
    UpdateCoursePolicy,
    UpdatePolicy,
    UpdateSessionPolicy,
    update_course_policy,
    update_policy,
    update_session_policy,
)
from tests.domain.builders import A_MICROSECOND, NOW, START, utc, uuid
from tests.domain.studio import StudioInMemory

SIXTH = ThroughDate(date(2026, 12, 6))
EXPIRES_AT = utc("2026-12-06T23:00:00Z")


def extend(studio: StudioInMemory, chosen: ChosenCredits, expiry: NewExpiry, now: datetime = NOW) -> Done | Refused:
    return studio.act(extend_make_ups, ExtendMakeUps(chosen, expiry, "a closure"), "manager", now)


def revoke(studio: StudioInMemory, chosen: ChosenCredits, now: datetime = NOW) -> Done | Refused:
    return studio.act(revoke_make_ups, RevokeMakeUps(chosen, RevocationReason.MISUSE, "seen"), "manager", now)


def spent(studio: StudioInMemory, client: UUID, credit: UUID) -> UUID:
    studio.done(book_with_make_up, BookWithMakeUp(studio.a_session(START), client, credit), "parent")
    return credit


def last_day(studio: StudioInMemory, credit: UUID) -> date | None:
    return studio.rows.credits[credit].expires_on


def test_v6_each_credit_is_extended_by_itself_and_the_others_are_told_why_not(studio: StudioInMemory):
    client = studio.a_client()
    first, second = studio.a_credit(client, SIXTH), studio.a_credit(client, ThroughDate(date(2026, 12, 7)))
    used = spent(studio, client, studio.a_credit(client))

    done = extend(studio, ById((second, used, first)), MoreDays(7))

    assert isinstance(done, Done)
    assert done.credits == (second, used, first)
    assert set(done.changed) == {first, second}
    assert [(reason.code, reason.credit_id) for reason in done.against] == [(RefusalCode.CREDIT_USED, used)]
    assert (last_day(studio, first), last_day(studio, second)) == (date(2026, 12, 13), date(2026, 12, 14))
    assert studio.ledger(used) == [LedgerKind.ISSUED, LedgerKind.REDEEMED]


def test_v6_the_ledger_shows_both_ends(studio: StudioInMemory):
    credit = studio.a_credit(studio.a_client(), SIXTH)
    ends = [NoExpiry(), ThroughDate(date(2026, 12, 24))]
    for end in ends:
        extend(studio, ById((credit,)), end)

    _, to_never, to_christmas = studio.rows.ledgers[credit]
    christmas = Expiry(utc("2026-12-24T23:00:00Z"), date(2026, 12, 24))
    assert to_never.kind is to_christmas.kind is LedgerKind.EXTENDED
    assert to_never.before == Expiry(EXPIRES_AT, date(2026, 12, 6))
    assert (to_never.expires_at, to_never.expires_on) == (None, None)
    assert to_christmas.before == Expiry(None, None)
    assert Expiry(to_christmas.expires_at, to_christmas.expires_on) == christmas
    assert to_christmas.note == "a closure"


def test_v6_an_expired_credit_lives_again_and_can_be_spent(studio: StudioInMemory):
    client = studio.a_client()
    credit, session = studio.a_credit(client, SIXTH), studio.a_session(START)
    spend = BookWithMakeUp(session, client, credit)
    assert studio.codes(book_with_make_up, spend, "parent", EXPIRES_AT) == [RefusalCode.CREDIT_EXPIRED]

    done = extend(studio, ById((credit,)), ThroughDate(date(2026, 12, 7)), EXPIRES_AT)

    assert isinstance(done, Done)
    assert done.changed == (credit,)
    assert studio.done(book_with_make_up, spend, "parent", EXPIRES_AT).credit == credit
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.EXTENDED, LedgerKind.REDEEMED]


def test_v6_refused_where_not_one_can_be_extended_with_the_reasons_of_each(studio: StudioInMemory):
    client = studio.a_client()
    first, second = studio.a_credit(client, SIXTH), spent(studio, client, studio.a_credit(client, SIXTH))

    refused = extend(studio, ById((first, second)), ThroughDate(date(2026, 11, 21)))

    assert isinstance(refused, Refused)
    assert [(reason.code, reason.credit_id) for reason in refused.reasons] == [
        (RefusalCode.EXPIRY_IN_PAST, first),
        (RefusalCode.CREDIT_USED, second),
        (RefusalCode.EXPIRY_IN_PAST, second),
    ]


def test_v6_what_is_so_already_is_done_and_writes_nothing(studio: StudioInMemory):
    credit = studio.a_credit(studio.a_client(), SIXTH)

    done = extend(studio, ById((credit,)), SIXTH)

    assert isinstance(done, Done)
    assert (done.credits, done.changed, done.against) == ((credit,), (), ())
    assert studio.ledger(credit) == [LedgerKind.ISSUED]


def test_v7_each_credit_is_taken_back_by_itself_and_its_ledger_tells_why(studio: StudioInMemory):
    client = studio.a_client()
    good, expired = studio.a_credit(client), studio.a_credit(client, SIXTH)

    done = revoke(studio, ById((expired, good)), EXPIRES_AT)

    assert isinstance(done, Done)
    assert (done.credits, done.changed) == ((expired, good), (good,))
    assert [(reason.code, reason.credit_id) for reason in done.against] == [(RefusalCode.CREDIT_EXPIRED, expired)]
    line = studio.rows.ledgers[good][-1]
    assert (line.kind, line.reason, line.note) == (LedgerKind.REVOKED, RevocationReason.MISUSE, "seen")
    assert studio.rows.credits[good].state_at(EXPIRES_AT) is CreditState.REVOKED


def test_v7_a_credit_is_taken_back_once_and_neither_spent_nor_extended_any_more(studio: StudioInMemory):
    client, session = studio.a_client(), studio.a_session(START)
    credit = studio.a_credit(client)
    revoke(studio, ById((credit,)))

    spend = BookWithMakeUp(session, client, credit)
    assert studio.codes(book_with_make_up, spend) == [RefusalCode.CREDIT_REVOKED]
    for again in (revoke(studio, ById((credit,))), extend(studio, ById((credit,)), SIXTH)):
        assert isinstance(again, Refused)
        assert [reason.code for reason in again.reasons] == [RefusalCode.CREDIT_REVOKED]


def test_v7_the_booking_that_earned_a_revoked_credit_is_answered_as_before(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    studio.cancel(booking, NOW)
    revoke(studio, ById((studio.earned(booking).id,)))

    assert studio.cancel(booking, NOW).outcome is CancellationOutcome.CREDIT
    assert studio.earned(booking).state is CreditState.REVOKED


def test_one_credit_that_is_not_there_is_no_credit_at_all(studio: StudioInMemory):
    credit = studio.a_credit(studio.a_client(), SIXTH)

    for act in (lambda chosen: extend(studio, chosen, NoExpiry()), lambda chosen: revoke(studio, chosen)):
        with pytest.raises(NotFound):
            act(ById((credit, uuid(404))))
    assert studio.ledger(credit) == [LedgerKind.ISSUED]


def test_five_hundred_credits_are_changed_at_once_and_one_more_is_too_many(studio: StudioInMemory):
    client = studio.a_client()
    for _ in range(MOST_AT_ONCE // granting.MOST_AT_ONCE):
        command = GrantMakeUp(client, granting.MOST_AT_ONCE, GrantReason.OTHER, "", SIXTH, None)
        studio.done(grant_make_up, command)

    done = extend(studio, CreditFilter(), MoreDays(1))

    assert isinstance(done, Done)
    assert len(done.changed) == MOST_AT_ONCE
    one_more = studio.a_credit(client, SIXTH)
    with pytest.raises(BadUserInput):
        extend(studio, CreditFilter(), MoreDays(1))
    assert last_day(studio, one_more) == date(2026, 12, 6)


def test_a_filter_that_matches_nothing_is_done_with_nothing(studio: StudioInMemory):
    done = revoke(studio, CreditFilter(states=frozenset({CreditState.HELD})))

    assert isinstance(done, Done)
    assert (done.credits, done.changed) == ((), ())


def test_e9_a_credit_that_was_taken_back_makes_room_under_a_cap(studio: StudioInMemory):
    studio.change_policy(earn_cap=EarnCap(1, CapPeriod.CALENDAR_MONTH))
    client, course = studio.a_client(), studio.a_course()
    first, second, third = (
        studio.a_booking(studio.a_session(START + timedelta(days=days), course), client) for days in range(3)
    )
    studio.cancel(first, NOW)
    assert studio.cancel(second, NOW).why_not_earned == (EarnedNothing.EARN_CAP_REACHED,)
    revoke(studio, ById((studio.earned(first).id,)))

    assert studio.cancel(third, NOW).outcome is CancellationOutcome.CREDIT


def test_e9_an_expired_credit_is_no_longer_outstanding(studio: StudioInMemory):
    studio.change_policy(max_outstanding=1)
    client, course = studio.a_client(), studio.a_course()
    first, second, third = (
        studio.a_booking(studio.a_session(START + timedelta(days=days), course), client) for days in (0, 7, 8)
    )
    studio.cancel(first, NOW)
    assert studio.cancel(second, EXPIRES_AT - A_MICROSECOND).why_not_earned == (EarnedNothing.OUTSTANDING_CAP_REACHED,)
    assert studio.cancel(third, EXPIRES_AT).outcome is CancellationOutcome.CREDIT


def test_e9_granted_credits_count_for_no_cap(studio: StudioInMemory):
    studio.change_policy(max_outstanding=1, earn_cap=EarnCap(1, CapPeriod.COURSE))
    client = studio.a_client()
    studio.a_credit(client)

    assert studio.cancel(studio.a_booking(studio.a_session(START), client), NOW).outcome is CancellationOutcome.CREDIT


OTHER_VALUES: dict[str, object] = {
    "make_ups_enabled": True,
    "cancellation_deadline": HoursBefore(1000),
    "late_cancellation": LateCancellation.BLOCK,
    "single_bookings_earn": False,
    "earning_needs_payment": False,
    "earn_cap": EarnCap(0, CapPeriod.COURSE),
    "max_outstanding": 0,
    "validity": Days(1),
    "expiry_rounding": ExpiryRounding.EXACT,
    "never_before_missed_session": 300,
    "expiry_means": ExpiryMeans.ATTEND_BY,
    "redeemable_from": RedeemableFrom.AFTER_MISSED_SESSION,
    "max_days_ahead": 0,
    "make_ups_open_days_before": 0,
    "make_ups_close_minutes_before": 1000,
    "extra_make_up_seats": 5,
    "max_make_ups": 0,
    "freed_seats_only": True,
    "price_guard": PriceGuard.SAME_OR_LOWER,
    "category_guard": CategoryGuard.SAME_CATEGORY,
    "credit_scope": CreditScope.SAME_ACCOUNT,
    "on_make_up_cancellation": OnMakeUpCancellation.FORFEIT,
    "studio_cancellation_grace_days": 300,
    "on_enrolment_end": OnEnrolmentEnd.REVOKE_UNUSED,
    "excused_absence_earns": True,
    "hold_release_grace_hours": 300,
    "auto_seat_hours_before_deadline": 300,
}


def test_v8_no_setting_of_any_level_changes_a_credit_that_was_issued(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course()
    session = studio.a_session(START, course)
    booking, granted = studio.a_booking(session, client), studio.a_credit(client, SIXTH)
    studio.cancel(booking, NOW)
    issued: dict[UUID, MakeUpCredit] = dict(studio.rows.credits)
    assert issued.keys() == {granted, studio.earned(booking).id}

    for name, levels in SETTINGS.items():
        assert getattr(Policy(), name) != OTHER_VALUES[name]
        for value in (OTHER_VALUES[name], getattr(Policy(), name), None):
            if Level.STUDIO in levels:
                studio.done(update_policy, UpdatePolicy({name: value}))
            if Level.COURSE in levels:
                studio.done(update_course_policy, UpdateCoursePolicy(course, {name: value}))
            if Level.SESSION in levels:
                studio.done(update_session_policy, UpdateSessionPolicy(session, {name: value}))
            assert studio.rows.credits == issued

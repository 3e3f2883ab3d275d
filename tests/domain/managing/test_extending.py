"""V6: staff move the end of a credit."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.events import CreditExtended
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.managing.extending import (
    Extension,
    MoreDays,
    NewExpiry,
    credit_can_have_another_end,
    decide,
    new_end_can_be_told,
    new_end_is_to_come,
)
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.refusals import FixableBy, RefusalCode
from tests.domain.builders import A_MICROSECOND, CREDIT_ID, NOW, a_credit, utc

EXPIRES_AT = utc("2026-12-06T23:00:00Z")
SPENT = {
    CreditState.USED: RefusalCode.CREDIT_USED,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
}


def extension(wanted: NewExpiry, credit: MakeUpCredit | None = None, zone: str = "Europe/Prague") -> Extension:
    return Extension(credit or a_credit(), wanted, ZoneInfo(zone), "a closure")


@pytest.mark.parametrize("state", CreditState)
def test_v6_what_is_active_held_or_expired_can_have_another_end(state: CreditState):
    refusal = credit_can_have_another_end(extension(NoExpiry(), a_credit(state=state)), NOW)

    assert (refusal and refusal.code) is SPENT.get(state)
    if refusal is not None:
        assert (refusal.actual, refusal.required) == (state.value, "ACTIVE")
        assert refusal.credit_id == CREDIT_ID
        assert refusal.fixable_by is (FixableBy.CLIENT if state is CreditState.USED else None)


@pytest.mark.parametrize("by", [timedelta(0), timedelta(days=1000)])
def test_v6_what_time_has_expired_can_have_another_end(by: timedelta):
    assert credit_can_have_another_end(extension(NoExpiry()), EXPIRES_AT + by) is None


CAIRO, APIA, LORD_HOWE = "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe"
ENDS: dict[str, tuple[NewExpiry, MakeUpCredit, str, str | None, str | None]] = {
    "a later day": (ThroughDate(date(2027, 3, 28)), a_credit(), "Europe/Prague", "2027-03-28T22:00:00Z", "2027-03-28"),
    "an earlier day": (
        *(ThroughDate(date(2026, 11, 22)), a_credit(), "Europe/Prague", "2026-11-22T23:00:00Z", "2026-11-22"),
    ),
    "never": (NoExpiry(), a_credit(), "Europe/Prague", None, None),
    "a day, after never": (
        ThroughDate(date(2027, 1, 1)),
        a_credit(expires_at=None, expires_on=None),
        *("Europe/Prague", "2027-01-01T23:00:00Z", "2027-01-01"),
    ),
    "some days": (MoreDays(14), a_credit(), "Europe/Prague", "2026-12-20T23:00:00Z", "2026-12-20"),
    "some days over the year's end": (MoreDays(26), a_credit(), "Europe/Prague", "2027-01-01T23:00:00Z", "2027-01-01"),
    "some days to a leap day": (
        MoreDays(1),
        a_credit(expires_at=utc("2028-02-28T23:00:00Z"), expires_on=date(2028, 2, 28)),
        *("Europe/Prague", "2028-02-29T23:00:00Z", "2028-02-29"),
    ),
    "some days after never": (MoreDays(14), a_credit(expires_at=None, expires_on=None), "Europe/Prague", None, None),
    "some days after an instant are whole days": (
        MoreDays(1),
        a_credit(expires_at=utc("2026-12-06T17:00:00Z"), expires_on=date(2026, 12, 6)),
        *("Europe/Prague", "2026-12-07T23:00:00Z", "2026-12-07"),
    ),
    "the day before a skipped midnight": (
        *(ThroughDate(date(2026, 4, 23)), a_credit(), CAIRO, "2026-04-23T22:00:00Z", "2026-04-23"),
    ),
    "half an hour's change": (
        *(ThroughDate(date(2026, 10, 4)), a_credit(), LORD_HOWE, "2026-10-04T13:00:00Z", "2026-10-04"),
    ),
    "a missing day": (ThroughDate(date(2011, 12, 30)), a_credit(), APIA, "2011-12-30T10:00:00Z", "2011-12-29"),
}


@pytest.mark.parametrize(("wanted", "credit", "zone", "at", "on"), ENDS.values(), ids=ENDS)
def test_v6_a_credit_ends_as_staff_say(
    wanted: NewExpiry, credit: MakeUpCredit, zone: str, at: str | None, on: str | None
):
    expiry = extension(wanted, credit, zone).expiry

    assert expiry.at == (at and utc(at))
    assert expiry.on == (on and date.fromisoformat(on))


TO_COME: dict[str, tuple[NewExpiry, datetime, bool]] = {
    "today": (ThroughDate(date(2026, 12, 6)), EXPIRES_AT - A_MICROSECOND, True),
    "at the midnight that ends it": (ThroughDate(date(2026, 12, 6)), EXPIRES_AT, False),
    "one microsecond later": (ThroughDate(date(2026, 12, 6)), EXPIRES_AT + A_MICROSECOND, False),
    "some days, up to the last microsecond": (MoreDays(1), EXPIRES_AT + timedelta(days=1) - A_MICROSECOND, True),
    "some days that are over too": (MoreDays(1), EXPIRES_AT + timedelta(days=1), False),
    "never": (NoExpiry(), EXPIRES_AT + timedelta(days=1000), True),
}


@pytest.mark.parametrize(("wanted", "now", "to_come"), TO_COME.values(), ids=TO_COME)
def test_v6_an_end_is_never_before_now(wanted: NewExpiry, now: datetime, to_come: bool):
    refusal = new_end_is_to_come(extension(wanted), now)

    assert (refusal is None) is to_come
    assert refusal is None or refusal.code is RefusalCode.EXPIRY_IN_PAST


def test_v6_an_end_in_the_past_is_told_with_both_dates():
    refusal = new_end_is_to_come(extension(ThroughDate(date(2026, 11, 21))), NOW)

    assert refusal is not None
    assert (refusal.actual, refusal.required) == (date(2026, 11, 21), date(2026, 11, 22))
    assert (refusal.credit_id, refusal.path, refusal.fixable_by) == (CREDIT_ID, ("expiry",), FixableBy.STAFF)


LAST = a_credit(expires_at=utc("2999-12-30T23:00:00Z"), expires_on=date(2999, 12, 30))


def test_v6_the_last_date_that_can_be_told_is_the_last_end():
    assert new_end_can_be_told(extension(MoreDays(1), LAST), NOW) is None
    assert new_end_can_be_told(extension(NoExpiry(), LAST), NOW) is None

    refusal = new_end_can_be_told(extension(MoreDays(2), LAST), NOW)

    assert refusal is not None
    assert (refusal.code, refusal.credit_id) == (RefusalCode.EXPIRY_TOO_LATE, CREDIT_ID)
    assert (refusal.actual, refusal.required) == (date(3000, 1, 1), date(2999, 12, 31))


def test_v6_every_reason_is_told():
    reasons = decide(extension(ThroughDate(date(2026, 11, 21)), a_credit(state=CreditState.USED)), NOW)

    assert isinstance(reasons, tuple)
    assert [reason.code for reason in reasons] == [RefusalCode.CREDIT_USED, RefusalCode.EXPIRY_IN_PAST]


def test_v6_what_happens_tells_the_credit_as_it_was_and_its_new_end():
    decision = decide(extension(ThroughDate(date(2027, 1, 31))), EXPIRES_AT)

    after = a_credit(expires_at=utc("2027-01-31T23:00:00Z"), expires_on=date(2027, 1, 31))
    assert decision == CreditExtended(a_credit(), after, "a closure")


@pytest.mark.parametrize(
    ("wanted", "credit"),
    [
        (ThroughDate(date(2026, 12, 6)), a_credit()),
        (NoExpiry(), a_credit(expires_at=None, expires_on=None)),
        (MoreDays(7), a_credit(expires_at=None, expires_on=None)),
    ],
)
def test_v6_where_a_credit_ends_then_already_nothing_happens(wanted: NewExpiry, credit: MakeUpCredit):
    assert decide(extension(wanted, credit), NOW) == ()

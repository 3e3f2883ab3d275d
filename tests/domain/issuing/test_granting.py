from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.issuing.granting import Grant, GrantValidity, NoExpiry, StudioValidity, ThroughDate, decide
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason, MakeUpCredit
from domain.nouns.policy import Days, ExpiryRounding, Never, Policy, Until
from domain.refusals import FixableBy, RefusalCode, Refused
from tests.domain.builders import A_MICROSECOND, CLIENT_ID, NOW, a_client, a_studio, utc, uuid

FORTNIGHT = Policy(validity=Days(14))
EXACT = Policy(validity=Days(14), expiry_rounding=ExpiryRounding.EXACT)


def granted(
    validity: GrantValidity,
    now: datetime = NOW,
    policy: Policy = FORTNIGHT,
    zone: str = "Europe/Prague",
    number: int = 1,
    worth: int | None = None,
) -> tuple[MakeUpCredit, ...] | Refused:
    grant = Grant(a_studio(policy, zone), a_client(), GrantReason.GOODWILL, "a leak", validity, worth)
    return decide(grant, tuple(map(uuid, range(number))), now)


EXPIRIES = {
    "the studio's validity": (StudioValidity(), FORTNIGHT, "2026-12-06T23:00:00Z", "2026-12-06"),
    "the studio's, exactly": (StudioValidity(), EXACT, "2026-12-06T17:00:00Z", "2026-12-06"),
    "the studio's, a term's end": (
        *(StudioValidity(), Policy(validity=Until(date(2026, 11, 22))), "2026-11-22T23:00:00Z", "2026-11-22"),
    ),
    "the studio's, which promises more to those who miss a session": (
        *(StudioValidity(), replace(FORTNIGHT, never_before_missed_session=300), "2026-12-06T23:00:00Z", "2026-12-06"),
    ),
    "a date, where the studio's term is past": (
        *(ThroughDate(date(2026, 11, 22)), Policy(validity=Until(date(2026, 11, 21)))),
        *("2026-11-22T23:00:00Z", "2026-11-22"),
    ),
    "never, where the studio's term is past": (NoExpiry(), Policy(validity=Until(date(2026, 11, 21))), None, None),
    "the studio's, which is never": (StudioValidity(), Policy(validity=Never()), None, None),
    "a date": (ThroughDate(date(2027, 3, 27)), FORTNIGHT, "2027-03-27T23:00:00Z", "2027-03-27"),
    "a date on which the clocks change": (
        ThroughDate(date(2027, 3, 28)),
        FORTNIGHT,
        "2027-03-28T22:00:00Z",
        "2027-03-28",
    ),
    "a date, where the studio is exact": (ThroughDate(date(2026, 12, 6)), EXACT, "2026-12-06T23:00:00Z", "2026-12-06"),
    "today": (ThroughDate(date(2026, 11, 22)), FORTNIGHT, "2026-11-22T23:00:00Z", "2026-11-22"),
    "never": (NoExpiry(), FORTNIGHT, None, None),
}


@pytest.mark.parametrize(("validity", "policy", "at", "on"), EXPIRIES.values(), ids=EXPIRIES)
def test_e8_a_grant_expires_as_staff_say(validity: GrantValidity, policy: Policy, at: str | None, on: str | None):
    credits = granted(validity, policy=policy)

    assert not isinstance(credits, Refused)
    assert credits[0].expires_at == (at and utc(at))
    assert credits[0].expires_on == (on and date.fromisoformat(on))


def test_e8_yesterday_is_refused_with_both_dates():
    refused = granted(ThroughDate(date(2026, 11, 21)))

    assert isinstance(refused, Refused)
    (refusal,) = refused.reasons
    assert refusal.code is RefusalCode.EXPIRY_IN_PAST
    assert (refusal.actual, refusal.required) == (date(2026, 11, 21), date(2026, 11, 22))
    assert refusal.fixable_by is FixableBy.STAFF


def test_v1_with_the_studios_validity_nothing_is_granted_once_its_term_is_past():
    term = Policy(validity=Until(date(2026, 11, 22)))
    midnight = utc("2026-11-22T23:00:00Z")

    assert not isinstance(granted(StudioValidity(), midnight - A_MICROSECOND, term), Refused)
    refused = granted(StudioValidity(), midnight, term)

    assert isinstance(refused, Refused)
    (refusal,) = refused.reasons
    assert refusal.code is RefusalCode.VALIDITY_ENDED
    assert (refusal.actual, refusal.required) == (date(2026, 11, 22), date(2026, 11, 23))
    assert (refusal.fixable_by, refusal.path) == (FixableBy.STAFF, ("validity",))


def test_e8_b4_every_reason_is_told_at_once():
    grant = Grant(
        *(a_studio(Policy(validity=Until(date(2026, 11, 21))), archived_at=NOW), a_client(archived_at=NOW)),
        *(GrantReason.GOODWILL, "", StudioValidity(), None),
    )

    refused = decide(grant, (uuid(1),), NOW)

    assert isinstance(refused, Refused)
    told = [reason.code for reason in refused.reasons]
    assert told == [RefusalCode.STUDIO_ARCHIVED, RefusalCode.CLIENT_ARCHIVED, RefusalCode.VALIDITY_ENDED]


TODAYS = {
    "before New York's midnight": ("America/New_York", utc("2026-11-22T05:00:00Z") - A_MICROSECOND, 21),
    "at New York's midnight": ("America/New_York", utc("2026-11-22T05:00:00Z"), 22),
    "before Prague's midnight": ("Europe/Prague", utc("2026-11-21T23:00:00Z") - A_MICROSECOND, 21),
    "at Prague's midnight": ("Europe/Prague", utc("2026-11-21T23:00:00Z"), 22),
}


@pytest.mark.parametrize(("zone", "now", "today"), TODAYS.values(), ids=TODAYS)
def test_e8_today_is_the_studio_s(zone: str, now: datetime, today: int):
    assert not isinstance(granted(ThroughDate(date(2026, 11, today)), now, zone=zone), Refused)
    assert isinstance(granted(ThroughDate(date(2026, 11, today - 1)), now, zone=zone), Refused)


def test_e8_a_grant_through_today_can_still_be_spent():
    credits = granted(ThroughDate(date(2026, 11, 22)), now=utc("2026-11-22T23:00:00Z") - A_MICROSECOND)

    assert not isinstance(credits, Refused)
    assert credits[0].spendable(utc("2026-11-22T23:00:00Z") - A_MICROSECOND)


@pytest.mark.parametrize("number", [1, 20])
def test_e8_as_many_credits_as_were_granted_each_with_its_own_id(number: int):
    credits = granted(NoExpiry(), number=number, worth=500)

    assert not isinstance(credits, Refused)
    assert [credit.id for credit in credits] == [uuid(n) for n in range(number)]
    for credit in credits:
        assert (credit.client_id, credit.origin, credit.state) == (CLIENT_ID, CreditOrigin.GRANT, CreditState.ACTIVE)
        assert (credit.reason, credit.note, credit.worth) == (GrantReason.GOODWILL, "a leak", 500)
        assert (credit.missed_booking_id, credit.missed_session_id, credit.booking_id) == (None, None, None)
        assert credit.issued_at == NOW


def test_e8_e12_a_guest_without_an_account_can_be_granted_credits():
    grant = Grant(a_studio(), a_client(account_id=None), GrantReason.OTHER, "", NoExpiry(), None)

    assert not isinstance(decide(grant, (uuid(1),), NOW), Refused)


def test_e8_a_grant_does_not_ask_whether_make_ups_are_on():
    assert not isinstance(granted(NoExpiry(), policy=Policy(make_ups_enabled=False)), Refused)

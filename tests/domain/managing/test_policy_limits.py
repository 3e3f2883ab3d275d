from datetime import date, time

import pytest

from domain.managing.policy_limits import (
    MOST_CREDITS,
    MOST_DAYS,
    MOST_HOURS,
    MOST_MINUTES,
    MOST_SEATS,
    MOST_WAITING_HOURS,
    wrong_choices,
)
from domain.nouns.policy import (
    OFF,
    SETTINGS,
    CapPeriod,
    Choices,
    Days,
    EarnCap,
    HoursBefore,
    Level,
    LocalTime,
    Never,
    Until,
)
from domain.refusals import FixableBy, RefusalCode

TODAY = date(2026, 11, 22)


def wrong(choices: Choices):
    """Asked of the level that can decide it."""
    levels = set.intersection(*(set(SETTINGS[name]) for name in choices))
    return wrong_choices(choices, sorted(levels)[0], TODAY)


RIGHT: dict[str, Choices] = {
    "nothing decided": {"make_ups_enabled": True},
    "a deadline at the start": {"cancellation_deadline": HoursBefore(0)},
    "the earliest deadline": {"cancellation_deadline": HoursBefore(MOST_HOURS)},
    "a deadline on the same day": {"cancellation_deadline": LocalTime(0, time(0))},
    "one day of validity": {"validity": Days(1)},
    "the longest validity": {"validity": Days(MOST_DAYS)},
    "a term that ends today": {"validity": Until(TODAY)},
    "no expiry": {"validity": Never()},
    "today only": {"max_days_ahead": 0},
    "as far ahead as can be": {"max_days_ahead": MOST_DAYS},
    "no credit at all": {"earn_cap": EarnCap(0, CapPeriod.COURSE), "late_cancellation": "BLOCK"},
    "the most credits in the most days": {"earn_cap": EarnCap(MOST_CREDITS, CapPeriod.ROLLING_DAYS, MOST_DAYS)},
    "in any one day": {"earn_cap": EarnCap(1, CapPeriod.ROLLING_DAYS, 1)},
    "no limit": {"max_outstanding": OFF},
    "nothing outstanding": {"max_outstanding": 0},
    "the day of the session": {"never_before_missed_session": 0},
    "the widest window": {"make_ups_open_days_before": MOST_DAYS, "make_ups_close_minutes_before": MOST_MINUTES},
    "the narrowest window": {"make_ups_open_days_before": 0, "make_ups_close_minutes_before": 0},
    "no day of grace": {"studio_cancellation_grace_days": 0},
    "the most days of grace": {"studio_cancellation_grace_days": MOST_DAYS},
    "no hour of waiting": {"hold_release_grace_hours": 0, "auto_seat_hours_before_deadline": 0},
    "the most hours of waiting": {
        "hold_release_grace_hours": MOST_WAITING_HOURS,
        "auto_seat_hours_before_deadline": MOST_WAITING_HOURS,
    },
    "no make-up": {"max_make_ups": 0, "extra_make_up_seats": 0},
    "the most seats": {"max_make_ups": MOST_SEATS, "extra_make_up_seats": MOST_SEATS},
}


@pytest.mark.parametrize("choices", RIGHT.values(), ids=RIGHT)
def test_a_setting_at_its_limit_is_right(choices: Choices):
    assert wrong(choices) == ()


WRONG: dict[str, tuple[Choices, tuple[str, ...], object, object]] = {
    "a deadline after the start": (
        {"cancellation_deadline": HoursBefore(-1)},
        *(("cancellationDeadline", "hoursBefore"), -1, 0),
    ),
    "hours beyond ten years": (
        {"cancellation_deadline": HoursBefore(MOST_HOURS + 1)},
        *(("cancellationDeadline", "hoursBefore"), MOST_HOURS + 1, MOST_HOURS),
    ),
    "a day after the session": (
        {"cancellation_deadline": LocalTime(-1, time(0))},
        *(("cancellationDeadline", "localTime", "daysBefore"), -1, 0),
    ),
    "no validity (V1: n ≥ 1)": ({"validity": Days(0)}, ("validity", "days"), 0, 1),
    "validity beyond ten years": ({"validity": Days(MOST_DAYS + 1)}, ("validity", "days"), MOST_DAYS + 1, MOST_DAYS),
    "a term that ended yesterday": (
        {"validity": Until(date(2026, 11, 21))},
        *(("validity", "until"), date(2026, 11, 21), TODAY),
    ),
    "less than today": ({"max_days_ahead": -1}, ("maxDaysAhead",), -1, 0),
    "beyond ten years ahead": ({"max_days_ahead": MOST_DAYS + 1}, ("maxDaysAhead",), MOST_DAYS + 1, MOST_DAYS),
    "less grace than none": (
        {"studio_cancellation_grace_days": -1},
        *(("studioCancellationGraceDays",), -1, 0),
    ),
    "grace beyond ten years": (
        {"studio_cancellation_grace_days": MOST_DAYS + 1},
        *(("studioCancellationGraceDays",), MOST_DAYS + 1, MOST_DAYS),
    ),
    "less grace of a release than none": ({"hold_release_grace_hours": -1}, ("holdReleaseGraceHours",), -1, 0),
    "grace of a release beyond a month": (
        {"hold_release_grace_hours": MOST_WAITING_HOURS + 1},
        *(("holdReleaseGraceHours",), MOST_WAITING_HOURS + 1, MOST_WAITING_HOURS),
    ),
    "seats given after the deadline": (
        {"auto_seat_hours_before_deadline": -1},
        *(("autoSeatHoursBeforeDeadline",), -1, 0),
    ),
    "seats given until more than a month before": (
        {"auto_seat_hours_before_deadline": MOST_WAITING_HOURS + 1},
        *(("autoSeatHoursBeforeDeadline",), MOST_WAITING_HOURS + 1, MOST_WAITING_HOURS),
    ),
    "a cap of less than none": ({"earn_cap": EarnCap(-1, CapPeriod.COURSE)}, ("earnCap", "cap", "max"), -1, 0),
    "a cap beyond counting": (
        {"earn_cap": EarnCap(MOST_CREDITS + 1, CapPeriod.COURSE)},
        *(("earnCap", "cap", "max"), MOST_CREDITS + 1, MOST_CREDITS),
    ),
    "a cap over no days": (
        {"earn_cap": EarnCap(1, CapPeriod.ROLLING_DAYS, 0)},
        *(("earnCap", "cap", "days"), 0, 1),
    ),
    "fewer than none outstanding": ({"max_outstanding": -1}, ("maxOutstanding", "limit"), -1, 0),
    "a day before the missed session": (
        {"never_before_missed_session": -1},
        *(("neverBeforeMissedSession", "limit"), -1, 0),
    ),
    "opening after the session": ({"make_ups_open_days_before": -1}, ("makeUpsOpenDaysBefore", "limit"), -1, 0),
    "closing after the start": ({"make_ups_close_minutes_before": -1}, ("makeUpsCloseMinutesBefore", "limit"), -1, 0),
    "fewer seats than there are": ({"extra_make_up_seats": -1}, ("extraMakeUpSeats",), -1, 0),
    "fewer make-ups than none": ({"max_make_ups": -1}, ("maxMakeUps", "limit"), -1, 0),
}


@pytest.mark.parametrize(("choices", "path", "actual", "required"), WRONG.values(), ids=WRONG)
def test_a_setting_beyond_its_limit_is_refused_with_both_values(
    choices: Choices, path: tuple[str, ...], actual: object, required: object
):
    (refusal,) = wrong(choices)

    assert (refusal.path, refusal.actual, refusal.required) == (path, actual, required)
    assert refusal.code is RefusalCode.INVALID_POLICY
    assert refusal.fixable_by is FixableBy.STAFF


def test_every_wrong_setting_is_reported_in_the_order_of_the_settings():
    choices: Choices = {"max_days_ahead": -1, "validity": Days(0), "cancellation_deadline": HoursBefore(-1)}

    paths = [refusal.path[0] for refusal in wrong_choices(choices, Level.STUDIO, TODAY)]
    assert paths == ["cancellationDeadline", "validity", "maxDaysAhead"]


def test_a_level_decides_nothing_that_is_not_its_own():
    with pytest.raises(ValueError, match="a session does not decide"):
        wrong_choices({"max_days_ahead": 1}, Level.SESSION, TODAY)

"""How many credits a client earns by cancelling, and holds, at most (E9). Asked when nothing else stops the earning."""

from datetime import date, datetime, timedelta

from domain.issuing.earning import Missed
from domain.nouns.booking import EarnedNothing
from domain.nouns.credit import OUTSTANDING, TAKEN_BACK, state_at
from domain.nouns.local_time import local_date
from domain.nouns.policy import CapPeriod, EarnCap, Level, Off, Policy
from domain.rules import rule


@rule("E9", EarnedNothing.EARN_CAP_REACHED)
def earn_cap_is_not_reached(missed: Missed, now: datetime) -> EarnedNothing | None:
    """In the period of the missed session's local date fewer credits were earned than the cap allows."""
    cap = missed.target.policy.earn_cap
    if isinstance(cap, Off) or _earned_in_period(cap, missed) < cap.most:
        return None
    return EarnedNothing.EARN_CAP_REACHED


@rule("E9", EarnedNothing.OUTSTANDING_CAP_REACHED)
def outstanding_cap_is_not_reached(missed: Missed, now: datetime) -> EarnedNothing | None:
    """Of the credits that the client earned, fewer can still be spent now than the studio lets them hold."""
    most = missed.target.policy.max_outstanding
    outstanding = [
        each
        for each in missed.earned_before
        if state_at(each.state, each.expires_at, each.held_until, now) in OUTSTANDING
    ]
    if isinstance(most, Off) or len(outstanding) < most:
        return None
    return EarnedNothing.OUTSTANDING_CAP_REACHED


CAP_RULES = (earn_cap_is_not_reached, outstanding_cap_is_not_reached)


def caps_are_decided(policy: Policy) -> bool:
    """Whether anybody has to know what the client earned before."""
    return not (isinstance(policy.earn_cap, Off) and isinstance(policy.max_outstanding, Off))


def _earned_in_period(cap: EarnCap, missed: Missed) -> int:
    """The cap of a course counts that course, the studio's counts all; but for one per course, which counts this."""
    target = missed.target
    of_course = cap.per is CapPeriod.COURSE or target.level_of("earn_cap") is Level.COURSE
    days = [
        local_date(each.missed_at, target.studio.zone)
        for each in missed.earned_before
        if each.state not in TAKEN_BACK and (not of_course or each.course_id == target.session.course_id)
    ]
    day = local_date(target.session.starts_at, target.studio.zone)
    match cap.per:
        case CapPeriod.COURSE:
            return len(days)
        case CapPeriod.CALENDAR_MONTH:
            return sum((each.year, each.month) == (day.year, day.month) for each in days)
        case CapPeriod.ROLLING_DAYS:
            return _most_around(day, days, timedelta(days=cap.days or 1))


def _most_around(day: date, days: list[date], length: timedelta) -> int:
    """The most that any so many consecutive dates hold which contain the day: the fullest begin on one of `days`."""
    beginnings = {day, *(each for each in days if day - length < each <= day)}
    return max(sum(first <= each < first + length for each in days) for first in beginnings)

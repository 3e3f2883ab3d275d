from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.archive import SEAT_RULES, Place, archived_from, course_is_not_archived, studio_is_not_archived
from domain.issuing import granting
from domain.issuing.granting import Grant, NoExpiry, ThroughDate
from domain.nouns.credit import GrantReason
from domain.nouns.local_time import local_date
from domain.refusals import FixableBy, RefusalCode, Refused
from domain.rules import broken, codes_of
from domain.services import schedule
from domain.spending import enrolling, make_ups, seats
from domain.spending.enrolling import Enrolling
from domain.spending.seats import SeatRequest
from tests.domain.builders import (
    NEW_ID,
    NOW,
    ONE_TIME,
    a_client,
    a_course,
    a_make_up,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
)

STUDIO, COURSE, SESSION, CLIENT = (
    RefusalCode[f"{noun}_ARCHIVED"] for noun in ("STUDIO", "COURSE", "SESSION", "CLIENT")
)
NOUNS = {STUDIO: "studio", COURSE: "course", SESSION: "session", CLIENT: "client"}


def request(*archived: RefusalCode, one_time: bool = False) -> SeatRequest:
    """A seat that nothing stands against but that some of these are archived, whenever that was."""
    since = {code: NOW + timedelta(days=number - 2) if code in archived else None for number, code in enumerate(NOUNS)}
    session = a_session(**ONE_TIME) if one_time else a_session()
    target = a_target(
        replace(session, archived_at=since[SESSION]),
        a_course(archived_at=since[COURSE]),
        a_studio(archived_at=since[STUDIO]),
    )
    return a_seat_request(target, a_client(archived_at=since[CLIENT]))


@pytest.mark.parametrize("code", NOUNS)
def test_b4_what_is_archived_takes_no_booking_whatever_is_to_pay_it(code: RefusalCode):
    (reason,) = seats.why_not(request(code), NOW)
    (again,) = make_ups.why_not(a_make_up(request(code)), NOW)

    assert reason == again
    assert (reason.code, reason.fixable_by) == (code, FixableBy.STAFF)
    assert reason.message == f"The {NOUNS[code]} is archived, and takes nothing new."


def test_b4_each_of_them_is_told():
    assert [reason.code for reason in seats.why_not(request(*NOUNS), NOW)] == list(NOUNS)
    assert codes_of(*SEAT_RULES) == tuple(NOUNS)


def test_b4_a_one_time_class_has_no_course_that_could_be_archived():
    assert seats.why_not(request(COURSE, one_time=True), NOW) == ()
    assert seats.why_not(request(), NOW) == ()


@pytest.mark.parametrize("code", [STUDIO, COURSE, CLIENT])
def test_b4_nobody_is_enrolled_where_something_is_archived(code: RefusalCode):
    one = request(code)
    course = one.course
    assert course is not None

    reasons = enrolling.why_not(Enrolling(one.studio, course, one.client, False, (request(),)), NOW)

    assert [reason.code for reason in reasons] == [code]


@pytest.mark.parametrize("code", [STUDIO, CLIENT])
def test_b4_no_credit_is_granted_where_something_is_archived(code: RefusalCode):
    one = request(code)
    grant = Grant(one.studio, one.client, GrantReason.GOODWILL, "", NoExpiry(), None)

    refused = granting.decide(grant, (NEW_ID,), NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [code]
    restored = replace(grant, studio=a_studio(), client=a_client())
    assert not isinstance(granting.decide(restored, (NEW_ID,), NOW), Refused)


def test_b4_a_grant_is_told_every_reason():
    one = request(STUDIO, CLIENT)
    yesterday = ThroughDate(local_date(NOW, one.studio.zone) - timedelta(days=1))

    refused = granting.decide(Grant(one.studio, one.client, GrantReason.GOODWILL, "", yesterday, None), (NEW_ID,), NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [STUDIO, CLIENT, RefusalCode.EXPIRY_IN_PAST]


@pytest.mark.parametrize(
    ("rules", "place", "expected"),
    [
        (schedule.COURSE_RULES, Place(a_studio(archived_at=NOW)), [STUDIO]),
        (schedule.SESSION_RULES, Place(a_studio(archived_at=NOW)), [STUDIO]),
        (schedule.SESSION_RULES, Place(a_studio(), a_course(archived_at=NOW)), [COURSE]),
        (schedule.SESSION_RULES, Place(a_studio(archived_at=NOW), a_course(archived_at=NOW)), [STUDIO, COURSE]),
        (schedule.SESSION_RULES, Place(a_studio(), a_course()), []),
        (schedule.SESSION_RULES, Place(a_studio()), []),
    ],
)
def test_b4_an_archived_studio_has_no_new_courses_and_an_archived_course_no_new_sessions(
    rules: Any, place: Place, expected: list[RefusalCode]
):
    assert [reason.code for reason in broken(rules, place, NOW)] == expected
    assert {studio_is_not_archived, course_is_not_archived} >= set(rules)


@pytest.mark.parametrize(
    ("since", "archived", "expected"),
    [
        (None, None, None),
        (None, True, NOW),
        (None, False, None),
        (NOW - timedelta(days=1), None, NOW - timedelta(days=1)),
        (NOW - timedelta(days=1), True, NOW - timedelta(days=1)),
        (NOW - timedelta(days=1), False, None),
    ],
)
def test_b4_archiving_again_changes_nothing(since: datetime | None, archived: bool | None, expected: datetime | None):
    assert archived_from(since, archived, NOW) == expected

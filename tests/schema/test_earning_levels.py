"""Earning as the session, the course or the studio decides (E1, E2, E4), until a term's end (V1), and longer (V4)."""

from typing import Any

import pytest

from tests.world import Json, Person, World, codes, data

START = "2026-12-13T17:00:00Z"
NOW = "2026-11-22T17:00:00Z"
PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking { session { cancellationDeadline } cancellationPreview {
  outcome whyNotEarned deadline inTime expiresOn expiresAt expiresBeforeMissedSession refusals { code } } } } }"""


async def seat(world: World, client: str, course: Json | None = None, session: Json | None = None) -> str:
    """A paid single booking, in a session of a course that have decided this."""
    course_id = await world.course(policy=course)
    return await world.booked(await world.session(course_id, START, policy=session), client)


async def preview(person: Person, booking: str, now: str = NOW) -> Json:
    node = data(await person.ask(PREVIEW, {"id": booking}, now))["node"]
    assert node["session"]["cancellationDeadline"] == node["cancellationPreview"]["deadline"]
    return node["cancellationPreview"]


async def cancelled(person: Person, booking: str, now: str = NOW) -> Json:
    """What cancelling brings, which the preview had said."""
    said = await preview(person, booking, now)
    expect = {"outcome": said["outcome"], "expiresOn": said["expiresOn"]}
    done = await person.do("cancelBooking", now, bookingId=booking, expect=expect)
    assert done["booking"]["whyNotEarned"] == said["whyNotEarned"]
    assert (done["credit"] and done["credit"]["expiresAt"]) == said["expiresAt"]
    return done


HOURS, CLOCK = {"hoursBefore": 2}, {"localTime": {"daysBefore": 1, "time": "18:30"}}
TWO_HOURS, HALF_PAST_SIX, TWO_DAYS, A_DAY = (
    *("2026-12-13T15:00:00", "2026-12-12T17:30:00", "2026-12-11T17:00:00", "2026-12-12T17:00:00"),
)


@pytest.mark.parametrize(
    ("studio", "course", "session", "deadline"),
    [
        (None, None, None, A_DAY),
        ({"hoursBefore": 48}, None, None, TWO_DAYS),
        ({"hoursBefore": 48}, CLOCK, None, HALF_PAST_SIX),
        ({"hoursBefore": 48}, CLOCK, HOURS, TWO_HOURS),
        (None, None, HOURS, TWO_HOURS),
        (CLOCK, HOURS, {"hoursBefore": 24}, A_DAY),
    ],
    ids=["default", "studio", "course", "session", "session alone", "a decision for the default"],
)
async def test_e2_the_deadline_is_the_sessions_else_its_courses_else_the_studios(
    world: World, studio: Json | None, course: Json | None, session: Json | None, deadline: str
) -> None:
    """To the microsecond."""
    await world.policy(cancellationDeadline=studio)
    person, client = await world.person()
    of_course, of_session = ({"cancellationDeadline": each} for each in (course, session))
    in_time, late = [await seat(world, client, of_course, of_session) for _ in range(2)]
    assert (await preview(person, in_time))["deadline"] == f"{deadline}Z"

    assert (await cancelled(person, in_time, f"{deadline}Z"))["booking"]["status"] == "CANCELLED"
    too_late = await cancelled(person, late, f"{deadline}.000001Z")
    assert too_late["booking"]["status"] == "CANCELLED_LATE"
    assert too_late["booking"]["whyNotEarned"] == ["AFTER_DEADLINE"]


async def test_e2_a_decision_that_is_taken_back_leaves_it_to_the_level_above(world: World) -> None:
    person, client = await world.person()
    course = await world.course(policy={"cancellationDeadline": {"hoursBefore": 3}})
    session = await world.session(course, START, policy={"cancellationDeadline": {"hoursBefore": 2}})
    booking = await world.booked(session, client)
    for act, given, hour in (
        ("updateSessionPolicy", {"sessionId": session}, 14),
        ("updateCoursePolicy", {"courseId": course}, None),
    ):
        await world.owner.do(act, NOW, **given, cancellationDeadline=None)
        deadline = "2026-12-12T17:00:00Z" if hour is None else f"2026-12-13T{hour}:00:00Z"
        assert (await preview(person, booking))["deadline"] == deadline


@pytest.mark.parametrize(
    ("studio", "course", "blocked"),
    [
        ("BLOCK", None, True),
        ("BLOCK", "ALLOW_WITHOUT_CREDIT", False),
        ("ALLOW_WITHOUT_CREDIT", "BLOCK", True),
        (None, "BLOCK", True),
        (None, None, False),
    ],
)
async def test_e4_a_course_decides_over_its_studio_whether_late_cancellations_are_blocked(
    world: World, studio: str | None, course: str | None, blocked: bool
) -> None:
    """From one microsecond after a deadline that the session has decided."""
    await world.policy(lateCancellation=studio)
    person, client = await world.person()
    own = {"cancellationDeadline": {"hoursBefore": 1}}
    at_deadline, late = [await seat(world, client, {"lateCancellation": course}, own) for _ in range(2)]
    assert (await cancelled(person, at_deadline, "2026-12-13T16:00:00Z"))["booking"]["status"] == "CANCELLED"

    refused = [each["code"] for each in (await preview(person, late, "2026-12-13T16:00:00.000001Z"))["refusals"]]
    result = await person.do("cancelBooking", "2026-12-13T16:00:00.000001Z", bookingId=late)
    if blocked:
        assert codes(result) == refused == ["LATE_CANCELLATION_BLOCKED"]
        assert result["reasons"][0]["required"]["dateTime"] == "2026-12-13T16:00:00Z"
    else:
        assert refused == []
        assert result["booking"]["status"] == "CANCELLED_LATE"


@pytest.mark.parametrize(
    ("studio", "course"),
    [
        ({"until": "2026-11-22"}, None),
        ({"days": 300}, {"until": "2026-11-22"}),
        ({"never": True}, {"until": "2026-11-22"}),
    ],
    ids=["studio", "course", "course for a day"],
)
async def test_v1_until_a_terms_last_local_day_is_over_and_then_nothing_is_earned(
    world: World, studio: Json, course: Json | None
) -> None:
    await world.policy(validity=studio)
    person, client = await world.person()
    last, after = [await seat(world, client, {"validity": course}) for _ in range(2)]

    earned = await cancelled(person, last, "2026-11-22T22:59:59.999999Z")
    assert (earned["credit"]["expiresOn"], earned["credit"]["expiresAt"]) == ("2026-11-22", "2026-11-22T23:00:00Z")
    over = await cancelled(person, after, "2026-11-22T23:00:00Z")
    assert over["booking"]["status"] == "CANCELLED"
    assert over["booking"]["whyNotEarned"] == ["VALIDITY_ENDED"]
    assert over["credit"] is None


async def test_v1_a_grant_needs_its_own_expiry_once_the_studios_term_is_over(world: World) -> None:
    await world.policy(validity={"until": "2026-11-22"})
    given: Json = {"clientId": await world.client(), "reason": "GOODWILL"}
    last = await world.owner.do("grantMakeUp", "2026-11-22T22:59:59.999999Z", **given)
    assert last["credits"][0]["expiresOn"] == "2026-11-22"

    refused = await world.owner.do("grantMakeUp", "2026-11-22T23:00:00Z", **given, validity={"studioValidity": True})
    assert codes(refused) == ["VALIDITY_ENDED"]
    (reason,) = refused["reasons"]
    assert (reason["actual"]["date"], reason["required"]["date"]) == ("2026-11-22", "2026-11-23")
    assert (reason["path"], reason["fixableBy"]) == (["validity"], "STAFF")
    own = await world.owner.do("grantMakeUp", "2026-11-22T23:00:00Z", **given, validity={"expiresOn": "2026-11-23"})
    assert own["credits"][0]["expiresOn"] == "2026-11-23"


DAY_OF_SESSION, WEEK_AFTER = "2026-12-13", "2026-12-20"
NO_SOONER, A_WEEK, OFF = ({"neverBeforeMissedSession": each} for each in ({"limit": 0}, {"limit": 7}, {"off": True}))
EXACT = {"expiryRounding": "EXACT"}


@pytest.mark.parametrize(
    ("studio", "course", "expires_on", "expires_at", "too_soon"),
    [
        ({}, {}, "2026-12-06", "2026-12-06T23:00:00Z", True),
        (NO_SOONER, {}, DAY_OF_SESSION, "2026-12-13T23:00:00Z", False),
        (NO_SOONER, A_WEEK, WEEK_AFTER, "2026-12-20T23:00:00Z", False),
        (NO_SOONER, OFF, "2026-12-06", "2026-12-06T23:00:00Z", True),
        ({**NO_SOONER, **EXACT}, {}, DAY_OF_SESSION, START, False),
        ({**A_WEEK, **EXACT}, {}, WEEK_AFTER, "2026-12-20T17:00:00Z", False),
        (A_WEEK, {"validity": {"until": "2026-11-30"}}, WEEK_AFTER, "2026-12-20T23:00:00Z", False),
        (A_WEEK, {"validity": {"never": True}}, None, None, False),
    ],
    ids=["off", "studio", "course", "off by the course", "exactly", "exactly a week", "with a term", "never"],
)
async def test_v4_a_studio_or_a_course_promises_that_no_credit_ends_before_the_missed_session(
    world: World, studio: Json, course: Json, expires_on: str | None, expires_at: str | None, too_soon: bool
) -> None:
    await world.policy(**studio)
    person, client = await world.person()
    booking = await seat(world, client, course)
    assert (await preview(person, booking))["expiresBeforeMissedSession"] == too_soon

    credit = (await cancelled(person, booking))["credit"]
    assert (credit["expiresOn"], credit["expiresAt"]) == (expires_on, expires_at)


async def test_v4_is_not_for_grants(world: World) -> None:
    await world.policy(neverBeforeMissedSession={"limit": 300})
    granted: Any = await world.owner.do("grantMakeUp", NOW, clientId=await world.client(), reason="GOODWILL")
    assert granted["credits"][0]["expiresOn"] == "2026-12-06"

"""What holds for a session and a course, and which level it comes from."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema

from domain.nouns.policy import SETTINGS, Level
from persistence.database import Database
from tests.schema.counting import written
from tests.world import Json, World, codes, data

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
PARTS = """fragment Parts on EffectivePolicy {
  makeUpsEnabled { value level } lateCancellation { value level } validity { value { days until never } level }
  cancellationDeadline { value { hoursBefore localTime } level } earnCap { value { max per days } level }
  maxOutstanding { value level } makeUpsOpenDaysBefore { value level } extraMakeUpSeats { value level }
  maxMakeUps { value level } freedSeatsOnly { value level } maxDaysAhead { value level } }"""
EFFECTIVE = f"""query ($session: ID!, $course: ID!, $slug: String!) {{ session: node(id: $session) {{ ... on Session {{
  cancellationDeadline effectivePolicy {{ ...Parts }} }} }}
  course: node(id: $course) {{ ... on Course {{ makeUpsEnabled effectivePolicy {{ ...Parts }} }} }}
  studio(slug: $slug) {{ effectivePolicy {{ ...Parts }} }} }} {PARTS}"""


async def effective(world: World, session: str, course: str) -> tuple[Json, Json, Json]:
    """What holds for the session, the course and the studio."""
    asked = {"session": session, "course": course, "slug": world.slug}
    found = data(await world.owner.ask(EFFECTIVE, asked, NOW))
    session_s, course_s, studio_s = (found[level]["effectivePolicy"] for level in ("session", "course", "studio"))
    return session_s, course_s, studio_s


def test_every_setting_is_shown_and_can_be_decided_at_its_levels(schema: GraphQLSchema) -> None:
    """By its name in camel case, nowhere else and nowhere less."""

    def names(of: str) -> set[str]:
        kind: Any = schema.type_map[of]
        return set(kind.fields) - {"idempotencyKey", "studioId", "courseId", "sessionId"}

    def at(level: Level) -> set[str]:
        return {camel(name) for name, levels in SETTINGS.items() if level in levels}

    assert isinstance(schema.type_map["EffectivePolicy"], GraphQLObjectType)
    # Which sessions accept make-ups is no policy, but it is decided at two levels like one.
    assert names("EffectivePolicy") == {camel(name) for name in SETTINGS} | {"acceptsMakeUps"}
    assert names("StudioPolicy") == names("UpdateStudioPolicyInput") == at(Level.STUDIO)
    assert names("CoursePolicyInput") == names("UpdateCoursePolicyInput") == at(Level.COURSE)
    assert names("SessionPolicyInput") == names("UpdateSessionPolicyInput") == at(Level.SESSION)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


async def test_a_session_goes_before_its_course_and_a_course_before_its_studio(world: World) -> None:
    course = await world.course(policy={"lateCancellation": "BLOCK", "validity": {"until": "2026-12-31"}})
    session = await world.session(course, START, policy={"cancellationDeadline": {"hoursBefore": 2}})
    await world.policy(maxOutstanding={"limit": 4}, cancellationDeadline={"hoursBefore": 48})

    of_session, of_course, of_studio = await effective(world, session, course)

    two, two_days = ({"hoursBefore": hours, "localTime": None} for hours in (2, 48))
    until = {"value": {"days": None, "until": "2026-12-31", "never": False}, "level": "COURSE"}
    assert of_session["cancellationDeadline"] == {"value": two, "level": "SESSION"}
    assert of_course["cancellationDeadline"] == {"value": two_days, "level": "STUDIO"}
    assert of_session["lateCancellation"] == of_course["lateCancellation"] == {"value": "BLOCK", "level": "COURSE"}
    assert of_studio["lateCancellation"] == {"value": "ALLOW_WITHOUT_CREDIT", "level": "DEFAULT"}
    assert of_session["validity"] == of_course["validity"] == until
    assert of_session["maxOutstanding"] == {"value": 4, "level": "STUDIO"}
    assert of_session["earnCap"] == {"value": None, "level": "DEFAULT"}


async def test_no_limit_is_a_decision_too_and_null_takes_one_back(world: World) -> None:
    await world.policy(makeUpsOpenDaysBefore={"limit": 7})
    course = await world.course()
    session = await world.session(course, START)
    await world.owner.do("updateSessionPolicy", NOW, sessionId=session, makeUpsOpenDaysBefore={"off": True})
    of_session, of_course, _ = await effective(world, session, course)
    assert of_session["makeUpsOpenDaysBefore"] == {"value": None, "level": "SESSION"}
    assert of_course["makeUpsOpenDaysBefore"] == {"value": 7, "level": "STUDIO"}
    await world.owner.do("updateSessionPolicy", NOW, sessionId=session, makeUpsOpenDaysBefore=None)
    of_session, _, _ = await effective(world, session, course)
    assert of_session["makeUpsOpenDaysBefore"] == {"value": 7, "level": "STUDIO"}


async def test_a_decision_that_is_the_default_is_still_the_studios(world: World) -> None:
    course = await world.course()
    session = await world.session(course, START)
    await world.policy(maxDaysAhead=90)
    assert (await effective(world, session, course))[2]["maxDaysAhead"] == {"value": 90, "level": "STUDIO"}
    await world.policy(maxDaysAhead=None)
    assert (await effective(world, session, course))[2]["maxDaysAhead"] == {"value": 90, "level": "DEFAULT"}


async def test_the_extra_seats_of_a_course_are_those_of_its_sessions_to_come(world: World, database: Database) -> None:
    course = await world.course(policy={"extraMakeUpSeats": 2})
    past = await world.session(course, "2026-11-20T17:00:00Z")
    own = await world.session(course, START, policy={"extraMakeUpSeats": 1})
    following = await world.session(course, START)
    async with written(database) as rows:
        await world.owner.do("updateCoursePolicy", NOW, courseId=course, extraMakeUpSeats=3)
    assert rows == {"courses": 1, "sessions": 1, "events": 1, "idempotency_keys": 1}
    shown = [(await effective(world, session, course))[0]["extraMakeUpSeats"] for session in (own, following, past)]
    assert shown[0] == {"value": 1, "level": "SESSION"}
    assert shown[1] == {"value": 3, "level": "COURSE"}
    assert shown[2]["value"] == 2  # it had started, and keeps what it had


@pytest.mark.parametrize("mutation", ["updateCoursePolicy", "updateSessionPolicy"])
async def test_what_is_already_so_is_not_written_and_what_is_wrong_changes_nothing(
    world: World, database: Database, mutation: str
) -> None:
    course = await world.course()
    session = await world.session(course, START)
    given = {"courseId": course} if mutation == "updateCoursePolicy" else {"sessionId": session}
    await world.owner.do(mutation, NOW, **given, extraMakeUpSeats=1)
    async with written(database) as rows:
        await world.owner.do(mutation, NOW, **given, extraMakeUpSeats=1)
        refused = await world.owner.do(
            mutation, NOW, **given, extraMakeUpSeats=-1, cancellationDeadline={"hoursBefore": -1}
        )
    assert codes(refused) == ["INVALID_POLICY", "INVALID_POLICY"]
    assert [reason["path"] for reason in refused["reasons"]] == [
        ["cancellationDeadline", "hoursBefore"],
        ["extraMakeUpSeats"],
    ]
    assert rows == {"idempotency_keys": 2}

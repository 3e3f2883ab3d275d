"""Accounts, studios and their policy."""

from domain.refusals import RefusalCode
from tests.schema.refused import START, Act, refused
from tests.world import PASSWORD, World


@refused(RefusalCode.EMAIL_TAKEN, "signUp")
async def an_email_with_an_account(world: World) -> Act:
    return Act(world.owner, {"email": world.owner.email, "password": PASSWORD, "name": "Olga"})


@refused(RefusalCode.SLUG_TAKEN, "createStudio")
async def the_slug_of_another_studio(world: World) -> Act:
    return Act(world.owner, {"slug": world.slug, "name": "Studio", "timeZone": "UTC", "currency": "EUR"})


@refused(RefusalCode.INVALID_POLICY, "updateStudioPolicy")
async def a_setting_out_of_range(world: World) -> Act:
    return Act(world.owner, {"studioId": world.studio, "maxDaysAhead": -1})


@refused(RefusalCode.INVALID_POLICY, "updateCoursePolicy")
async def a_setting_of_a_course_out_of_range(world: World) -> Act:
    return Act(world.owner, {"courseId": await world.course(), "validity": {"days": 0}})


@refused(RefusalCode.INVALID_POLICY, "updateSessionPolicy")
async def a_setting_of_a_session_out_of_range(world: World) -> Act:
    return Act(world.owner, {"sessionId": await world.session(None, START), "extraMakeUpSeats": -1})


@refused(RefusalCode.INVALID_POLICY, "createCourse")
async def a_new_course_with_a_setting_out_of_range(world: World) -> Act:
    given = {"name": "Yoga", "singleSessionPrice": 1, "acceptsMakeUps": True, "policy": {"validity": {"days": 0}}}
    return Act(world.owner, {"studioId": world.studio, **given})


@refused(RefusalCode.INVALID_POLICY, "createSession")
async def a_new_session_with_a_setting_out_of_range(world: World) -> Act:
    given = {
        "name": "Class",
        "startsAt": START,
        "endsAt": "2026-12-13T18:00:00Z",
        "capacity": 1,
        "acceptsMakeUps": True,
    }
    return Act(world.owner, {"studioId": world.studio, **given, "policy": {"extraMakeUpSeats": -1}})

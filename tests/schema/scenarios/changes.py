"""Changing studios, courses and sessions."""

from domain.refusals import RefusalCode
from tests.schema.refused import START, Act, refused
from tests.world import World


@refused(RefusalCode.SLUG_TAKEN, "updateStudio")
async def the_slug_of_another(world: World) -> Act:
    other = await World.founded(world.api)
    return Act(world.owner, {"studioId": world.studio, "slug": other.slug})


@refused(RefusalCode.TIME_ZONE_IN_USE, "updateStudio")
async def another_time_zone_than_that_of_a_session(world: World) -> Act:
    await world.session(None, START)
    return Act(world.owner, {"studioId": world.studio, "timeZone": "Europe/Vienna"})


@refused(RefusalCode.COURSE_NOT_SOLD_AT_ALL, "updateCourse")
async def the_only_price_taken_away(world: World) -> Act:
    course = await world.course(singleSessionPrice=None)
    return Act(world.owner, {"courseId": course, "wholeCoursePrice": None})


@refused(RefusalCode.CAPACITY_BELOW_BOOKED, "updateSession")
async def fewer_seats_than_are_taken(world: World) -> Act:
    session = await world.session(None, START)
    for _ in range(2):
        await world.booked(session, await world.client())
    return Act(world.owner, {"sessionId": session, "capacity": 1})

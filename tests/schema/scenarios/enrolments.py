"""A place in a whole course."""

from domain.refusals import RefusalCode
from tests.schema.refused import START, Act, refused
from tests.world import World


def enrol(world: World, course: str, client: str) -> Act:
    return Act(world.owner, {"courseId": course, "clientId": client, "payment": "PAID"})


@refused(RefusalCode.COURSE_NOT_SOLD_AS_WHOLE, "enrolClient")
async def a_course_sold_only_by_the_session(world: World) -> Act:
    course = await world.course(wholeCoursePrice=None)
    await world.session(course, START)
    return enrol(world, course, await world.client())


@refused(RefusalCode.ALREADY_ENROLLED, "enrolClient")
async def a_second_place(world: World) -> Act:
    course, client = await world.course(), await world.client()
    await world.session(course, START)
    await world.enrolled(course, client)
    return enrol(world, course, client)


@refused(RefusalCode.NO_SESSIONS_LEFT, "enrolClient")
async def a_course_without_sessions(world: World) -> Act:
    return enrol(world, await world.course(), await world.client())


@refused(RefusalCode.SESSION_FULL, "enrolClient")
async def a_course_with_a_full_session(world: World) -> Act:
    course = await world.course()
    await world.booked(await world.session(course, START, capacity=1), await world.client())
    return enrol(world, course, await world.client())


@refused(RefusalCode.ALREADY_BOOKED, "enrolClient")
async def a_course_with_a_session_already_booked(world: World) -> Act:
    course, client = await world.course(), await world.client()
    await world.booked(await world.session(course, START), client)
    return enrol(world, course, client)

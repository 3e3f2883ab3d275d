"""What is archived takes nothing new; and what stands against archiving."""

from domain.refusals import RefusalCode
from tests.schema.refused import START, Act, holder, refused
from tests.world import Json, World

EITHER = ("bookSession", "bookWithMakeUp")


def new_session(world: World, course: str) -> Json:
    times = {"startsAt": START, "endsAt": "2026-12-13T18:00:00Z", "capacity": 1}
    return {"studioId": world.studio, "courseId": course, **times}


@refused(RefusalCode.STUDIO_ARCHIVED, *EITHER)
async def a_seat_at_an_archived_studio(world: World) -> Act:
    person, _, _ = await holder(world)
    session = await world.session(None, START)
    await world.archive(world.studio)
    return Act(person, {"sessionId": session})


@refused(RefusalCode.STUDIO_ARCHIVED, "enrolClient")
async def a_place_at_an_archived_studio(world: World) -> Act:
    course, client = await world.course(), await world.client()
    await world.session(course, START)
    await world.archive(world.studio)
    return Act(world.owner, {"courseId": course, "clientId": client, "payment": "PAID"})


@refused(RefusalCode.STUDIO_ARCHIVED, "grantMakeUp")
async def a_credit_at_an_archived_studio(world: World) -> Act:
    client = await world.client()
    await world.archive(world.studio)
    return Act(world.owner, {"clientId": client, "reason": "GOODWILL"})


@refused(RefusalCode.STUDIO_ARCHIVED, "createCourse")
async def a_course_of_an_archived_studio(world: World) -> Act:
    await world.archive(world.studio)
    course = {"name": "Yoga", "wholeCoursePrice": 1, "acceptsMakeUps": True}
    return Act(world.owner, {"studioId": world.studio, **course})


@refused(RefusalCode.STUDIO_ARCHIVED, "createSession")
async def a_session_of_an_archived_studio(world: World) -> Act:
    course = await world.course()
    await world.archive(world.studio)
    return Act(world.owner, new_session(world, course))


@refused(RefusalCode.STUDIO_ARCHIVED, "createClient")
async def a_client_of_an_archived_studio(world: World) -> Act:
    await world.archive(world.studio)
    return Act(world.owner, {"studioId": world.studio, "name": "Eve"})


@refused(RefusalCode.COURSE_ARCHIVED, *EITHER)
async def a_seat_in_a_session_of_an_archived_course(world: World) -> Act:
    person, _, _ = await holder(world)
    course = await world.course()
    session = await world.session(course, START)
    await world.archive(course)
    return Act(person, {"sessionId": session})


@refused(RefusalCode.COURSE_ARCHIVED, "enrolClient")
async def a_place_in_an_archived_course(world: World) -> Act:
    course, client = await world.course(), await world.client()
    await world.session(course, START)
    await world.archive(course)
    return Act(world.owner, {"courseId": course, "clientId": client, "payment": "PAID"})


@refused(RefusalCode.COURSE_ARCHIVED, "createSession")
async def a_session_of_an_archived_course(world: World) -> Act:
    return Act(world.owner, new_session(world, await world.archive(await world.course())))


@refused(RefusalCode.SESSION_ARCHIVED, *EITHER)
async def a_seat_in_an_archived_session(world: World) -> Act:
    person, _, _ = await holder(world)
    session = await world.session(None, START)
    await world.archive(session)
    return Act(person, {"sessionId": session})


@refused(RefusalCode.CLIENT_ARCHIVED, *EITHER)
async def a_seat_for_an_archived_client(world: World) -> Act:
    person, client, _ = await holder(world)
    await world.archive(client)
    return Act(person, {"sessionId": await world.session(None, START)})


@refused(RefusalCode.CLIENT_ARCHIVED, "enrolClient")
async def a_place_for_an_archived_client(world: World) -> Act:
    course, client = await world.course(), await world.archive(await world.client())
    await world.session(course, START)
    return Act(world.owner, {"courseId": course, "clientId": client, "payment": "PAID"})


@refused(RefusalCode.CLIENT_ARCHIVED, "grantMakeUp")
async def a_credit_for_an_archived_client(world: World) -> Act:
    return Act(world.owner, {"clientId": await world.archive(await world.client()), "reason": "GOODWILL"})


@refused(RefusalCode.SESSION_HAS_BOOKINGS, "updateSession")
async def archiving_a_session_with_a_seat_taken(world: World) -> Act:
    session = await world.session(None, START)
    await world.booked(session, await world.client())
    return Act(world.owner, {"sessionId": session, "archived": True})

"""What stands against cancelled sessions and forfeited credits, and against cancelling."""

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, holder, refused
from tests.schema.scenarios.credit_changes import extension, revocation
from tests.world import Person, World


async def a_cancelled_class(world: World) -> str:
    session = await world.session(None, START)
    await world.owner.do("cancelSession", NOW, sessionId=session, compensation="NONE")
    return session


@refused(RefusalCode.SESSION_CANCELLED, "bookSession")
async def money_for_a_cancelled_class(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await a_cancelled_class(world)})


@refused(RefusalCode.SESSION_CANCELLED, "bookWithMakeUp")
async def a_credit_for_a_cancelled_class(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await a_cancelled_class(world)})


@refused(RefusalCode.SESSION_CANCELLED, "swapSession")
async def a_swap_for_a_cancelled_class(world: World) -> Act:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)
    return Act(person, {"bookingId": booking, "sessionId": await a_cancelled_class(world)})


@refused(RefusalCode.SESSION_CANCELLED, "undoCancellation")
async def a_seat_wanted_back_in_a_cancelled_class(world: World) -> Act:
    person, client = await world.person()
    session = await world.session(None, START)
    booking = await world.booked(session, client)
    await world.owner.do("cancelSession", NOW, sessionId=session, compensation="NONE")
    return Act(person, {"bookingId": booking})


@refused(RefusalCode.SESSION_CANCELLED, "moveSession")
async def another_time_for_a_cancelled_class(world: World) -> Act:
    given = {"sessionId": await a_cancelled_class(world), "startsAt": START, "endsAt": "2026-12-13T19:00:00Z"}
    return Act(world.owner, given)


@refused(RefusalCode.SESSION_CANCELLED, "markAttendance")
async def the_roster_of_a_cancelled_class(world: World) -> Act:
    return Act(world.owner, {"sessionId": await a_cancelled_class(world), "unmarked": "ATTENDED"}, START)


async def a_forfeited_credit(world: World) -> tuple[Person, str]:
    await world.policy(onMakeUpCancellation="FORFEIT")
    person, _, credit = await holder(world)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    await person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
    return person, credit


@refused(RefusalCode.CREDIT_FORFEITED, "bookWithMakeUp")
async def a_lost_credit_spent(world: World) -> Act:
    person, credit = await a_forfeited_credit(world)
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})


@refused(RefusalCode.CREDIT_FORFEITED, "undoCancellation")
async def a_seat_whose_credit_was_lost_with_another(world: World) -> Act:
    await world.policy(onMakeUpCancellation="FORFEIT")
    person, client = await world.person()
    missed = await world.booked(await world.session(await world.course(), START), client)
    await person.do("cancelBooking", NOW, bookingId=missed)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    await person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
    return Act(person, {"bookingId": missed})


@refused(RefusalCode.CREDIT_FORFEITED, "extendMakeUps")
async def another_end_for_a_lost_credit(world: World) -> Act:
    _, credit = await a_forfeited_credit(world)
    return extension(world, credit, {"never": True})


@refused(RefusalCode.CREDIT_FORFEITED, "revokeMakeUps")
async def a_lost_credit_taken_back(world: World) -> Act:
    _, credit = await a_forfeited_credit(world)
    return revocation(world, credit)


@refused(RefusalCode.SESSION_ATTENDED, "cancelSession")
async def a_class_that_somebody_attended(world: World) -> Act:
    session = await world.session(None, START)
    await world.booked(session, await world.client())
    await world.owner.do("markAttendance", START, sessionId=session, unmarked="ATTENDED")
    return Act(world.owner, {"sessionId": session, "compensation": "CREDITS"}, START)


@refused(RefusalCode.SESSION_OVER, "cancelSession")
async def a_class_that_was_over_a_week_before(world: World) -> Act:
    session = await world.session(None, "2026-11-15T15:59:59Z")
    return Act(world.owner, {"sessionId": session, "compensation": "CREDITS"})


@refused(RefusalCode.OUTCOME_CHANGED, "cancelSession")
async def a_class_that_somebody_has_booked_since(world: World) -> Act:
    session = await world.session(None, START)
    await world.booked(session, await world.client())
    expect = {"creditsEarned": 0, "creditsReturned": 0, "nothing": 0}
    return Act(world.owner, {"sessionId": session, "compensation": "CREDITS", "expect": expect})


@refused(RefusalCode.OUTCOME_CHANGED, "cancelCourseSessions")
async def a_course_whose_bookings_would_bring_more_than_was_shown(world: World) -> Act:
    course = await world.course()
    for start in (START, "2026-12-20T17:00:00Z"):
        await world.booked(await world.session(course, start), await world.client())
    expect = {"creditsEarned": 1, "creditsReturned": 0, "nothing": 0}
    return Act(world.owner, {"courseId": course, "compensation": "CREDITS", "expect": expect})

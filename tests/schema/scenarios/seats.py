"""A seat in one session: what the session and the client say against it, whatever is to pay it."""

from domain.refusals import RefusalCode
from tests.schema.refused import START, Act, holder, refused
from tests.world import World

EITHER = ("bookSession", "bookWithMakeUp")


@refused(RefusalCode.COURSE_NOT_SOLD_PER_SESSION, *EITHER)
async def a_course_sold_only_as_a_whole(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await world.session(await world.course(singleSessionPrice=None), START)})


@refused(RefusalCode.SESSION_STARTED, *EITHER)
async def the_instant_of_the_start(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await world.session(None, START)}, START)


@refused(RefusalCode.SESSION_FULL, *EITHER)
async def the_last_seat_taken(world: World) -> Act:
    person, _, _ = await holder(world)
    session = await world.session(None, START, capacity=1)
    await world.booked(session, await world.client())
    return Act(person, {"sessionId": session})


@refused(RefusalCode.ALREADY_BOOKED, *EITHER)
async def a_second_seat(world: World) -> Act:
    person, client, _ = await holder(world)
    session = await world.session(None, START)
    await world.booked(session, client)
    return Act(person, {"sessionId": session})


@refused(RefusalCode.ACCOUNT_REQUIRED, "bookWithMakeUp")
async def a_guest_with_a_credit(world: World) -> Act:
    guest = await world.client()
    await world.granted(guest)
    return Act(world.owner, {"sessionId": await world.session(None, START), "clientId": guest})


@refused(RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS, "bookWithMakeUp")
async def a_session_closed_to_credits(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await world.session(None, START, acceptsMakeUps=False)})


@refused(RefusalCode.TOO_FAR_AHEAD, "bookWithMakeUp")
async def a_session_in_half_a_year(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await world.session(None, "2027-05-22T17:00:00Z")})

"""Sessions that move, and those who were there."""

from domain.refusals import RefusalCode
from tests.schema.refused import START, Act, refused
from tests.world import World

LATER, LATER_STILL = "2026-12-20T17:00:00Z", "2026-12-20T18:00:00Z"


@refused(RefusalCode.SESSION_STARTED, "moveSession")
async def a_session_that_has_just_started(world: World) -> Act:
    session = await world.session(None, START)
    return Act(world.owner, {"sessionId": session, "startsAt": LATER, "endsAt": LATER_STILL}, START)


@refused(RefusalCode.SESSION_NOT_STARTED, "markAttendance")
async def a_roster_an_instant_before_the_start(world: World) -> Act:
    session = await world.session(None, START)
    await world.booked(session, await world.client())
    return Act(world.owner, {"sessionId": session, "unmarked": "ATTENDED"}, "2026-12-13T16:59:59.999999Z")


@refused(RefusalCode.NOT_BOOKED, "markAttendance")
async def a_seat_that_was_given_up(world: World) -> Act:
    session = await world.session(None, START)
    booking = await world.booked(session, await world.client())
    await world.owner.do("cancelBooking", world.beginning, bookingId=booking)
    marks = [{"bookingId": booking, "attendance": "ABSENT"}]
    return Act(world.owner, {"sessionId": session, "marks": marks}, START)

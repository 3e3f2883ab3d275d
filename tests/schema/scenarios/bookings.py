"""Bookings that there are: giving them up, and their payment."""

from typing import Any

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, holder, refused
from tests.world import Person, World


@refused(RefusalCode.SESSION_STARTED, "cancelBooking")
async def a_client_cancelling_at_the_start(world: World) -> Act:
    person, client = await world.person()
    return Act(person, {"bookingId": await world.booked(await world.session(None, START), client)}, START)


@refused(RefusalCode.LATE_CANCELLATION_BLOCKED, "cancelBooking")
async def a_client_cancelling_an_hour_before(world: World) -> Act:
    await world.policy(lateCancellation="BLOCK")
    person, client = await world.person()
    booking = await world.booked(await world.session(None, START), client)
    return Act(person, {"bookingId": booking}, "2026-12-13T16:00:00Z")


@refused(RefusalCode.OUTCOME_CHANGED, "cancelBooking")
async def a_credit_expected_for_a_one_time_class(world: World) -> Act:
    person, client = await world.person()
    booking = await world.booked(await world.session(None, START), client)
    return Act(person, {"bookingId": booking, "expect": {"outcome": "CREDIT"}})


def absence(by: Person, client: str, now: str = NOW, **expecting: Any) -> Act:
    day = START[:10]
    return Act(by, {"clientId": client, "from": day, "through": day, **expecting}, now)


@refused(RefusalCode.LATE_CANCELLATION_BLOCKED, "cancelBookings")
async def a_client_away_on_the_day_itself(world: World) -> Act:
    await world.policy(lateCancellation="BLOCK")
    person, client = await world.person()
    await world.booked(await world.session(None, START), client)
    return absence(person, client, "2026-12-13T16:00:00Z")


@refused(RefusalCode.OUTCOME_CHANGED, "cancelBookings")
async def another_seat_on_the_dates_shown(world: World) -> Act:
    person, client = await world.person()
    await world.booked(await world.session(None, START), client)
    return absence(person, client, expect=[])


@refused(RefusalCode.PAID_WITH_CREDIT, "markPaid")
async def a_make_up_booking_marked_as_due(world: World) -> Act:
    person, _, _ = await holder(world)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    return Act(world.owner, {"bookingId": booked["booking"]["id"], "payment": "DUE"})

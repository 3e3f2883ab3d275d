"""What a session's policy and a credit's own terms say against spending it there."""

from typing import Any

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, holder, refused
from tests.world import Person, World


async def spending_in(world: World, **decided: Any) -> Act:
    """Of a granted credit, in a session that decides something of its policy."""
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await world.session(None, START, policy=decided)})


async def earner(world: World, **course: Any) -> tuple[Person, str]:
    """Somebody who has given up a seat in a course, and the credit that they earned."""
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(**course), START), client)
    cancelled = await person.do("cancelBooking", NOW, bookingId=booking)
    return person, cancelled["credit"]["id"]


@refused(RefusalCode.BOOKING_NOT_OPEN_YET, "bookWithMakeUp")
async def three_weeks_before_and_credits_book_two_weeks_before(world: World) -> Act:
    return await spending_in(world, makeUpsOpenDaysBefore={"limit": 14})


@refused(RefusalCode.BOOKING_CLOSED, "bookWithMakeUp")
async def three_weeks_before_and_credits_book_a_month_before(world: World) -> Act:
    return await spending_in(world, makeUpsCloseMinutesBefore={"limit": 43_200})


@refused(RefusalCode.MAKE_UP_SEATS_FULL, "bookWithMakeUp")
async def nobody_has_freed_a_seat(world: World) -> Act:
    return await spending_in(world, freedSeatsOnly=True)


@refused(RefusalCode.CREDIT_NOT_YET_VALID, "bookWithMakeUp")
async def before_the_missed_session(world: World) -> Act:
    await world.policy(redeemableFrom="AFTER_MISSED_SESSION")
    person, credit = await earner(world)
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})


@refused(RefusalCode.STARTS_AFTER_EXPIRY, "bookWithMakeUp")
async def a_session_after_the_last_day(world: World) -> Act:
    await world.policy(expiryMeans="ATTEND_BY")
    person, credit = await earner(world)
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})


@refused(RefusalCode.PRICE_ABOVE_CREDIT, "bookWithMakeUp")
async def a_class_dearer_than_the_course(world: World) -> Act:
    await world.policy(priceGuard="SAME_OR_LOWER")
    person, credit = await earner(world, singleSessionPrice=19_999)
    return Act(person, {"sessionId": await world.session(None, START, price=20_000), "creditId": credit})


@refused(RefusalCode.CATEGORY_MISMATCH, "bookWithMakeUp")
async def dance_for_yoga(world: World) -> Act:
    await world.policy(categoryGuard="SAME_CATEGORY")
    person, credit = await earner(world, category="Yoga")
    return Act(person, {"sessionId": await world.session(None, START, category="Dance"), "creditId": credit})


async def seated_beyond_the_capacity(world: World, session: str) -> None:
    """One with money in the only seat, and one with a credit in the extra seat."""
    await world.booked(session, await world.client())
    person, client, _ = await holder(world)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=session, clientId=client)
    assert booked["__typename"] == "MakeUpBooked"


@refused(RefusalCode.CAPACITY_BELOW_BOOKED, "updateCoursePolicy")
async def the_extra_seats_of_a_course_taken_away(world: World) -> Act:
    course = await world.course(policy={"extraMakeUpSeats": 1})
    await seated_beyond_the_capacity(world, await world.session(course, START, capacity=1))
    return Act(world.owner, {"courseId": course, "extraMakeUpSeats": None})


@refused(RefusalCode.CAPACITY_BELOW_BOOKED, "updateSessionPolicy")
async def the_extra_seat_of_a_session_taken_away(world: World) -> Act:
    session = await world.session(None, START, capacity=1, policy={"extraMakeUpSeats": 1})
    await seated_beyond_the_capacity(world, session)
    return Act(world.owner, {"sessionId": session, "extraMakeUpSeats": 0})

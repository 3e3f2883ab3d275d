"""Swapping a seat: what stands against giving it up, and against the other one."""

from typing import Any

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, refused
from tests.world import Person, World

AN_HOUR_BEFORE = "2026-12-13T16:00:00Z"
NEXT_DAY = "2026-12-14T17:00:00Z"


async def seated(world: World, **course: Any) -> tuple[Person, str]:
    """Somebody with a paid seat in a course session, and that booking."""
    person, client = await world.person()
    return person, await world.booked(await world.session(await world.course(**course), START), client)


async def swapping(world: World, now: str = NOW, **wanted: Any) -> Act:
    """Of such a seat for one in a class of the next day."""
    person, booking = await seated(world)
    return Act(person, {"bookingId": booking, "sessionId": await world.session(None, NEXT_DAY, **wanted)}, now)


@refused(RefusalCode.SESSION_STARTED, "swapSession")
async def a_swap_at_the_start(world: World) -> Act:
    return await swapping(world, START)


@refused(RefusalCode.LATE_CANCELLATION_BLOCKED, "swapSession")
async def a_swap_an_hour_before(world: World) -> Act:
    await world.policy(lateCancellation="BLOCK")
    return await swapping(world, AN_HOUR_BEFORE)


@refused(RefusalCode.CANCELLATION_EARNS_NOTHING, "swapSession")
async def a_swap_of_what_is_not_paid(world: World) -> Act:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client, "DUE")
    return Act(person, {"bookingId": booking, "sessionId": await world.session(None, NEXT_DAY)})


@refused(RefusalCode.ALREADY_CANCELLED, "swapSession")
async def a_second_click(world: World) -> Act:
    act = await swapping(world)
    swapped = await act.by.do("swapSession", NOW, **act.given)
    assert swapped["__typename"] == "SessionSwapped"
    return act


@refused(RefusalCode.SAME_SESSION, "swapSession")
async def a_swap_for_the_same_session(world: World) -> Act:
    person, client = await world.person()
    session = await world.session(await world.course(), START)
    return Act(person, {"bookingId": await world.booked(session, client), "sessionId": session})


@refused(RefusalCode.CREDIT_EXPIRED, "swapSession")
async def a_make_up_after_the_end_of_its_credit(world: World) -> Act:
    person, client = await world.person()
    await world.granted(client, validity={"expiresOn": "2026-11-30"})
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    given = {"bookingId": booked["booking"]["id"], "sessionId": await world.session(None, NEXT_DAY)}
    return Act(person, given, "2026-12-01T08:00:00Z")


@refused(RefusalCode.CREDIT_OF_OTHER_CLIENT, "swapSession")
async def what_a_sibling_paid_once_each_pays_for_themselves(world: World) -> Act:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    await world.granted(await world.client(person, "Eva"))
    here, there = [await world.session(None, start) for start in (START, NEXT_DAY)]
    booked = await person.do("bookWithMakeUp", NOW, sessionId=here, clientId=client)
    await world.policy(NOW, creditScope="SAME_CLIENT")
    return Act(person, {"bookingId": booked["booking"]["id"], "sessionId": there})


@refused(RefusalCode.ACCOUNT_REQUIRED, "swapSession")
async def a_guests_swap(world: World) -> Act:
    booking = await world.booked(await world.session(await world.course(), START), await world.client())
    return Act(world.owner, {"bookingId": booking, "sessionId": await world.session(None, NEXT_DAY)})


@refused(RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS, "swapSession")
async def a_swap_for_a_session_closed_to_credits(world: World) -> Act:
    return await swapping(world, acceptsMakeUps=False)


@refused(RefusalCode.COURSE_NOT_SOLD_PER_SESSION, "swapSession")
async def a_swap_for_a_course_sold_only_as_a_whole(world: World) -> Act:
    person, booking = await seated(world)
    wanted = await world.session(await world.course(singleSessionPrice=None), NEXT_DAY)
    return Act(person, {"bookingId": booking, "sessionId": wanted})


@refused(RefusalCode.BOOKING_NOT_OPEN_YET, "swapSession")
async def a_swap_three_weeks_before_where_credits_book_two_weeks_before(world: World) -> Act:
    return await swapping(world, policy={"makeUpsOpenDaysBefore": {"limit": 14}})


@refused(RefusalCode.BOOKING_CLOSED, "swapSession")
async def a_swap_three_weeks_before_where_credits_book_a_month_before(world: World) -> Act:
    return await swapping(world, policy={"makeUpsCloseMinutesBefore": {"limit": 43_200}})


@refused(RefusalCode.TOO_FAR_AHEAD, "swapSession")
async def a_swap_for_a_session_in_half_a_year(world: World) -> Act:
    person, booking = await seated(world)
    return Act(person, {"bookingId": booking, "sessionId": await world.session(None, "2027-05-22T17:00:00Z")})


@refused(RefusalCode.SESSION_FULL, "swapSession")
async def a_swap_for_a_session_whose_last_seat_is_taken(world: World) -> Act:
    act = await swapping(world, capacity=1)
    await world.booked(act.given["sessionId"], await world.client())
    return act


@refused(RefusalCode.MAKE_UP_SEATS_FULL, "swapSession")
async def a_swap_where_nobody_has_freed_a_seat(world: World) -> Act:
    return await swapping(world, policy={"freedSeatsOnly": True})


@refused(RefusalCode.ALREADY_BOOKED, "swapSession")
async def a_swap_for_a_session_where_they_have_a_seat(world: World) -> Act:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)
    wanted = await world.session(None, NEXT_DAY)
    await world.booked(wanted, client)
    return Act(person, {"bookingId": booking, "sessionId": wanted})


@refused(RefusalCode.CREDIT_NOT_YET_VALID, "swapSession")
async def a_swap_where_credits_wait_for_the_missed_session(world: World) -> Act:
    await world.policy(redeemableFrom="AFTER_MISSED_SESSION")
    return await swapping(world)


@refused(RefusalCode.STARTS_AFTER_EXPIRY, "swapSession")
async def a_swap_for_a_session_after_the_last_day(world: World) -> Act:
    await world.policy(expiryMeans="ATTEND_BY")
    return await swapping(world)


@refused(RefusalCode.PRICE_ABOVE_CREDIT, "swapSession")
async def a_swap_for_a_class_dearer_than_the_course(world: World) -> Act:
    await world.policy(priceGuard="SAME_OR_LOWER")
    person, booking = await seated(world, singleSessionPrice=19_999)
    return Act(person, {"bookingId": booking, "sessionId": await world.session(None, NEXT_DAY, price=20_000)})


@refused(RefusalCode.CATEGORY_MISMATCH, "swapSession")
async def a_swap_of_yoga_for_dance(world: World) -> Act:
    await world.policy(categoryGuard="SAME_CATEGORY")
    person, booking = await seated(world, category="Yoga")
    return Act(person, {"bookingId": booking, "sessionId": await world.session(None, NEXT_DAY, category="Dance")})


@refused(RefusalCode.STUDIO_ARCHIVED, "swapSession")
async def a_swap_at_an_archived_studio(world: World) -> Act:
    act = await swapping(world)
    await world.archive(world.studio)
    return act


@refused(RefusalCode.COURSE_ARCHIVED, "swapSession")
async def a_swap_for_a_session_of_an_archived_course(world: World) -> Act:
    person, booking = await seated(world)
    course = await world.course()
    wanted = await world.session(course, NEXT_DAY)
    await world.archive(course)
    return Act(person, {"bookingId": booking, "sessionId": wanted})


@refused(RefusalCode.SESSION_ARCHIVED, "swapSession")
async def a_swap_for_an_archived_session(world: World) -> Act:
    act = await swapping(world)
    await world.archive(act.given["sessionId"])
    return act


@refused(RefusalCode.CLIENT_ARCHIVED, "swapSession")
async def an_archived_clients_swap(world: World) -> Act:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)
    wanted = await world.session(None, NEXT_DAY)
    await world.archive(client)
    return Act(person, {"bookingId": booking, "sessionId": wanted})

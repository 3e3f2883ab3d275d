"""Waiting lists: who cannot join, leave or claim; and what a credit that is held cannot do."""

from dataclasses import replace
from typing import Any

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, SCENARIOS, START, Act, Scenario, holder, refused
from tests.schema.scenarios.credit_changes import extension
from tests.schema.scenarios.spending import earner
from tests.schema.scenarios.undoing import cancelled, undo
from tests.world import Person, World

SEATS_ON_OFFER = "2026-12-12T16:00:00Z"
"""Too late for a seat that becomes free to be given away at once."""


def joining(spending: Scenario) -> Scenario:
    """Who cannot spend a credit on a session for this reason cannot wait for a seat in it either."""

    async def join(world: World) -> Act:
        act = await spending(world)
        return replace(act, given={**act.given, "withCredit": True})

    return join


# Of all files: they are read by their names, this one last.
for (mutation, code), scenario in tuple(SCENARIOS.items()):
    if mutation == "bookWithMakeUp" and code is not RefusalCode.SESSION_FULL:
        refused(code, "joinWaitlist")(joining(scenario))


@refused(RefusalCode.SEAT_AVAILABLE, "joinWaitlist")
async def a_session_with_a_seat(world: World) -> Act:
    person, _, _ = await holder(world)
    return Act(person, {"sessionId": await world.session(None, START), "withCredit": True})


@refused(RefusalCode.ALREADY_WAITING, "joinWaitlist")
async def a_second_place_on_one_list(world: World) -> Act:
    person, session, _ = await waiting(world)
    return Act(person, {"sessionId": session, "withCredit": False})


@refused(RefusalCode.CREDIT_IN_GRACE, "joinWaitlist")
async def a_credit_that_has_waited_past_its_end(world: World) -> Act:
    person, client = await world.person()
    (credit,) = await world.granted(client, validity={"expiresOn": "2026-11-23"})
    session, later = await world.full(START), "2026-11-24T17:00:00Z"
    entry = await world.waits(session, client, NOW, withCredit=True, creditId=credit)
    await person.do("leaveWaitlist", later, entryId=entry)
    return Act(person, {"sessionId": session, "withCredit": True, "creditId": credit}, later)


@refused(RefusalCode.CREDIT_HELD, "joinWaitlist")
async def a_credit_that_is_held_for_a_sibling(world: World) -> Act:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, session, credit = await waiting(world)
    child = await world.client(person, "Eva")
    return Act(person, {"sessionId": session, "clientId": child, "withCredit": True, "creditId": credit})


@refused(RefusalCode.CREDIT_HELD, "bookWithMakeUp")
async def a_seat_for_a_credit_that_is_held(world: World) -> Act:
    person, _, credit = await waiting(world)
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})


@refused(RefusalCode.CREDIT_HELD, "undoCancellation")
async def a_seat_whose_credit_is_held(world: World) -> Act:
    person, client, done = await cancelled(world)
    await world.waits(await world.full(START), client, NOW, withCredit=True)
    return undo(person, done)


async def waiting(world: World, session: str | None = None) -> tuple[Person, str, str]:
    """Somebody who waits for a session that is full, and the credit that is held for that."""
    person, client, credit = await holder(world)
    session = session or await world.full(START)
    await world.waits(session, client, NOW, withCredit=True, creditId=credit)
    return person, session, credit


async def claim(person: Person, now: str = NOW) -> Act:
    """By somebody with one place on a list."""
    found = await person.ask("{ waitlistEntries { nodes { id } } }", now=now)
    (entry,) = found["data"]["waitlistEntries"]["nodes"]
    return Act(person, {"entryId": entry["id"]}, now)


@refused(RefusalCode.NOT_WAITING, "leaveWaitlist", "claimSeat")
async def a_place_at_the_instant_of_the_start(world: World) -> Act:
    person, _, _ = await waiting(world)
    return await claim(person, START)


@refused(RefusalCode.OFFER_GONE, "claimSeat")
async def a_seat_that_nobody_has_given_up(world: World) -> Act:
    person, _, _ = await waiting(world)
    return await claim(person)


@refused(RefusalCode.SESSION_FULL, "claimSeat")
async def an_extra_seat_for_money(world: World) -> Act:
    session = await world.full(START, policy={"extraMakeUpSeats": 1})
    made_up, _, _ = await holder(world)
    booked = await made_up.do("bookWithMakeUp", NOW, sessionId=session)
    person, client = await world.person()
    await world.waits(session, client, NOW)
    await made_up.do("cancelBooking", SEATS_ON_OFFER, bookingId=booked["booking"]["id"])
    return await claim(person, SEATS_ON_OFFER)


@refused(RefusalCode.STUDIO_ARCHIVED, "claimSeat")
async def a_place_at_an_archived_studio(world: World) -> Act:
    person, _, _ = await waiting(world)
    await world.archive(world.studio, now=NOW)
    return await claim(person)


@refused(RefusalCode.COURSE_NOT_SOLD_PER_SESSION, "claimSeat")
async def a_place_in_a_course_since_sold_only_as_a_whole(world: World) -> Act:
    course = await world.course()
    person, _, _ = await waiting(world, await world.full(START, course))
    await world.owner.do("updateCourse", NOW, courseId=course, singleSessionPrice=None)
    return await claim(person)


async def claim_in(world: World, mutation: str, **changed: Any) -> Act:
    """In a session that staff have changed since."""
    person, session, _ = await waiting(world)
    await world.owner.do(mutation, NOW, sessionId=session, **changed)
    return await claim(person)


@refused(RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS, "claimSeat")
async def a_place_in_a_session_since_closed_to_credits(world: World) -> Act:
    return await claim_in(world, "updateSession", acceptsMakeUps=False)


@refused(RefusalCode.BOOKING_NOT_OPEN_YET, "claimSeat")
async def a_place_in_a_session_that_credits_book_later_now(world: World) -> Act:
    return await claim_in(world, "updateSessionPolicy", makeUpsOpenDaysBefore={"limit": 14})


@refused(RefusalCode.BOOKING_CLOSED, "claimSeat")
async def a_place_in_a_session_that_credits_book_earlier_now(world: World) -> Act:
    return await claim_in(world, "updateSessionPolicy", makeUpsCloseMinutesBefore={"limit": 43_200})


@refused(RefusalCode.MAKE_UP_SEATS_FULL, "claimSeat")
async def a_place_in_a_session_with_seats_for_credits_only_where_freed(world: World) -> Act:
    return await claim_in(world, "updateSessionPolicy", freedSeatsOnly=True)


@refused(RefusalCode.TOO_FAR_AHEAD, "claimSeat")
async def a_place_further_ahead_than_credits_book_now(world: World) -> Act:
    person, _, _ = await waiting(world)
    await world.policy(NOW, maxDaysAhead=7)
    return await claim(person)


@refused(RefusalCode.CREDIT_OF_OTHER_CLIENT, "claimSeat")
async def a_place_for_the_credit_of_a_sibling_who_shares_it_no_longer(world: World) -> Act:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, _, credit = await holder(world)
    child = await world.client(person, "Eva")
    await world.waits(await world.full(START), child, NOW, withCredit=True, creditId=credit)
    await world.policy(NOW, creditScope="SAME_CLIENT")
    return await claim(person)


@refused(RefusalCode.STARTS_AFTER_EXPIRY, "claimSeat")
async def a_place_for_a_credit_that_now_ends_before(world: World) -> Act:
    await world.policy(expiryMeans="ATTEND_BY")
    person, _, credit = await waiting(world)
    await world.owner.do("extendMakeUps", NOW, **extension(world, credit, {"expiresOn": "2026-12-12"}).given)
    return await claim(person)


@refused(RefusalCode.PRICE_ABOVE_CREDIT, "claimSeat")
async def a_place_in_a_class_that_is_dearer_now(world: World) -> Act:
    await world.policy(priceGuard="SAME_OR_LOWER")
    person, client = await world.person()
    await world.granted(client, worth=20_000)
    session = await world.full(START)
    await world.waits(session, client, NOW, withCredit=True)
    await world.owner.do("updateSession", NOW, sessionId=session, price=20_001)
    return await claim(person)


@refused(RefusalCode.CATEGORY_MISMATCH, "claimSeat")
async def a_place_in_a_class_of_another_category_now(world: World) -> Act:
    await world.policy(categoryGuard="SAME_CATEGORY")
    person, credit = await earner(world, category="Yoga")
    session = await world.full(START, category="Yoga")
    await person.do("joinWaitlist", NOW, sessionId=session, withCredit=True, creditId=credit)
    await world.owner.do("updateSession", NOW, sessionId=session, category="Dance")
    return await claim(person)

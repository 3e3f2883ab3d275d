"""Cancellations that cannot be undone; and credits that were taken back so."""

from typing import Any

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, holder, refused
from tests.schema.scenarios.credit_changes import extension, revocation
from tests.world import Json, Person, World

LATER = "2026-12-20T17:00:00Z"


async def cancelled(world: World, session: str | None = None) -> tuple[Person, str, Json]:
    """Somebody, their one client, and what came of giving up that client's seat."""
    person, client = await world.person()
    session = session or await world.session(await world.course(), START)
    booking = await world.booked(session, client)
    return person, client, await person.do("cancelBooking", NOW, bookingId=booking)


async def made_up_and_cancelled(world: World, session: str | None = None, **granted: Any) -> tuple[Person, str, Json]:
    """Likewise of a seat for a credit, which comes back."""
    person, client = await world.person()
    await world.granted(client, **granted)
    session = session or await world.session(None, LATER)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=session)
    return person, client, await person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])


def undo(by: Person, done: Json, now: str = NOW, **how: Any) -> Act:
    return Act(by, {"bookingId": done["booking"]["id"], **how}, now)


@refused(RefusalCode.NOT_CANCELLED, "undoCancellation")
async def a_seat_that_nobody_gave_up(world: World) -> Act:
    person, client = await world.person()
    return Act(person, {"bookingId": await world.booked(await world.session(None, START), client)})


@refused(RefusalCode.ENROLMENT_ENDED, "undoCancellation")
async def a_seat_that_ended_with_its_enrolment(world: World) -> Act:
    person, client = await world.person()
    course = await world.course()
    await world.session(course, START)
    enrolled = await world.enrolled(course, client)
    await world.owner.do("endEnrolment", NOW, enrolmentId=enrolled["enrolment"]["id"])
    return Act(person, {"bookingId": enrolled["bookings"][0]["id"]})


@refused(RefusalCode.STUDIO_ARCHIVED, "undoCancellation")
async def a_seat_at_an_archived_studio(world: World) -> Act:
    person, _, done = await cancelled(world)
    await world.archive(world.studio, now=NOW)
    return undo(person, done)


@refused(RefusalCode.COURSE_ARCHIVED, "undoCancellation")
async def a_seat_in_an_archived_course(world: World) -> Act:
    course = await world.course()
    person, _, done = await cancelled(world, await world.session(course, START))
    await world.archive(course, now=NOW)
    return undo(person, done)


@refused(RefusalCode.SESSION_ARCHIVED, "undoCancellation")
async def a_seat_in_an_archived_session(world: World) -> Act:
    person, _, done = await cancelled(world)
    await world.archive(done["session"]["id"], now=NOW)
    return undo(person, done)


@refused(RefusalCode.CLIENT_ARCHIVED, "undoCancellation")
async def a_seat_for_an_archived_client(world: World) -> Act:
    person, client, done = await cancelled(world)
    await world.archive(client, now=NOW)
    return undo(person, done)


@refused(RefusalCode.SESSION_STARTED, "undoCancellation")
async def a_seat_wanted_back_at_the_start(world: World) -> Act:
    person, _, done = await cancelled(world)
    return undo(person, done, START)


@refused(RefusalCode.SESSION_FULL, "undoCancellation")
async def a_seat_that_another_has_now(world: World) -> Act:
    session = await world.session(None, START, capacity=1)
    person, _, done = await cancelled(world, session)
    await world.owner.do("bookSession", NOW, sessionId=session, clientId=await world.client(), payment="PAID")
    return undo(person, done)


@refused(RefusalCode.MAKE_UP_SEATS_FULL, "undoCancellation")
async def a_seat_for_a_credit_that_another_credit_has_now(world: World) -> Act:
    session = await world.session(None, LATER, policy={"maxMakeUps": {"limit": 1}})
    person, _, done = await made_up_and_cancelled(world, session)
    another, _, _ = await holder(world)
    await another.do("bookWithMakeUp", NOW, sessionId=session)
    return undo(person, done)


@refused(RefusalCode.ALREADY_BOOKED, "undoCancellation")
async def a_seat_next_to_another_of_theirs(world: World) -> Act:
    person, client, done = await cancelled(world)
    again = {"sessionId": done["session"]["id"], "clientId": client, "payment": "PAID"}
    await world.owner.do("bookSession", NOW, **again)
    return undo(person, done)


@refused(RefusalCode.CREDIT_USED, "undoCancellation")
async def a_seat_whose_credit_is_spent(world: World) -> Act:
    person, _, done = await cancelled(world)
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, LATER))
    return undo(person, done)


@refused(RefusalCode.OUTCOME_CHANGED, "undoCancellation")
async def a_seat_for_another_than_was_shown(world: World) -> Act:
    """Which was swapped on since."""
    person, _, done = await cancelled(world)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, LATER))
    shown = booked["booking"]["id"]
    swapped = await person.do("swapSession", NOW, bookingId=shown, sessionId=await world.session(None, LATER))
    assert swapped["__typename"] == "SessionSwapped"
    return undo(person, done, swapBack=True, givesUp=shown)


@refused(RefusalCode.CREDIT_REVOKED, "undoCancellation")
async def a_seat_whose_credit_was_revoked(world: World) -> Act:
    person, _, done = await cancelled(world)
    await world.owner.do("revokeMakeUps", NOW, **revocation(world, done["credit"]["id"]).given)
    return undo(person, done)


@refused(RefusalCode.CREDIT_UNDONE, "undoCancellation")
async def a_make_up_whose_credit_was_taken_back(world: World) -> Act:
    person, _, first = await cancelled(world)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, LATER))
    second = await person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
    await person.do("undoCancellation", NOW, bookingId=first["booking"]["id"])
    return undo(person, second)


@refused(RefusalCode.CREDIT_EXPIRED, "undoCancellation")
async def a_make_up_whose_credit_has_expired(world: World) -> Act:
    person, _, done = await made_up_and_cancelled(world, validity={"expiresOn": "2026-11-22"})
    return undo(person, done, "2026-11-22T23:00:00Z")


@refused(RefusalCode.CREDIT_OF_OTHER_CLIENT, "undoCancellation")
async def a_make_up_for_a_sibling_s_credit_that_siblings_no_longer_share(world: World) -> Act:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, sibling, _ = await holder(world)
    child = await world.client(person, "Eva")
    session = await world.session(None, LATER)
    booked = await person.do("bookWithMakeUp", NOW, sessionId=session, clientId=child)
    assert booked["credit"]["client"]["id"] == sibling
    done = await person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
    await world.policy(NOW, creditScope="SAME_CLIENT")
    return undo(person, done)


@refused(RefusalCode.STARTS_AFTER_EXPIRY, "undoCancellation")
async def a_make_up_that_now_starts_after_its_credit_ends(world: World) -> Act:
    await world.policy(expiryMeans="ATTEND_BY")
    person, _, done = await made_up_and_cancelled(world)
    shorter = extension(world, done["credit"]["id"], {"expiresOn": "2026-12-19"})
    await world.owner.do("extendMakeUps", NOW, **shorter.given)
    return undo(person, done)


async def taken_back(world: World) -> tuple[Person, str]:
    """Somebody, and a credit of theirs whose cancellation was undone."""
    person, _, done = await cancelled(world)
    undone = await person.do("undoCancellation", NOW, bookingId=done["booking"]["id"])
    return person, undone["creditTakenBack"]["id"]


@refused(RefusalCode.CREDIT_UNDONE, "bookWithMakeUp")
async def a_seat_for_a_credit_that_was_taken_back(world: World) -> Act:
    person, credit = await taken_back(world)
    return Act(person, {"sessionId": await world.session(None, LATER), "creditId": credit})


@refused(RefusalCode.CREDIT_UNDONE, "extendMakeUps")
async def another_end_for_a_credit_that_was_taken_back(world: World) -> Act:
    _, credit = await taken_back(world)
    return extension(world, credit, {"never": True})


@refused(RefusalCode.CREDIT_UNDONE, "revokeMakeUps")
async def a_credit_taken_back_in_both_ways(world: World) -> Act:
    _, credit = await taken_back(world)
    return revocation(world, credit)

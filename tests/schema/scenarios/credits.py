"""Credits: what they say themselves against being spent, and their granting."""

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, holder, refused
from tests.world import World


@refused(RefusalCode.NO_ELIGIBLE_CREDIT, "bookWithMakeUp")
async def a_client_without_a_credit(world: World) -> Act:
    person, _ = await world.person()
    return Act(person, {"sessionId": await world.session(None, START)})


@refused(RefusalCode.CREDIT_OF_OTHER_CLIENT, "bookWithMakeUp")
async def a_siblings_credit(world: World) -> Act:
    parent, _, credit = await holder(world)
    sibling = await world.client(parent, "Eva")
    return Act(parent, {"sessionId": await world.session(None, START), "clientId": sibling, "creditId": credit})


@refused(RefusalCode.CREDIT_EXPIRED, "bookWithMakeUp")
async def a_credit_that_lived_until_yesterday(world: World) -> Act:
    person, client = await world.person()
    (credit,) = await world.granted(client, validity={"expiresOn": "2026-11-21"})
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})


@refused(RefusalCode.CREDIT_USED, "bookWithMakeUp")
async def a_credit_spent_on_another_session(world: World) -> Act:
    person, _, credit = await holder(world)
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})


@refused(RefusalCode.SAME_SESSION, "bookWithMakeUp")
async def a_credit_for_the_session_that_it_was_earned_in(world: World) -> Act:
    person, client = await world.person()
    session = await world.session(await world.course(), START)
    cancelled = await person.do("cancelBooking", NOW, bookingId=await world.booked(session, client))
    return Act(person, {"sessionId": session, "creditId": cancelled["credit"]["id"]})


@refused(RefusalCode.EXPIRY_IN_PAST, "grantMakeUp")
async def a_grant_until_yesterday(world: World) -> Act:
    given = {"clientId": await world.client(), "reason": "GOODWILL"}
    return Act(world.owner, {**given, "validity": {"expiresOn": "2026-11-21"}})


@refused(RefusalCode.VALIDITY_ENDED, "grantMakeUp")
async def a_grant_after_the_studios_term(world: World) -> Act:
    await world.policy(validity={"until": "2026-11-21"})
    return Act(world.owner, {"clientId": await world.client(), "reason": "GOODWILL"})

"""Credits that staff extend or take back."""

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, holder, refused
from tests.world import Json, World


def extension(world: World, credit: str, expiry: Json) -> Act:
    return Act(world.owner, {"studioId": world.studio, "credits": {"ids": [credit]}, "expiry": expiry})


def revocation(world: World, credit: str) -> Act:
    return Act(world.owner, {"studioId": world.studio, "credits": {"ids": [credit]}, "reason": "CORRECTION"})


async def a_revoked_credit(world: World) -> str:
    _, _, credit = await holder(world)
    await world.owner.do("revokeMakeUps", NOW, **revocation(world, credit).given)
    return credit


async def a_spent_credit(world: World) -> str:
    person, _, credit = await holder(world)
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START))
    return credit


@refused(RefusalCode.CREDIT_USED, "extendMakeUps")
async def another_end_for_a_spent_credit(world: World) -> Act:
    return extension(world, await a_spent_credit(world), {"never": True})


@refused(RefusalCode.CREDIT_REVOKED, "extendMakeUps")
async def another_end_for_a_revoked_credit(world: World) -> Act:
    return extension(world, await a_revoked_credit(world), {"never": True})


@refused(RefusalCode.EXPIRY_IN_PAST, "extendMakeUps")
async def an_end_yesterday(world: World) -> Act:
    _, _, credit = await holder(world)
    return extension(world, credit, {"expiresOn": "2026-11-21"})


@refused(RefusalCode.EXPIRY_TOO_LATE, "extendMakeUps")
async def an_end_beyond_all_dates(world: World) -> Act:
    _, _, credit = await holder(world)
    await world.owner.do("extendMakeUps", NOW, **extension(world, credit, {"expiresOn": "2999-12-31"}).given)
    return extension(world, credit, {"addDays": 1})


@refused(RefusalCode.CREDIT_USED, "revokeMakeUps")
async def a_spent_credit_taken_back(world: World) -> Act:
    return revocation(world, await a_spent_credit(world))


@refused(RefusalCode.CREDIT_EXPIRED, "revokeMakeUps")
async def an_expired_credit_taken_back(world: World) -> Act:
    (credit,) = await world.granted(await world.client(), validity={"expiresOn": "2026-11-21"})
    return revocation(world, credit)


@refused(RefusalCode.CREDIT_REVOKED, "revokeMakeUps")
async def a_credit_taken_back_twice(world: World) -> Act:
    return revocation(world, await a_revoked_credit(world))


@refused(RefusalCode.CREDIT_REVOKED, "bookWithMakeUp")
async def a_seat_for_a_revoked_credit(world: World) -> Act:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    await world.owner.do("revokeMakeUps", NOW, **revocation(world, credit).given)
    return Act(person, {"sessionId": await world.session(None, START), "creditId": credit})

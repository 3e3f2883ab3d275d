"""Somebody about whom Encore knows all that it can know, and who marks it wherever it stands."""

from dataclasses import dataclass

from tests.world import Api, Json, Person, World, unique

NOW = "2026-11-22T17:00:00Z"


@dataclass(frozen=True)
class Life:
    """`mark` stands in every name, e-mail and word about them. `child`: of the same account; both at `world`.

    At `school` they are on the staff, and were before; to that of `world` they are invited. `kept`: a seat that
    the studio does not let them give up.
    """

    mark: str
    person: Person
    world: World
    school: World
    client: str
    child: str
    kept: str
    queued: str


async def lived(api: Api) -> Life:
    mark = unique("marked").replace("-", "")
    world = await World.founded(api, lateCancellation="BLOCK", creditScope="SAME_ACCOUNT")
    school = await World.founded(api)
    person = await Person.signed_up(api, mark)
    client, child = await world.client(person, f"{mark} once"), await world.client(person, f"{mark} child")
    owner, beginning = world.owner, world.beginning
    await owner.do("updateClient", beginning, clientId=client, name=f"{mark} now")
    await worked_at(school, person, mark)
    course = await world.course()
    for day in (12, 13):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    await world.enrolled(course, client)
    queued = await waited_for(world, client)
    overridden = await world.booked(await world.session(course, "2026-12-15T17:00:00Z"), client)
    await owner.do("cancelBooking", beginning, bookingId=overridden, override={"reason": f"{mark} was ill."})
    await many_credits(world, client, mark)
    late = await world.session(course, "2026-11-23T10:00:00Z")
    kept = await world.booked(late, client)
    (credit,) = await world.granted(child, note=f"{mark} asked.")
    await world.waits(await world.full("2026-12-21T17:00:00Z"), client, withCredit=True, creditId=credit)
    await world.waits(await world.full("2026-12-22T17:00:00Z"), child)
    for name in (mark, f"{mark} again"):  # which withdraws the one before
        await world.invited(person.email, "MANAGER", name)
    return Life(mark, person, world, school, client, child, kept, queued)


async def waited_for(world: World, client: str) -> str:
    """They have the only seat; who waits for it."""
    session = await world.session(None, "2026-12-16T17:00:00Z", capacity=1)
    await world.booked(session, client, "DUE")
    other = await world.client(name="Ben")
    await world.waits(session, other)
    return other


async def many_credits(world: World, client: str, mark: str) -> None:
    """One spent, one active, one extended, one revoked: staff wrote of each."""
    owner, now = world.owner, world.beginning
    note = f"{mark} is a friend."
    spent, _, extended, revoked = await world.granted(client, 4, note=note, validity={"expiresOn": "2027-01-31"})
    session = await world.session(None, "2026-12-17T17:00:00Z")
    await owner.do("bookWithMakeUp", now, sessionId=session, clientId=client, creditId=spent)
    given: Json = {"studioId": world.studio, "note": note}
    await owner.do("extendMakeUps", now, credits={"ids": [extended]}, expiry={"addDays": 7}, **given)
    await owner.do("revokeMakeUps", now, credits={"ids": [revoked]}, reason="CORRECTION", **given)


async def worked_at(school: World, person: Person, mark: str) -> None:
    """Who was on its staff and has left, has come back and is called otherwise now."""
    for left in (True, False):
        invited = await school.invited(person.email, "INSTRUCTOR", mark)
        joined = await person.do("acceptInvitation", school.beginning, code=invited["code"], displayName=f"{mark} I")
        staff = joined["staffMember"]["id"]
        await school.owner.do("updateStaff", school.beginning, staffId=staff, displayName=f"{mark} II")
        if left:
            await person.do("removeStaff", school.beginning, staffId=staff)

"""The staff, and who is invited to it."""

from domain.refusals import RefusalCode
from tests.schema.refused import NOW, START, Act, refused
from tests.world import Json, Person, World


@refused(RefusalCode.ALREADY_STAFF, "inviteStaff")
async def an_account_with_a_role(world: World) -> Act:
    given = {"email": world.owner.email, "role": "MANAGER", "displayName": "Olga"}
    return Act(world.owner, {"studioId": world.studio, **given})


@refused(RefusalCode.INVITATION_OVER, "withdrawInvitation")
async def an_invitation_that_was_accepted(world: World) -> Act:
    person, invited = await _invited(world)
    await person.do("acceptInvitation", NOW, code=invited["code"])
    return Act(world.owner, {"invitationId": invited["id"]})


@refused(RefusalCode.INVITATION_OVER, "acceptInvitation")
async def an_invitation_that_was_withdrawn(world: World) -> Act:
    person, invited = await _invited(world)
    await world.owner.do("withdrawInvitation", NOW, invitationId=invited["id"])
    return Act(person, {"code": invited["code"]})


@refused(RefusalCode.INVITATION_FOR_ANOTHER, "acceptInvitation")
async def an_invitation_of_somebody_else(world: World) -> Act:
    _, invited = await _invited(world)
    return Act(await Person.signed_up(world.api, "Eva"), {"code": invited["code"]})


@refused(RefusalCode.ALREADY_STAFF, "acceptInvitation")
async def an_invitation_that_they_have_accepted(world: World) -> Act:
    person, invited = await _invited(world)
    await person.do("acceptInvitation", NOW, code=invited["code"])
    return Act(person, {"code": invited["code"]})


@refused(RefusalCode.NOT_ON_STAFF, "updateStaff")
async def a_role_for_who_has_left(world: World) -> Act:
    return Act(world.owner, {"staffId": await _who_has_left(world), "role": "MANAGER"})


@refused(RefusalCode.LAST_OWNER, "updateStaff")
async def another_role_for_the_last_owner(world: World) -> Act:
    return Act(world.owner, {"staffId": await owner_of(world), "role": "MANAGER"})


@refused(RefusalCode.LAST_OWNER, "removeStaff")
async def the_last_owner_leaves(world: World) -> Act:
    return Act(world.owner, {"staffId": await owner_of(world)})


@refused(RefusalCode.NOT_ON_STAFF, "createSession")
async def a_session_for_who_has_left(world: World) -> Act:
    times = {"startsAt": START, "endsAt": "2026-12-13T18:00:00Z", "capacity": 1}
    given = {"courseId": await world.course(), "instructorId": await _who_has_left(world)}
    return Act(world.owner, {"studioId": world.studio, **times, **given})


@refused(RefusalCode.NOT_ON_STAFF, "updateSession")
async def a_session_given_to_who_has_left(world: World) -> Act:
    session = await world.session(None, START)
    return Act(world.owner, {"sessionId": session, "instructorId": await _who_has_left(world)})


async def owner_of(world: World) -> str:
    """The founder's id on the staff."""
    found = await world.owner.ask(
        "query ($studio: ID!) { node(id: $studio) { ... on Studio { staff(first: 100) { nodes { id role } } } } }",
        {"studio": world.studio},
    )
    nodes = found["data"]["node"]["staff"]["nodes"]
    return next(each["id"] for each in nodes if each["role"] == "OWNER")


async def _invited(world: World) -> tuple[Person, Json]:
    person = await Person.signed_up(world.api, "Iva")
    return person, await world.invited(person.email, now=NOW)


async def _who_has_left(world: World) -> str:
    _, staff = await world.staff("INSTRUCTOR")
    await world.owner.do("removeStaff", world.beginning, staffId=staff)
    return staff

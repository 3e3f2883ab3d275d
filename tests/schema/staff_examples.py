"""Examples of the inputs of what is done about the staff."""

from tests.schema.stage import Stage
from tests.world import Json, Person, World, unique


async def invite_staff(stage: Stage) -> Json:
    email = f"{unique('iva')}@example.com"
    return {"studioId": stage.things.studio, "email": email, "role": "INSTRUCTOR", "displayName": "Iva"}


async def withdraw_invitation(stage: Stage) -> Json:
    invited = await stage.world.owner.do("inviteStaff", stage.now, **await invite_staff(stage))
    return {"invitationId": invited["invitation"]["id"]}


async def an_invitation(stage: Stage, person: Person) -> Json:
    """To the staff of another studio."""
    world = await World.founded(stage.api)
    return {"code": (await world.invited(person.email, "MANAGER"))["code"], "displayName": "Iva"}


async def accept_invitation(stage: Stage) -> Json:
    return await an_invitation(stage, stage.world.owner)


async def update_staff(stage: Stage) -> Json:
    _, staff = await stage.world.staff("INSTRUCTOR")
    return {"staffId": staff, "role": "MANAGER", "displayName": "Iva the Second"}


async def remove_staff(stage: Stage) -> Json:
    _, staff = await stage.world.staff("INSTRUCTOR")
    return {"staffId": staff}

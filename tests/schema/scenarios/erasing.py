"""Refusals of deleting an account, and of acts upon a client whose account is deleted."""

from domain.refusals import RefusalCode
from tests.schema.refused import Act, refused
from tests.world import PASSWORD, Json, Person, World


@refused(RefusalCode.LAST_OWNER, "deleteAccount")
async def the_last_owner(world: World) -> Act:
    return Act(world.owner, {"password": PASSWORD})


async def erased(world: World) -> str:
    person, client = await world.person()
    await person.do("deleteAccount", world.beginning, password=PASSWORD)
    return client


@refused(RefusalCode.CLIENT_ERASED, "updateClient")
async def changing_who_is_erased(world: World) -> Act:
    given: Json = {"clientId": await erased(world), "name": "Ana", "archived": False}
    return Act(world.owner, given)


@refused(RefusalCode.CLIENT_ERASED, "linkClient")
async def linking_who_is_erased(world: World) -> Act:
    other = await Person.signed_up(world.api)
    return Act(world.owner, {"clientId": await erased(world), "email": other.email})

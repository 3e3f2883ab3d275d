"""Examples of what is done about accounts, studios, their staff and their clients."""

from collections.abc import Awaitable, Callable

from tests.schema.stage import Stage
from tests.world import PASSWORD, Json, Person, World, unique


async def _sign_up(stage: Stage) -> Json:
    return {"email": f"{unique('new')}@example.com", "password": PASSWORD, "name": "New"}


async def _sign_in(stage: Stage) -> Json:
    return {"email": stage.world.owner.email, "password": PASSWORD}


async def _delete_account(stage: Stage) -> Json:
    """Of somebody who has come only to leave, and is `by` whom it is done."""
    stage.people["leaver"], _ = await stage.world.person("Lea")
    return {"password": PASSWORD}


async def _create_studio(stage: Stage) -> Json:
    return {
        "slug": unique("studio"),
        "name": "Studio",
        "timeZone": "Europe/Prague",
        "currency": "CZK",
        "ownerName": "Olga",
    }


async def _update_studio(stage: Stage) -> Json:
    """Its address stays: the others find it by that."""
    unchanged = {"slug": stage.world.slug, "timeZone": "Europe/Prague", "archived": False}
    return {"studioId": stage.things.studio, "name": unique("Studio"), **unchanged}


async def _invite_staff(stage: Stage) -> Json:
    email = f"{unique('iva')}@example.com"
    return {"studioId": stage.things.studio, "email": email, "role": "INSTRUCTOR", "displayName": "Iva"}


async def _withdraw_invitation(stage: Stage) -> Json:
    invited = await stage.world.owner.do("inviteStaff", stage.now, **await _invite_staff(stage))
    return {"invitationId": invited["invitation"]["id"]}


async def an_invitation(stage: Stage, person: Person) -> Json:
    """To the staff of another studio."""
    world = await World.founded(stage.api)
    return {"code": (await world.invited(person.email, "MANAGER"))["code"], "displayName": "Iva"}


async def _accept_invitation(stage: Stage) -> Json:
    return await an_invitation(stage, stage.world.owner)


async def _update_staff(stage: Stage) -> Json:
    _, staff = await stage.world.staff("INSTRUCTOR")
    return {"staffId": staff, "role": "MANAGER", "displayName": "Iva the Second"}


async def _remove_staff(stage: Stage) -> Json:
    _, staff = await stage.world.staff("INSTRUCTOR")
    return {"staffId": staff}


async def _create_client(stage: Stage) -> Json:
    return {"studioId": stage.things.studio, "name": "Ada"}


async def _link_client(stage: Stage) -> Json:
    person = await Person.signed_up(stage.api, "Mia")
    return {"clientId": await stage.world.client(), "email": person.email}


async def _update_client(stage: Stage) -> Json:
    return {"clientId": await stage.world.client(), "name": "Ada", "archived": True}


EXAMPLES_OF_PEOPLE: dict[str, Callable[[Stage], Awaitable[Json]]] = {
    "signUp": _sign_up,
    "signIn": _sign_in,
    "deleteAccount": _delete_account,
    "createStudio": _create_studio,
    "updateStudio": _update_studio,
    "inviteStaff": _invite_staff,
    "withdrawInvitation": _withdraw_invitation,
    "acceptInvitation": _accept_invitation,
    "updateStaff": _update_staff,
    "removeStaff": _remove_staff,
    "createClient": _create_client,
    "linkClient": _link_client,
    "updateClient": _update_client,
}

"""The acts that a dashboard does from the screens of the staff, and those of whoever is invited to it."""

from tests.operations import document
from tests.world import Json, Person, World, data, unique

NOW = "2026-11-22T17:00:00Z"


async def act(by: Person, name: str, **given: object) -> Json:
    keyed = {"input": {"idempotencyKey": unique("key"), **given}}
    (result,) = data(await by.ask(document(name), keyed, NOW)).values()
    assert "reasons" not in result, result
    return result


async def test_a1_somebody_is_invited_looks_at_it_joins_is_given_another_role_and_leaves(world: World) -> None:
    person = await Person.signed_up(world.api, "Iva")
    whom = {"email": person.email, "role": "INSTRUCTOR", "displayName": "Iva"}

    async def drawn() -> Json:
        return data(await world.owner.ask(document("Staff"), {"studio": world.slug, "removedToo": True}, NOW))["studio"]

    taken_back = (await act(world.owner, "InviteStaff", studioId=world.studio, **whom))["invitation"]
    withdrawn = (await act(world.owner, "WithdrawInvitation", invitationId=taken_back["id"]))["invitation"]
    assert (withdrawn["id"], withdrawn["state"], withdrawn["email"]) == (taken_back["id"], "WITHDRAWN", None)
    invited = (await act(world.owner, "InviteStaff", studioId=world.studio, **whom))["invitation"]
    assert (await drawn())["invitations"]["nodes"] == [invited]

    offered = data(await person.ask(document("Invitation"), {"code": invited["code"]}, NOW))["invitation"]
    assert (offered["studio"]["id"], offered["expiresAt"]) == (world.studio, invited["expiresAt"])
    assert (offered["role"], offered["displayName"], offered["refusals"]) == ("INSTRUCTOR", "Iva", [])
    joined = await act(person, "AcceptInvitation", code=invited["code"], displayName="Iva N.")
    member = joined["staffMember"]
    assert joined["studio"]["slug"] == world.slug
    assert (joined["studio"]["myRole"], member["displayName"]) == ("INSTRUCTOR", "Iva N.")

    changed = await act(world.owner, "UpdateStaff", staffId=member["id"], role="MANAGER")
    assert changed["staffMember"] == {**member, "role": "MANAGER"}
    world.beginning = NOW
    session = await world.session(None, "2026-12-13T17:00:00Z", instructorId=member["id"])
    left = await act(world.owner, "RemoveStaff", staffId=member["id"])
    assert left == {"staffMember": {**member, "role": None, "removedAt": NOW}, "sessionsToCome": 1}
    shown = await drawn()
    assert left["staffMember"] in shown["staff"]["nodes"]
    assert (shown["invitations"]["nodes"], shown["staff"]["totalCount"]) == ([], 2)

    trail = {"studio": world.slug, "filter": {"actorId": member["id"]}}
    entries = data(await world.owner.ask(document("AuditTrail"), trail, NOW))["studio"]["auditTrail"]["nodes"]
    assert [(each["kind"], each["invitation"]["state"]) for each in entries] == [("STAFF_ADDED", "ACCEPTED")]
    trail["filter"] = {"sessionId": session}
    (made,) = data(await world.owner.ask(document("AuditTrail"), trail, NOW))["studio"]["auditTrail"]["nodes"]
    assert (made["kind"], made["session"]["id"]) == ("SESSION_CREATED", session)

"""A1: what becomes of the staff when two act at once."""

import asyncio
from typing import Any

import pytest

from domain.faults import Forbidden
from domain.nouns.studio import Role
from domain.refusals import RefusalCode, Refused
from domain.services import policies, schedule, staff, studios
from persistence.database import Database
from tests.domain.builders import START
from tests.domain.studio import new_session
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.machine.harness import Act
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.schema.scenarios.staff import owner_of
from tests.world import Person, World, codes, data, fault


async def two_owners(world: World) -> tuple[str, Person, str]:
    """The founder's id on the staff, and a second owner with theirs."""
    first_id = await owner_of(world)
    second, second_id = await world.staff("OWNER", "Otto")
    return first_id, second, second_id


async def owners(world: World, *people: Person) -> int:
    """How many of these people own the studio now."""
    query = "query ($slug: String!) { studio(slug: $slug) { myRole } }"
    answers = [data(await person.ask(query, {"slug": world.slug})) for person in people]
    return [answer["studio"]["myRole"] for answer in answers].count("OWNER")


@pytest.mark.parametrize("act", ["leave", "demote"])
async def test_a1_two_owners_who_go_at_once_leave_one(world: World, database: Database, act: str) -> None:
    first_id, second, second_id = await two_owners(world)
    given: Any = {} if act == "leave" else {"role": "MANAGER"}
    mutation = "removeStaff" if act == "leave" else "updateStaff"
    results = await asyncio.gather(
        world.owner.do(mutation, NOW, staffId=first_id, **given), second.do(mutation, NOW, staffId=second_id, **given)
    )
    (refused,) = [result for result in results if result["__typename"] == "Refused"]
    assert codes(refused) == ["LAST_OWNER"]
    assert await owners(world, world.owner, second) == 1
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("act", ["remove", "demote"])
async def test_a1_of_two_owners_who_remove_each_other_at_once_one_does(
    world: World, database: Database, act: str
) -> None:
    """The other is no owner any more by the time that their act comes to pass."""
    first_id, second, second_id = await two_owners(world)
    given: Any = {} if act == "remove" else {"role": "MANAGER"}
    mutation = "removeStaff" if act == "remove" else "updateStaff"
    answers = await asyncio.gather(
        world.owner.act(mutation, NOW, staffId=second_id, **given), second.act(mutation, NOW, staffId=first_id, **given)
    )
    (late,) = [answer for answer in answers if "errors" in answer]
    assert fault(late) == "FORBIDDEN"
    assert await owners(world, world.owner, second) == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_who_is_removed_while_they_wait_to_remove_may_not(
    world: World, database: Database, dialect: str
) -> None:
    first_id, second, second_id = await two_owners(world)
    with pytest.raises(Forbidden):
        await what_comes_of_waiting(
            *(world, database, dialect),
            lambda work: staff.remove_staff(work, staff.RemoveStaff(key_of(second_id))),
            lambda work: staff.remove_staff(work, staff.RemoveStaff(key_of(first_id))),
            second,
        )
    await assert_all_hold(database, world.studio, NOW)


OF_OWNERS: dict[str, Act] = {
    "invites": lambda work: staff.invite_staff(work, staff.InviteStaff("iva@example.com", Role.OWNER, "Iva")),
    "renames the studio": lambda work: studios.update_studio(work, studios.UpdateStudio({"name": "Taken"})),
    "decides": lambda work: policies.update_policy(work, policies.UpdatePolicy({"max_days_ahead": 1})),
}


@pytest.mark.parametrize("act", OF_OWNERS)
async def test_a1_who_is_removed_while_their_act_waits_may_not_do_it_any_more(
    world: World, database: Database, dialect: str, act: str
) -> None:
    _, second, second_id = await two_owners(world)
    with pytest.raises(Forbidden):
        await what_comes_of_waiting(
            *(world, database, dialect),
            lambda work: staff.remove_staff(work, staff.RemoveStaff(key_of(second_id))),
            OF_OWNERS[act],
            second,
        )
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_an_invitation_that_is_accepted_many_times_at_once_makes_one_member(
    world: World, database: Database
) -> None:
    person = await Person.signed_up(world.api, "Iva")
    code = (await world.invited(person.email, now=NOW))["code"]
    results = await asyncio.gather(*(person.do("acceptInvitation", NOW, code=code) for _ in range(6)))
    assert typenames(results) == {"InvitationAccepted": 1, "Refused": 5}
    for result in results:
        if result["__typename"] == "Refused":
            assert codes(result) == ["INVITATION_OVER", "ALREADY_STAFF"]
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_an_invitation_is_accepted_or_withdrawn(world: World, database: Database) -> None:
    for accepts_first in (True, False):
        person = await Person.signed_up(world.api, "Iva")
        invited = await world.invited(person.email, now=NOW)
        accept = person.do("acceptInvitation", NOW, code=invited["code"])
        withdraw = world.owner.do("withdrawInvitation", NOW, invitationId=invited["id"])
        results = await asyncio.gather(*((accept, withdraw) if accepts_first else (withdraw, accept)))
        (refused,) = [result for result in results if result["__typename"] == "Refused"]
        assert codes(refused) == ["INVITATION_OVER"]
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_many_invitations_to_one_email_at_once_leave_one_open(world: World, database: Database) -> None:
    results = await asyncio.gather(*(world.invited("iva@example.com", now=NOW) for _ in range(6)))
    query = "query ($id: ID!) { node(id: $id) { ... on StaffInvitation { state email } } }"
    found = [data(await world.owner.ask(query, {"id": each["id"]}, NOW))["node"] for each in results]
    assert sorted(each["state"] for each in found) == ["OPEN", *["WITHDRAWN"] * 5]
    assert [each["email"] for each in found if each["state"] == "WITHDRAWN"] == [None] * 5
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_who_waited_for_an_instructor_to_leave_finds_them_gone(
    world: World, database: Database, dialect: str
) -> None:
    _, instructor = await world.staff("INSTRUCTOR")
    create = new_session(key_of(await world.course()), START, instructor_id=key_of(instructor))
    late = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: staff.remove_staff(work, staff.RemoveStaff(key_of(instructor))),
        lambda work: schedule.create_session(work, create),
    )
    assert isinstance(late, Refused)
    assert [reason.code for reason in late.reasons] == [RefusalCode.NOT_ON_STAFF]
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_who_leaves_while_they_are_given_a_session_leaves_with_it(
    world: World, database: Database, dialect: str
) -> None:
    _, instructor = await world.staff("INSTRUCTOR")
    create = new_session(key_of(await world.course()), START, instructor_id=key_of(instructor))
    await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: schedule.create_session(work, create),
        lambda work: staff.remove_staff(work, staff.RemoveStaff(key_of(instructor))),
    )
    again = await world.owner.do("removeStaff", NOW, staffId=instructor)
    assert again["sessionsToCome"] == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_a_role_that_is_given_while_they_leave_is_not_theirs(
    world: World, database: Database, dialect: str
) -> None:
    _, instructor = await world.staff("INSTRUCTOR")
    late = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: staff.remove_staff(work, staff.RemoveStaff(key_of(instructor))),
        lambda work: staff.update_staff(work, staff.UpdateStaff(key_of(instructor), {"role": Role.OWNER})),
    )
    assert isinstance(late, Refused)
    assert [reason.code for reason in late.reasons] == [RefusalCode.NOT_ON_STAFF]
    await assert_all_hold(database, world.studio, NOW)

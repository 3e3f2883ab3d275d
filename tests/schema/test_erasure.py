"""A4: an account is deleted. Nothing tells who it was, and what happened stays."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.managing.erasing import CLIENT_NAME, STAFF_NAME
from domain.nouns.credit import CreditState, RevocationReason
from domain.truth.snapshot import Snapshot
from persistence import snapshot
from persistence.database import Database
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.reports.comparing import compare_all, studio_of
from tests.schema.counting import rows
from tests.schema.lives import NOW, Life, lived
from tests.world import PASSWORD, Api, Json, Person, World, codes, data, document, fault, unique

PREVIEW = """{ viewer { accountDeletionPreview { refusals { code actual { ... on TextValue { text } } } studios {
  studio { id } leavesStaff clients waitlistEntries enrolments bookings bookingsThatStay makeUpCredits } } } }"""
AT = datetime.fromisoformat(NOW)
UNSPENT = {CreditState.ACTIVE, CreditState.HELD}


async def delete(person: Person, key: str | None = None, password: str = PASSWORD, now: str = NOW) -> Json:
    """The whole answer."""
    return await person.act("deleteAccount", now, password=password, idempotencyKey=key or unique("key"))


async def marked(database: Database, mark: str) -> dict[str, int]:
    """By table: in how many rows it stands, in whatever column."""
    found = {name: sum(mark in row for row in each) for name, each in (await rows(database)).items()}
    return {name: number for name, number in found.items() if number}


async def taken(database: Database, world: World) -> Snapshot:
    return await snapshot.take(database, ref(world.studio).studio_id)


@pytest.fixture
async def life(api: Api) -> Life:
    return await lived(api)


async def test_a4_no_column_of_any_row_tells_who_it_was(life: Life, database: Database) -> None:
    full_of_it = {"accounts", "staff", "staff_invitations", "clients", "make_up_credits", "events"}
    assert (await marked(database, life.mark)).keys() == full_of_it
    assert data(await delete(life.person))["result"] == {"__typename": "AccountDeleted", "deletedAt": NOW}
    assert await marked(database, life.mark) == {}
    for world in (life.world, life.school):
        if (await taken(database, world)).sessions:
            await assert_all_hold(database, world.studio, NOW)
    async with database.reading() as connection:
        studio = await studio_of(connection, ref(life.world.studio).studio_id)
        await compare_all(connection, studio, AT, most=3)


async def test_a4_what_happened_stays_and_what_nobody_can_use_is_given_up(life: Life, database: Database) -> None:
    theirs, before = {key_of(life.client), key_of(life.child)}, await taken(database, life.world)
    await delete(life.person)
    after = await taken(database, life.world)
    was = {each.id: each for each in before.credits}
    for credit in (each for each in after.credits if each.client_id in theirs):
        assert credit.state_at(AT) not in UNSPENT
        if credit.state is CreditState.REVOKED and (credit.id not in was or was[credit.id].state is not credit.state):
            assert after.ledgers[credit.id][-1].reason is RevocationReason.ACCOUNT_DELETED
        elif was[credit.id].state is not CreditState.USED:
            assert credit == replace(was[credit.id], note="")
    assert [each.id for each in after.bookings if each.live and each.client_id in theirs] == [key_of(life.kept)]
    assert {each.id: each.payment for each in before.bookings}.items() <= {
        each.id: each.payment for each in after.bookings
    }.items()
    assert all(each.ended_at for each in after.enrolments if each.client_id in theirs)
    assert not [each for each in after.entries if each.client_id in theirs and each.state == "WAITING"]
    for client in (each for each in after.clients if each.id in theirs):
        assert (client.name, client.account_id) == (CLIENT_NAME, None)
        assert client.erased_at
        assert client.archived_at
    untouched = [[each for each in of.credits if each.client_id not in theirs] for of in (before, after)]
    assert untouched[0] == untouched[1]


async def test_a4_w2_the_seat_goes_to_who_waits_for_it(life: Life, database: Database) -> None:
    await delete(life.person)
    seats = [each for each in (await taken(database, life.world)).bookings if each.client_id == key_of(life.queued)]
    assert [each.live for each in seats] == [True]


async def test_a4_the_preview_tells_what_becomes_of_it(life: Life, database: Database) -> None:
    preview = data(await life.person.ask(PREVIEW, now=NOW))["viewer"]["accountDeletionPreview"]
    at = {each["studio"]["id"]: each for each in preview["studios"]}
    assert preview["refusals"] == []
    assert at[life.school.studio]["leavesStaff"]
    told = at[life.world.studio]
    before = await taken(database, life.world)
    await delete(life.person)
    after = await taken(database, life.world)
    theirs = {key_of(life.client), key_of(life.child)}
    given_up = [each for each in after.bookings if each.client_id in theirs and each.cancelled_at == AT]
    unspent = [each for each in before.credits if each.client_id in theirs and each.state_at(AT) in UNSPENT]
    assert (told["leavesStaff"], told["clients"], told["waitlistEntries"]) == (False, 2, 2)
    assert (told["enrolments"], told["bookings"], told["bookingsThatStay"]) == (1, len(given_up), 1)
    assert told["makeUpCredits"] == len(unspent)
    assert {each.state for each in after.credits if each.id in {one.id for one in unspent}} == {CreditState.REVOKED}


async def test_a4_whoever_has_left_a_staff_has_nothing_to_leave_there(world: World) -> None:
    person, staff = await world.staff("MANAGER")
    preview = "{ viewer { accountDeletionPreview { studios { leavesStaff } } } }"
    told = [data(await person.ask(preview, now=NOW))["viewer"]["accountDeletionPreview"]["studios"]]
    await person.do("removeStaff", NOW, staffId=staff)
    told.append(data(await person.ask(preview, now=NOW))["viewer"]["accountDeletionPreview"]["studios"])
    assert told == [[{"leavesStaff": True}], []]


async def test_a4_whoever_is_deleted_is_signed_out_everywhere_at_once(life: Life, api: Api) -> None:
    token, email = life.person, life.person.email
    await delete(life.person)
    assert data(await token.ask("{ viewer { account { id } } }", now=NOW))["viewer"] is None
    for query in ("bookings", "makeUpCredits", "waitlistEntries"):
        assert fault(await token.ask(f"{{ {query} {{ totalCount }} }}", now=NOW)) == "UNAUTHENTICATED"
    studio: Json = {"slug": unique("studio"), "name": "S", "timeZone": "Europe/Prague", "currency": "CZK"}
    for owner_name in (None, "Olga"):
        assert fault(await token.act("createStudio", NOW, **studio, ownerName=owner_name)) == "UNAUTHENTICATED"
    client: Json = {"studioId": life.school.studio, "name": "Ada"}
    assert fault(await token.act("createClient", NOW, **client)) == "UNAUTHENTICATED"
    cancelled = await token.act("cancelBooking", NOW, bookingId=life.kept)
    assert fault(cancelled) == "UNAUTHENTICATED"
    assert data(await token.ask(f'{{ node(id: "{life.client}") {{ id }} }}', now=NOW))["node"] is None
    signing_in = {"email": email, "password": PASSWORD}
    again = await api.answer(document("signIn"), {"input": signing_in}, token=None, now=NOW)
    assert fault(again) == "UNAUTHENTICATED"
    given = {**signing_in, "name": "Ana", "idempotencyKey": unique("key")}
    anew = data(await api.answer(document("signUp"), {"input": given}, token=None, now=NOW))["result"]
    assert anew["account"]["email"] == email
    assert anew["account"]["id"] != token.account_id


async def test_a4_the_public_still_sees_the_schedule_with_a_token_of_nobody(world: World) -> None:
    person, _ = await world.person()
    session = await world.session(None, "2026-12-12T17:00:00Z")
    await delete(person)
    seen = data(await person.ask(f'{{ node(id: "{session}") {{ id }} }}', now=NOW))
    assert seen["node"]["id"] == session


@pytest.mark.parametrize("role", ["INSTRUCTOR", "MANAGER", "OWNER"])
async def test_a4_everybody_may_delete_their_own_account(world: World, role: str) -> None:
    person, _ = await world.staff(role)
    given = {"input": {"password": PASSWORD, "idempotencyKey": unique("key")}}
    nobody = await world.api.answer(document("deleteAccount"), given, token=None, now=NOW)
    assert fault(nobody) == "UNAUTHENTICATED"
    assert data(await delete(person))["result"]["__typename"] == "AccountDeleted"
    assert data(await world.owner.ask(f'{{ studio(slug: "{world.slug}") {{ myRole }} }}', now=NOW))["studio"]["myRole"]


async def test_a4_a_wrong_password_deletes_nothing(world: World) -> None:
    person, _ = await world.person()
    answer = await delete(person, password="correct horse")
    assert fault(answer) == "UNAUTHENTICATED"
    assert answer["errors"][0]["extensions"]["input"] == ["password"]
    assert data(await person.ask("{ viewer { account { id } } }", now=NOW))["viewer"]


async def test_a4_the_same_key_answers_the_same_and_another_one_is_nobodys(world: World) -> None:
    person, _ = await world.person()
    key = unique("key")
    first, again = await delete(person, key), await delete(person, key, now="2026-11-22T18:00:00Z")
    assert data(first) == data(again)
    assert again["extensions"]["idempotency"]["replayed"]
    assert fault(await delete(person)) == "UNAUTHENTICATED"


async def test_a4_of_its_keys_only_that_of_the_deletion_is_left(life: Life, database: Database) -> None:
    key, account = unique("key"), key_of(life.person.account_id)
    hers = [account.hex, str(account)]
    await delete(life.person, key)
    left = [row for name, each in (await rows(database)).items() for row in each if "idempotency" in name]
    assert [row for row in left if any(each in row.lower() for each in hers) and key not in row] == []
    assert len([row for row in left if key in row]) == 1


async def test_a4_the_last_owner_names_another_first_or_archives_the_studio(world: World) -> None:
    person = world.owner
    told = data(await person.ask(PREVIEW, now=NOW))["viewer"]["accountDeletionPreview"]["refusals"]
    refused = data(await delete(person))["result"]
    assert codes(refused) == ["LAST_OWNER"] == [each["code"] for each in told]
    assert refused["reasons"][0]["actual"]["text"] == world.slug == told[0]["actual"]["text"]
    other, _ = await world.staff("OWNER")
    assert data(await delete(person))["result"]["__typename"] == "AccountDeleted"
    await other.do("updateStudio", NOW, studioId=world.studio, archived=True)
    assert data(await delete(other))["result"]["__typename"] == "AccountDeleted"


async def test_a4_whom_they_taught_still_names_somebody(world: World, api: Api) -> None:
    teacher, staff = await world.staff("INSTRUCTOR", "Tea")
    session = await world.session(None, "2026-12-12T17:00:00Z", instructorId=staff)
    await delete(teacher)
    query = f'{{ node(id: "{session}") {{ ... on Session {{ instructor {{ displayName }} }} }} }}'
    seen = data(await api.answer(query, token=None, now=NOW))
    assert seen["node"]["instructor"]["displayName"] == STAFF_NAME


async def test_a4_two_at_once_delete_it_once(world: World) -> None:
    person, _ = await world.person()
    key = unique("key")
    same = await asyncio.gather(*(delete(person, key) for _ in range(4)))
    assert {str(data(each)["result"]) for each in same} == {str(data(same[0])["result"])}
    other, _ = await world.person()
    answers: list[Any] = await asyncio.gather(*(delete(other) for _ in range(3)))
    done = [each for each in answers if "errors" not in each]
    assert len(done) == 1
    assert {fault(each) for each in answers if each not in done} == {"UNAUTHENTICATED"}


async def test_a4_whom_another_account_has_come_to_manage_is_not_erased(world: World) -> None:
    person, client = await world.person("Ada")
    other = await Person.signed_up(world.api)
    await world.owner.do("linkClient", world.beginning, clientId=client, email=other.email)
    await delete(person)
    seen = data(await other.ask(f'{{ node(id: "{client}") {{ ... on Client {{ name erasedAt }} }} }}', now=NOW))
    assert seen["node"] == {"name": "Ada", "erasedAt": None}


async def test_a4_c10_words_about_them_stand_with_no_siblings_credit_either(world: World, database: Database) -> None:
    """Of a sibling whom another account has come to manage since."""
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    sibling, other = await world.client(person, "Eva"), await Person.signed_up(world.api)
    (credit,) = await world.granted(sibling, note="Eva is a friend.")
    session = await world.session(None, "2026-11-23T10:00:00Z")
    given: Json = {"sessionId": session, "clientId": client, "creditId": credit}
    seat = (await person.do("bookWithMakeUp", world.beginning, **given))["booking"]["id"]
    mark = unique("ill")
    await world.owner.do("cancelBooking", NOW, bookingId=seat, override={"reason": mark})
    await world.owner.do("linkClient", NOW, clientId=sibling, email=other.email)
    assert await marked(database, mark) == {"events": 2}
    await delete(person)
    assert await marked(database, mark) == {}
    assert "make_up_credits" in await marked(database, "Eva is a friend.")
    await assert_all_hold(database, world.studio, NOW)


async def test_a4_an_account_is_not_deleted_before_what_has_happened_to_it(world: World) -> None:
    """The clock is set back: what it had is still there, and goes once it is time."""
    person, client = await world.person()
    session = await world.session(None, "2026-12-12T17:00:00Z")
    booked = await person.do("bookSession", NOW, sessionId=session, clientId=client)
    assert fault(await delete(person, now="2026-11-22T16:59:59Z")) == "TIME_WENT_BACKWARDS"
    query = f'{{ node(id: "{booked["booking"]["id"]}") {{ ... on Booking {{ status }} }} }}'
    assert data(await person.ask(query, now=NOW))["node"]["status"] == "BOOKED"
    assert data(await delete(person))["result"]["__typename"] == "AccountDeleted"

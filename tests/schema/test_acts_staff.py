"""A1: the staff over HTTP: inviting, accepting, changing, leaving, and what each of them tells."""

import pytest

from persistence.database import Database
from tests.schema.counting import statements, written
from tests.schema.scenarios.staff import owner_of
from tests.world import PASSWORD, Json, Person, World, codes, data, fault, faults, unique

NOW, LATER = "2026-11-22T17:00:00Z", "2026-11-23T17:00:00Z"
END, BEFORE_END = "2026-12-06T17:00:00Z", "2026-12-06T16:59:59.999999Z"
STAFF = """query ($slug: String!, $removedToo: Boolean) { studio(slug: $slug) { myRole
  staff(includeRemoved: $removedToo) { nodes { id displayName role addedAt removedAt } }
  invitations { nodes { id email } } } }"""


async def staff_of(world: World, now: str = NOW, removed_too: bool = False) -> list[Json]:
    found = data(await world.owner.ask(STAFF, {"slug": world.slug, "removedToo": removed_too}, now))
    return found["studio"]["staff"]["nodes"]


async def test_a1_an_invitation_tells_the_owner_its_code_and_is_accepted_with_it(world: World) -> None:
    person = await Person.signed_up(world.api, "Iva")
    invited = await world.invited(person.email.upper(), "MANAGER", now=NOW)
    assert (invited["email"], invited["state"], invited["expiresAt"]) == (person.email, "OPEN", END)
    joined = await person.do("acceptInvitation", BEFORE_END, code=invited["code"], displayName="Iva N.")
    assert joined["studio"] == {"id": world.studio, "myRole": "MANAGER"}
    assert (joined["staffMember"]["displayName"], joined["staffMember"]["role"]) == ("Iva N.", "MANAGER")
    node = "query ($id: ID!) { node(id: $id) { ... on StaffInvitation { email state code staffMember { id } } } }"
    kept = data(await world.owner.ask(node, {"id": invited["id"]}, BEFORE_END))["node"]
    member = {"id": joined["staffMember"]["id"]}
    assert kept == {"email": None, "state": "ACCEPTED", "code": None, "staffMember": member}


async def test_a1_from_its_end_an_invitation_is_shown_as_expired_and_cannot_be_accepted(world: World) -> None:
    person = await Person.signed_up(world.api, "Iva")
    invited = await world.invited(person.email, now=NOW)
    node = "query ($id: ID!) { node(id: $id) { ... on StaffInvitation { state code } } }"
    for now, state in ((BEFORE_END, "OPEN"), (END, "EXPIRED")):
        shown = data(await world.owner.ask(node, {"id": invited["id"]}, now))["node"]
        assert (shown["state"], shown["code"]) == (state, invited["code"] if state == "OPEN" else None)
        listed = data(await world.owner.ask(STAFF, {"slug": world.slug}, now))["studio"]["invitations"]["nodes"]
        assert [each["id"] for each in listed] == ([invited["id"]] if state == "OPEN" else [])
    refused = await person.do("acceptInvitation", END, code=invited["code"])
    assert codes(refused) == ["INVITATION_OVER"]
    assert refused["reasons"][0]["actual"]["text"] == "EXPIRED"


async def test_a1_inviting_tells_of_nobody_but_this_staff_whether_they_have_an_account(world: World) -> None:
    elsewhere = await World.founded(world.api)
    emails = (world.owner.email, f"{unique('nobody')}@example.com", (await world.person("Eva"))[0].email)
    told: list[tuple[object, ...]] = []
    for email in emails:
        with statements() as sent:
            invited = await elsewhere.invited(email, now=NOW)
        assert invited["email"] == email
        told.append((*sent, *sorted(invited), invited["state"]))
    assert told == [told[0]] * 3


async def test_what_is_no_code_is_found_nowhere_and_looked_for_nowhere(world: World, database: Database) -> None:
    person = await Person.signed_up(world.api, "Iva")
    invited = await world.invited(person.email)
    another = await World.founded(world.api)
    theirs = await another.invited(person.email)
    head, body, signature = invited["code"].split(".")
    wrong = ("", "x", invited["id"], person.token, f"{head}.{body}.{theirs['code'].split('.')[2]}", signature)
    async with written(database) as rows:
        for code in wrong:
            answer = await person.act("acceptInvitation", NOW, code=code)
            assert faults(answer) == [("NOT_FOUND", ["code"])], code
        signed_out = await world.api.answer(
            "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }",
            {"input": {"code": invited["code"], "idempotencyKey": "key"}},
            token=None,
            now=NOW,
        )
        assert fault(signed_out) == "UNAUTHENTICATED"
    assert rows == {}


async def test_a_lost_answer_asked_for_again_tells_the_same_code_until_it_is_used(world: World) -> None:
    person = await Person.signed_up(world.api, "Iva")
    given = {"studioId": world.studio, "email": person.email, "role": "MANAGER", "displayName": "Iva"}
    first, again = [
        (await world.owner.do("inviteStaff", NOW, idempotencyKey="one", **given))["invitation"] for _ in range(2)
    ]
    assert first == again
    accept = {"code": first["code"], "idempotencyKey": "two"}
    assert await person.do("acceptInvitation", NOW, **accept) == await person.do("acceptInvitation", NOW, **accept)
    used = (await world.owner.do("inviteStaff", NOW, idempotencyKey="one", **given))["invitation"]
    assert (used["id"], used["state"], used["code"]) == (first["id"], "ACCEPTED", None)


async def test_nothing_of_an_email_or_a_name_of_the_staff_stays_in_what_happened(
    world: World, database: Database
) -> None:
    person, staff = await world.staff("INSTRUCTOR", "Ivanamark")
    await world.owner.do("updateStaff", NOW, staffId=staff, displayName="Ivanamark the Second")
    withdrawn = await world.invited("withdrawn.mark@example.com", now=NOW)
    await world.owner.do("withdrawInvitation", NOW, invitationId=withdrawn["id"])
    await world.owner.do("removeStaff", NOW, staffId=staff)
    async with database.reading() as reading:
        kept = [str(row) for row in await reading.exec_driver_sql("SELECT data FROM events")]
        emails = [row[0] for row in await reading.exec_driver_sql("SELECT email FROM staff_invitations")]
    assert not [line for line in kept if "Ivanamark" in line or "mark@example.com" in line or person.email in line]
    assert "withdrawn.mark@example.com" not in emails
    assert person.email not in emails


async def test_a1_whoever_leaves_is_gone_with_a_token_that_is_still_good(world: World) -> None:
    manager, staff = await world.staff("MANAGER")
    session = await world.session(None, "2026-12-13T17:00:00Z", instructorId=staff)
    await world.session(None, "2026-11-10T17:00:00Z", instructorId=staff)
    cancelled = await world.session(None, "2026-12-14T17:00:00Z", instructorId=staff)
    await world.owner.do("cancelSession", NOW, sessionId=cancelled, compensation="NONE")
    left = await manager.do("removeStaff", NOW, staffId=staff)
    assert (left["sessionsToCome"], left["staffMember"]["displayName"]) == (1, "Iva")
    assert left["staffMember"] | {"role": None, "removedAt": None} == left["staffMember"]  # they are strangers now
    assert fault(await manager.act("createClient", NOW, studioId=world.studio, name="Ada")) == "FORBIDDEN"
    (gone,) = [each for each in await staff_of(world, removed_too=True) if each["removedAt"]]
    assert (gone["id"], gone["role"], gone["removedAt"]) == (staff, None, NOW)
    assert staff not in [each["id"] for each in await staff_of(world)]
    found = data(
        await world.owner.ask(
            "query ($slug: String!, $id: ID!) { sessions(studioSlug: $slug, filter: {instructorId: $id, time: UPCOMING,"
            " status: SCHEDULED}) { nodes { id instructor { displayName } } } }",
            {"slug": world.slug, "id": staff},
            NOW,
        )
    )
    assert found["sessions"]["nodes"] == [{"id": session, "instructor": {"displayName": "Iva"}}]


async def test_a1_an_instructor_sees_of_a_seat_who_has_it_and_nothing_of_the_money(world: World) -> None:
    teacher, staff = await world.staff("INSTRUCTOR")
    session = await world.session(None, "2026-12-13T17:00:00Z", price=10_000, instructorId=staff)
    booking = await world.booked(session, await world.client())
    own = await world.booked(session, await world.client(teacher), "DUE")
    query = """query ($id: ID!) { node(id: $id) { ... on Booking { status paidWith payment outcome whyNotEarned
      price { amount } client { name } } } }"""
    seen = data(await teacher.ask(query, {"id": booking}, NOW))["node"]
    money = {"payment": None, "outcome": None, "whyNotEarned": [], "price": None}
    assert seen == {"status": "BOOKED", "paidWith": "SINGLE", "client": {"name": "Ana"}, **money}
    await world.owner.do("cancelBooking", NOW, bookingId=booking)
    assert data(await teacher.ask(query, {"id": booking}, NOW))["node"] == {**seen, "status": "CANCELLED"}
    owner = data(await world.owner.ask(query, {"id": booking}, NOW))["node"]
    assert (owner["payment"], owner["outcome"], owner["price"]) == ("PAID", "NOTHING", {"amount": 10_000})
    assert data(await teacher.ask(query, {"id": own}, NOW))["node"]["payment"] == "DUE"


@pytest.mark.parametrize("act", ["removeStaff", "updateStaff"])
async def test_who_travels_back_takes_no_role_from_somebody_who_acted_with_it_later(world: World, act: str) -> None:
    manager, staff = await world.staff("MANAGER")
    await manager.do("createClient", LATER, studioId=world.studio, name="Ada")
    given: Json = {"staffId": staff, **({"role": "INSTRUCTOR"} if act == "updateStaff" else {})}
    assert fault(await world.owner.act(act, NOW, **given)) == "TIME_WENT_BACKWARDS"
    assert "errors" not in await world.owner.act(act, LATER, **given)


async def test_who_travels_back_removes_no_instructor_who_was_given_a_session_later(world: World) -> None:
    _, staff = await world.staff("INSTRUCTOR")
    session = await world.session(None, "2026-12-13T17:00:00Z")
    await world.owner.do("updateSession", LATER, sessionId=session, instructorId=staff)
    assert fault(await world.owner.act("removeStaff", NOW, staffId=staff)) == "TIME_WENT_BACKWARDS"


async def test_who_left_later_is_given_no_session_and_joins_no_staff_before(world: World) -> None:
    person, staff = await world.staff("INSTRUCTOR")
    await world.owner.do("removeStaff", LATER, staffId=staff)
    times = {"startsAt": "2026-12-13T17:00:00Z", "endsAt": "2026-12-13T18:00:00Z", "capacity": 1}
    given = {"studioId": world.studio, "courseId": await world.course(), "instructorId": staff, **times}
    assert fault(await world.owner.act("createSession", NOW, **given)) == "TIME_WENT_BACKWARDS"
    invited = await world.invited(person.email, now=NOW)
    assert fault(await person.act("acceptInvitation", NOW, code=invited["code"])) == "TIME_WENT_BACKWARDS"
    assert "errors" not in await person.act("acceptInvitation", LATER, code=invited["code"])


async def test_a_fault_leaves_the_key_of_an_acceptance_free(world: World) -> None:
    person = await Person.signed_up(world.api, "Iva")
    code = (await world.invited(person.email, now=NOW))["code"]
    assert fault(await person.act("acceptInvitation", NOW, idempotencyKey="key", code="x")) == "NOT_FOUND"
    joined = await person.do("acceptInvitation", NOW, idempotencyKey="key", code=code)
    assert joined["staffMember"]["role"] == "INSTRUCTOR"


async def test_the_last_owner_stays_whoever_asks(world: World, database: Database) -> None:
    last = await owner_of(world)
    async with written(database) as rows:
        for mutation, given in (("removeStaff", {}), ("updateStaff", {"role": "INSTRUCTOR"})):
            assert codes(await world.owner.do(mutation, NOW, staffId=last, **given)) == ["LAST_OWNER"]
    assert set(rows) == {"idempotency_keys"}
    renamed = await world.owner.do("updateStaff", NOW, staffId=last, displayName="Olga")
    assert renamed["staffMember"]["displayName"] == "Olga"


PREVIEW = """query ($code: String!) { invitation(code: $code) { role displayName state expiresAt studio { id }
  refusals { code } } }"""


async def previewed(person: Person, code: str, now: str = NOW) -> Json:
    """What an invitation offers, and the codes of why accepting it would be refused."""
    shown = data(await person.ask(PREVIEW, {"code": code}, now))["invitation"]
    return {**shown, "refusals": [each["code"] for each in shown["refusals"]]}


async def test_a1_whoever_has_a_code_sees_what_it_offers_and_what_accepting_would_say(world: World) -> None:
    person, other = [await Person.signed_up(world.api, name) for name in ("Iva", "Eva")]
    code = (await world.invited(person.email, "MANAGER", now=NOW))["code"]
    offered = {"role": "MANAGER", "expiresAt": END, "studio": {"id": world.studio}}
    can = {**offered, "displayName": "Iva", "state": "OPEN", "refusals": []}
    assert [await previewed(person, code, now) for now in (NOW, BEFORE_END)] == [can] * 2
    cannot = {**can, "displayName": None}
    for who, now, state in ((other, NOW, "OPEN"), (person, END, "EXPIRED")):
        refused = codes(await who.do("acceptInvitation", now, code=code))
        assert await previewed(who, code, now) == {**cannot, "state": state, "refusals": refused}
    await person.do("acceptInvitation", NOW, code=code)
    again = codes(await person.do("acceptInvitation", NOW, code=code))
    assert again == ["INVITATION_OVER", "ALREADY_STAFF"]
    assert await previewed(person, code) == {**cannot, "state": "ACCEPTED", "refusals": again}


async def test_a1_what_is_no_code_offers_nothing_and_nobody_who_is_not_signed_in_is_told(world: World) -> None:
    person = await Person.signed_up(world.api, "Iva")
    code = (await world.invited(person.email, now=NOW))["code"]
    for wrong in ("", "x", person.token, world.studio, f"{code}x"):
        with statements() as sent:
            assert data(await person.ask(PREVIEW, {"code": wrong}, NOW))["invitation"] is None
        assert sent == []
    assert fault(await world.api.answer(PREVIEW, {"code": code}, token=None, now=NOW)) == "UNAUTHENTICATED"


async def test_a1_a4_an_invitation_that_ran_out_forgets_its_email_with_the_account(
    world: World, database: Database
) -> None:
    person = await Person.signed_up(world.api, "Iva")
    invited = await world.invited(person.email, now=NOW)
    await person.do("deleteAccount", END, password=PASSWORD)
    node = "query ($id: ID!) { node(id: $id) { ... on StaffInvitation { email displayName state } } }"
    kept = data(await world.owner.ask(node, {"id": invited["id"]}, END))["node"]
    assert (kept["email"], kept["state"]) == (None, "WITHDRAWN")
    assert kept["displayName"] != invited["displayName"]
    async with database.reading() as reading:
        emails = [row[0] for row in await reading.exec_driver_sql("SELECT email FROM staff_invitations")]
    assert person.email not in emails

"""Clients of one account who pay for each other, where the studio lets them (R8, R10), and what they see of it."""

import pytest

from persistence.database import Database
from tests.invariants import assert_all_hold
from tests.schema.counting import statements
from tests.schema.things import another
from tests.world import Json, Person, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
ELIGIBLE = """query ($session: ID!, $client: ID, $credit: ID) { node(id: $session) { ... on Session {
  makeUpEligibility(clientId: $client, creditId: $credit) { eligible credit { id } reasons { code } } } } }"""
OPTIONS = """query ($client: ID, $credit: ID, $first: Int) { makeUpOptions(clientId: $client, creditId: $credit,
  first: $first) { nodes { id makeUpEligibility(clientId: $client) { eligible credit { id } } } } }"""
FILTERED = """query ($slug: String!, $client: ID!) {
  sessions(studioSlug: $slug, filter: {bookableWith: {clientId: $client}}) { totalCount } }"""
BOOKING = """query ($id: ID!) { node(id: $id) { ... on Booking { credit { id client { name } }
  cancellationPreview { outcome bookableSessions } } } }"""
CREDIT = """query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state booking { id }
  ledger { kind booking { id } } } } }"""


@pytest.fixture
async def family(world: World) -> tuple[Person, str, str]:
    """A parent and two children, at a studio where siblings pay for each other."""
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, child = await world.person()
    return parent, child, await world.client(parent, "Eva")


async def eligible(person: Person, session: str, **given: str) -> Json:
    return data(await person.ask(ELIGIBLE, {"session": session, **given}, NOW))["node"]["makeUpEligibility"]


async def sessions_for(person: Person, world: World, client: str) -> int:
    """How many the client can book, as the options and the filter both say."""
    options = data(await person.ask(OPTIONS, {"client": client}, NOW))["makeUpOptions"]["nodes"]
    filtered = data(await person.ask(FILTERED, {"slug": world.slug, "client": client}, NOW))["sessions"]["totalCount"]
    assert filtered == len(options)
    return filtered


async def test_who_is_not_named_is_whose_credit_is_named(world: World, family: tuple[Person, str, str]) -> None:
    parent, child, sibling = family
    for client in (child, sibling):
        (credit,) = await world.granted(client)
        session = await world.session(None, START)
        assert (await eligible(parent, session, credit=credit))["eligible"]
        booked = await parent.do("bookWithMakeUp", NOW, sessionId=session, creditId=credit)
        assert booked["booking"]["client"]["id"] == client
    stranger, _ = await world.person("Eve")
    (credit,) = await world.granted(child)
    session = await world.session(None, START)
    for id in (credit, another(credit)):
        answer = await stranger.act("bookWithMakeUp", NOW, sessionId=session, creditId=id)
        assert fault(answer) == "NOT_FOUND"
        assert answer["errors"][0]["extensions"]["input"] == ["creditId"]


async def test_b4_the_credits_of_a_sibling_who_has_left_are_still_the_familys(
    world: World, family: tuple[Person, str, str]
) -> None:
    parent, child, sibling = family
    (credit,) = await world.granted(sibling)
    await world.archive(sibling)
    session = await world.session(None, START)
    assert codes(await parent.do("bookWithMakeUp", NOW, sessionId=session, creditId=credit)) == ["CLIENT_ARCHIVED"]
    booked = await parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child)
    assert booked["credit"]["id"] == credit


async def test_r10_the_clients_own_credits_go_before_all_of_the_siblings(
    world: World, family: tuple[Person, str, str]
) -> None:
    parent, child, sibling = family
    (soon,) = await world.granted(sibling, validity={"expiresOn": "2026-11-25"})
    (late,) = await world.granted(sibling, validity={"expiresOn": "2026-12-25"})
    (own,) = await world.granted(child)
    for expected in (own, soon, late):
        session = await world.session(None, START)
        said = await eligible(parent, session, client=child)
        assert (said["eligible"], said["credit"]["id"]) == (True, expected)
        booked = await parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child)
        assert (booked["credit"]["id"], booked["booking"]["client"]["id"]) == (expected, child)
        assert booked["booking"]["credit"]["id"] == expected
    session = await world.session(None, START)
    refused = await parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child)
    assert codes(refused) == ["NO_ELIGIBLE_CREDIT"]


async def test_r8_the_lists_know_a_siblings_credit_and_forget_it_with_the_setting(
    world: World, family: tuple[Person, str, str]
) -> None:
    parent, child, sibling = family
    (credit,) = await world.granted(sibling)
    session = await world.session(None, START)
    assert await sessions_for(parent, world, child) == await sessions_for(world.owner, world, child) == 1
    assert (await eligible(parent, session, client=child, credit=credit))["eligible"]

    await world.policy(NOW, creditScope=None)
    assert await sessions_for(parent, world, child) == await sessions_for(world.owner, world, child) == 0
    named = await eligible(parent, session, client=child, credit=credit)
    assert [reason["code"] for reason in named["reasons"]] == ["CREDIT_OF_OTHER_CLIENT"]
    assert await sessions_for(parent, world, sibling) == 1


async def test_r8_a_strangers_credit_is_neither_spent_nor_told_apart_from_none(
    world: World, family: tuple[Person, str, str]
) -> None:
    parent, child, _ = family
    _, stranger = await world.person("Zoe")
    guest = await world.client(name="Guest")
    session = await world.session(None, START)
    for other in (stranger, guest):
        (credit,) = await world.granted(other)
        given = {"sessionId": session, "clientId": child, "creditId": credit}
        assert fault(await parent.act("bookWithMakeUp", NOW, **given)) == "NOT_FOUND"
        assert codes(await world.owner.do("bookWithMakeUp", NOW, **given)) == ["CREDIT_OF_OTHER_CLIENT"]
    assert await sessions_for(parent, world, child) == await sessions_for(world.owner, world, guest) == 0


async def test_r8_a_credit_given_back_is_the_siblings_and_books_what_the_preview_counts(
    world: World, database: Database, family: tuple[Person, str, str]
) -> None:
    parent, child, sibling = family
    (credit,) = await world.granted(sibling)
    session, _ = await world.session(None, START), await world.session(None, START)
    booked = await parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child)

    shown = data(await parent.ask(BOOKING, {"id": booked["booking"]["id"]}, NOW))["node"]
    assert shown["cancellationPreview"] == {"outcome": "CREDIT_RETURNED", "bookableSessions": 1}
    back = await parent.do("cancelBooking", NOW, bookingId=booked["booking"]["id"])
    assert (back["credit"]["id"], back["credit"]["state"], back["credit"]["client"]["id"]) == (
        *(credit, "ACTIVE", sibling),
    )
    await assert_all_hold(database, world.studio, NOW)


async def test_r8_a_sibling_no_more_sees_neither_the_credit_nor_the_seat(
    world: World, family: tuple[Person, str, str]
) -> None:
    """Whoever has come to manage a former sibling sees their credit, but not whose seat it paid; and the reverse."""
    parent, child, sibling = family
    (credit,) = await world.granted(sibling)
    booked = await parent.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START), clientId=child)
    booking = booked["booking"]["id"]
    other = await Person.signed_up(world.api, "Oto")
    await world.owner.do("linkClient", NOW, clientId=sibling, email=other.email)

    assert data(await parent.ask(BOOKING, {"id": booking}, NOW))["node"]["credit"] is None
    theirs = data(await other.ask(CREDIT, {"id": credit}, NOW))["node"]
    assert (theirs["state"], theirs["booking"]) == ("USED", None)
    assert theirs["ledger"] == [{"kind": "ISSUED", "booking": None}, {"kind": "REDEEMED", "booking": None}]
    staff = data(await world.owner.ask(CREDIT, {"id": credit}, NOW))["node"]
    assert staff["ledger"][1]["booking"] == staff["booking"] == {"id": booking}
    given_up = await parent.do("cancelBooking", NOW, bookingId=booking)
    assert (given_up["booking"]["outcome"], given_up["credit"]) == ("CREDIT_RETURNED", None)
    assert data(await other.ask(CREDIT, {"id": credit}, NOW))["node"]["state"] == "ACTIVE"


async def test_a_page_of_options_takes_as_many_statements_whatever_its_size_and_the_family_s(
    world: World, family: tuple[Person, str, str]
) -> None:
    parent, child, sibling = family
    await world.granted(sibling, 3)
    for day in range(1, 9):
        await world.session(None, f"2026-12-{day:02}T17:00:00Z")
    taken: list[int] = []
    for size in (2, 8):
        with statements() as sent:
            found = await parent.ask(OPTIONS, {"client": child, "first": size}, NOW)
        assert len(data(found)["makeUpOptions"]["nodes"]) == size
        taken.append(len(sent))
        await world.granted(await world.client(parent, "Ida"), 2)
    assert taken[0] == taken[1] <= 9


async def test_a1_the_place_of_a_sibling_who_is_anothers_by_now_is_not_told(
    world: World, family: tuple[Person, str, str]
) -> None:
    """Nor the credit that was held for it, to the account that manages them now. The place is given up (R8)."""
    parent, child, sibling = family
    (credit,) = await world.granted(child)
    entry = await world.waits(await world.full(START), sibling, NOW, withCredit=True, creditId=credit)
    other = await Person.signed_up(world.api, "Mia")
    held = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state waitlistEntries { id } } } }"
    place = "query ($id: ID!) { node(id: $id) { ... on WaitlistEntry { state withCredit credit { id } } } }"
    assert data(await parent.ask(held, {"id": credit}, NOW))["node"]["waitlistEntries"] == [{"id": entry}]

    await world.owner.do("linkClient", NOW, clientId=sibling, email=other.email)

    assert data(await parent.ask(held, {"id": credit}, NOW))["node"] == {"state": "ACTIVE", "waitlistEntries": []}
    assert data(await parent.ask(place, {"id": entry}, NOW))["node"] is None
    given_up = {"state": "GIVEN_UP", "withCredit": True, "credit": None}
    assert data(await other.ask(place, {"id": entry}, NOW))["node"] == given_up


async def test_a1_w2_who_waits_with_a_credit_that_is_a_stranger_s_by_now_is_told_nothing_else_of_it(
    world: World, family: tuple[Person, str, str]
) -> None:
    """Neither before nor by the act; siblings are told of it as of their own."""
    parent, child, sibling = family
    missed = await world.booked(await world.session(await world.course(category="Yoga"), START), sibling)
    credit = (await parent.do("cancelBooking", NOW, bookingId=missed))["credit"]["id"]
    full = await world.full(START, await world.course(category="Dance", singleSessionPrice=100_000))
    entry = await world.waits(full, child, NOW, withCredit=True, creditId=credit)
    await world.policy(NOW, priceGuard="SAME_OR_LOWER", categoryGuard="SAME_CATEGORY")
    other = await Person.signed_up(world.api, "Oto")

    assert await against_claiming(parent, entry) == ["OFFER_GONE", "PRICE_ABOVE_CREDIT", "CATEGORY_MISMATCH"]
    assert await waiting_is(parent, full, child, credit) == [
        "ALREADY_WAITING",
        "PRICE_ABOVE_CREDIT",
        "CATEGORY_MISMATCH",
    ]
    await world.policy(NOW, creditScope="SAME_CLIENT")

    assert await against_claiming(parent, entry) == ["OFFER_GONE", "CREDIT_OF_OTHER_CLIENT"]
    assert "CREDIT_OF_OTHER_CLIENT" in await waiting_is(parent, full, child, credit)
    await world.owner.do("linkClient", NOW, clientId=sibling, email=other.email)
    assert await against_claiming(parent, entry) == ["NOT_WAITING"]
    assert await waiting_is(parent, full, child, credit) == "NOT_FOUND"
    assert await waiting_is(parent, full, child) == ["NO_ELIGIBLE_CREDIT"]


async def against_claiming(person: Person, entry: str) -> list[str]:
    """Why they cannot, as it is foreseen and as the act says."""
    asked = """query ($id: ID!) { node(id: $id) { ... on WaitlistEntry { claimEligibility { reasons { code } } } } }"""
    foreseen = data(await person.ask(asked, {"id": entry}, NOW))["node"]["claimEligibility"]["reasons"]
    told = codes(await person.do("claimSeat", NOW, entryId=entry))
    assert [reason["code"] for reason in foreseen] == told
    return told


async def waiting_is(person: Person, session: str, client: str, credit: str | None = None) -> list[str] | str:
    """Why they cannot wait with a credit, or which fault it is to ask."""
    asked = """query ($session: ID!, $client: ID, $credit: ID) { node(id: $session) { ... on Session {
      waitlistEligibility(clientId: $client, withCredit: true, creditId: $credit) { reasons { code } } } } }"""
    answer = await person.ask(asked, {"session": session, "client": client, "credit": credit}, NOW)
    if "errors" in answer:
        return fault(answer)
    return [reason["code"] for reason in data(answer)["node"]["waitlistEligibility"]["reasons"]]

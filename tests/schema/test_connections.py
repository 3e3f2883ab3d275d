"""Connections: everything once, in order, both ways, and in few statements."""

import re
from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

import httpx
import pytest

from tests.schema.counting import statements
from tests.schema.lists import LISTS, Shelf, filled
from tests.world import Api, Json, Person, World, data

AN_HOUR = "2026-12-13T17:00:00Z"
SORTED_BY = {
    "Session": "startsAt",
    "Course": "name",
    "Client": "name",
    "Booking": "session { startsAt }",
    "MakeUpCredit": "expiresAt",
    "Enrolment": "enrolledAt",
    "WaitlistEntry": "session { startsAt }",
    "StaffMember": "displayName",
    "StaffInvitation": "createdAt",
    "AuditEntry": "at",
}
NESTED = {
    "WaitlistEntry": """state position endedAt client { name } booking { id } session { name waiting seatsOnOffer }
      credit { state heldUntil inGrace waitlistEntries { id } ledger { kind session { name } } }
      claimEligibility { eligible reasons { code } }""",
    "Session": """studio { slug categories } course { name makeUpsEnabled } instructor { displayName role }
      price { amount } acceptsMakeUps cancellationDeadline date category myBookings { status client { name } }
      seatsLeft waiting seatsOnOffer seatsGivenUntil myWaitlistEntries { state client { name } }""",
    "Course": "studio { slug } wholeCoursePrice { amount } singleSessionPrice { amount } makeUpsEnabled",
    "Client": "name studio { slug }",
    "Booking": """session { course { name } studio { slug } instructor { displayName } } client { name studio { slug } }
      credit { state ledger { kind booking { id } } } earnedCredit { expiresOn } price { amount }
      enrolment { price { amount } course { name } } cancellationPreview { outcome expiresOn refusals { code } }""",
    "StaffMember": "displayName role addedAt removedAt",
    "StaffInvitation": "email state code staffMember { displayName }",
    "AuditEntry": """kind changes { field before after } actor { staffMember { displayName role } clients { name } }
      client { name } session { name } course { name } booking { id } credit { id } enrolment { id }
      waitlistEntry { state } staffMember { displayName } invitation { state }""",
    "Enrolment": "payment price { amount } course { name } client { name }",
    "MakeUpCredit": """state note worth { amount } client { name } missedBooking { session { name } }
      booking { session { name } } ledger { kind booking { status } }""",
}
BEFORE_THE_LIST = {
    **{name: 1 if name.startswith("Query") else 2 for name in LISTS},
    **dict.fromkeys(("Studio.sessions", "Studio.courses", "Viewer.clients"), 1),
    "Query.makeUpOptions": 4,
    "Booking.swapOptions": 6,
}
"""Statements for what a list hangs on and, unless it is public, for who asks."""

NEVER_EMPTY = {"Studio.staff"}
"""A studio is never without an owner."""


@pytest.fixture(scope="session")
async def shelf(http: httpx.AsyncClient) -> Shelf:
    return await filled(Api(http))


async def _session(world: World, client: str, rank: int) -> str:
    return await world.session(None, f"2026-12-1{rank}T17:00:00Z")


async def _course(world: World, client: str, rank: int) -> str:
    return await world.course(name=f"Course {rank}")


async def _client(world: World, client: str, rank: int) -> str:
    return await world.client(name=f"Zoe {rank}")


async def _booking(world: World, client: str, rank: int) -> str:
    return await world.booked(await _session(world, client, rank), client)


async def _entry(world: World, client: str, rank: int) -> str:
    return await world.waits(await world.full(f"2026-12-1{rank}T17:00:00Z"), client)


async def _credit(world: World, client: str, rank: int) -> str:
    (credit,) = await world.granted(client, validity={"expiresOn": f"2026-12-1{rank}"})
    return credit


# One list of each noun, and how to put something into it at a rank of its order.
MAKERS: dict[str, Callable[[World, str, int], Awaitable[str]]] = {
    "Query.sessions": _session,
    "Query.courses": _course,
    "Studio.clients": _client,
    "Query.bookings": _booking,
    "Query.makeUpCredits": _credit,
    "Query.waitlistEntries": _entry,
}


def sorted_by(name: str) -> str:
    special = {"Session.bookings": "client { name }", "Session.waitlist": "joinedAt"}
    return special.get(name) or SORTED_BY[LISTS[name].noun]


def keys(name: str, page: Json) -> list[tuple[bool, str]]:
    """By what each thing on a page is sorted; nothing comes last."""
    field, *inner = re.findall(r"\w+", sorted_by(name))
    values = [edge["node"][field] for edge in page["edges"]]
    plain = [value[inner[0]] if inner else value for value in values]
    return [(value is None, value or "") for value in plain]


async def walk(shelf: Shelf, name: str, size: int, *, backwards: bool) -> list[str]:
    """All ids of a list, page by page, in its order."""
    found: list[str] = []
    window: dict[str, Any] = {"last" if backwards else "first": size}
    while True:
        page = await shelf.page(name, **window)
        ids = [edge["node"]["id"] for edge in page["edges"]]
        found = [*ids, *found] if backwards else [*found, *ids]
        if not page["pageInfo"]["hasPreviousPage" if backwards else "hasNextPage"]:
            return found
        assert len(ids) == size
        cursor = page["pageInfo"]["startCursor" if backwards else "endCursor"]
        window["before" if backwards else "after"] = cursor


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_in_order_and_has_ties(shelf: Shelf, name: str) -> None:
    page = await shelf.page(name, sorted_by(name), first=100)
    order = keys(name, page)
    assert len(order) >= 10
    assert order == sorted(order)
    assert len(set(order)) < len(order)
    assert page["totalCount"] == len({edge["node"]["id"] for edge in page["edges"]})


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("name", LISTS)
async def test_walking_visits_everything_once_and_in_order(shelf: Shelf, name: str, backwards: bool) -> None:
    everything = await shelf.ids(name)
    for size in (3, len(everything)):
        assert await walk(shelf, name, size, backwards=backwards) == everything


@pytest.mark.parametrize("name", MAKERS)
async def test_each_page_tells_what_lies_around_it(shelf: Shelf, name: str) -> None:
    """Compared with the slice of the whole list, with cursors at either end, at both, and crossed."""
    everything = (await shelf.page(name, first=100))["edges"]
    end = len(everything)
    places = (None, 0, 3, 7, end - 1) if name == "Query.sessions" else (None, 2, 7)
    for after, before, size, way in product(places, places, (1, 4), ("first", "last")):
        window: dict[str, Any] = {way: size}
        if after is not None:
            window["after"] = everything[after]["cursor"]
        if before is not None:
            window["before"] = everything[before]["cursor"]
        start, stop = 0 if after is None else after + 1, end if before is None else before
        within = everything[start:stop]
        expected = within[:size] if way == "first" else within[-size:]

        page = await shelf.page(name, **window)

        assert page["edges"] == expected, window
        cut = len(within) > size
        assert page["pageInfo"] == {
            "hasNextPage": before is not None or (cut and way == "first"),
            "hasPreviousPage": after is not None or (cut and way == "last"),
            "startCursor": expected[0]["cursor"] if expected else None,
            "endCursor": expected[-1]["cursor"] if expected else None,
        }, window
        assert page["totalCount"] == end


@pytest.mark.parametrize("way", ["first", "last"])
async def test_an_empty_list_has_an_empty_page_and_nothing_around_it(api: Api, way: str) -> None:
    world = await World.founded(api)
    other = await World.founded(api)
    client, course, session = await other.client(), await other.course(), await other.session(None, AN_HOUR)
    booking = await other.booked(await other.session(None, AN_HOUR), await other.client())
    for name in LISTS.keys() - NEVER_EMPTY:
        nowhere = other if name.startswith(("Booking", "Client", "Course", "Session")) else world
        window: dict[str, Any] = {way: 5}
        page = await Shelf(nowhere, other.owner, course, client, session, booking).page(name, **window)
        assert page == {
            "totalCount": 0,
            "edges": [],
            "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        }, name


async def test_a_page_has_twenty_where_nobody_says_how_many(shelf: Shelf) -> None:
    assert (await shelf.sizes())["Query.bookings"] == 50
    assert (await shelf.sizes())["Query.sessions"] == 44
    page = await shelf.page("Query.sessions")
    assert len(page["edges"]) == 20
    assert page["pageInfo"]["hasNextPage"]


async def test_nodes_are_the_things_of_the_edges(shelf: Shelf) -> None:
    query = "query ($slug: String!) { sessions(studioSlug: $slug, first: 5) { nodes { id } edges { node { id } } } }"
    page = data(await shelf.person.ask(query, {"slug": shelf.world.slug}))["sessions"]
    assert page["nodes"] == [edge["node"] for edge in page["edges"]]
    assert len(page["nodes"]) == 5


@pytest.mark.parametrize("name", MAKERS)
async def test_a_walk_is_not_disturbed_by_what_comes_in_behind_it(api: Api, name: str) -> None:
    world = await World.founded(api)
    person, client = await world.person()
    shelf, make = Shelf(world, person, "", client, ""), MAKERS[name]
    by_rank = {rank: await make(world, client, rank) for rank in (2, 4, 6, 8)}
    ids = await shelf.ids(name)
    assert ids[-4:] == list(by_rank.values())  # a list of clients begins with Ana
    first = await shelf.page(name, first=len(ids) - 2)
    last = await shelf.page(name, last=2)
    cursors = first["pageInfo"]["endCursor"], last["pageInfo"]["startCursor"]

    by_rank |= {rank: await make(world, client, rank) for rank in (1, 3, 5, 7, 9)}

    onwards = await shelf.page(name, first=10, after=cursors[0])
    assert [edge["node"]["id"] for edge in onwards["edges"]] == [by_rank[rank] for rank in (5, 6, 7, 8, 9)]
    back = await shelf.page(name, last=3, before=cursors[1])
    assert [edge["node"]["id"] for edge in back["edges"]] == [by_rank[rank] for rank in (3, 4, 5)]
    assert onwards["totalCount"] == len(ids) + 5


async def test_the_viewers_own_lists_run_through_all_their_studios(api: Api) -> None:
    worlds = [await World.founded(api), await World.founded(api)]
    person = await Person.signed_up(api)
    bookings: list[str] = []
    credits: list[str] = []
    entries: list[str] = []
    for rank in (1, 2, 3, 4):
        world = worlds[rank % 2]
        client = await world.client(person)
        bookings.append(await _booking(world, client, rank))
        credits.append(await _credit(world, client, rank))
        entries.append(await _entry(world, client, rank))
    shelf = Shelf(worlds[0], person, "", "", "")
    lists = {"Query.bookings": bookings, "Query.makeUpCredits": credits, "Query.waitlistEntries": entries}
    for name, expected in lists.items():
        assert await shelf.ids(name) == expected
        assert await walk(shelf, name, 1, backwards=True) == expected


async def sent(shelf: Shelf, name: str, node: str = "", **window: Any) -> int:
    """How many statements a page takes, without its count."""
    query = LISTS[name].query(node).replace("totalCount", "")
    with statements() as seen:
        await shelf.page(name, query=query, **window)
    return len(seen)


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_takes_one_statement_and_one_more_for_each_cursor(shelf: Shelf, name: str) -> None:
    cursors = [edge["cursor"] for edge in (await shelf.page(name, first=100))["edges"]]
    before_the_list = BEFORE_THE_LIST[name]
    assert await sent(shelf, name, first=2) == before_the_list + 1
    assert await sent(shelf, name, last=2, before=cursors[5]) == before_the_list + 2
    assert await sent(shelf, name, first=2, after=cursors[1], before=cursors[-1]) == before_the_list + 3
    with statements() as seen:
        await shelf.page(name, first=2)
    assert len(seen) == before_the_list + 2


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_of_ten_takes_as_many_statements_as_one_of_two(shelf: Shelf, name: str) -> None:
    node = NESTED[LISTS[name].noun]
    cursors = [edge["cursor"] for edge in (await shelf.page(name, first=100))["edges"]]
    before = cursors[20] if len(cursors) > 20 else None  # up to there, all kinds alternate
    assert await sent(shelf, name, node, first=10) == await sent(shelf, name, node, first=2)
    ten, two = [await sent(shelf, name, node, last=size, before=before) for size in (10, 2)]
    assert ten == two

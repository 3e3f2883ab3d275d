"""S5, as staff read it: whose credits can book nothing, held against the options of each credit."""

import json

from tests.world import Api, Person, World, data

NOW = "2026-11-22T17:00:00Z"
IDLE = "query ($slug: String!) { studio(slug: $slug) { reports { clientsWhoCanBookNothing { nodes { name } } } } }"
OPTIONS = "query ($credit: ID!) { makeUpOptions(creditId: $credit) { totalCount } }"
ACTIVE = """query ($slug: String!) { studio(slug: $slug) { makeUpCredits(first: 100, filter: {states: [ACTIVE]}) {
  nodes { id client { name } } } } }"""


async def who_can_book_nothing(world: World, now: str = NOW) -> list[str]:
    found = data(await world.owner.ask(IDLE, {"slug": world.slug}, now))["studio"]["reports"]
    return [each["name"] for each in found["clientsWhoCanBookNothing"]["nodes"]]


async def test_s5_whose_credits_can_book_nothing_are_those_whose_options_are_empty(api: Api) -> None:
    world = await World.founded(api, categoryGuard="SAME_CATEGORY", priceGuard="SAME_OR_LOWER")
    missed = await world.session(await world.course(category="Yoga"), "2026-12-12T17:00:00Z")
    yoga = await world.session(None, "2026-12-13T17:00:00Z", price=12_000, category="Yoga")
    queued = await world.session(None, "2026-12-14T17:00:00Z", price=500, category="Yoga", capacity=1)
    people: dict[str, tuple[Person, str]] = {}
    for name in ("Able", "Booked", "Dance", "Poor", "Gone"):
        people[name] = await world.person(name)
    booked = await world.booked(queued, people["Able"][1])
    await world.granted(people["Poor"][1], worth=499)
    await world.granted(people["Gone"][1])
    await world.granted(await world.client(name="Guest"))
    await world.archive(people["Gone"][1])
    dance = await world.session(await world.course(category="Dance"), "2026-12-12T19:00:00Z")
    await world.booked(yoga, people["Booked"][1])
    seats = {"Able": missed, "Booked": missed, "Dance": dance}
    bookings = {name: await world.booked(session, people[name][1]) for name, session in seats.items()}
    for name, booking in bookings.items():
        await people[name][0].do("cancelBooking", NOW, bookingId=booking)

    async def idle(now: str = NOW) -> list[str]:
        """That agree with the options of each credit."""
        able: dict[str, bool] = {}
        for credit in data(await world.owner.ask(ACTIVE, {"slug": world.slug}, now))["studio"]["makeUpCredits"][
            "nodes"
        ]:
            options = data(await world.owner.ask(OPTIONS, {"credit": credit["id"]}, now))["makeUpOptions"]
            name = credit["client"]["name"]
            able[name] = able.get(name, False) or options["totalCount"] > 0
        found = await who_can_book_nothing(world, now)
        assert found == sorted(name for name, can in able.items() if not can)
        return found

    assert await idle() == ["Booked", "Dance", "Gone", "Guest", "Poor"]
    await people["Able"][0].do("cancelBooking", NOW, bookingId=booked)
    assert await idle() == ["Dance", "Gone", "Guest", "Poor"]
    assert await idle("2026-12-13T17:00:00Z") == ["Gone", "Guest", "Poor"]  # what the others earned has expired
    await world.granted(people["Dance"][1], 1, worth=500, now=NOW)
    assert await idle() == ["Gone", "Guest", "Poor"]
    await world.archive(world.studio, now=NOW)
    assert await idle() == ["Able", "Booked", "Dance", "Gone", "Guest", "Poor"]


async def test_s5_a_client_is_asked_about_with_their_own_credits_alone_where_siblings_may_pay(api: Api) -> None:
    """What `makeUpOptions` of each of these credits says; for a sibling the same credit can have some."""
    world = await World.founded(api, creditScope="SAME_ACCOUNT")
    parent, ema = await world.person("Ema")
    jan = await world.client(parent, "Jan")
    session = await world.session(None, "2026-12-13T17:00:00Z")
    (credit,) = await world.granted(ema, now=NOW)
    await world.booked(session, ema)
    assert await who_can_book_nothing(world) == ["Ema"]
    assert data(await parent.ask(OPTIONS, {"credit": credit}, NOW))["makeUpOptions"]["totalCount"] == 0
    for_jan = f"{{ makeUpOptions(creditId: {json.dumps(credit)}, clientId: {json.dumps(jan)}) {{ totalCount }} }}"
    assert data(await parent.ask(for_jan, {}, NOW))["makeUpOptions"]["totalCount"] == 1
    await world.granted(jan, now=NOW)
    assert await who_can_book_nothing(world) == ["Ema"]


async def test_s5_a_credit_that_cannot_be_spent_yet_books_nothing_until_it_can(api: Api) -> None:
    world = await World.founded(api, redeemableFrom="AFTER_MISSED_SESSION", expiryMeans="ATTEND_BY")
    person, client = await world.person()
    missed = await world.session(await world.course(), "2026-12-01T17:00:00Z")
    await world.session(None, "2026-12-06T12:00:00Z")
    await world.session(None, "2026-12-10T12:00:00Z")
    await person.do("cancelBooking", NOW, bookingId=await world.booked(missed, client))
    for now, names in (
        (NOW, ["Ana"]),
        ("2026-12-02T00:00:00Z", []),
        ("2026-12-06T12:00:00Z", ["Ana"]),  # the other would be after its end
        ("2026-12-06T23:00:00Z", []),
    ):
        assert await who_can_book_nothing(world, now) == names, now

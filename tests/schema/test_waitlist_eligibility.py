"""What is asked before booking, joining and claiming knows the queue, and says what the act then says (P2, W1, W2)."""

from typing import Any

from tests.world import Json, Person, World, codes, data, fault, faults

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
NEXT_DAY = "2026-12-14T17:00:00Z"
ON_OFFER = "2026-12-12T16:00:00Z"
ASKED = """query ($session: ID!, $client: ID!) { node(id: $session) { ... on Session {
  seatsLeft
  bookingEligibility(clientId: $client) { eligible reasons { code waiting canJoinWaitlist } }
  makeUpEligibility(clientId: $client) { eligible reasons { code waiting canJoinWaitlist } }
  forMoney: waitlistEligibility(withCredit: false, clientId: $client) { eligible credit { id } reasons { code } }
  forCredit: waitlistEligibility(withCredit: true, clientId: $client) { eligible credit { id } reasons { code } }
} } }"""
BY_NAME = """query ($session: ID!, $credit: ID!) { node(id: $session) { ... on Session {
  waitlistEligibility(withCredit: WITH, creditId: $credit) { eligible credit { id } reasons { code creditId } } } } }"""
CLAIM = "query ($id: ID!) { node(id: $id) { ... on WaitlistEntry { claimEligibility { eligible reasons { code } } } } }"
ENTRIES = """query ($filter: WaitlistFilter, $last: Int) { waitlistEntries(filter: $filter, last: $last) {
  totalCount nodes { id state } } }"""
NOTHING_FREE = {"code": "SESSION_FULL", "waiting": 0, "canJoinWaitlist": True}


async def asked(person: Person, session: str, client: str, now: str = NOW) -> Json:
    return data(await person.ask(ASKED, {"session": session, "client": client}, now))["node"]


async def named(person: Person, session: str, credit: str, with_credit: str = "true", now: str = NOW) -> Json:
    """The whole answer about waiting with a certain credit."""
    return await person.ask(BY_NAME.replace("WITH", with_credit), {"session": session, "credit": credit}, now)


async def claimable(person: Person, entry: str, now: str = NOW) -> Json:
    return data(await person.ask(CLAIM, {"id": entry}, now))["node"]["claimEligibility"]


async def listed(person: Person, now: str = NOW, **wanted: Any) -> list[str]:
    """The viewer's places, in their order."""
    found = data(await person.ask(ENTRIES, {"filter": wanted, "last": 100}, now))["waitlistEntries"]
    assert found["totalCount"] == len(found["nodes"])
    return [entry["id"] for entry in found["nodes"]]


async def test_p2_a_full_session_tells_how_many_wait_and_whether_one_can_wait_too(world: World) -> None:
    session = await world.full(START)
    person, client = await world.person()

    without = await asked(person, session, client)
    assert without["bookingEligibility"] == {"eligible": False, "reasons": [NOTHING_FREE]}
    assert without["forMoney"] == {"eligible": True, "credit": None, "reasons": []}
    # Without a credit there is none to wait with.
    full, none = without["makeUpEligibility"]["reasons"]
    assert full == {**NOTHING_FREE, "canJoinWaitlist": False}
    assert none == {"code": "NO_ELIGIBLE_CREDIT", "waiting": None, "canJoinWaitlist": None}
    assert without["forCredit"] == {"eligible": False, "credit": None, "reasons": [{"code": "NO_ELIGIBLE_CREDIT"}]}

    await world.waits(session, await world.client(), NOW)
    (credit,) = await world.granted(client)
    after = await asked(person, session, client)
    for question in ("bookingEligibility", "makeUpEligibility"):
        assert after[question]["reasons"] == [{**NOTHING_FREE, "waiting": 1}]
    assert after["forCredit"] == {"eligible": True, "credit": {"id": credit}, "reasons": []}


async def test_p2_the_acts_say_the_same(world: World) -> None:
    session = await world.full(START)
    person, client = await world.person()
    await world.granted(client)
    for waiting in (0, 1):
        for act in ("bookSession", "bookWithMakeUp"):
            refused = await person.do(act, NOW, sessionId=session)
            told = [(each["code"], each["waiting"], each["canJoinWaitlist"]) for each in refused["reasons"]]
            assert told == [("SESSION_FULL", waiting, True)]
        await world.waits(session, await world.client(), NOW)
    entry = await world.waits(session, client, NOW)
    refused = await person.do("bookSession", NOW, sessionId=session)
    assert [(each["code"], each["waiting"], each["canJoinWaitlist"]) for each in refused["reasons"]] == [
        ("SESSION_FULL", 3, False)
    ]
    question = await asked(person, session, client)
    assert question["forMoney"]["reasons"] == [{"code": "ALREADY_WAITING"}]
    assert question["bookingEligibility"]["reasons"] == [{**NOTHING_FREE, "waiting": 3, "canJoinWaitlist": False}]
    assert codes(await person.do("joinWaitlist", NOW, sessionId=session, withCredit=False)) == ["ALREADY_WAITING"]
    assert await claimable(person, entry) == {"eligible": False, "reasons": [{"code": "OFFER_GONE"}]}


async def test_w1_where_a_seat_is_free_there_is_nothing_to_wait_for(world: World) -> None:
    session = await world.session(None, START)
    person, client = await world.person()
    (credit,) = await world.granted(client)

    free = await asked(person, session, client)

    assert free["bookingEligibility"]["eligible"]
    assert free["forMoney"] == {"eligible": False, "credit": None, "reasons": [{"code": "SEAT_AVAILABLE"}]}
    assert free["forCredit"] == {"eligible": False, "credit": {"id": credit}, "reasons": [{"code": "SEAT_AVAILABLE"}]}
    for with_credit in (True, False):
        refused = await person.do("joinWaitlist", NOW, sessionId=session, withCredit=with_credit)
        assert codes(refused) == ["SEAT_AVAILABLE"]


async def test_w1_a_credit_that_waits_elsewhere_can_wait_here_too_but_not_be_spent(world: World) -> None:
    there, here = await world.full(NEXT_DAY), await world.full(START)
    person, client = await world.person()
    (credit,) = await world.granted(client)
    await world.waits(there, client, NOW, withCredit=True)

    found = await asked(person, here, client)

    # It is no credit to book with; but that is not what stands against waiting with it.
    assert [each["code"] for each in found["makeUpEligibility"]["reasons"]] == ["SESSION_FULL", "NO_ELIGIBLE_CREDIT"]
    assert found["makeUpEligibility"]["reasons"][0]["canJoinWaitlist"]
    assert found["forCredit"] == {"eligible": True, "credit": {"id": credit}, "reasons": []}
    assert data(await named(person, here, credit))["node"]["waitlistEligibility"]["eligible"]
    joined = await person.do("joinWaitlist", NOW, sessionId=here, withCredit=True)
    assert joined["credit"]["id"] == credit


async def test_r10_a_credit_that_waits_nowhere_is_held_first(world: World) -> None:
    there, here = await world.full(NEXT_DAY), await world.full(START)
    person, client = await world.person()
    await world.granted(client, validity={"expiresOn": "2026-12-31"})
    await world.waits(there, client, NOW, withCredit=True)
    (idle,) = await world.granted(client)

    assert (await asked(person, here, client))["forCredit"]["credit"] == {"id": idle}
    assert (await person.do("joinWaitlist", NOW, sessionId=here, withCredit=True))["credit"]["id"] == idle


async def test_w1_a_credit_in_grace_can_be_spent_but_not_held(world: World) -> None:
    session, past_its_end = await world.full(START), "2026-12-02T08:00:00Z"
    person, client = await world.person()
    (credit,) = await world.granted(client, validity={"expiresOn": "2026-11-30"})
    entry = await world.waits(session, client, NOW, withCredit=True)
    await person.do("leaveWaitlist", past_its_end, entryId=entry)

    found = data(await named(person, session, credit, now=past_its_end))["node"]["waitlistEligibility"]
    assert found["reasons"] == [{"code": "CREDIT_IN_GRACE", "creditId": credit}]
    unnamed = await asked(person, session, client, past_its_end)
    assert unnamed["forCredit"] == {"eligible": False, "credit": None, "reasons": [{"code": "NO_ELIGIBLE_CREDIT"}]}
    # Who wants to pay with it hears that waiting is no way out.
    assert unnamed["makeUpEligibility"]["reasons"] == [{**NOTHING_FREE, "canJoinWaitlist": False}]


async def test_r8_a_credit_held_for_a_sibling_is_held(world: World) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    there, here = await world.full(NEXT_DAY), await world.full(START)
    person, client = await world.person()
    child = await world.client(person, "Eva")
    (credit,) = await world.granted(client)
    await world.waits(there, client, NOW, withCredit=True, creditId=credit)

    assert (await asked(person, here, client))["forCredit"]["eligible"]
    assert (await asked(person, here, child))["forCredit"]["reasons"] == [{"code": "NO_ELIGIBLE_CREDIT"}]
    given = {"sessionId": here, "clientId": child, "withCredit": True}
    assert codes(await person.do("joinWaitlist", NOW, **given)) == ["NO_ELIGIBLE_CREDIT"]
    assert codes(await person.do("joinWaitlist", NOW, **given, creditId=credit)) == ["CREDIT_HELD"]


async def test_a_credit_for_somebody_who_pays_money_is_a_mistake(world: World) -> None:
    session = await world.full(START)
    person, client = await world.person()
    (credit,) = await world.granted(client)

    answer = await named(person, session, credit, "false")
    assert (fault(answer), answer["errors"][0]["extensions"]["input"]) == ("BAD_USER_INPUT", ["creditId"])
    given = {"sessionId": session, "withCredit": False, "creditId": credit}
    assert faults(await person.act("joinWaitlist", NOW, **given)) == [("BAD_USER_INPUT", ["creditId"])]


async def test_w2_what_is_on_offer_is_taken_for_everybody_else(world: World) -> None:
    session = await world.session(None, START, capacity=1)
    ben, his = await world.person("Ben")
    booking = await world.booked(session, his)
    eva, hers = await world.person("Eva")
    entry = await world.waits(session, hers, NOW)
    await world.granted(his)
    await ben.do("cancelBooking", ON_OFFER, bookingId=booking)

    found = await asked(ben, session, his, ON_OFFER)
    assert found["seatsLeft"] == 0
    for question in ("bookingEligibility", "makeUpEligibility"):
        assert found[question]["reasons"] == [{**NOTHING_FREE, "waiting": 1}]
    assert codes(await ben.do("bookSession", ON_OFFER, sessionId=session)) == ["SESSION_FULL"]
    assert await claimable(eva, entry, ON_OFFER) == {"eligible": True, "reasons": []}
    undoing = "query ($id: ID!) { node(id: $id) { ... on Booking { undoPreview { refusals { code waiting } } } } }"
    preview = data(await ben.ask(undoing, {"id": booking}, ON_OFFER))["node"]["undoPreview"]
    undone = await ben.do("undoCancellation", ON_OFFER, bookingId=booking)
    told = [(each["code"], each["waiting"], each["canJoinWaitlist"]) for each in undone["reasons"]]
    assert told == [("SESSION_FULL", 1, None)]
    assert preview["refusals"] == [{"code": "SESSION_FULL", "waiting": 1}]


async def test_w2_a_free_seat_is_for_who_waits_and_can_take_it(world: World) -> None:
    """Who could not take it when it became free, and can since; nobody has been seated by time alone."""
    session = await world.session(None, START, capacity=1)
    ben, his = await world.person("Ben")
    booking = await world.booked(session, his)
    person, client = await world.person()
    await world.granted(client)
    entry = await world.waits(session, client, NOW, withCredit=True)
    await world.owner.do("updateSessionPolicy", NOW, sessionId=session, makeUpsOpenDaysBefore={"limit": 14})
    await ben.do("cancelBooking", NOW, bookingId=booking)
    await world.granted(his)
    opened = "2026-11-28T23:00:00Z"

    # Nobody who waits can take it yet: whoever comes, may.
    early = "2026-11-28T22:59:59.999999Z"
    assert (await asked(ben, session, his, early))["bookingEligibility"]["eligible"]
    assert (await claimable(person, entry, early))["reasons"] == [{"code": "BOOKING_NOT_OPEN_YET"}]

    found = await asked(ben, session, his, opened)
    assert found["seatsLeft"] == 1
    for question in ("bookingEligibility", "makeUpEligibility"):
        assert found[question]["reasons"] == [{**NOTHING_FREE, "waiting": 1}]
    assert codes(await ben.do("bookSession", opened, sessionId=session)) == ["SESSION_FULL"]
    assert found["forMoney"]["eligible"]
    swapped = await world.booked(await world.session(await world.course(), NEXT_DAY), his)
    swapping = """query ($session: ID!, $booking: ID!) { node(id: $session) { ... on Session {
      swapEligibility(bookingId: $booking) { reasons { code sessionId waiting canJoinWaitlist } } } } }"""
    answer = data(await ben.ask(swapping, {"session": session, "booking": swapped}, opened))
    in_full = {"code": "SESSION_FULL", "sessionId": session, "waiting": 1, "canJoinWaitlist": None}
    assert answer["node"]["swapEligibility"]["reasons"] == [in_full]
    refused = await ben.do("swapSession", opened, bookingId=swapped, sessionId=session)
    assert codes(refused) == ["SESSION_FULL"]

    assert await claimable(person, entry, opened) == {"eligible": True, "reasons": []}
    claimed = await person.do("claimSeat", opened, entryId=entry)
    assert claimed["entry"]["state"] == "SEATED"


async def test_places_are_listed_by_start_and_by_what_has_become_of_them(world: World) -> None:
    person, client = await world.person()
    sessions = [await world.full(start) for start in (NEXT_DAY, START, "2026-12-15T17:00:00Z")]
    later, sooner, last = [await world.waits(session, client, NOW) for session in sessions]
    await person.do("leaveWaitlist", NOW, entryId=last)

    assert await listed(person) == [sooner, later, last]
    assert await listed(person, states=["WAITING"]) == [sooner, later]
    assert await listed(person, states=["LEFT", "SEATED"]) == [last]
    assert await listed(person, sessionId=sessions[0]) == [later]
    # The start ends a place, whether or not that has been written.
    assert await listed(person, START, states=["ENDED"]) == [sooner]
    assert await listed(person, START, states=["WAITING"]) == [later]
    assert await listed(world.owner) == []


async def test_staff_see_the_queue_in_its_order(world: World) -> None:
    session = await world.full(START)
    times = ("2026-11-22T17:00:00.000001Z", "2026-11-22T17:00:00.000002Z", "2026-11-22T17:00:00.000003Z")
    entries = [await world.waits(session, await world.client(), now) for now in times]
    await world.owner.do("leaveWaitlist", times[-1], entryId=entries[1])
    query = """query ($id: ID!) { node(id: $id) { ... on Session { waiting waitlist { totalCount nodes {
      id position joinedAt } } } } }"""

    found = data(await world.owner.ask(query, {"id": session}, times[-1]))["node"]

    assert found["waitlist"]["nodes"] == [
        {"id": entries[0], "position": 1, "joinedAt": times[0]},
        {"id": entries[2], "position": 2, "joinedAt": times[2]},
    ]
    assert (found["waitlist"]["totalCount"], found["waiting"]) == (2, 2)

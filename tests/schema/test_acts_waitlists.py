"""Waiting lists through the API: joining, being seated, claiming, leaving, and what the start ends (W1, W2, W3)."""

from typing import Any

import pytest

from tests.world import Json, Person, World, codes, data

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
JUST_BEFORE_START = "2026-12-13T16:59:59.999999Z"
NEXT_DAY = "2026-12-14T17:00:00Z"
SEATS_GIVEN_UNTIL = "2026-12-12T15:00:00Z"
SEATS_ON_OFFER = "2026-12-12T15:00:00.000001Z"
ENTRY = """query ($id: ID!) { node(id: $id) { ... on WaitlistEntry {
  state position endedAt booking { id status paidWith payment price { amount } } claimEligibility { eligible reasons
  { code } } } } }"""
CREDIT = """query ($id: ID!) { node(id: $id) { ... on MakeUpCredit {
  state expiresAt expiresOn ownExpiresAt ownExpiresOn heldUntil inGrace waitlistEntries { id state }
  ledger { kind at expiresAt heldUntil session { id } booking { id } } } } }"""
SESSION = """query ($id: ID!) { node(id: $id) { ... on Session {
  seatsLeft makeUpSeatsLeft seatsOnOffer waiting seatsGivenUntil myWaitlistEntries { id } } } }"""


async def shown(person: Person, query: str, id: str, now: str = NOW) -> Json:
    return data(await person.ask(query, {"id": id}, now))["node"]


async def full(world: World, starts_at: str = START, **other: Any) -> tuple[str, Person, str]:
    """A class with one seat; who has it, and their booking."""
    person, client = await world.person("Ben")
    session = await world.session(None, starts_at, capacity=1, **other)
    return session, person, await world.booked(session, client)


async def waiting(world: World, session: str, now: str = NOW) -> tuple[Person, str]:
    """Somebody who waits there for money, and their place."""
    person, client = await world.person("Eva")
    return person, await world.waits(session, client, now)


async def waiting_with_a_credit(world: World, session: str, **granted: Any) -> tuple[Person, str, str]:
    """Likewise with a credit, which is named last."""
    person, client = await world.person()
    (credit,) = await world.granted(client, **granted)
    joined = await person.do("joinWaitlist", NOW, sessionId=session, withCredit=True)
    return person, joined["entry"]["id"], credit


async def test_w1_joining_with_a_credit_holds_it_until_the_start(world: World) -> None:
    session, _, _ = await full(world)
    person, client = await world.person()
    (credit,) = await world.granted(client, validity={"expiresOn": "2026-12-01"})

    joined = await person.do("joinWaitlist", NOW, sessionId=session, withCredit=True)

    entry = joined["entry"]
    assert (entry["state"], entry["position"], entry["joinedAt"], entry["endedAt"]) == ("WAITING", 1, NOW, None)
    assert (entry["withCredit"], entry["client"]["id"], entry["booking"]) == (True, client, None)
    assert entry["session"] == {"id": session, "waiting": 1}
    assert entry["credit"] == {"id": credit, "state": "HELD", "heldUntil": START}
    assert joined["credit"]["id"] == credit
    held = await shown(person, CREDIT, credit)
    assert held["waitlistEntries"] == [{"id": entry["id"], "state": "WAITING"}]
    # Its own end lies before: if no seat comes it has 72 hours from the start.
    assert (held["expiresAt"], held["expiresOn"], held["inGrace"]) == ("2026-12-16T17:00:00Z", "2026-12-16", False)
    issued, line = held["ledger"]
    assert (issued["kind"], issued["heldUntil"], issued["session"]) == ("ISSUED", None, None)
    assert (line["kind"], line["at"], line["heldUntil"], line["session"]) == ("HELD", NOW, START, {"id": session})
    assert (await shown(person, SESSION, session))["myWaitlistEntries"] == [{"id": entry["id"]}]
    assert (await shown(world.owner, SESSION, session))["myWaitlistEntries"] == []


async def test_w1_joining_for_money_holds_nothing_and_staff_may_join_for_anybody(world: World) -> None:
    session, _, _ = await full(world)
    guest = await world.client(name="Gil")

    joined = await world.owner.do("joinWaitlist", NOW, sessionId=session, clientId=guest, withCredit=False)

    assert (joined["credit"], joined["entry"]["credit"], joined["entry"]["withCredit"]) == (None, None, False)
    assert (joined["entry"]["client"]["id"], joined["entry"]["state"]) == (guest, "WAITING")


async def test_w2_a_seat_given_up_in_time_seats_the_first_and_then_the_next(world: World) -> None:
    session, ben, booking = await full(world)
    ana, first, credit = await waiting_with_a_credit(world, session)
    eva, second = await waiting(world, session)
    assert [(await shown(world.owner, ENTRY, entry))["position"] for entry in (first, second)] == [1, 2]

    cancelled = await ben.do("cancelBooking", SEATS_GIVEN_UNTIL, bookingId=booking)

    assert cancelled["session"]["seatsLeft"] == 0
    seated = await shown(ana, ENTRY, first, SEATS_GIVEN_UNTIL)
    assert (seated["state"], seated["position"], seated["endedAt"]) == ("SEATED", None, SEATS_GIVEN_UNTIL)
    assert seated["booking"]["status"] == "BOOKED"
    assert (seated["booking"]["paidWith"], seated["booking"]["payment"]) == ("MAKE_UP", "PAID")
    spent = await shown(ana, CREDIT, credit, SEATS_GIVEN_UNTIL)
    assert (spent["state"], spent["heldUntil"], spent["waitlistEntries"]) == ("USED", None, [])
    assert [line["kind"] for line in spent["ledger"]] == ["ISSUED", "HELD", "REDEEMED"]
    assert spent["ledger"][-1]["booking"] == {"id": seated["booking"]["id"]}
    assert (await shown(eva, ENTRY, second, SEATS_GIVEN_UNTIL))["position"] == 1

    # Whoever was seated without being asked can cancel without loss, at that very instant.
    returned = await ana.do("cancelBooking", SEATS_GIVEN_UNTIL, bookingId=seated["booking"]["id"])

    assert (returned["booking"]["status"], returned["credit"]["state"]) == ("CANCELLED", "ACTIVE")
    next_seated = (await shown(eva, ENTRY, second, SEATS_GIVEN_UNTIL))["booking"]
    assert (next_seated["paidWith"], next_seated["payment"]) == ("SINGLE", "DUE")
    assert next_seated["price"] == {"amount": 20_000}


async def test_w2_a_seat_given_up_later_is_on_offer_and_the_first_claim_wins(world: World) -> None:
    session, ben, booking = await full(world)
    ana, first, credit = await waiting_with_a_credit(world, session)
    eva, second = await waiting(world, session)

    await ben.do("cancelBooking", SEATS_ON_OFFER, bookingId=booking)

    offered = await shown(ana, SESSION, session, SEATS_ON_OFFER)
    assert (offered["seatsOnOffer"], offered["seatsLeft"], offered["makeUpSeatsLeft"]) == (1, 0, 0)
    assert (offered["waiting"], offered["seatsGivenUntil"]) == (2, SEATS_GIVEN_UNTIL)
    for person, entry in ((ana, first), (eva, second)):
        asked = await shown(person, ENTRY, entry, SEATS_ON_OFFER)
        assert (asked["state"], asked["claimEligibility"]) == ("WAITING", {"eligible": True, "reasons": []})

    claimed = await eva.do("claimSeat", SEATS_ON_OFFER, entryId=second)

    assert (claimed["booking"]["paidWith"], claimed["booking"]["session"]) == (
        "SINGLE",
        {"id": session, "seatsLeft": 0},
    )
    assert (claimed["entry"]["state"], claimed["entry"]["booking"]["id"]) == ("SEATED", claimed["booking"]["id"])
    assert claimed["credit"] is None
    asked = await shown(ana, ENTRY, first, SEATS_ON_OFFER)
    assert asked["claimEligibility"] == {"eligible": False, "reasons": [{"code": "OFFER_GONE"}]}
    assert codes(await ana.do("claimSeat", SEATS_ON_OFFER, entryId=first)) == ["OFFER_GONE"]
    assert codes(await eva.do("claimSeat", SEATS_ON_OFFER, entryId=second)) == ["NOT_WAITING"]
    assert (asked["state"], asked["position"]) == ("WAITING", 1)
    assert (await shown(ana, CREDIT, credit, SEATS_ON_OFFER))["state"] == "HELD"
    gone = await shown(ana, SESSION, session, SEATS_ON_OFFER)
    assert (gone["seatsOnOffer"], gone["waiting"]) == (0, 1)


async def test_w2_a_claim_spends_the_credit_that_was_held(world: World) -> None:
    session, ben, booking = await full(world)
    ana, entry, credit = await waiting_with_a_credit(world, session)
    await ben.do("cancelBooking", SEATS_ON_OFFER, bookingId=booking)

    claimed = await ana.do("claimSeat", SEATS_ON_OFFER, entryId=entry)

    assert (claimed["credit"]["id"], claimed["credit"]["state"]) == (credit, "USED")
    assert (claimed["booking"]["paidWith"], claimed["booking"]["credit"]["id"]) == ("MAKE_UP", credit)


async def test_w1_leaving_releases_the_credit_and_twice_is_once(world: World) -> None:
    session, _, _ = await full(world)
    ana, entry, credit = await waiting_with_a_credit(world, session)

    left = await ana.do("leaveWaitlist", NOW, entryId=entry)
    again = await ana.do("leaveWaitlist", NEXT_DAY, entryId=entry)

    assert (left["entry"]["state"], left["entry"]["endedAt"], left["entry"]["position"]) == ("LEFT", NOW, None)
    assert (left["credit"]["id"], left["credit"]["state"], left["entry"]["session"]["waiting"]) == (credit, "ACTIVE", 0)
    assert [line["kind"] for line in left["credit"]["ledger"]] == ["ISSUED", "HELD", "RELEASED"]
    assert again == left
    # A second place is a new one, at the end of the queue.
    await waiting(world, session)
    anew = await ana.do("joinWaitlist", NOW, sessionId=session, withCredit=True, creditId=credit)
    assert (anew["entry"]["id"] != entry, anew["entry"]["position"]) == (True, 2)


async def test_w1_a_credit_released_past_its_end_has_grace_and_is_not_held_again(world: World) -> None:
    session, _, _ = await full(world)
    ana, entry, credit = await waiting_with_a_credit(world, session, validity={"expiresOn": "2026-11-30"})
    past_its_end, after_its_grace = "2026-12-05T08:00:00Z", "2026-12-08T08:00:00Z"

    left = await ana.do("leaveWaitlist", past_its_end, entryId=entry)

    assert (left["credit"]["state"], left["credit"]["expiresAt"]) == ("ACTIVE", after_its_grace)
    graced = await shown(ana, CREDIT, credit, past_its_end)
    assert (graced["inGrace"], graced["expiresOn"], graced["heldUntil"]) == (True, "2026-12-08", None)
    refused = await ana.do("joinWaitlist", past_its_end, sessionId=session, withCredit=True, creditId=credit)
    assert codes(refused) == ["CREDIT_IN_GRACE"]
    over = await shown(ana, CREDIT, credit, after_its_grace)
    assert (over["state"], over["inGrace"]) == ("EXPIRED", False)
    assert [line["kind"] for line in over["ledger"]] == ["ISSUED", "HELD", "RELEASED", "EXPIRED"]


async def test_w1_a_credit_that_waits_tells_its_own_end_until_it_is_released(world: World) -> None:
    """What staff move and days are added to, and what it ends at if it leaves before that."""
    session, _, _ = await full(world)
    ana, entry, credit = await waiting_with_a_credit(world, session, validity={"expiresOn": "2026-11-30"})
    own = "ownExpiresAt", "ownExpiresOn"
    held = await shown(ana, CREDIT, credit, JUST_BEFORE_START)
    assert [held[end] for end in own] == ["2026-11-30T23:00:00Z", "2026-11-30"]
    released = await shown(ana, CREDIT, credit, START)
    assert [released[end] for end in own] == [None, None]

    given = {"studioId": world.studio, "credits": {"ids": [credit]}, "expiry": {"addDays": 2}}
    await world.owner.do("extendMakeUps", NOW, **given)

    held = await shown(ana, CREDIT, credit)
    assert [held[end] for end in own] == ["2026-12-02T23:00:00Z", "2026-12-02"]
    assert (held["expiresAt"], held["expiresOn"]) == ("2026-12-16T17:00:00Z", "2026-12-16")
    left = await ana.do("leaveWaitlist", "2026-12-02T22:59:59Z", entryId=entry)
    assert left["credit"]["expiresAt"] == "2026-12-02T23:00:00Z"
    free = await shown(ana, CREDIT, credit, "2026-12-02T22:59:59Z")
    assert [free[end] for end in own] == [None, None]


@pytest.mark.parametrize(("hours", "state"), [(0, "EXPIRED"), (1, "ACTIVE")])
async def test_w1_who_leaves_past_the_own_end_has_the_hours_of_when_the_wait_began(
    world: World, hours: int, state: str
) -> None:
    await world.policy(holdReleaseGraceHours=hours)
    session, _, _ = await full(world)
    ana, entry, credit = await waiting_with_a_credit(world, session, validity={"expiresOn": "2026-11-30"})
    await world.policy(NOW, holdReleaseGraceHours=72)
    past_its_end = "2026-12-05T08:00:00Z"

    await ana.do("leaveWaitlist", past_its_end, entryId=entry)

    left = await shown(ana, CREDIT, credit, past_its_end)
    assert (left["state"], left["inGrace"]) == (state, hours > 0)


async def test_w2_the_start_ends_the_queue_the_offers_and_the_holds(world: World) -> None:
    session, ben, booking = await full(world)
    ana, entry, credit = await waiting_with_a_credit(world, session)
    await ben.do("cancelBooking", SEATS_ON_OFFER, bookingId=booking)

    before = await shown(ana, ENTRY, entry, JUST_BEFORE_START)
    assert (before["state"], before["position"], before["endedAt"]) == ("WAITING", 1, None)
    assert before["claimEligibility"]["eligible"]
    assert (await shown(ana, SESSION, session, JUST_BEFORE_START))["seatsOnOffer"] == 1
    assert (await shown(ana, CREDIT, credit, JUST_BEFORE_START))["state"] == "HELD"

    after = await shown(ana, ENTRY, entry, START)
    assert (after["state"], after["position"], after["endedAt"]) == ("ENDED", None, START)
    assert after["claimEligibility"] == {"eligible": False, "reasons": [{"code": "NOT_WAITING"}]}
    ended = await shown(ana, SESSION, session, START)
    assert (ended["seatsOnOffer"], ended["waiting"], ended["myWaitlistEntries"]) == (0, 0, [])
    freed = await shown(ana, CREDIT, credit, START)
    assert (freed["state"], freed["heldUntil"], freed["waitlistEntries"]) == ("ACTIVE", None, [])
    line = freed["ledger"][-1]
    assert (line["kind"], line["at"]) == ("RELEASED", START)
    for act in ("leaveWaitlist", "claimSeat"):
        assert codes(await ana.do(act, START, entryId=entry)) == ["NOT_WAITING"]
    # And it can be spent at once.
    booked = await ana.do("bookWithMakeUp", START, sessionId=await world.session(None, NEXT_DAY), creditId=credit)
    assert booked["credit"]["state"] == "USED"


async def test_w3_a_held_credit_waits_on_two_lists_and_the_first_seat_wins(world: World) -> None:
    later, _, _ = await full(world, NEXT_DAY)
    sooner, ben, booking = await full(world)
    ana, at_later, credit = await waiting_with_a_credit(world, later)
    joined = await ana.do("joinWaitlist", NOW, sessionId=sooner, withCredit=True, creditId=credit)
    at_sooner = joined["entry"]["id"]
    held = await shown(ana, CREDIT, credit)
    assert [entry["id"] for entry in held["waitlistEntries"]] == [at_sooner, at_later]
    assert held["heldUntil"] == NEXT_DAY
    assert [line["session"]["id"] for line in held["ledger"][1:]] == [later, sooner]

    await ben.do("cancelBooking", NOW, bookingId=booking)

    assert (await shown(ana, ENTRY, at_sooner))["state"] == "SEATED"
    given_up = await shown(ana, ENTRY, at_later)
    assert (given_up["state"], given_up["endedAt"], given_up["booking"]) == ("GIVEN_UP", NOW, None)
    assert (await shown(ana, SESSION, later))["waiting"] == 0


async def test_w3_leaving_one_of_two_lists_the_credit_waits_on_the_other(world: World) -> None:
    later, _, _ = await full(world, NEXT_DAY)
    sooner, _, _ = await full(world)
    ana, at_later, credit = await waiting_with_a_credit(world, later)
    await ana.do("joinWaitlist", NOW, sessionId=sooner, withCredit=True, creditId=credit)

    left = await ana.do("leaveWaitlist", NOW, entryId=at_later)

    assert left["credit"]["state"] == "HELD"
    held = await shown(ana, CREDIT, credit)
    assert (held["heldUntil"], len(held["waitlistEntries"])) == (START, 1)
    # A line for the other end alone names no session.
    assert (held["ledger"][-1]["kind"], held["ledger"][-1]["session"]) == ("HELD", None)


@pytest.mark.parametrize("mutation", ["cancelSession", "updateSession"])
async def test_w2_what_no_longer_takes_anybody_ends_its_queue(world: World, mutation: str) -> None:
    session, ben, booking = await full(world, policy={"freedSeatsOnly": False})
    ana, entry, credit = await waiting_with_a_credit(world, session)
    if mutation == "updateSession":
        await world.owner.do("updateSession", NOW, sessionId=session, acceptsMakeUps=False)
        await ben.do("cancelBooking", NOW, bookingId=booking)
        assert (await shown(ana, ENTRY, entry))["state"] == "WAITING"
        await world.archive(session, now=NOW)
    else:
        await world.owner.do("cancelSession", NOW, sessionId=session, compensation="NONE")

    ended = await shown(ana, ENTRY, entry)

    assert (ended["state"], ended["endedAt"]) == ("ENDED", NOW)
    assert (await shown(ana, CREDIT, credit))["state"] == "ACTIVE"

"""Undoing a cancellation: what is shown before, what it answers, and that the two agree (C5)."""

from importlib import import_module

import pytest

from domain.refusals import RefusalCode
from tests.schema.counting import statements
from tests.schema.refused import NOW, SCENARIOS
from tests.schema.scenarios.credit_changes import revocation
from tests.world import Json, Person, World, codes, data, unique

import_module("tests.schema.scenarios.undoing")
START, TARGET = "2026-12-13T17:00:00Z", "2026-12-12T17:00:00Z"
TARGETS_DEADLINE = "2026-12-11T17:00:00Z"
PREVIEW = """query ($id: ID!, $swapBack: Boolean!) { node(id: $id) { ... on Booking { undoPreview(swapBack: $swapBack) {
  refusals { code message fixableBy } creditTakenBack { id state } givesUp { id status session { id startsAt } }
} } } }"""
ELIGIBILITY = """query ($session: ID!, $booking: ID!) { node(id: $session) { ... on Session {
  swapEligibility(bookingId: $booking) { reasons { code actual { __typename } required { __typename } } } } } }"""
PAGE = """query ($first: Int) { bookings(first: $first, filter: {statuses: [CANCELLED]}) { nodes {
  undoPreview(swapBack: true) { refusals { code } creditTakenBack { id } givesUp { id session { id } } } } } }"""


async def previewed(person: Person, booking: str, now: str = NOW, swap_back: bool = False) -> Json:
    return data(await person.ask(PREVIEW, {"id": booking, "swapBack": swap_back}, now))["node"]["undoPreview"]


async def given_up(world: World, person: Person, client: str) -> Json:
    booking = await world.booked(await world.session(await world.course(), START), client)
    assert await previewed(person, booking) is None
    return await person.do("cancelBooking", NOW, bookingId=booking)


async def spent(world: World, person: Person, client: str) -> str:
    given = {"sessionId": await world.session(None, TARGET), "clientId": client}
    return (await person.do("bookWithMakeUp", NOW, **given))["booking"]["id"]


async def test_c5_an_undo_is_shown_before_done_once_and_answered_alike(world: World) -> None:
    person, client = await world.person()
    cancelled = await given_up(world, person, client)
    booking, credit = cancelled["booking"]["id"], cancelled["credit"]["id"]
    shown = await previewed(person, booking)
    assert shown == {"refusals": [], "creditTakenBack": {"id": credit, "state": "ACTIVE"}, "givesUp": None}

    once = {"bookingId": booking, "idempotencyKey": unique("key")}
    undone = await person.do("undoCancellation", NOW, **once)

    assert undone["booking"]["status"] == "BOOKED"
    assert (undone["booking"]["outcome"], undone["booking"]["whyNotEarned"]) == (None, [])
    assert (undone["booking"]["earnedCredit"], undone["booking"]["cancelledAt"]) == (None, None)
    assert undone["session"]["seatsLeft"] == 9
    assert (undone["creditTakenBack"]["id"], undone["creditTakenBack"]["state"]) == (credit, "UNDONE")
    assert [line["kind"] for line in undone["creditTakenBack"]["ledger"]] == ["ISSUED", "UNDONE"]
    assert undone["givenUp"] is None
    assert await person.do("undoCancellation", NOW, **once) == undone
    assert codes(await person.do("undoCancellation", NOW, bookingId=booking)) == ["NOT_CANCELLED"]
    assert await previewed(person, booking) is None


async def test_c5_an_app_can_ask_which_seat_swapping_back_gives_up(world: World) -> None:
    person, client = await world.person()
    cancelled = await given_up(world, person, client)
    booking, make_up = cancelled["booking"]["id"], await spent(world, person, client)

    shown = await previewed(person, booking)
    (reason,) = shown["refusals"]
    assert (reason["code"], reason["fixableBy"]) == ("CREDIT_USED", "CLIENT")
    assert "swapBack" in reason["message"]
    assert (shown["creditTakenBack"], shown["givesUp"]["id"]) == (None, make_up)
    assert shown["givesUp"]["session"]["startsAt"] == TARGET
    swapping = await previewed(person, booking, swap_back=True)
    assert (swapping["refusals"], swapping["givesUp"]) == ([], shown["givesUp"])
    assert swapping["creditTakenBack"]["id"] == cancelled["credit"]["id"]

    assert codes(await person.do("undoCancellation", NOW, bookingId=booking)) == ["CREDIT_USED"]
    undone = await person.do("undoCancellation", NOW, bookingId=booking, swapBack=True)

    assert undone["creditTakenBack"]["state"] == "UNDONE"
    kinds = [line["kind"] for line in undone["creditTakenBack"]["ledger"]]
    assert kinds == ["ISSUED", "REDEEMED", "RESTORED", "UNDONE"]
    assert (undone["givenUp"]["id"], undone["givenUp"]["status"]) == (make_up, "CANCELLED")
    assert undone["givenUp"]["outcome"] == "CREDIT_RETURNED"


@pytest.mark.parametrize(("now", "in_time"), [(TARGETS_DEADLINE, True), ("2026-12-11T17:00:00.000001Z", False)])
async def test_c5_what_is_not_in_time_any_more_is_not_offered(world: World, now: str, in_time: bool) -> None:
    person, client = await world.person()
    booking = (await given_up(world, person, client))["booking"]["id"]
    await spent(world, person, client)

    shown = await previewed(person, booking, now)

    assert (shown["givesUp"] is not None) is in_time
    assert [reason["fixableBy"] for reason in shown["refusals"]] == ["CLIENT" if in_time else "STAFF"]
    undone = await person.do("undoCancellation", now, bookingId=booking, swapBack=True)
    assert undone["__typename"] == ("CancellationUndone" if in_time else "Refused")


async def test_a1_a_sibling_s_seat_is_shown_only_to_whoever_may_give_it_up(world: World) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    sibling, (bob, _) = await world.client(person, "Eva"), await world.person("Bob")
    booking = (await given_up(world, person, client))["booking"]["id"]
    make_up = await spent(world, person, sibling)
    assert (await previewed(person, booking))["givesUp"]["id"] == make_up

    await world.owner.do("linkClient", NOW, clientId=sibling, email=bob.email)

    assert (await previewed(person, booking))["givesUp"] is None
    assert (await previewed(world.owner, booking))["givesUp"]["id"] == make_up
    refused = await person.do("undoCancellation", NOW, bookingId=booking, swapBack=True)
    assert codes(refused) == ["CREDIT_USED"]


async def test_c5_p1_another_booking_than_the_one_shown_is_given_up_only_once_it_was_shown(world: World) -> None:
    person, client = await world.person()
    booking = (await given_up(world, person, client))["booking"]["id"]
    shown = await spent(world, person, client)
    assert (await previewed(person, booking, swap_back=True))["givesUp"]["id"] == shown
    other = await person.do("swapSession", NOW, bookingId=shown, sessionId=await world.session(None, TARGET))
    as_shown = {"bookingId": booking, "swapBack": True, "givesUp": shown}

    refused = await person.do("undoCancellation", NOW, **as_shown)

    assert codes(refused) == ["OUTCOME_CHANGED"]
    shown = (await previewed(person, booking, swap_back=True))["givesUp"]["id"]
    assert shown == other["booking"]["id"]
    undone = await person.do("undoCancellation", NOW, **{**as_shown, "givesUp": shown})
    assert undone["givenUp"]["id"] == shown


STRANGERS = ["CREDIT_OF_OTHER_CLIENT"]


async def test_a1_r8_a_credit_that_another_account_has_now_is_not_described(world: World) -> None:
    """Neither before nor by the acts; siblings are told of it as of their own."""
    guards = {"priceGuard": "SAME_OR_LOWER", "categoryGuard": "SAME_CATEGORY", "expiryMeans": "ATTEND_BY"}
    await world.policy(creditScope="SAME_ACCOUNT", **guards)
    person, client = await world.person()
    sibling, (bob, _) = await world.client(person, "Eva"), await world.person("Bob")
    missed = await world.booked(await world.session(await world.course(category="Yoga"), START), sibling)
    (credit,) = [(await person.do("cancelBooking", NOW, bookingId=missed))["credit"]["id"]]
    in_yoga = await world.session(await world.course(category="Yoga", singleSessionPrice=1), "2026-12-01T17:00:00Z")
    booked = await person.do("bookWithMakeUp", NOW, sessionId=in_yoga, clientId=client, creditId=credit)
    make_up = booked["booking"]["id"]
    dance = await world.course(category="Dance", singleSessionPrice=100_000)
    wanted = {"bookingId": make_up, "sessionId": await world.session(dance, "2027-02-01T17:00:00Z")}

    siblings = codes(await person.do("swapSession", NOW, **wanted))
    await world.owner.do("linkClient", NOW, clientId=sibling, email=bob.email)

    assert siblings == ["STARTS_AFTER_EXPIRY", "PRICE_ABOVE_CREDIT", "CATEGORY_MISMATCH"]
    asked = {"session": wanted["sessionId"], "booking": make_up}
    eligibility = data(await person.ask(ELIGIBILITY, asked, NOW))["node"]["swapEligibility"]["reasons"]
    assert [reason["code"] for reason in eligibility] == STRANGERS
    assert codes(await person.do("swapSession", NOW, **wanted)) == STRANGERS
    await person.do("cancelBooking", NOW, bookingId=make_up)
    revoked = revocation(world, credit).given
    for now in (NOW, "2026-12-01T16:00:00Z"):
        shown = await previewed(person, make_up, now)
        assert [reason["code"] for reason in shown["refusals"]] == STRANGERS
        assert codes(await person.do("undoCancellation", now, bookingId=make_up)) == STRANGERS
        if now == NOW:
            await world.owner.do("revokeMakeUps", NOW, **revoked)


async def test_c5_a_make_up_that_is_wanted_back_is_paid_with_its_credit_again(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    make_up = await spent(world, person, client)
    await person.do("cancelBooking", NOW, bookingId=make_up)
    assert (await previewed(person, make_up)) == {"refusals": [], "creditTakenBack": None, "givesUp": None}

    undone = await person.do("undoCancellation", NOW, bookingId=make_up)

    assert undone["creditTakenBack"] is None
    assert (undone["booking"]["credit"]["id"], undone["booking"]["payment"]) == (credit, "PAID")


# Of a booking that is live there is no preview; and what it tells is what the act is asked to compare.
NOT_PREVIEWED = {RefusalCode.NOT_CANCELLED, RefusalCode.OUTCOME_CHANGED}
CODES = [code for mutation, code in SCENARIOS if mutation == "undoCancellation"]


@pytest.mark.parametrize("code", [code for code in CODES if code not in NOT_PREVIEWED])
@pytest.mark.parametrize("swap_back", [True, False])
async def test_c5_the_preview_refuses_as_the_act_does(world: World, code: RefusalCode, swap_back: bool) -> None:
    act = await SCENARIOS["undoCancellation", code](world)
    booking = act.given["bookingId"]

    shown = await previewed(act.by, booking, act.now, swap_back)
    result = await act.by.do("undoCancellation", act.now, bookingId=booking, swapBack=swap_back)

    told = codes(result) if result["__typename"] == "Refused" else []
    assert [reason["code"] for reason in shown["refusals"]] == told
    if not told:
        assert (code, swap_back) == (RefusalCode.CREDIT_USED, True)
        assert result["givenUp"]["id"] == shown["givesUp"]["id"]
        assert result["creditTakenBack"]["id"] == shown["creditTakenBack"]["id"]


async def test_a_page_of_previews_takes_as_many_statements_as_one(world: World) -> None:
    person, client = await world.person()
    for _ in range(6):
        await given_up(world, person, client)
        await spent(world, person, client)
    counted: list[int] = []
    for first in (2, 6):
        with statements() as sent:
            page = data(await person.ask(PAGE, {"first": first}, NOW))["bookings"]["nodes"]
        counted.append(len(sent))
        assert [node["undoPreview"]["givesUp"] is None for node in page] == [False] * first
    assert counted[0] == counted[1]

"""Eligibility as data (P2) and the whole preview (P1): what they say is what the act then does."""

from datetime import datetime
from typing import Any

import pytest

from tests.schema.counting import statements
from tests.world import Json, Person, World, codes, data, fault

NOW = "2026-11-22T17:00:00Z"
OPTIONS = """query ($client: ID, $credit: ID, $all: Boolean!, $filter: SessionFilter, $first: Int, $after: String) {
  makeUpOptions(clientId: $client, creditId: $credit, includeIneligible: $all, filter: $filter, first: $first,
    after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id startsAt makeUpEligibility(clientId: $client, creditId: $credit) {
      eligible credit { id } reasons { code availableFrom } } } } }"""
ELIGIBILITY = """query ($session: ID!, $client: ID, $credit: ID) { node(id: $session) { ... on Session {
  makeUpEligibility(clientId: $client, creditId: $credit) { eligible credit { id }
    reasons { code fixableBy availableFrom } } } } }"""
PREVIEW = """query ($id: ID!) { node(id: $id) { ... on Booking { cancellationPreview { outcome bookableSessions
  afterDeadline { outcome whyNotEarned refusals { code } } } } } }"""

PREVIEWS = "query ($first: Int) { bookings(first: $first) { nodes { cancellationPreview { bookableSessions } } } }"


async def options(person: Person, *, every: bool = False, now: str = NOW, **given: Any) -> Json:
    asked = await person.ask(OPTIONS, {"all": every, **given}, now)
    return data(asked)["makeUpOptions"]


async def eligibility(person: Person, session: str, now: str = NOW, **given: str) -> Json:
    asked = await person.ask(ELIGIBILITY, {"session": session, **given}, now)
    return data(asked)["node"]["makeUpEligibility"]


async def preview(person: Person, booking: str, now: str = NOW) -> Json:
    return data(await person.ask(PREVIEW, {"id": booking}, now))["node"]["cancellationPreview"]


async def sessions_of_every_kind(world: World, client: str) -> list[str]:
    """Some that a credit can book, and one for each rule that can say no."""
    both, whole = await world.course(), await world.course(singleSessionPrice=None)
    closed = await world.course(acceptsMakeUps=False)
    full = await world.session(None, "2026-12-01T17:00:00Z", capacity=1)
    await world.booked(full, await world.client())
    booked = await world.session(both, "2026-12-02T17:00:00Z")
    await world.booked(booked, client)
    return [
        full,
        booked,
        await world.session(both, "2026-11-20T17:00:00Z"),
        await world.session(both, "2026-11-22T17:00:00Z"),
        await world.session(both, "2026-11-22T17:00:00.000001Z", "2026-11-22T18:00:00Z"),
        await world.session(both, "2026-12-03T17:00:00Z"),
        await world.session(both, "2026-12-04T17:00:00Z", acceptsMakeUps=False),
        await world.session(closed, "2026-12-05T17:00:00Z"),
        await world.session(closed, "2026-12-06T17:00:00Z", acceptsMakeUps=True),
        await world.session(whole, "2026-12-07T17:00:00Z"),
        await world.session(None, "2026-12-08T17:00:00Z", acceptsMakeUps=False),
        await world.session(None, "2027-02-20T22:59:59Z", "2027-02-20T23:30:00Z"),
        await world.session(None, "2027-02-20T23:00:00Z", "2027-02-20T23:30:00Z"),
        await world.archive(await world.session(None, "2026-12-09T17:00:00Z")),
        await a_session_of_an_archived_course(world),
    ]


async def a_session_of_an_archived_course(world: World) -> str:
    """With a seat taken, so that it takes place."""
    course = await world.course()
    session = await world.session(course, "2026-12-10T17:00:00Z")
    await world.booked(session, await world.client())
    await world.archive(course)
    return session


async def test_what_it_says_of_each_session_is_what_booking_then_answers(world: World) -> None:
    person, client = await world.person()
    sessions = await sessions_of_every_kind(world, client)
    await world.granted(client, len(sessions))
    said = {session: await eligibility(person, session) for session in sessions}

    for session, told in said.items():
        result = await person.do("bookWithMakeUp", NOW, sessionId=session, clientId=client)
        if told["eligible"]:
            assert result["__typename"] == "MakeUpBooked"
            assert told["reasons"] == []
        else:
            assert codes(result) == [reason["code"] for reason in told["reasons"]]
    assert {told["eligible"] for told in said.values()} == {True, False}


async def test_the_options_are_the_sessions_that_each_say_they_are_eligible(world: World) -> None:
    person, client = await world.person()
    await sessions_of_every_kind(world, client)
    (credit,) = await world.granted(client)

    either: list[Json] = [{"client": client}, {"credit": credit}]
    for given in either:
        every = await options(person, every=True, **given)
        only = await options(person, **given)
        eligible = [node for node in every["nodes"] if node["makeUpEligibility"]["eligible"]]
        assert only["nodes"] == eligible
        assert only["totalCount"] == len(eligible) == 4
        assert (
            every["totalCount"] == 12
        )  # all but the two that have started, one of them just now, and the archived one
        starts = [datetime.fromisoformat(node["startsAt"]) for node in every["nodes"]]
        assert starts == sorted(starts)
        assert all(node["makeUpEligibility"]["credit"]["id"] == credit for node in only["nodes"])


@pytest.mark.parametrize("kind", ["none", "expired", "guest", "only the missed session"])
async def test_who_has_nothing_to_pay_with_has_no_options_and_is_told_why(world: World, kind: str) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    now, asks, code = NOW, person, "NO_ELIGIBLE_CREDIT"
    if kind == "expired":
        await world.granted(client, validity={"expiresOn": "2026-11-30"})
        now = "2026-11-30T23:00:00Z"
    elif kind == "guest":
        asks, client, code = world.owner, await world.client(), "ACCOUNT_REQUIRED"
        await world.granted(client)
    elif kind == "only the missed session":
        await person.do("cancelBooking", NOW, bookingId=await world.booked(session, client))

    assert (await options(asks, now=now, client=client))["totalCount"] == 0
    (node,) = (await options(asks, every=True, now=now, client=client))["nodes"]
    assert node["id"] == session
    assert [reason["code"] for reason in node["makeUpEligibility"]["reasons"]] == [code]


async def test_a_session_too_far_ahead_says_from_when_it_can_be_booked(world: World) -> None:
    person, client = await world.person()
    await world.granted(client)
    session = await world.session(None, "2027-02-21T09:00:00Z")
    told = await eligibility(person, session)
    assert told["reasons"] == [{"code": "TOO_FAR_AHEAD", "fixableBy": "TIME", "availableFrom": "2026-11-22T23:00:00Z"}]
    assert not (await eligibility(person, session, "2026-11-22T22:59:59.999999Z"))["eligible"]
    assert (await eligibility(person, session, "2026-11-22T23:00:00Z"))["eligible"]


async def test_options_are_paged_and_filtered(world: World) -> None:
    person, client = await world.person()
    await world.granted(client)
    course = await world.course()
    mine = [await world.session(course, f"2026-12-{day:02}T17:00:00Z") for day in range(1, 6)]
    await world.session(None, "2026-12-02T10:00:00Z")
    wanted = {"client": client, "filter": {"courseId": course, "startsUntil": "2026-12-05T00:00:00Z"}, "first": 3}

    page = await options(person, **wanted)
    rest = await options(person, **wanted, after=page["pageInfo"]["endCursor"])

    assert [node["id"] for node in page["nodes"]] == mine[:3]
    assert page["pageInfo"]["hasNextPage"]
    assert [node["id"] for node in rest["nodes"]] == mine[3:4]
    other = await person.ask(
        OPTIONS, {"client": client, "all": True, "first": 3, "after": page["pageInfo"]["endCursor"]}, NOW
    )
    assert fault(other) == "BAD_USER_INPUT"


async def test_strangers_learn_nothing_and_anonymous_visitors_must_sign_in(world: World) -> None:
    _, client = await world.person()
    (credit,) = await world.granted(client)
    session = await world.session(None, "2026-12-01T17:00:00Z")
    stranger, _ = await world.person("Eva")

    for given in ({"client": client}, {"credit": credit}):
        assert fault(await stranger.ask(OPTIONS, {"all": False, **given}, NOW)) == "NOT_FOUND"
        assert fault(await stranger.ask(ELIGIBILITY, {"session": session, **given}, NOW)) == "NOT_FOUND"
        anonymous = await world.api.answer(OPTIONS, {"all": False, **given}, token=None, now=NOW)
        assert fault(anonymous) == "UNAUTHENTICATED"
    assert fault(await stranger.ask(OPTIONS, {"all": False}, NOW)) == "BAD_USER_INPUT"


async def test_the_preview_counts_what_its_credit_can_book_and_tells_what_waiting_would_bring(world: World) -> None:
    person, client = await world.person()
    sessions = await sessions_of_every_kind(world, client)
    booking = await world.booked(sessions[5], client)

    said = await preview(person, booking)
    assert said == {
        "outcome": "CREDIT",
        "bookableSessions": 3,
        "afterDeadline": {"outcome": "NOTHING", "whyNotEarned": ["AFTER_DEADLINE"], "refusals": []},
    }
    cancelled = await person.do("cancelBooking", NOW, bookingId=booking)
    after = await options(person, credit=cancelled["credit"]["id"])
    assert after["totalCount"] == said["bookableSessions"]


async def test_after_the_deadline_the_preview_has_no_later_and_a_studio_that_blocks_says_so_before(
    world: World,
) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-11-24T17:00:00Z")
    booking = await world.booked(session, client)
    await world.policy(lateCancellation="BLOCK")

    at_deadline = await preview(person, booking, "2026-11-23T17:00:00Z")
    assert [reason["code"] for reason in at_deadline["afterDeadline"]["refusals"]] == ["LATE_CANCELLATION_BLOCKED"]
    late = await preview(person, booking, "2026-11-23T17:00:00.000001Z")
    assert late["afterDeadline"] is None
    assert late["bookableSessions"] == 0


async def test_a_returned_credit_is_counted_as_it_would_be_then(world: World) -> None:
    person, client = await world.person()
    await world.granted(client, validity={"expiresOn": "2026-11-30"})
    target = await world.session(None, "2026-12-13T17:00:00Z")
    await world.session(None, "2026-12-14T17:00:00Z")
    booked = await person.do("bookWithMakeUp", NOW, sessionId=target)
    booking = booked["booking"]["id"]

    assert (await preview(person, booking))["bookableSessions"] == 1
    assert (await preview(person, booking, "2026-11-30T22:59:59Z"))["bookableSessions"] == 1
    expired = await preview(person, booking, "2026-11-30T23:00:00Z")
    assert (expired["outcome"], expired["bookableSessions"]) == ("CREDIT_RETURNED", 0)


async def test_a_page_with_its_eligibilities_takes_as_many_statements_whatever_its_size(world: World) -> None:
    person, client = await world.person()
    await world.granted(client, 3)
    course = await world.course()
    for day in range(1, 11):
        await world.session(course, f"2026-12-{day:02}T17:00:00Z")
    taken: list[int] = []
    for size in (2, 10):
        with statements() as sent:
            page = await options(person, client=client, first=size)
        assert len(page["nodes"]) == size
        taken.append(len(sent))
    assert taken[0] == taken[1] <= 9


async def test_a_page_of_previews_sends_as_much_whatever_its_size_and_whatever_its_credits_ask(world: World) -> None:
    await world.policy(expiryMeans="ATTEND_BY", neverBeforeMissedSession={"limit": 1})
    person, client = await world.person()
    course = await world.course()
    for day in range(1, 11):
        await world.booked(await world.session(course, f"2026-12-{day:02}T17:00:00Z"), client)
        await world.session(course, f"2026-12-{day:02}T18:00:00Z")
    taken: list[tuple[int, str]] = []
    for size in (2, 10):
        with statements() as sent:
            page = data(await person.ask(PREVIEWS, {"first": size}, NOW))["bookings"]["nodes"]
        taken.append((len(sent), max(sent, key=len)))

    # Until 6 December, two weeks from now, or until the day after the session that is given up.
    counts = [node["cancellationPreview"]["bookableSessions"] for node in page]
    assert counts == [6, 6, 6, 6, 6, 7, 8, 9, 10, 10]
    assert taken[0] == taken[1]

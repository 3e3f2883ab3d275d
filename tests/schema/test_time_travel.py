"""Time travel: a request's own now, and the refusal to rewrite what came after it."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa

from persistence import tables as t
from persistence.database import Database
from tests.schema.counting import written
from tests.world import PASSWORD, Api, Json, Person, World, codes, data, fault, unique

EARLIER, LATER = "2026-11-22T17:00:00Z", "2026-11-25T17:00:00Z"
STATE = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state } } }"


async def test_the_header_is_the_servers_now(world: World) -> None:
    asked = await world.owner.ask("{ serverTime }", now="2026-11-22T18:00:00.5+01:00")
    assert data(asked)["serverTime"] == "2026-11-22T17:00:00.500000Z"


async def test_without_the_header_now_is_the_real_clock(world: World) -> None:
    before = datetime.now(UTC)
    said = datetime.fromisoformat(data(await world.owner.ask("{ serverTime }"))["serverTime"])
    assert before <= said <= datetime.now(UTC)


async def test_the_answer_is_never_stored(http: httpx.AsyncClient) -> None:
    answer = await http.post("/graphql", json={"query": "{ serverTime }"}, headers={"Encore-Now": EARLIER})
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("now", ["yesterday", "2026-11-22", "2026-11-22T17:00:00", "", "1999-12-31T23:59:59Z"])
async def test_a_wrong_value_is_told_and_nothing_is_done(world: World, database: Database, now: str) -> None:
    async with written(database) as rows:
        answer = await world.owner.act("createClient", now, studioId=world.studio, name="Ana")
    assert fault(answer) == "BAD_USER_INPUT"
    assert "Encore-Now" in answer["errors"][0]["message"]
    assert rows == {}


async def test_a_credits_state_is_that_of_the_requests_now(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client, validity={"expiresOn": "2026-11-24"})
    for now, state in (("2026-11-24T22:59:59.999999Z", "ACTIVE"), ("2026-11-24T23:00:00Z", "EXPIRED")):
        assert data(await person.ask(STATE, {"id": credit}, now))["node"]["state"] == state


async def test_the_same_act_is_decided_by_the_requests_now(world: World) -> None:
    person, _ = await world.person()
    session = await world.session(None, "2026-12-13T17:00:00Z")
    late = await person.do("bookSession", "2026-12-13T17:00:00Z", sessionId=session)
    assert codes(late) == ["SESSION_STARTED"]
    in_time = await person.do("bookSession", "2026-12-13T16:59:59.999999Z", sessionId=session)
    assert in_time["booking"]["bookedAt"] == "2026-12-13T16:59:59.999999Z"


async def go_on(world: World, client: str, touched: str) -> tuple[Person, str, Json]:
    """Changes something at a later instant; answers an act on it, which would be right by then."""
    owner, person = world.owner, await Person.signed_up(world.api)
    await owner.do("linkClient", world.beginning, clientId=client, email=person.email)
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    booking = await world.booked(session, client)
    match touched:
        case "session":
            await owner.do("bookSession", LATER, sessionId=session, clientId=await world.client(), payment="PAID")
        case "booking":
            await owner.do("markPaid", LATER, bookingId=booking, payment="WAIVED")
        case "policy":
            await owner.do("updateStudioPolicy", LATER, studioId=world.studio, maxDaysAhead=30)
        case "client":
            await owner.do("linkClient", LATER, clientId=client, email=(await Person.signed_up(world.api)).email)
            return owner, "cancelBooking", {"bookingId": booking}
        case "enrolment":
            course = await world.course()
            await world.session(course, "2026-12-14T17:00:00Z")
            enrolled = await world.enrolled(course, client, "DUE")
            await owner.do("markPaid", LATER, enrolmentId=enrolled["enrolment"]["id"])
            return person, "cancelBooking", {"bookingId": enrolled["bookings"][0]["id"]}
        case "credit":
            (credit,) = await world.granted(client)
            other = await world.session(None, "2026-12-14T17:00:00Z")
            spent = await person.do("bookWithMakeUp", LATER, sessionId=other, creditId=credit)
            await person.do("cancelBooking", LATER, bookingId=spent["booking"]["id"])
            return person, "bookWithMakeUp", {"sessionId": session, "creditId": credit}
        case _:
            given = {"studioId": world.studio, "name": "New", "singleSessionPrice": 1, "acceptsMakeUps": True}
            made = await owner.do("createCourse", LATER, **given)
            planned = {"startsAt": "2026-12-15T17:00:00Z", "endsAt": "2026-12-15T18:00:00Z", "capacity": 1}
            return (
                owner,
                "createSession",
                {"studioId": world.studio, "courseId": made["course"]["id"], **planned},
            )
    return person, "cancelBooking", {"bookingId": booking}


@pytest.mark.parametrize("touched", ["session", "booking", "credit", "policy", "client", "enrolment", "course"])
async def test_going_back_before_an_act_on_the_same_rows_is_refused_and_writes_nothing(
    world: World, database: Database, touched: str
) -> None:
    who, mutation, given = await go_on(world, await world.client(), touched)
    async with written(database) as rows:
        refused = await who.act(mutation, EARLIER, **given)
    assert fault(refused) == "TIME_WENT_BACKWARDS"
    assert rows == {}
    answer = await who.act(mutation, LATER, **given)
    assert data(answer)["result"] is not None


async def test_the_past_of_other_rows_stays_open(world: World) -> None:
    person, _ = await world.person()
    first, second = [await world.session(None, f"2026-12-1{day}T17:00:00Z") for day in (1, 2)]
    await person.do("bookSession", LATER, sessionId=first)
    assert (await person.do("bookSession", EARLIER, sessionId=second))["__typename"] == "SessionBooked"


async def test_a_token_lives_by_the_real_clock(api: Api, world: World) -> None:
    far = (datetime.now(UTC) + timedelta(days=3650)).isoformat()
    assert data(await world.owner.ask("{ viewer { account { email } } }", now=far))["viewer"] is not None
    document = """mutation ($input: SignUpInput!) { signUp(input: $input) { ... on SignedUp {
      accessToken accessTokenExpiresAt account { createdAt } } } }"""
    given = {
        "email": f"{unique('far')}@example.com",
        "password": PASSWORD,
        "name": "F",
        "idempotencyKey": unique("key"),
    }
    made = data(await api.answer(document, {"input": given}, token=None, now="2099-01-01T00:00:00Z"))["signUp"]
    assert made["account"]["createdAt"] == "2099-01-01T00:00:00Z"
    assert datetime.fromisoformat(made["accessTokenExpiresAt"]) < datetime.now(UTC) + timedelta(days=365)
    viewer = await api.answer("{ viewer { account { name } } }", token=made["accessToken"], now=None)
    assert data(viewer)["viewer"]["account"]["name"] == "F"


async def test_a_replay_is_known_whatever_instant_it_travels_to(world: World) -> None:
    person, _ = await world.person()
    session = await world.session(None, "2026-12-13T17:00:00Z")
    first = await person.act("bookSession", LATER, sessionId=session, idempotencyKey="once")
    for now in (EARLIER, "2026-12-25T17:00:00Z"):
        again = await person.act("bookSession", now, sessionId=session, idempotencyKey="once")
        assert again["data"] == first["data"]
        assert again["extensions"]["idempotency"]["replayed"]


async def test_keys_are_kept_by_the_real_clock(world: World, database: Database) -> None:
    keys, before = t.idempotency_keys.c, datetime.now(UTC)
    key = unique("key")
    await world.owner.do("createClient", "2099-01-01T00:00:00Z", studioId=world.studio, name="A", idempotencyKey=key)
    async with database.reading() as connection:
        used_at = (await connection.execute(sa.select(keys.used_at).where(keys.key == key))).scalar_one()
    assert before <= used_at <= datetime.now(UTC)


@pytest.mark.parametrize("act", ["updateStudioPolicy", "markPaid", "linkClient"])
async def test_what_an_act_was_decided_by_cannot_be_changed_before_it(
    world: World, database: Database, act: str
) -> None:
    person, client = await world.person()
    course = await world.course()
    await world.session(course, "2026-12-13T17:00:00Z")
    enrolled = await world.owner.do("enrolClient", world.beginning, courseId=course, clientId=client, payment="PAID")
    await person.do("cancelBooking", LATER, bookingId=enrolled["bookings"][0]["id"])
    given: Json = {
        "updateStudioPolicy": {"studioId": world.studio, "makeUpsEnabled": False},
        "markPaid": {"enrolmentId": enrolled["enrolment"]["id"], "payment": "DUE"},
        "linkClient": {"clientId": client, "email": world.owner.email},
    }[act]

    async with written(database) as rows:
        assert fault(await world.owner.act(act, EARLIER, **given)) == "TIME_WENT_BACKWARDS"
    assert rows == {}
    assert "errors" not in await world.owner.act(act, LATER, **given)


async def test_nothing_happens_at_a_studio_before_it_was_founded_nor_by_staff_before_they_were_added(
    world: World,
) -> None:
    course = {"studioId": world.studio, "name": "Yoga", "singleSessionPrice": 1, "acceptsMakeUps": True}
    before = "2026-11-01T07:59:59Z"
    assert fault(await world.owner.act("createCourse", before, **course)) == "TIME_WENT_BACKWARDS"
    person, _ = await world.person()
    invited = await world.invited(person.email, "MANAGER", "Eva", EARLIER)
    await person.do("acceptInvitation", LATER, code=invited["code"])
    assert fault(await person.act("createCourse", EARLIER, **course)) == "TIME_WENT_BACKWARDS"
    assert "errors" not in await person.act("createCourse", LATER, **course)


async def test_the_best_credit_is_not_chosen_as_if_one_spent_later_had_never_been_there(world: World) -> None:
    person, client = await world.person()
    (first,) = await world.granted(client, validity={"expiresOn": "2026-12-06"})
    await world.granted(client, validity={"expiresOn": "2026-12-10"})
    sessions = [await world.session(None, f"2026-12-0{day}T17:00:00Z") for day in (1, 2)]
    await person.do("bookWithMakeUp", LATER, sessionId=sessions[0], creditId=first)
    assert fault(await person.act("bookWithMakeUp", EARLIER, sessionId=sessions[1])) == "TIME_WENT_BACKWARDS"


async def test_a_stranger_learns_nothing_of_the_times_of_anothers_credit(world: World) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client, now=LATER)
    stranger, _ = await world.person("Eva")
    session = await world.session(None, "2026-12-13T17:00:00Z")
    answer = await stranger.act("bookWithMakeUp", EARLIER, sessionId=session, creditId=credit)
    assert fault(answer) == "NOT_FOUND"
    assert (
        fault(await person.act("bookWithMakeUp", EARLIER, sessionId=session, creditId=credit)) == "TIME_WENT_BACKWARDS"
    )

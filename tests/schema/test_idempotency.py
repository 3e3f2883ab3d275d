"""Idempotency: the same key and input act once and get the same answer; the same key with other input is a fault."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from persistence.database import Database
from schema.ids import Kind, encode
from tests.ids import ref
from tests.schema.counting import written
from tests.schema.examples import EXAMPLES, a_booking, by, changed
from tests.schema.stage import Stage
from tests.schema.things import another
from tests.world import PASSWORD, Json, Person, World, codes, data, fault, unique

HAVE_NO_OTHER_INPUT = {"deleteAccount"}
"""The password is no part of it: what was answered before is all that a deleted account is answered."""
OTHERS: dict[str, tuple[tuple[str, ...], Any]] = {
    "signUp": (("name",), "Another"),
    "createStudio": (("ownerName",), None),
    "updateStudioPolicy": (("makeUpsEnabled",), None),
    "updateStudio": (("archived",), True),
    "updateCourse": (("wholeCoursePrice",), None),
    "updateSession": (("instructorId",), None),
    "moveSession": (("endsAt",), "2026-12-20T18:30:01Z"),
    "markAttendance": (("marks", "attendance"), "EXCUSED"),
    "updateClient": (("archived",), False),
    "endEnrolment": (("enrolmentId",), another),
    "cancelSession": (("compensation",), "NONE"),
    "cancelCourseSessions": (("from",), None),
    "inviteStaff": (("role",), "MANAGER"),
    "withdrawInvitation": (("invitationId",), another),
    "acceptInvitation": (("displayName",), "Another"),
    "updateStaff": (("role",), "OWNER"),
    "removeStaff": (("staffId",), another),
    "updateCoursePolicy": (("freedSeatsOnly",), None),
    "updateSessionPolicy": (("extraMakeUpSeats",), None),
    "createCourse": (("policy", "makeUpsEnabled"), False),
    "createSession": (("endsAt",), "2026-12-15T18:00:01Z"),
    "createClient": (("name",), "Ida"),
    "linkClient": (("email",), "another@example.com"),
    "enrolClient": (("except",), []),
    "bookSession": (("payment",), "WAIVED"),
    "bookWithMakeUp": (("creditId",), None),
    "cancelBooking": (("expect", "expiresOn"), None),
    "cancelBookings": (("expect", "expiresOn"), None),
    "undoCancellation": (("swapBack",), False),
    "swapSession": (("sessionId",), another),
    "joinWaitlist": (("creditId",), None),
    "leaveWaitlist": (("entryId",), another),
    "claimSeat": (("entryId",), another),
    "markPaid": (("payment",), "WAIVED"),
    "grantMakeUp": (("validity",), {"never": True}),
    "extendMakeUps": (("expiry",), {"never": True}),
    "revokeMakeUps": (("reason",), "REFUNDED"),
}
"""For each mutation one field of the example, set to something else, or to something made of it."""


OF_A_STUDIO = [name for name in OTHERS if name not in ("signUp", "createStudio", "acceptInvitation")]
"""Those whose input names a thing by an id."""


def told_to_be_a_replay(answer: Json) -> bool:
    return answer.get("extensions", {}).get("idempotency") == {"replayed": True, "fields": ["result"]}


def test_every_mutation_with_a_key_is_under_test() -> None:
    assert set(OTHERS) == set(EXAMPLES) - {"signIn"} - HAVE_NO_OTHER_INPUT


@pytest.mark.parametrize("mutation", OTHERS)
async def test_an_act_sent_twice_is_done_once_and_answered_alike(
    stage: Stage, database: Database, mutation: str
) -> None:
    given, key = await EXAMPLES[mutation](stage), unique("key")
    async with written(database) as rows:
        first = await stage.act(by(mutation), mutation, given, key)
    assert rows
    assert data(first)["result"]["__typename"] != "Refused"
    assert "extensions" not in first
    async with written(database) as rows:
        second = await stage.act(by(mutation), mutation, given, key)
    assert rows == {}
    assert told_to_be_a_replay(second)
    # A token is made anew each time, and holds the second at which it was.
    assert without_token(second) == without_token(first)

    path, value = OTHERS[mutation]
    other = changed(given, path, value(given[path[0]]) if callable(value) else value)
    assert other != given
    async with written(database) as rows:
        answer = await stage.act(by(mutation), mutation, other, key)
    assert fault(answer) == "IDEMPOTENCY_KEY_REUSED"
    assert rows == {}


def without_token(answer: Json) -> Json:
    result = data(answer)["result"]
    return {name: value for name, value in result.items() if name != "accessToken"}


@pytest.mark.parametrize("mutation", [name for name in OTHERS if name not in ("signUp", "acceptInvitation")])
async def test_another_account_may_use_the_same_key(stage: Stage, mutation: str) -> None:
    key, (other, _) = unique("key"), await stage.world.staff("OWNER", "Max")
    for person in (stage.world.owner, other):
        answer = await person.act(mutation, stage.now, **{"idempotencyKey": key, **await EXAMPLES[mutation](stage)})
        assert data(answer)["result"]["__typename"] != "Refused"
        assert "extensions" not in answer


async def test_one_key_serves_any_number_of_mutations_and_of_studios(stage: Stage) -> None:
    key, owner = unique("key"), stage.world.owner
    other = data(await stage.act("owner", "createStudio", await EXAMPLES["createStudio"](stage), key))
    for studio in (stage.things.studio, other["result"]["studio"]["id"]):
        for mutation, given in (
            ("createClient", {"name": "Ana"}),
            ("createCourse", {"name": "Yoga", "wholeCoursePrice": 1, "acceptsMakeUps": True}),
        ):
            answer = await owner.act(mutation, stage.now, idempotencyKey=key, studioId=studio, **given)
            assert data(answer)["result"]["__typename"] != "Refused"
            assert "extensions" not in answer


async def test_signing_up_twice_needs_the_same_password_too(stage: Stage, database: Database) -> None:
    given, key = await EXAMPLES["signUp"](stage), unique("key")
    first = data(await stage.act("anonymous", "signUp", given, key))["result"]
    async with written(database) as rows:
        guess = await stage.act("anonymous", "signUp", {**given, "password": f"{PASSWORD}!"}, key)
        again = await stage.act("anonymous", "signUp", given, key)
    assert fault(guess) == "IDEMPOTENCY_KEY_REUSED"
    assert data(again)["result"]["account"] == first["account"]
    viewer = await stage.api.answer(
        "{ viewer { account { id } } }", token=data(again)["result"]["accessToken"], now=stage.now
    )
    assert data(viewer)["viewer"]["account"]["id"] == first["account"]["id"]
    assert rows == {}


async def test_people_who_sign_up_with_the_same_key_never_meet(stage: Stage) -> None:
    key, accounts = unique("key"), set[str]()
    for _ in range(2):
        answer = await stage.act("anonymous", "signUp", await EXAMPLES["signUp"](stage), key)
        accounts.add(data(answer)["result"]["account"]["id"])
        assert "extensions" not in answer
    assert len(accounts) == 2


async def test_a_replay_answers_what_it_is_asked_this_time(stage: Stage) -> None:
    booking, key = await a_booking(stage), unique("key")
    given = {"input": {"bookingId": booking, "idempotencyKey": key}}
    document = "mutation ($input: CancelBookingInput!) { %s: cancelBooking(input: $input) { %s } }"
    short = await stage.ask("client", document % ("a", "__typename"), given)
    long = await stage.ask(
        "client", document % ("b", "... on BookingCancelled { credit { expiresOn ledger { kind } } }"), given
    )
    assert data(short) == {"a": {"__typename": "BookingCancelled"}}
    assert data(long) == {"b": {"credit": {"expiresOn": "2026-11-15", "ledger": [{"kind": "ISSUED"}]}}}
    assert long["extensions"]["idempotency"] == {"replayed": True, "fields": ["b"]}


async def test_a_key_used_twice_in_one_request_acts_once_too(stage: Stage, database: Database) -> None:
    given = {"input": {"clientId": stage.things.client, "reason": "GOODWILL", "idempotencyKey": unique("key")}}
    result = "grantMakeUp(input: $input) { ... on MakeUpGranted { credits { id } } }"
    async with written(database) as rows:
        answer = await stage.ask("owner", f"mutation ($input: GrantMakeUpInput!) {{ a: {result} b: {result} }}", given)
    assert data(answer)["a"] == data(answer)["b"]
    assert answer["extensions"]["idempotency"] == {"replayed": True, "fields": ["b"]}
    assert rows == {"events": 1, "idempotency_keys": 1, "make_up_credits": 1}


async def test_an_input_is_the_same_whatever_its_order_and_whether_defaults_are_written(stage: Stage) -> None:
    key = unique("key")
    given: Json = {"clientId": stage.things.client, "reason": "GOODWILL"}
    first = await stage.act("owner", "grantMakeUp", given, key)
    written_out = {"note": "", "worth": None, "count": 1, "validity": None, **dict(reversed(given.items()))}
    second = await stage.act("owner", "grantMakeUp", written_out, key)
    assert told_to_be_a_replay(second)
    assert data(second) == data(first)


async def test_a_setting_left_out_and_one_set_to_null_are_two_inputs(stage: Stage) -> None:
    world, key = await World.founded(stage.api), unique("key")
    given: Json = {"studioId": world.studio, "idempotencyKey": key, "maxDaysAhead": 10}
    data(await world.owner.act("updateStudioPolicy", stage.now, **given))
    answer = await world.owner.act("updateStudioPolicy", stage.now, **given, validity=None)
    assert fault(answer) == "IDEMPOTENCY_KEY_REUSED"


async def test_a_refusal_keeps_its_key_and_nothing_else(stage: Stage, database: Database) -> None:
    full = await stage.world.session(None, "2026-12-20T17:00:00Z", capacity=1)
    await stage.world.booked(full, stage.stranger_things.client)
    given, key = {"sessionId": full, "clientId": stage.things.client}, unique("key")
    async with written(database) as rows:
        first = await stage.act("client", "bookSession", given, key)
    assert codes(data(first)["result"]) == ["SESSION_FULL"]
    assert rows == {"idempotency_keys": 1}
    async with written(database) as rows:
        second = await stage.act("client", "bookSession", given, key)
    assert data(second) == data(first)
    assert told_to_be_a_replay(second)
    assert rows == {}
    assert fault(await stage.act("client", "bookSession", {"sessionId": stage.things.session}, key)) == (
        "IDEMPOTENCY_KEY_REUSED"
    )


async def test_a_refusal_stays_one_although_the_act_would_succeed_by_now(stage: Stage) -> None:
    full = await stage.world.session(None, "2026-12-20T17:00:00Z", capacity=1)
    other = await stage.world.booked(full, stage.stranger_things.client)
    key = unique("key")
    first = await stage.act("client", "bookSession", {"sessionId": full, "clientId": stage.things.client}, key)
    data(await stage.act("stranger", "cancelBooking", {"bookingId": other}))
    again = await stage.act("client", "bookSession", {"sessionId": full, "clientId": stage.things.client}, key)
    assert data(again) == data(first)
    assert codes(data(again)["result"]) == ["SESSION_FULL"]
    anew = await stage.act("client", "bookSession", {"sessionId": full, "clientId": stage.things.client})
    assert data(anew)["result"]["__typename"] == "SessionBooked"


@pytest.mark.parametrize("value", ["DATE", "INSTANT", "NUMBER", "WORD"])
async def test_a_replayed_refusal_tells_the_same_values(api: Any, value: str) -> None:
    world = await World.founded(api)
    person, client = await world.person()
    acts: dict[str, tuple[Person, str, Json]] = {
        "DATE": (
            world.owner,
            "grantMakeUp",
            {"clientId": client, "reason": "OTHER", "validity": {"expiresOn": "2026-10-31"}},
        ),
        "INSTANT": (
            person,
            "bookSession",
            {"sessionId": await world.session(None, "2026-10-20T17:00:00Z")},
        ),
        "NUMBER": (world.owner, "updateStudioPolicy", {"studioId": world.studio, "maxDaysAhead": -1}),
        "WORD": (
            person,
            "cancelBooking",
            {
                "bookingId": await world.booked(await world.session(None, "2026-12-20T17:00:00Z"), client),
                "expect": {"outcome": "CREDIT"},
            },
        ),
    }
    who, mutation, given = acts[value]
    answers = [await who.act(mutation, world.beginning, idempotencyKey="once", **given) for _ in range(2)]
    first, second = (data(answer)["result"]["reasons"] for answer in answers)
    assert second == first
    assert first[0]["actual"] is not None
    assert first[0]["required"] is not None


@pytest.mark.parametrize("mutation", OF_A_STUDIO)
async def test_a_fault_leaves_the_key_free(stage: Stage, database: Database, mutation: str) -> None:
    given, key = await EXAMPLES[mutation](stage), unique("key")
    async with written(database) as rows:
        refused = await stage.act("rival", mutation, given, key)
    assert fault(refused) in ("FORBIDDEN", "NOT_FOUND")
    assert rows == {}
    # The rival's key is a row of its own, so it must be the owner's own fault that leaves theirs free.
    wrong = changed(given, *next((path, value) for path, value in missing(stage, given)))
    assert fault(await stage.act("owner", mutation, wrong, key)) == "NOT_FOUND"
    answer = await stage.act("owner", mutation, given, key)
    assert data(answer)["result"]["__typename"] != "Refused"
    assert "extensions" not in answer


def missing(stage: Stage, given: Json) -> list[tuple[tuple[str, ...], str]]:
    """An id of the input, changed to one of another studio, or that nothing has."""
    absent = {"client": stage.foreign_things.client, "booking": stage.foreign_things.booking, "studio": "stu_1zzzzz"}
    here = ref(stage.things.course)
    kinds = {"course": Kind.COURSE, "session": Kind.SESSION, "enrolment": Kind.ENROLMENT, "entry": Kind.ENTRY}
    kinds |= {"invitation": Kind.INVITATION, "staff": Kind.STAFF}
    for noun, kind in kinds.items():
        absent[noun] = encode(kind, here.studio_id, UUID(int=1))
    return [((f"{noun}Id",), id) for noun, id in absent.items() if f"{noun}Id" in given]


@pytest.mark.parametrize("mutation", ["grantMakeUp", "signUp"])
async def test_a_key_used_many_times_at_once_acts_once(stage: Stage, database: Database, mutation: str) -> None:
    given, key = await EXAMPLES[mutation](stage), unique("key")
    async with written(database) as rows:
        answers = await asyncio.gather(*(stage.act(by(mutation), mutation, given, key) for _ in range(10)))
    assert len([answer for answer in answers if not told_to_be_a_replay(answer)]) == 1
    assert [without_token(answer) for answer in answers] == [without_token(answers[0])] * 10
    assert rows.pop("make_up_credits", 2) == 2
    assert rows.pop("accounts", 1) == 1
    assert sum(rows.values()) in (1, 3)

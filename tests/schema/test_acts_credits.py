"""Staff give credits another end (V6) and take them back (V7): one or many at once, each by itself."""

from datetime import date, datetime
from typing import Any

import pytest

from domain.issuing.granting import ThroughDate
from domain.nouns.credit import GrantReason
from domain.services.credits import GrantMakeUp, grant_make_up
from persistence.database import Database
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.schema.counting import statements, written
from tests.schema.things import another, in_no_studio
from tests.world import Json, Person, World, codes, data, fault, faults, unique

NOW = "2026-11-22T17:00:00Z"
START = "2026-12-13T17:00:00Z"
SIXTH = {"expiresOn": "2026-12-06"}
LEDGER = """query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { state expiresOn expiresAt ledger { kind at note
  expiresOn expiresAt expiresOnBefore expiresAtBefore revocationReason } } } }"""
LISTED = """query ($slug: String!, $filter: CreditFilter) { studio(slug: $slug) { makeUpCredits(filter: $filter) {
  nodes { id } } } }"""


async def extend(world: World, ids: list[str] | None = None, now: str = NOW, **given: Any) -> Json:
    which = {"credits": {"ids": ids}} if ids is not None else {}
    return await world.owner.do("extendMakeUps", now, studioId=world.studio, **which, **given)


async def revoke(world: World, ids: list[str], now: str = NOW, **given: Any) -> Json:
    given = {"reason": "MISUSE", **given}
    return await world.owner.do("revokeMakeUps", now, studioId=world.studio, credits={"ids": ids}, **given)


async def credit(person: Person, id: str, now: str = NOW) -> Json:
    return data(await person.ask(LEDGER, {"id": id}, now))["node"]


def changes(result: Json) -> list[tuple[str, bool, list[str]]]:
    """Of each credit in its order: its id, whether it changed, and the codes that say why not."""
    told = result["results"]
    assert result["changedCount"] == sum(each["changed"] for each in told)
    for each in told:
        assert {reason["creditId"] for reason in each["refusals"]} <= {each["credit"]["id"]}
    return [(each["credit"]["id"], each["changed"], [r["code"] for r in each["refusals"]]) for each in told]


async def test_v6_each_credit_is_extended_by_itself_and_the_answer_tells_of_each(
    world: World, database: Database
) -> None:
    person, client = await world.person()
    first, second, spent = await world.granted(client, 3, validity=SIXTH)
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START), creditId=spent)
    async with written(database) as rows:
        result = await extend(world, [second, spent, first, second], expiry={"addDays": 14})
    assert changes(result) == [(second, True, []), (spent, False, ["CREDIT_USED"]), (first, True, [])]
    assert rows == {"events": 2, "idempotency_keys": 1, "make_up_credits": 2}
    assert [each["credit"]["expiresOn"] for each in result["results"]] == ["2026-12-20", "2026-12-06", "2026-12-20"]
    assert result["results"][0]["credit"]["expiresAt"] == "2026-12-20T23:00:00Z"


async def test_v6_the_ledger_shows_the_old_end_and_the_new_one_to_the_client_and_the_note_to_staff(
    world: World,
) -> None:
    person, client = await world.person()
    (id,) = await world.granted(client, validity=SIXTH)
    await extend(world, [id], expiry={"never": True}, note="Closed for a week.")
    await extend(world, [id], "2026-11-23T17:00:00Z", expiry={"expiresOn": "2026-12-24"})

    seen, by_staff = [await credit(who, id, "2026-11-24T17:00:00Z") for who in (person, world.owner)]
    issued, to_never, to_christmas = seen["ledger"]
    sixth = {"expiresOnBefore": "2026-12-06", "expiresAtBefore": "2026-12-06T23:00:00Z"}
    christmas = {"expiresOn": "2026-12-24", "expiresAt": "2026-12-24T23:00:00Z"}
    nothing = {"note": None, "revocationReason": None}
    assert to_never == {"kind": "EXTENDED", "at": NOW, "expiresOn": None, "expiresAt": None, **sixth, **nothing}
    assert to_christmas == {
        "kind": "EXTENDED",
        "at": "2026-11-23T17:00:00Z",
        **christmas,
        **nothing,
        "expiresOnBefore": None,
        "expiresAtBefore": None,
    }
    assert (issued["expiresOnBefore"], issued["expiresAtBefore"]) == (None, None)
    assert [line["note"] for line in by_staff["ledger"]] == ["", "Closed for a week.", ""]
    assert {"expiresOn": seen["expiresOn"], "expiresAt": seen["expiresAt"]} == christmas


async def test_v6_the_ledger_shows_its_own_ends_of_what_waits(world: World, database: Database) -> None:
    """`addDays` counts from what staff gave it last, whatever the hold and its grace would add."""
    person, client = await world.person()
    (id,) = await world.granted(client, validity=SIXTH)
    await world.waits(await world.full(START), client, NOW, withCredit=True, creditId=id)
    for expiry in ({"expiresOn": "2026-12-01"}, {"addDays": 1}):
        await extend(world, [id], expiry=expiry)

    seen = await credit(person, id, START)
    assert [(line["kind"], line["expiresOn"], line["expiresOnBefore"]) for line in seen["ledger"]] == [
        ("ISSUED", "2026-12-06", None),
        ("HELD", "2026-12-16", None),
        ("EXTENDED", "2026-12-01", "2026-12-06"),
        ("EXTENDED", "2026-12-02", "2026-12-01"),
        ("RELEASED", "2026-12-16", None),
    ]
    assert (seen["ledger"][3]["expiresAt"], seen["ledger"][3]["expiresAtBefore"]) == (
        *("2026-12-02T23:00:00Z", "2026-12-01T23:00:00Z"),
    )
    assert (seen["state"], seen["expiresAt"]) == ("ACTIVE", "2026-12-16T17:00:00Z")
    await assert_all_hold(database, world.studio, START)


@pytest.mark.parametrize("expiry", [{"expiresOn": "2026-12-07"}, {"addDays": 1}, {"never": True}], ids=str)
async def test_v6_a_credit_that_has_expired_lives_again(world: World, expiry: Json) -> None:
    person, client = await world.person()
    (id,) = await world.granted(client, validity=SIXTH)
    now, target = "2026-12-06T23:00:00Z", await world.session(None, START)
    assert (await credit(person, id, now))["state"] == "EXPIRED"
    assert codes(await person.do("bookWithMakeUp", now, sessionId=target, creditId=id)) == ["CREDIT_EXPIRED"]

    assert changes(await extend(world, [id], now, expiry=expiry)) == [(id, True, [])]
    assert (await credit(person, id, now))["state"] == "ACTIVE"
    assert (await person.do("bookWithMakeUp", now, sessionId=target, creditId=id))["__typename"] == "MakeUpBooked"


async def test_v6_an_end_may_come_sooner_but_not_before_now(world: World, database: Database) -> None:
    (id,) = await world.granted(await world.client())
    midnight = "2026-11-22T23:00:00Z"
    async with written(database) as rows:
        refused = await extend(world, [id], midnight, expiry={"expiresOn": "2026-11-22"})
    assert rows == {"idempotency_keys": 1}
    assert codes(refused) == ["EXPIRY_IN_PAST"]
    (reason,) = refused["reasons"]
    assert (reason["actual"]["date"], reason["required"]["date"]) == ("2026-11-22", "2026-11-23")
    assert (reason["path"], reason["creditId"], reason["fixableBy"]) == (["expiry"], id, "STAFF")

    result = await extend(world, [id], "2026-11-22T22:59:59.999999Z", expiry={"expiresOn": "2026-11-22"})
    assert changes(result) == [(id, True, [])]
    assert result["results"][0]["credit"]["expiresAt"] == midnight


async def test_v6_days_are_added_to_the_end_that_each_has_even_where_that_is_past(world: World) -> None:
    now, client = "2026-12-08T12:00:00Z", await world.client()
    ends = ({"expiresOn": "2026-11-01"}, {"expiresOn": "2026-12-01"}, {"expiresOn": "2026-12-10"}, {"never": True})
    long_past, past, running, never = [(await world.granted(client, validity=end))[0] for end in ends]
    result = await extend(world, [long_past, past, running, never], now, expiry={"addDays": 7})
    assert changes(result) == [
        (long_past, False, ["EXPIRY_IN_PAST"]),
        (past, True, []),
        (running, True, []),
        (never, False, []),
    ]
    days = [each["credit"]["expiresOn"] for each in result["results"]]
    assert days == ["2026-11-01", "2026-12-08", "2026-12-17", None]


async def test_v6_what_ends_then_already_is_no_change(world: World, database: Database) -> None:
    (id,) = await world.granted(await world.client(), validity=SIXTH)
    async with written(database) as rows:
        assert changes(await extend(world, [id], expiry=SIXTH)) == [(id, False, [])]
    assert rows == {"idempotency_keys": 1}


async def test_v6_refused_where_rules_say_no_to_every_credit_with_the_reasons_of_each(
    world: World, database: Database
) -> None:
    person, client = await world.person()
    good, revoked, used = await world.granted(client, 3)
    await revoke(world, [revoked])
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START), creditId=used)
    async with written(database) as rows:
        refused = await extend(world, [used, good, revoked], expiry={"expiresOn": "2026-11-21"})
    assert rows == {"idempotency_keys": 1}
    assert [(reason["creditId"], reason["code"]) for reason in refused["reasons"]] == [
        (used, "CREDIT_USED"),
        (used, "EXPIRY_IN_PAST"),
        (good, "EXPIRY_IN_PAST"),
        (revoked, "CREDIT_REVOKED"),
        (revoked, "EXPIRY_IN_PAST"),
    ]


async def test_v7_the_client_reads_why_and_the_credit_can_be_spent_no_more(world: World, database: Database) -> None:
    person, client = await world.person()
    (id,) = await world.granted(client, validity=SIXTH)
    async with written(database) as rows:
        result = await revoke(world, [id], reason="REFUNDED", note="By bank transfer.")
    assert rows == {"events": 1, "idempotency_keys": 1, "make_up_credits": 1}
    assert changes(result) == [(id, True, [])]

    seen, by_staff = await credit(person, id), await credit(world.owner, id)
    line = {"kind": "REVOKED", "at": NOW, "revocationReason": "REFUNDED", "note": None, **SIXTH}
    assert seen["state"] == "REVOKED"
    assert seen["ledger"][-1].items() >= line.items()
    assert by_staff["ledger"][-1]["note"] == "By bank transfer."
    spend = {"sessionId": await world.session(None, START)}
    assert codes(await person.do("bookWithMakeUp", NOW, **spend, creditId=id)) == ["CREDIT_REVOKED"]
    assert codes(await person.do("bookWithMakeUp", NOW, **spend)) == ["NO_ELIGIBLE_CREDIT"]


async def test_v7_only_what_is_unused_is_taken_back_and_that_once(world: World) -> None:
    person, client = await world.person()
    used, good = await world.granted(client, 2)
    (expired,) = await world.granted(client, validity={"expiresOn": "2026-11-21"})
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START), creditId=used)
    result = await revoke(world, [expired, good, used])
    assert changes(result) == [(expired, False, ["CREDIT_EXPIRED"]), (good, True, []), (used, False, ["CREDIT_USED"])]
    assert codes(await revoke(world, [good])) == ["CREDIT_REVOKED"]


async def test_v7_a_booking_keeps_the_revoked_credit_that_it_earned_and_answers_as_before(world: World) -> None:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), START), client)
    first = await person.do("cancelBooking", NOW, bookingId=booking)
    await revoke(world, [first["credit"]["id"]])

    second = await person.do("cancelBooking", NOW, bookingId=booking)
    assert second["booking"] == first["booking"]
    assert second["credit"]["id"] == first["credit"]["id"]
    assert second["credit"]["state"] == "REVOKED"


CLOSURE = {"states": ["ACTIVE", "EXPIRED"], "expiresFrom": "2026-12-20", "expiresUntil": "2027-01-03"}


async def test_v6_a_closure_extends_what_would_end_in_it_and_nothing_else(world: World, database: Database) -> None:
    person, client = await world.person()
    ends = ("2026-12-19", "2026-12-20", "2027-01-03", "2027-01-04")
    before, first, last, after = [(await world.granted(client, validity={"expiresOn": end}))[0] for end in ends]
    (never,) = await world.granted(client)
    (spent,) = await world.granted(client, validity={"expiresOn": "2026-12-25"})
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START), creditId=spent)
    other = await World.founded(world.api)
    (elsewhere,) = await other.granted(await other.client(), validity={"expiresOn": "2026-12-25"})

    now = "2026-12-21T09:00:00Z"
    listed = data(await world.owner.ask(LISTED, {"slug": world.slug, "filter": CLOSURE}, now))
    assert {node["id"] for node in listed["studio"]["makeUpCredits"]["nodes"]} == {first, last}
    async with written(database) as rows:
        result = await extend(world, None, now, credits={"filter": CLOSURE}, expiry={"addDays": 15})
    assert rows == {"events": 2, "idempotency_keys": 1, "make_up_credits": 2}
    assert changes(result) == [(first, True, []), (last, True, [])]
    days = {id: (await credit(world.owner, id, now))["expiresOn"] for id in (before, first, last, after, never, spent)}
    assert list(days.values()) == ["2026-12-19", "2027-01-04", "2027-01-18", "2027-01-04", None, "2026-12-25"]
    assert (await credit(other.owner, elsewhere, now))["expiresOn"] == "2026-12-25"


async def test_a_filter_by_client_means_that_client_and_one_that_finds_nothing_does_nothing(world: World) -> None:
    mine, theirs = await world.client(), await world.client()
    (id,), _ = [await world.granted(each) for each in (mine, theirs)]
    result = await world.owner.do(
        "revokeMakeUps", NOW, studioId=world.studio, credits={"filter": {"clientId": mine}}, reason="OTHER"
    )
    assert changes(result) == [(id, True, [])]
    held = {"filter": {"states": ["HELD"]}}
    assert changes(await extend(world, credits=held, expiry={"never": True})) == []


async def test_five_hundred_credits_are_changed_at_once_and_one_more_is_too_many(
    world: World, database: Database
) -> None:
    client = await world.client()
    # Past the API, which grants twenty at once.
    grant = GrantMakeUp(key_of(client), 500, GrantReason.OTHER, "", ThroughDate(date(2026, 12, 6)), None)
    began, owner = datetime.fromisoformat(world.beginning), key_of(world.owner.account_id)
    await database.perform(ref(client).studio_id, owner, began, lambda work: grant_make_up(work, grant))
    every = {"filter": {"clientId": client}}
    with statements() as sent:
        result = await extend(world, credits=every, expiry={"addDays": 1})
    ids = [id for id, changed, _ in changes(result) if changed]
    assert ids == sorted(set(ids))
    assert len(ids) == 500
    assert len(sent) < 550
    await world.granted(client)
    async with written(database) as rows:
        given = {"studioId": world.studio, "expiry": {"addDays": 1}}
        too_many = await world.owner.act("extendMakeUps", NOW, **given, credits=every)
    assert faults(too_many) == [("BAD_USER_INPUT", ["credits"])]
    assert rows == {}


@pytest.mark.parametrize("mutation", ["extendMakeUps", "revokeMakeUps"])
async def test_one_credit_of_nowhere_or_of_another_studio_in_a_list_is_no_credit_of_the_list(
    world: World, database: Database, mutation: str
) -> None:
    """Byte by byte the same answer, and nothing is done to the others."""
    (mine,) = await world.granted(await world.client())
    other = await World.founded(world.api)
    their_client = await other.client()
    (theirs,) = await other.granted(their_client)
    nowhere = [another(mine), in_no_studio(another(mine))]
    more = {"expiry": {"addDays": 1}} if mutation == "extendMakeUps" else {"reason": "OTHER"}
    given = {"studioId": world.studio, **more}
    async with written(database) as rows:
        answers = [
            await world.owner.act(mutation, NOW, **given, credits={"ids": ids})
            for strange in (theirs, *nowhere)
            for ids in ([mine, strange], [strange, mine], [strange], [strange, theirs])
        ]
        nothing = await world.owner.do(mutation, NOW, **given, credits={"filter": {"clientId": their_client}})
    assert [fault(answer) for answer in answers] == ["NOT_FOUND"] * 12
    assert answers == [answers[0]] * 12
    assert answers[0]["errors"][0]["extensions"]["input"] == ["credits", "ids"]
    assert changes(nothing) == []
    assert rows == {"idempotency_keys": 1}


async def test_a_replay_tells_of_each_credit_what_the_first_answer_told(world: World, database: Database) -> None:
    person, client = await world.person()
    good, used = await world.granted(client, 2)
    await person.do("bookWithMakeUp", NOW, sessionId=await world.session(None, START), creditId=used)
    given = {"idempotencyKey": unique("key"), "expiry": {"expiresOn": "2027-01-31"}}
    first = await extend(world, [good, used], **given)
    async with written(database) as rows:
        second = await extend(world, [good, used], **given)
    assert rows == {}
    assert second == first
    assert changes(second) == [(good, True, []), (used, False, ["CREDIT_USED"])]


async def test_managers_change_credits_and_nobody_else_does(world: World, database: Database) -> None:
    manager, _ = await world.staff("MANAGER")
    person, client = await world.person()
    (id,) = await world.granted(client, validity=SIXTH)
    given = {"studioId": world.studio, "credits": {"ids": [id]}}
    async with written(database) as rows:
        for mutation, more in (("extendMakeUps", {"expiry": {"addDays": 1}}), ("revokeMakeUps", {"reason": "OTHER"})):
            assert fault(await person.act(mutation, NOW, **given, **more)) == "FORBIDDEN"
    assert rows == {}
    extended = await manager.do("extendMakeUps", NOW, **given, expiry={"addDays": 1})
    revoked = await manager.do("revokeMakeUps", NOW, **given, reason="OTHER")
    assert changes(extended) == changes(revoked) == [(id, True, [])]

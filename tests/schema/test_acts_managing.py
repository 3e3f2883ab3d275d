"""Accounts, studios, staff, policy, clients, the schedule, and credits by hand (A1, E8, E12)."""

from typing import Any

import pytest

from persistence.database import Database
from tests.schema.counting import written
from tests.world import PASSWORD, Api, Json, Person, World, codes, data, document, fault, unique

NOW = "2026-11-22T17:00:00Z"
POLICY = """query ($slug: String!) { studio(slug: $slug) { policy { makeUpsEnabled lateCancellation singleBookingsEarn
  earningNeedsPayment expiryRounding maxDaysAhead validity { days until never } earnCap { max per days } maxOutstanding
  neverBeforeMissedSession expiryMeans redeemableFrom makeUpsOpenDaysBefore makeUpsCloseMinutesBefore priceGuard
  categoryGuard creditScope onEnrolmentEnd excusedAbsenceEarns holdReleaseGraceHours autoSeatHoursBeforeDeadline
  cancellationDeadline { form hoursBefore daysBefore localTime } } } }"""
DEFAULTS: Json = {
    "makeUpsEnabled": False,
    "lateCancellation": "ALLOW_WITHOUT_CREDIT",
    "singleBookingsEarn": True,
    "earningNeedsPayment": True,
    "expiryRounding": "END_OF_LOCAL_DAY",
    "maxDaysAhead": 90,
    "validity": {"days": 30, "until": None, "never": False},
    "earnCap": None,
    "maxOutstanding": None,
    "neverBeforeMissedSession": None,
    "expiryMeans": "BOOK_BY",
    "redeemableFrom": "ON_CANCELLATION",
    "makeUpsOpenDaysBefore": None,
    "makeUpsCloseMinutesBefore": None,
    "priceGuard": "OFF",
    "categoryGuard": "OFF",
    "creditScope": "SAME_CLIENT",
    "onEnrolmentEnd": "KEEP",
    "excusedAbsenceEarns": False,
    "holdReleaseGraceHours": 72,
    "autoSeatHoursBeforeDeadline": 2,
    "cancellationDeadline": {"form": "HOURS_BEFORE", "hoursBefore": 24, "daysBefore": None, "localTime": None},
}
OTHERS: Json = {
    "makeUpsEnabled": True,
    "lateCancellation": "BLOCK",
    "singleBookingsEarn": False,
    "earningNeedsPayment": False,
    "expiryRounding": "EXACT",
    "maxDaysAhead": 0,
    "validity": {"never": True},
    "earnCap": {"cap": {"max": 3, "per": "ROLLING_DAYS", "days": 30}},
    "maxOutstanding": {"limit": 5},
    "neverBeforeMissedSession": {"limit": 0},
    "expiryMeans": "ATTEND_BY",
    "redeemableFrom": "AFTER_MISSED_SESSION",
    "makeUpsOpenDaysBefore": {"limit": 14},
    "makeUpsCloseMinutesBefore": {"limit": 30},
    "priceGuard": "SAME_OR_LOWER",
    "categoryGuard": "SAME_CATEGORY",
    "creditScope": "SAME_ACCOUNT",
    "onEnrolmentEnd": "REVOKE_UNUSED",
    "excusedAbsenceEarns": True,
    "holdReleaseGraceHours": 0,
    "autoSeatHoursBeforeDeadline": 720,
    "cancellationDeadline": {"localTime": {"daysBefore": 1, "time": "18:00"}},
}
OTHERS_AS_READ = OTHERS | {
    "validity": {"days": None, "until": None, "never": True},
    "earnCap": {"max": 3, "per": "ROLLING_DAYS", "days": 30},
    "maxOutstanding": 5,
    "neverBeforeMissedSession": 0,
    "makeUpsOpenDaysBefore": 14,
    "makeUpsCloseMinutesBefore": 30,
    "cancellationDeadline": {"form": "LOCAL_TIME", "hoursBefore": None, "daysBefore": 1, "localTime": "18:00"},
}
WRONG_SETTINGS: list[tuple[Json, list[str], int, int]] = [
    ({"maxDaysAhead": -1}, ["maxDaysAhead"], -1, 0),
    ({"maxDaysAhead": 3651}, ["maxDaysAhead"], 3651, 3650),
    ({"holdReleaseGraceHours": -1}, ["holdReleaseGraceHours"], -1, 0),
    ({"holdReleaseGraceHours": 721}, ["holdReleaseGraceHours"], 721, 720),
    ({"autoSeatHoursBeforeDeadline": -1}, ["autoSeatHoursBeforeDeadline"], -1, 0),
    ({"autoSeatHoursBeforeDeadline": 721}, ["autoSeatHoursBeforeDeadline"], 721, 720),
    ({"validity": {"days": 0}}, ["validity", "days"], 0, 1),
    ({"validity": {"days": -5}}, ["validity", "days"], -5, 1),
    ({"validity": {"days": 3651}}, ["validity", "days"], 3651, 3650),
    ({"cancellationDeadline": {"hoursBefore": -1}}, ["cancellationDeadline", "hoursBefore"], -1, 0),
    ({"cancellationDeadline": {"hoursBefore": 87601}}, ["cancellationDeadline", "hoursBefore"], 87601, 87600),
    (
        {"cancellationDeadline": {"localTime": {"daysBefore": -1, "time": "18:00"}}},
        ["cancellationDeadline", "localTime", "daysBefore"],
        -1,
        0,
    ),
    (
        {"cancellationDeadline": {"localTime": {"daysBefore": 3651, "time": "18:00"}}},
        ["cancellationDeadline", "localTime", "daysBefore"],
        3651,
        3650,
    ),
]


async def policy_of(world: World) -> Json:
    return data(await world.owner.ask(POLICY, {"slug": world.slug}))["studio"]["policy"]


async def update(world: World, **settings: Any) -> Json:
    return await world.owner.do("updateStudioPolicy", world.beginning, studioId=world.studio, **settings)


async def test_a_new_studio_has_the_defaults_of_the_rules(api: Api) -> None:
    owner, slug = await Person.signed_up(api), unique("studio")
    created = await owner.do("createStudio", slug=slug, name=" Yoga ", timeZone="Asia/Tokyo", currency="JPY")
    assert created["studio"] == {
        "id": created["studio"]["id"],
        "slug": slug,
        "name": "Yoga",
        "timeZone": "Asia/Tokyo",
        "currency": "JPY",
        "myRole": "OWNER",
    }
    assert data(await owner.ask(POLICY, {"slug": slug}))["studio"]["policy"] == DEFAULTS


async def test_a_setting_changes_alone_and_null_sets_it_back(world: World) -> None:
    await update(world, **dict.fromkeys(DEFAULTS))
    expected = dict(DEFAULTS)
    assert await policy_of(world) == expected
    for name, value in OTHERS.items():
        await update(world, **{name: value})
        expected[name] = OTHERS_AS_READ[name]
        assert await policy_of(world) == expected
    for name in OTHERS:
        await update(world, **{name: None})
        expected[name] = DEFAULTS[name]
        assert await policy_of(world) == expected


async def test_a_policy_that_is_already_so_is_not_written(world: World, database: Database) -> None:
    await update(world, **OTHERS)
    async with written(database) as rows:
        await update(world, **OTHERS)
        await update(world)
    assert rows == {"idempotency_keys": 2}


async def test_a_wrong_setting_is_refused_and_changes_nothing(world: World, database: Database) -> None:
    before = await policy_of(world)
    async with written(database) as rows:
        for settings, path, actual, required in WRONG_SETTINGS:
            refused = await update(world, makeUpsEnabled=False, **settings)
            assert codes(refused) == ["INVALID_POLICY"]
            (reason,) = refused["reasons"]
            assert reason["path"] == path
            assert reason["actual"]["int"] == actual
            assert reason["required"]["int"] == required
            assert reason["fixableBy"] == "STAFF"
    assert rows == {"idempotency_keys": len(WRONG_SETTINGS)}
    assert await policy_of(world) == before


async def test_every_wrong_setting_is_told_at_once(world: World) -> None:
    refused = await update(
        world, cancellationDeadline={"hoursBefore": -1}, validity={"days": 0}, maxDaysAhead=-1, makeUpsEnabled=False
    )
    assert codes(refused) == ["INVALID_POLICY"] * 3
    assert [reason["path"][-1] for reason in refused["reasons"]] == ["hoursBefore", "days", "maxDaysAhead"]


@pytest.mark.parametrize(
    "settings",
    [
        {"maxDaysAhead": 3650, "validity": {"days": 3650}, "cancellationDeadline": {"hoursBefore": 87600}},
        {"maxDaysAhead": 0, "validity": {"days": 1}, "cancellationDeadline": {"hoursBefore": 0}},
        {"cancellationDeadline": {"localTime": {"daysBefore": 3650, "time": "00:00"}}},
        {"cancellationDeadline": {"localTime": {"daysBefore": 0, "time": "23:59"}}},
    ],
    ids=["largest", "smallest", "earliest clock", "latest clock"],
)
async def test_the_utmost_settings_are_taken_and_deadlines_follow(world: World, settings: Json) -> None:
    assert (await update(world, **settings))["__typename"] == "StudioPolicyUpdated"
    session = await world.session(None, "2027-01-10T17:00:00Z")
    asked = "query ($id: ID!) { node(id: $id) { ... on Session { cancellationDeadline } } }"
    deadline = data(await world.owner.ask(asked, {"id": session}))["node"]["cancellationDeadline"]
    deadlines = {
        87600: "2017-01-12T17:00:00Z",
        0: "2027-01-10T17:00:00Z",
        "00:00": "2017-01-11T23:00:00Z",
        "23:59": "2027-01-10T22:59:00Z",
    }
    (form,) = settings["cancellationDeadline"].values()
    assert deadline == deadlines[form if isinstance(form, int) else form["time"]]


async def test_a_slug_belongs_to_one_studio(world: World, database: Database) -> None:
    given = {"slug": world.slug, "name": "Other", "timeZone": "UTC", "currency": "EUR"}
    person = await Person.signed_up(world.api)
    async with written(database) as rows:
        refused = await person.do("createStudio", NOW, **given)
    assert codes(refused) == ["SLUG_TAKEN"]
    assert refused["reasons"][0]["path"] == ["slug"]
    assert rows == {"account_idempotency_keys": 1}


async def test_an_email_belongs_to_one_account_whatever_its_case(api: Api, database: Database) -> None:
    person = await Person.signed_up(api)
    async with written(database) as rows:
        for email in (person.email, person.email.upper(), f" {person.email}".strip()):
            given = {"email": email, "password": "another password", "name": "B", "idempotencyKey": unique("key")}
            answer = await api.answer(document("signUp"), {"input": given}, token=None, now=NOW)
            refused = data(answer)["result"]
            assert codes(refused) == ["EMAIL_TAKEN"]
            assert refused["reasons"][0]["path"] == ["email"]
    assert rows == {"account_idempotency_keys": 3}


async def test_signing_in_takes_the_right_email_and_password_and_tells_nothing_else(api: Api) -> None:
    person = await Person.signed_up(api)

    async def sign_in(email: str, password: str) -> Json:
        given = {"input": {"email": email, "password": password}}
        return await api.answer(document("signIn"), given, token=None, now=None)

    right = data(await sign_in(person.email.title(), PASSWORD))["result"]
    assert right["account"] == {"id": person.account_id, "email": person.email}
    viewer = await api.answer("{ viewer { account { id } } }", token=right["accessToken"], now=None)
    assert data(viewer)["viewer"]["account"]["id"] == person.account_id
    wrong = [
        await sign_in(email, password)
        for email, password in (
            (person.email, PASSWORD + "!"),
            (person.email, ""),
            (person.email, "x" * 300),
            (f"{unique('nobody')}@example.com", PASSWORD),
        )
    ]
    assert [fault(answer) for answer in wrong] == ["UNAUTHENTICATED"] * 4
    assert wrong == [wrong[0]] * 4


async def test_an_account_has_one_role_at_a_studio(world: World, database: Database) -> None:
    manager, _ = await world.staff("MANAGER")
    async with written(database) as rows:
        for email in (manager.email, world.owner.email, manager.email.upper()):
            refused = await world.owner.do(
                "inviteStaff", NOW, studioId=world.studio, email=email, role="INSTRUCTOR", displayName="M"
            )
            assert codes(refused) == ["ALREADY_STAFF"]
            assert refused["reasons"][0]["path"] == ["email"]
    assert rows == {"idempotency_keys": 3}
    other = await World.founded(world.api)
    invited = await other.invited(manager.email, now=NOW)
    joined = await manager.do("acceptInvitation", NOW, code=invited["code"])
    assert joined["staffMember"]["role"] == "INSTRUCTOR"


async def test_a_linked_client_changes_hands(world: World, database: Database) -> None:
    """The account before it sees the client no more; the new one sees everything of theirs."""
    before, client = await world.person()
    after = await Person.signed_up(world.api)
    (credit,) = await world.granted(client)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    await world.owner.do("linkClient", NOW, clientId=client, email=after.email.upper())
    for id in (client, credit):
        assert data(await before.ask(node, {"id": id}))["node"] is None
        assert data(await after.ask(node, {"id": id}))["node"] == {"id": id}
    async with written(database) as rows:
        linked = await world.owner.do("linkClient", NOW, clientId=client, email=after.email)
    assert linked["client"] == {"id": client, "name": "Ana", "hasAccount": True}
    assert rows == {"idempotency_keys": 1}


async def test_names_are_kept_without_the_white_space_around_them(world: World) -> None:
    created = await world.owner.do("createClient", NOW, studioId=world.studio, name="  Ana  Nová\t")
    assert created["client"] == {"id": created["client"]["id"], "name": "Ana  Nová", "hasAccount": False}


async def test_a_session_of_a_course_has_the_courses_name_unless_it_has_its_own(world: World) -> None:
    course = await world.course(name="Pilates")
    times = {"startsAt": "2026-12-13T17:00:00Z", "endsAt": "2026-12-13T18:00:00Z", "capacity": 1}
    given = {"studioId": world.studio, "courseId": course, **times}
    assert (await world.owner.do("createSession", NOW, **given))["session"]["name"] == "Pilates"
    own = await world.owner.do("createSession", NOW, **given, name="Pilates in the park")
    assert own["session"]["name"] == "Pilates in the park"


@pytest.mark.parametrize(
    ("validity", "expires_on", "expires_at"),
    [
        (None, "2026-12-06", "2026-12-06T23:00:00Z"),
        ({"studioValidity": True}, "2026-12-06", "2026-12-06T23:00:00Z"),
        ({"expiresOn": "2026-11-22"}, "2026-11-22", "2026-11-22T23:00:00Z"),
        ({"expiresOn": "2999-12-31"}, "2999-12-31", "2999-12-31T23:00:00Z"),
        ({"never": True}, None, None),
    ],
    ids=["left out", "the studio's", "today", "the last date", "never"],
)
async def test_e8_granted_credits_live_as_staff_say(
    world: World, database: Database, validity: Json | None, expires_on: str | None, expires_at: str | None
) -> None:
    client = await world.client()
    given = {"clientId": client, "count": 2, "reason": "PREPAID_THEN_CANCELLED", "worth": 9_900}
    async with written(database) as rows:
        granted = await world.owner.do("grantMakeUp", NOW, **given, validity=validity)
    assert rows == {"events": 2, "idempotency_keys": 1, "make_up_credits": 2}
    assert len({credit["id"] for credit in granted["credits"]}) == 2
    for credit in granted["credits"]:
        assert credit == {
            "id": credit["id"],
            "state": "ACTIVE",
            "origin": "GRANT",
            "reason": "PREPAID_THEN_CANCELLED",
            "issuedAt": NOW,
            "expiresAt": expires_at,
            "expiresOn": expires_on,
            "worth": {"amount": 9_900, "currency": "CZK"},
            "client": {"id": client},
            "missedBooking": None,
            "booking": None,
            "ledger": [{"kind": "ISSUED", "at": NOW, "expiresOn": expires_on}],
        }


async def test_e8_an_expiry_before_today_in_the_studios_zone_is_refused(world: World, database: Database) -> None:
    client = await world.client()
    given: Json = {"clientId": client, "reason": "GOODWILL", "validity": {"expiresOn": "2026-11-22"}}
    async with written(database) as rows:
        refused = await world.owner.do("grantMakeUp", "2026-11-22T23:00:00Z", **given)
    assert codes(refused) == ["EXPIRY_IN_PAST"]
    (reason,) = refused["reasons"]
    assert reason["actual"]["date"] == "2026-11-22"
    assert reason["required"]["date"] == "2026-11-23"
    assert reason["path"] == ["validity", "expiresOn"]
    assert rows == {"idempotency_keys": 1}
    late_today = await world.owner.do("grantMakeUp", "2026-11-22T22:59:59.999999Z", **given)
    assert late_today["credits"][0]["state"] == "ACTIVE"


async def test_e8_twenty_credits_are_granted_at_once(world: World) -> None:
    granted = await world.owner.do("grantMakeUp", NOW, clientId=await world.client(), count=20, reason="OTHER")
    assert len({credit["id"] for credit in granted["credits"]}) == 20

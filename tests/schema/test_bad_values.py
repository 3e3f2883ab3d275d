"""A0: values of the right type that nothing can be made of are BAD_USER_INPUT, and write nothing."""

import re
from typing import Any

import pytest
from graphql import GraphQLSchema

from persistence.database import Database
from tests.schema.counting import written
from tests.schema.examples import EXAMPLES, by, changed
from tests.schema.inputs import leaves
from tests.schema.stage import Stage
from tests.world import data, faults

CLASS: dict[str, Any] = {"courseId": None}
TEXTS: dict[tuple[str, str], tuple[int, int]] = {
    ("signUp", "name"): (1, 200),
    ("signUp", "password"): (8, 256),
    ("createStudio", "name"): (1, 200),
    ("createStudio", "ownerName"): (1, 200),
    ("inviteStaff", "displayName"): (1, 200),
    ("acceptInvitation", "displayName"): (1, 200),
    ("updateStaff", "displayName"): (1, 200),
    ("updateStudio", "name"): (1, 200),
    ("updateCourse", "name"): (1, 200),
    ("updateCourse", "description"): (0, 10_000),
    ("updateCourse", "category"): (1, 60),
    ("updateSession", "name"): (1, 200),
    ("updateSession", "category"): (1, 60),
    ("updateClient", "name"): (1, 200),
    ("createCourse", "name"): (1, 200),
    ("createCourse", "description"): (0, 10_000),
    ("createCourse", "category"): (1, 60),
    ("createSession", "category"): (1, 60),
    ("createSession", "name"): (1, 200),
    ("createClient", "name"): (1, 200),
    ("grantMakeUp", "note"): (0, 1_000),
    ("extendMakeUps", "note"): (0, 1_000),
    ("revokeMakeUps", "note"): (0, 1_000),
    ("cancelSession", "note"): (0, 1_000),
    ("cancelCourseSessions", "note"): (0, 1_000),
    ("cancelBooking", "override.reason"): (1, 200),
    **{(mutation, "idempotencyKey"): (1, 100) for mutation in EXAMPLES if mutation != "signIn"},
}
UNREADABLE = ("a\nb", "a\tb", "a\x1b[31m", "\x7f", "a\u202eb", "a\u2066b", "\u200b", "\u00a0\u3000", "\ufeff")
NUMBERS: dict[tuple[str, str], tuple[int, int]] = {
    ("createCourse", "wholeCoursePrice"): (0, 1_000_000_000),
    ("createCourse", "singleSessionPrice"): (0, 1_000_000_000),
    ("createSession", "capacity"): (1, 100_000),
    ("createSession", "price"): (0, 1_000_000_000),
    ("updateCourse", "wholeCoursePrice"): (0, 1_000_000_000),
    ("updateCourse", "singleSessionPrice"): (0, 1_000_000_000),
    ("updateSession", "capacity"): (1, 100_000),
    ("updateSession", "price"): (0, 1_000_000_000),
    ("grantMakeUp", "count"): (1, 20),
    ("grantMakeUp", "worth"): (0, 1_000_000_000),
    ("extendMakeUps", "expiry.addDays"): (1, 3_650),
    ("cancelSession", "expect.creditsEarned"): (0, 100_000),
    ("cancelSession", "expect.creditsReturned"): (0, 100_000),
    ("cancelSession", "expect.nothing"): (0, 100_000),
    ("cancelCourseSessions", "expect.creditsEarned"): (0, 100_000),
    ("cancelCourseSessions", "expect.creditsReturned"): (0, 100_000),
    ("cancelCourseSessions", "expect.nothing"): (0, 100_000),
}
NO_SLUGS = ("", "ab", "a" * 61, "Yoga", "-yoga", "yoga-", "yo ga", "yo_ga", "jóga", "yoga\n", "yo/ga")
NO_ZONES = ("", "Prague", "europe/prague", "Europe/Nowhere", "+01:00", "../UTC", "/etc/localtime")
FORMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("createStudio", "slug"): NO_SLUGS,
    ("updateStudio", "slug"): NO_SLUGS,
    ("createStudio", "timeZone"): NO_ZONES,
    ("updateStudio", "timeZone"): NO_ZONES,
    ("createStudio", "currency"): ("", "czk", "CZ", "CZKK", "XXX", "XTS", "DEM", "BTC", "€"),
    **{
        (mutation, "email"): (
            "",
            "ana",
            "ana@",
            "@example.com",
            "a b@example.com",
            "a@b@example.com",
            "ana@example..com",
        )
        for mutation in ("signUp", "signIn", "inviteStaff", "linkClient")
    },
}
"""Fields of a form of their own, with values that do not have it."""

MISFITS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("createCourse", {"wholeCoursePrice": None, "singleSessionPrice": None}, ["wholeCoursePrice"]),
    ("createSession", {"endsAt": "2026-12-15T17:00:00Z"}, ["endsAt"]),
    ("createSession", {"endsAt": "2026-12-15T16:59:59Z"}, ["endsAt"]),
    ("createSession", {"endsAt": "2026-12-15T17:30:00+01:00"}, ["endsAt"]),
    ("createSession", {"price": 20_000}, ["price"]),
    ("createSession", {"category": "Yoga"}, ["category"]),
    ("createSession", {**CLASS, "name": None}, ["name"]),
    ("createSession", {**CLASS, "acceptsMakeUps": None}, ["acceptsMakeUps"]),
    ("createSession", {**CLASS, "name": " "}, ["name"]),
    *(("updateStudio", {name: None}, [name]) for name in ("slug", "name", "timeZone", "archived")),
    *(("updateCourse", {name: None}, [name]) for name in ("name", "acceptsMakeUps", "archived")),
    *(("updateSession", {name: None}, [name]) for name in ("name", "capacity", "acceptsMakeUps", "archived")),
    *(("updateStaff", {name: None}, [name]) for name in ("role", "displayName")),
    *(("updateClient", {name: None}, [name]) for name in ("name", "archived")),
    ("bookSession", {"payment": None}, ["payment"]),
    ("joinWaitlist", {"withCredit": False}, ["creditId"]),
    ("cancelBookings", {"from": "2027-06-02", "through": "2027-06-01"}, ["through"]),
    ("cancelBookings", {"from": "2027-06-01", "through": "2028-06-01"}, ["through"]),
    ("cancelBookings", {"from": "1970-01-01", "through": "2999-12-31"}, ["through"]),
    ("cancelBookings", {"expect": [{"bookingId": "bkg_1"}] * 201}, ["through"]),
    ("markPaid", {"bookingId": None}, ["bookingId"]),
    ("markPaid", {"enrolmentId": "enr_1"}, ["bookingId"]),
    ("grantMakeUp", {"validity": {"never": False}}, ["validity"]),
    ("grantMakeUp", {"validity": {"studioValidity": False}}, ["validity"]),
    ("extendMakeUps", {"expiry": {"never": False}}, ["expiry"]),
    ("extendMakeUps", {"credits": {"ids": []}}, ["credits", "ids"]),
    ("revokeMakeUps", {"credits": {"ids": []}}, ["credits", "ids"]),
    ("revokeMakeUps", {"credits": {"ids": ["crd_1"] * 501}}, ["credits", "ids"]),
    ("moveSession", {"startsAt": "2026-11-01T08:00:00.000001Z"}, ["startsAt"]),
    ("moveSession", {"startsAt": "2026-10-31T17:00:00Z"}, ["startsAt"]),
    ("moveSession", {"endsAt": "2026-12-20T17:00:00Z"}, ["endsAt"]),
    ("moveSession", {"endsAt": "2026-12-20T16:59:59Z"}, ["endsAt"]),
    ("markAttendance", {"marks": [], "unmarked": None}, ["marks"]),
    ("markAttendance", {"marks": [{"bookingId": "bkg_1", "attendance": "ABSENT"}] * 2}, ["marks", "bookingId"]),
    ("markAttendance", {"marks": [{"bookingId": "bkg_1", "attendance": "ABSENT"}] * 501}, ["marks"]),
    ("updateStudioPolicy", {"validity": {"never": False}}, ["validity", "never"]),
    ("updateStudioPolicy", {"maxOutstanding": {"off": False}}, ["maxOutstanding", "off"]),
    ("updateStudioPolicy", {"earnCap": {"off": False}}, ["earnCap", "off"]),
    ("updateStudioPolicy", {"earnCap": {"cap": {"max": 1, "per": "ROLLING_DAYS"}}}, ["earnCap", "cap", "days"]),
    ("updateCoursePolicy", {"earnCap": {"cap": {"max": 1, "per": "COURSE", "days": 3}}}, ["earnCap", "cap", "days"]),
    ("updateSessionPolicy", {"maxMakeUps": {"off": False}}, ["maxMakeUps", "off"]),
]
NOT_EXACTLY_ONE: list[tuple[str, str, Any]] = [
    ("extendMakeUps", "credits", {}),
    ("extendMakeUps", "credits", {"ids": None}),
    ("extendMakeUps", "credits", {"filter": None}),
    ("extendMakeUps", "credits", {"ids": [], "filter": {}}),
    ("extendMakeUps", "expiry", {}),
    ("extendMakeUps", "expiry", {"never": True, "addDays": 1}),
    ("extendMakeUps", "expiry", {"addDays": None}),
    ("revokeMakeUps", "credits", {}),
    ("grantMakeUp", "validity", {}),
    ("grantMakeUp", "validity", {"never": True, "studioValidity": True}),
    ("grantMakeUp", "validity", {"never": None}),
    ("grantMakeUp", "validity", {"expiresOn": None}),
    ("updateStudioPolicy", "validity", {}),
    ("updateStudioPolicy", "validity", {"days": 14, "never": True}),
    ("updateStudioPolicy", "validity", {"days": None}),
    ("updateStudioPolicy", "validity", {"days": 14, "never": None}),
    ("updateStudioPolicy", "cancellationDeadline", {}),
    ("updateStudioPolicy", "cancellationDeadline", {"hoursBefore": None}),
    ("updateStudioPolicy", "cancellationDeadline", {"localTime": None}),
    (
        "updateStudioPolicy",
        "cancellationDeadline",
        {"hoursBefore": 24, "localTime": {"daysBefore": 1, "time": "18:00"}},
    ),
]


async def example(stage: Stage, mutation: str, field: str) -> dict[str, Any]:
    given = await EXAMPLES[mutation](stage)
    return {**given, **CLASS} if mutation == "createSession" and field in ("price", "category") else given


def test_every_text_and_every_number_of_every_input_is_under_test(schema: GraphQLSchema) -> None:
    found = {kind: set() for kind in ("String", "Int")}
    for mutation in EXAMPLES:
        for leaf in leaves(schema, mutation):
            if leaf.type_name in found and not mutation.endswith("Policy") and leaf.path[0] != "policy":
                found[leaf.type_name].add((mutation, ".".join(leaf.path)))
    # Whatever password or code is given, it is right or it is wrong.
    secrets = {("signIn", "password"), ("deleteAccount", "password"), ("acceptInvitation", "code")}
    assert found["String"] == (set(TEXTS) | set(FORMS) | secrets) - {
        (mutation, "idempotencyKey") for mutation in EXAMPLES if mutation.endswith("Policy")
    }
    assert found["Int"] == set(NUMBERS)


async def test_a_text_that_is_too_short_or_too_long_is_bad_input(stage: Stage, database: Database) -> None:
    examples = {place: await example(stage, *place) for place in TEXTS}
    async with written(database) as rows:
        for (mutation, field), (least, most) in TEXTS.items():
            blank = field not in ("password", "idempotencyKey") and least > 0
            for wrong in ("x" * (least - 1), "x" * (most + 1), " " * 10 if blank else "x" * 20_000):
                if wrong or least:
                    path = field.split(".")
                    given = changed(examples[mutation, field], (*path,), wrong)
                    answer = await stage.act(by(mutation), mutation, given)
                    assert faults(answer) == [("BAD_USER_INPUT", path)], (mutation, field, len(wrong))
    assert rows == {}


@pytest.mark.parametrize("longest", [False, True], ids=["shortest", "longest"])
async def test_the_shortest_and_the_longest_text_are_good_input(stage: Stage, longest: bool) -> None:
    for (mutation, field), limits in TEXTS.items():
        text = "é" * limits[longest]
        given = changed(await example(stage, mutation, field), (*field.split("."),), text)
        answer = await stage.act(by(mutation), mutation, given)
        assert data(answer)["result"]["__typename"] != "Refused", (mutation, field)


async def test_a_name_is_one_line_that_can_be_read(stage: Stage, database: Database) -> None:
    of_one_line = ("name", "ownerName", "displayName", "category", "override.reason")
    names = [place for place in TEXTS if place[1] in of_one_line]
    examples = {place: await example(stage, *place) for place in names}
    async with written(database) as rows:
        for mutation, field in names:
            for wrong in UNREADABLE:
                path = field.split(".")
                given = changed(examples[mutation, field], (*path,), wrong)
                answer = await stage.act(by(mutation), mutation, given)
                assert faults(answer) == [("BAD_USER_INPUT", path)], (mutation, field, wrong)
    assert rows == {}
    assert len(names) == 18


@pytest.mark.parametrize(
    "place", [("createCourse", "description"), ("grantMakeUp", "note"), ("revokeMakeUps", "note")], ids=" ".join
)
async def test_a_longer_text_may_have_many_lines_or_none(stage: Stage, place: tuple[str, str]) -> None:
    for right in ("One line.\nAnother.\n", "", " "):
        data(await stage.act("owner", place[0], {**await example(stage, *place), place[1]: right}))


async def test_a_number_out_of_its_range_is_bad_input(stage: Stage, database: Database) -> None:
    examples = {place: await example(stage, *place) for place in NUMBERS}
    async with written(database) as rows:
        for (mutation, field), (least, most) in NUMBERS.items():
            path = field.split(".")
            for wrong in (least - 1, most + 1, -1, -(2**31), 2**31 - 1):
                answer = await stage.act("owner", mutation, changed(examples[mutation, field], (*path,), wrong))
                assert faults(answer) == [("BAD_USER_INPUT", path)], (mutation, field, wrong)
    assert rows == {}


@pytest.mark.parametrize("largest", [False, True], ids=["smallest", "largest"])
async def test_the_smallest_and_the_largest_number_are_good_input(stage: Stage, largest: bool) -> None:
    for (mutation, field), limits in NUMBERS.items():
        given = changed(await example(stage, mutation, field), (*field.split("."),), limits[largest])
        data(await stage.act("owner", mutation, given))


async def test_a_text_of_another_form_than_the_fields_is_bad_input(stage: Stage, database: Database) -> None:
    examples = {place: await example(stage, *place) for place in FORMS}
    async with written(database) as rows:
        for (mutation, field), values in FORMS.items():
            for wrong in values:
                answer = await stage.act(by(mutation), mutation, {**examples[mutation, field], field: wrong})
                assert faults(answer) == [("BAD_USER_INPUT", [field])], (mutation, field, wrong)
    assert rows == {}


async def test_values_that_do_not_fit_each_other_are_bad_input(stage: Stage, database: Database) -> None:
    examples = [await EXAMPLES[mutation](stage) for mutation, _, _ in MISFITS]
    async with written(database) as rows:
        for given, (mutation, other, path) in zip(examples, MISFITS, strict=True):
            answer = await stage.act("owner", mutation, {**given, **other})
            assert faults(answer) == [("BAD_USER_INPUT", path)], (mutation, other)
    assert rows == {}


async def test_an_input_of_exactly_one_field_takes_neither_none_nor_two_nor_a_null(
    stage: Stage, database: Database
) -> None:
    examples = {mutation: await EXAMPLES[mutation](stage) for mutation in {each[0] for each in NOT_EXACTLY_ONE}}
    async with written(database) as rows:
        for mutation, field, wrong in NOT_EXACTLY_ONE:
            answer = await stage.act("owner", mutation, changed(examples[mutation], (field,), wrong))
            assert faults(answer) == [("BAD_USER_INPUT", None)], (mutation, wrong)
            assert re.search("exactly one key|must be non-null", answer["errors"][0]["message"])
    assert rows == {}


async def test_a_nul_in_any_text_or_id_is_bad_input(stage: Stage, schema: GraphQLSchema, database: Database) -> None:
    examples = {mutation: await EXAMPLES[mutation](stage) for mutation in EXAMPLES}
    async with written(database) as rows:
        for mutation, given in examples.items():
            for leaf in leaves(schema, mutation):
                if leaf.type_name in ("String", "ID"):
                    answer = await stage.act(by(mutation), mutation, leaf.set(given, "nul\0nul"))
                    assert faults(answer) == [("BAD_USER_INPUT", None)], (mutation, leaf.path)
    assert rows == {}

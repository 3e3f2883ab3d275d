"""A0 for queries: counts, cursors, filters, slugs, and values written into the document."""

import re
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
)

from persistence.database import Database
from schema.cursors import encode
from tests.schema.counting import written
from tests.schema.lists import LISTS, Shelf
from tests.schema.stage import Stage
from tests.world import Person, data, faults

WRONG_WINDOWS: list[tuple[dict[str, Any], list[str] | None]] = [
    ({"first": 0}, ["first"]),
    ({"first": 101}, ["first"]),
    ({"first": -1}, ["first"]),
    ({"first": 2**31 - 1}, ["first"]),
    ({"first": -(2**31)}, ["first"]),
    ({"last": 0}, ["last"]),
    ({"last": 101}, ["last"]),
    ({"last": -1}, ["last"]),
    ({"first": 1, "last": 1}, ["last"]),
    ({"first": 2**31}, None),
    ({"last": 10**30}, None),
    ({"first": 1.5}, None),
    ({"first": "10"}, None),
    ({"after": ""}, ["after"]),
    ({"before": ""}, ["before"]),
    ({"after": "MjA"}, ["after"]),
    ({"before": "x" * 5000}, ["before"]),
    ({"after": encode("another list", (0, 0))}, ["after"]),
    ({"after": "a\0b"}, None),
    ({"after": 20}, None),
]
SAME_LISTS = ({"Query.sessions", "Studio.sessions"}, {"Query.courses", "Studio.courses"})
FILTERED = """query ($slug: String!, $filter: SessionFilter, $after: String) {
  sessions(studioSlug: $slug, filter: $filter, after: $after) { edges { cursor } } }"""


@pytest.fixture
def shelf(stage: Stage) -> Shelf:
    person = stage.people["client"]
    assert isinstance(person, Person)
    things = stage.things
    return Shelf(stage.world, person, things.course, things.client, things.full, things.paid)


def test_every_connection_of_the_schema_is_under_test(schema: GraphQLSchema) -> None:
    found = {
        f"{name}.{field}"
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field, one in kind.fields.items()
        if get_named_type(one.type).name.endswith("Connection")
    }
    assert found == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
async def test_a_wrong_count_or_cursor_is_bad_input_in_every_list(shelf: Shelf, name: str) -> None:
    for window, path in WRONG_WINDOWS:
        answer = await shelf.answer(name, **window)
        errors = [(error["extensions"]["code"], error["extensions"].get("input")) for error in answer["errors"]]
        assert errors == [("BAD_USER_INPUT", path)], window


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_of_one_list_is_no_cursor_of_another(shelf: Shelf, name: str) -> None:
    cursor = (await shelf.page(name, first=1))["pageInfo"]["endCursor"]
    for other in set(LISTS) - next((same for same in SAME_LISTS if name in same), {name}):
        answer = await shelf.answer(other, after=cursor)
        assert [error["extensions"].get("input") for error in answer["errors"]] == [["after"]], other


async def test_a_cursor_of_another_filter_studio_or_account_is_bad_input(stage: Stage, shelf: Shelf) -> None:
    slug = {"slug": stage.world.slug}
    page = data(await stage.ask("client", FILTERED, slug))["sessions"]
    cursor = page["edges"][0]["cursor"]
    assert data(await stage.ask("client", FILTERED, {**slug, "after": cursor, "filter": {}}))
    elsewhere = {"slug": stage.elsewhere.slug}
    for given in (
        {**slug, "filter": {"startsFrom": "2026-11-01T00:00:00Z"}},
        {**slug, "filter": {"startsUntil": "2027-11-01T00:00:00Z"}},
        {**slug, "filter": {"courseId": stage.things.course}},
        {**slug, "filter": {"time": "UPCOMING"}},
        elsewhere,
    ):
        answer = await stage.ask("client", FILTERED, {**given, "after": cursor})
        assert faults(answer) == [("BAD_USER_INPUT", ["after"])], given
    own = await shelf.page("Query.bookings", first=1)
    stranger = stage.people["stranger"]
    assert isinstance(stranger, Person)
    theirs = Shelf(stage.world, stranger, stage.things.course, stage.stranger_things.client, stage.things.session)
    answer = await theirs.answer("Query.bookings", after=own["pageInfo"]["endCursor"])
    assert faults(answer) == [("BAD_USER_INPUT", ["after"])]


PAGE_ARGUMENTS = {"first", "last", "after", "before"}
WHAT_IS_LISTED = {"studioSlug", "clientId", "creditId"}


def narrowings(schema: GraphQLSchema, name: str, stage: Stage) -> list[str]:
    """Each way to narrow a list, one at a time, as it is written into a document."""
    owner, field = name.split(".")
    kind = schema.type_map[owner]
    assert isinstance(kind, GraphQLObjectType)
    found: list[str] = []
    for argument, given in kind.fields[field].args.items():
        inner = get_named_type(given.type)
        if argument in PAGE_ARGUMENTS | WHAT_IS_LISTED:
            continue
        if isinstance(inner, GraphQLInputObjectType):
            found += [f"{argument}: {{{each}: {literal(each, one.type, stage)}}}" for each, one in inner.fields.items()]
        else:
            found.append(f"{argument}: {literal(argument, given.type, stage)}")
    return found


def literal(name: str, kind: Any, stage: Stage) -> str:
    inner = get_named_type(kind)
    if isinstance(inner, GraphQLEnumType):
        *_, value = inner.values  # the first may be what holds where nothing is said
        return f"[{value}]" if is_list_type(kind) else value
    if name == "bookableWith":
        return f'{{clientId: "{stage.things.client}"}}'
    things = stage.things
    of_schedule = {"courseId": things.course, "sessionId": things.full}
    of_seats = {"bookingId": things.booking, "enrolmentId": things.enrolment, "creditId": things.credit}
    of_people = {"instructorId": things.staff, "actorId": things.staff, "clientId": things.client}
    ids = {**of_schedule, **of_seats, **of_people}
    others = {"Boolean": "true", "Date": '"2026-12-01"', "DateTime": '"2026-12-01T00:00:00Z"', "String": '"Yoga"'}
    return f'"{ids[name]}"' if inner.name == "ID" else others[inner.name]


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_of_a_whole_list_is_none_of_the_narrowed_one_whatever_narrows_it(
    stage: Stage, shelf: Shelf, schema: GraphQLSchema, name: str
) -> None:
    cursor = (await shelf.page(name, first=1))["pageInfo"]["endCursor"]
    for narrowing in narrowings(schema, name, stage):
        query = narrowed(LISTS[name].query(), narrowing)
        answer = await shelf.answer(name, query=query, staff="archived" in narrowing, after=cursor)
        assert [error["extensions"].get("input") for error in answer["errors"]] == [["after"]], narrowing


def narrowed(query: str, narrowing: str) -> str:
    """What the list cannot go without is given another value."""
    argument, _, _ = narrowing.partition(":")
    if argument == "filter" and "filter: {" in query:
        return re.sub(r"filter: \{[^}]*\}", narrowing, query)
    given = rf'\b{argument}: "[^"]*"'
    if re.search(given, query):
        return re.sub(given, narrowing, query)
    return query.replace("first: $first", f"{narrowing}, first: $first")


async def test_a_malformed_filter_is_bad_input(stage: Stage) -> None:
    wrong: list[tuple[dict[str, Any], list[str] | None]] = [
        ({"courseId": "crs_!"}, ["filter", "courseId"]),
        ({"courseId": ""}, ["filter", "courseId"]),
        *(({"courseId": other}, ["filter", "courseId"]) for other in stage.things.of_other_kinds("crs")),
        ({"startsFrom": "2026-12-01"}, None),
        ({"startsUntil": "2027-02-29T00:00:00Z"}, None),
        ({"startsUntil": 5}, None),
        ({"dateFrom": "2027-02-29"}, None),
        ({"dateUntil": "2026-12-01T00:00:00Z"}, None),
        ({"time": "NOW"}, None),
        ({"status": "LIVE"}, None),
        ({"instructorId": "stf_!"}, ["filter", "instructorId"]),
        *(({"instructorId": other}, ["filter", "instructorId"]) for other in stage.things.of_other_kinds("stf")),
        ({"surplus": 1}, None),
    ]
    for filter_, path in wrong:
        answer = await stage.ask("anonymous", FILTERED, {"slug": stage.world.slug, "filter": filter_})
        assert faults(answer) == [("BAD_USER_INPUT", path)], filter_


async def test_a_filter_by_another_studios_course_finds_nothing_like_one_by_a_course_that_is_not_there(
    stage: Stage,
) -> None:
    for course in (stage.foreign_things.course, stage.foreign_things.course[:-1] + "0"):
        given = {"slug": stage.world.slug, "filter": {"courseId": course}}
        assert data(await stage.ask("anonymous", FILTERED, given)) == {"sessions": {"edges": []}}


@pytest.mark.parametrize("slug", ["", " ", "no-such-studio", "x" * 100_000, "'; DROP TABLE studios; --", "%", "\u202e"])
async def test_a_slug_that_no_studio_has_finds_nothing(stage: Stage, slug: str) -> None:
    found = await stage.ask("anonymous", "query ($slug: String!) { studio(slug: $slug) { id } }", {"slug": slug})
    assert data(found) == {"studio": None}
    lists = await stage.ask("anonymous", FILTERED, {"slug": slug})
    assert faults(lists) == [("NOT_FOUND", ["studioSlug"])]


async def test_a_nul_in_a_slug_or_an_id_is_bad_input(stage: Stage) -> None:
    for query, given in (
        ("query ($given: String!) { studio(slug: $given) { id } }", "yo\0ga"),
        ("query ($given: ID!) { node(id: $given) { id } }", "ses_\0"),
        ('{ studio(slug: "yo\\u0000ga") { id } }', None),
        ('{ studio(slug: "yo\\u{0}ga") { id } }', None),
        ('{ studio(slug: """yo\0ga""") { id } }', None),
    ):
        answer = await stage.ask("anonymous", query, None if given is None else {"given": given})
        assert faults(answer) == [("BAD_USER_INPUT", None)], query


@pytest.mark.parametrize(
    "id",
    ["", "x", "ses_", "ses_0", "acc_1", "stu_zzzzzzz", "ses_" + "z" * 32, "x" * 100_000, "ses_\u0661", "\u202e", 7],
)
async def test_a_malformed_id_names_no_node(stage: Stage, id: object) -> None:
    answer = await stage.ask("owner", "query ($id: ID!) { node(id: $id) { id } }", {"id": id})
    assert data(answer) == {"node": None}


async def test_wrong_values_written_into_the_document_are_bad_input_too(stage: Stage, database: Database) -> None:
    granted = f'clientId: "{stage.things.client}", idempotencyKey: "k", reason: GOODWILL'
    planned = f'studioId: "{stage.things.studio}", courseId: "{stage.things.course}", capacity: 1, idempotencyKey: "k"'
    async with written(database) as rows:
        for act in (
            f"grantMakeUp(input: {{{granted}, validity: {{}}}})",
            f"grantMakeUp(input: {{{granted}, validity: {{never: null}}}})",
            f"grantMakeUp(input: {{{granted}, validity: {{never: true, studioValidity: true}}}})",
            f'grantMakeUp(input: {{{granted}, validity: {{expiresOn: "2027-02-29"}}}})',
            f"grantMakeUp(input: {{{granted}, reason: WHIM}})",
            f"grantMakeUp(input: {{{granted}, count: 99999999999}})",
            f"grantMakeUp(input: {{{granted}, count: -21}})",
            f'createSession(input: {{{planned}, startsAt: "now", endsAt: "later"}})',
            "createStudio",
            "dropStudio(input: {})",
            "createStudio(input: null)",
        ):
            document = f"mutation {{ {act} {{ __typename }} }}"
            found = faults(await stage.ask("owner", document))
            assert found, document
            assert {code for code, _ in found} == {"BAD_USER_INPUT"}, document
    assert rows == {}

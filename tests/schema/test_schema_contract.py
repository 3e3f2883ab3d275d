"""What holds for the whole schema: `schema.graphql`, descriptions, the shape of mutations and of lists."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
)
from graphql import build_schema as read_schema

from domain import cancelling, enrolling, granting, make_ups, seats
from domain.refusals import RefusalCode
from domain.rules import codes_of
from domain.services import accounts, studios
from schema import build_schema
from tests.schema.descriptions import described, mutations, refusals_of

ROOT = Path(__file__).parents[2]
WITHOUT_KEY = {"signIn"}

CODES_OF_MUTATIONS: dict[str, set[str]] = {
    "signUp": {*accounts.SIGN_UP_CODES},
    "signIn": set(),
    "createStudio": {*studios.CREATE_CODES},
    "updateStudioPolicy": {*studios.POLICY_CODES},
    "addStaff": {*studios.STAFF_CODES},
    "createCourse": set(),
    "createSession": set(),
    "createClient": set(),
    "linkClient": set(),
    "enrolClient": {*codes_of(*enrolling.COURSE_RULES), *codes_of(*enrolling.EACH_SESSION_RULES)},
    "bookSession": {*codes_of(*seats.ORDINARY_RULES)},
    "bookWithMakeUp": {*codes_of(*make_ups.MAKE_UP_RULES), "NO_ELIGIBLE_CREDIT"},
    "cancelBooking": {*codes_of(*cancelling.CANCELLING_RULES), "OUTCOME_CHANGED"},
    "markPaid": {"PAID_WITH_CREDIT"},
    "grantMakeUp": {*codes_of(*granting.GRANT_RULES)},
}

LISTS_OF_NODES_THAT_ARE_NO_CONNECTIONS = {
    "Viewer.clients": "one family",
    "ClientEnrolled.bookings": "what the act made: at most one a session of the course",
    "MakeUpGranted.credits": "what the act made: at most twenty",
}


def test_schema_graphql_is_what_the_code_exports() -> None:
    exported = build_schema().as_str().rstrip("\n") + "\n"
    committed = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    assert committed == exported, "schema.graphql is out of date: run `make schema`, and read what changed"


def test_everything_has_a_description_that_is_a_sentence(schema: GraphQLSchema) -> None:
    said = {where: one.description or "" for where, one in described(schema)}
    assert [where for where, text in said.items() if not re.match(r"[^a-z\s].*[.`]\Z", text, re.DOTALL)] == []
    assert {"Query", "Mutation.bookWithMakeUp(input)", "RefusalCode.SESSION_FULL", "CancelBookingResult"} <= set(said)


def test_every_mutation_takes_one_input_with_an_idempotency_key(schema: GraphQLSchema) -> None:
    keys: dict[str, str | None] = {}
    for name, field in mutations(schema).items():
        assert list(field.args) == ["input"], name
        required = field.args["input"].type
        assert isinstance(required, GraphQLNonNull), name
        given = required.of_type
        assert isinstance(given, GraphQLInputObjectType), name
        assert given.name == f"{name[0].upper()}{name[1:]}Input"
        key = given.fields.get("idempotencyKey")
        keys[name] = key and str(key.type)
    assert keys == {name: None if name in WITHOUT_KEY else "String!" for name in CODES_OF_MUTATIONS}


def test_every_mutation_answers_a_nullable_union_of_a_success_and_a_refusal(schema: GraphQLSchema) -> None:
    for name, field in mutations(schema).items():
        assert isinstance(field.type, GraphQLUnionType), f"{name} is not a nullable union"
        assert field.type.name == f"{name[0].upper()}{name[1:]}Result"
        success, refused = field.type.types
        assert refused.name == "Refused", name
        assert success.name != "Refused", name


def test_every_root_field_that_can_fail_is_nullable(schema: GraphQLSchema) -> None:
    assert schema.query_type is not None
    never_null = [name for name, field in schema.query_type.fields.items() if isinstance(field.type, GraphQLNonNull)]
    assert never_null == ["serverTime"]


@pytest.mark.parametrize("mutation", CODES_OF_MUTATIONS)
def test_a_mutations_description_lists_the_codes_that_its_rules_can_answer_with(
    schema: GraphQLSchema, mutation: str
) -> None:
    paragraph, listed = refusals_of(mutations(schema)[mutation])
    assert set(listed) == CODES_OF_MUTATIONS[mutation]
    assert len(listed) == len(set(listed))
    assert paragraph.startswith("May be refused with: " if listed else "Is never refused.")


def test_the_refusal_codes_are_the_domains(schema: GraphQLSchema) -> None:
    codes = schema.type_map["RefusalCode"]
    assert isinstance(codes, GraphQLEnumType)
    assert set(codes.values) == {code.value for code in RefusalCode}
    assert {code for codes in CODES_OF_MUTATIONS.values() for code in codes} == set(codes.values)


def test_every_list_of_nodes_is_a_connection_but_for_short_ones(schema: GraphQLSchema) -> None:
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    lists = {
        f"{name}.{field}"
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.endswith("Connection")
        for field, one in kind.fields.items()
        if is_list(one.type) and implements(get_named_type(one.type), node)
    }
    assert lists == set(LISTS_OF_NODES_THAT_ARE_NO_CONNECTIONS)


def test_every_connection_is_paged_by_the_same_four_arguments(schema: GraphQLSchema) -> None:
    paged = {
        f"{name}.{field}": {argument: str(given.type) for argument, given in one.args.items()}
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field, one in kind.fields.items()
        if get_named_type(one.type).name.endswith("Connection")
    }
    assert len(paged) >= 12
    for where, arguments in paged.items():
        expected = {"first": "Int", "last": "Int", "after": "String", "before": "String"}
        assert {name: arguments.get(name) for name in expected} == expected, where


def test_a_clients_library_that_reads_the_file_gets_the_same_schema(schema: GraphQLSchema) -> None:
    read = read_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    theirs = {name: sorted(vars(kind).get("fields", ())) for name, kind in read.type_map.items()}
    assert theirs == {name: sorted(vars(kind).get("fields", ())) for name, kind in schema.type_map.items()}


def is_list(kind: Any) -> bool:
    return is_list_type(kind.of_type if isinstance(kind, GraphQLNonNull) else kind)


def implements(kind: Any, node: GraphQLInterfaceType) -> bool:
    return kind is node or (isinstance(kind, GraphQLObjectType) and node in kind.interfaces)

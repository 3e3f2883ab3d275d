"""What holds for the whole schema: `schema.graphql`, descriptions, the shape of mutations and of lists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
)
from graphql import build_schema as read_schema

from domain.cancellation import cancelling, marking, moving, session_cancelling, undoing
from domain.issuing import granting
from domain.managing import changing, extending, revoking, staffing
from domain.refusals import RefusalCode
from domain.rules import codes_of
from domain.services import accounts, policies, schedule, studios
from domain.spending import enrolling, make_ups, seats
from schema import build_schema
from tests.schema.descriptions import described, mutations, refusals_of

ROOT = Path(__file__).parents[2]
WITHOUT_KEY = {"signIn"}

CODES_OF_MUTATIONS: dict[str, set[str]] = {
    "signUp": {*accounts.SIGN_UP_CODES},
    "signIn": set(),
    "deleteAccount": {"LAST_OWNER"},
    "createStudio": {*studios.CREATE_CODES},
    "updateStudioPolicy": {*policies.STUDIO_CODES},
    "updateCoursePolicy": {*policies.CODES},
    "updateSessionPolicy": {*policies.CODES},
    "inviteStaff": {"ALREADY_STAFF"},
    "withdrawInvitation": {*codes_of(*staffing.WITHDRAWING_RULES)},
    "acceptInvitation": {*codes_of(*staffing.ACCEPTING_RULES)},
    "updateStaff": {*codes_of(*staffing.CHANGING_RULES)},
    "removeStaff": {*codes_of(*staffing.LEAVING_RULES)},
    "createCourse": {*policies.STUDIO_CODES, *codes_of(*schedule.COURSE_RULES)},
    "createSession": {*policies.STUDIO_CODES, *codes_of(*schedule.SESSION_RULES), "NOT_ON_STAFF"},
    "createClient": {"STUDIO_ARCHIVED"},
    "updateStudio": {"SLUG_TAKEN", *codes_of(*changing.STUDIO_RULES)},
    "updateCourse": {*codes_of(*changing.COURSE_RULES)},
    "updateSession": {*codes_of(*changing.SESSION_RULES), "NOT_ON_STAFF"},
    "moveSession": {*codes_of(*moving.MOVING_RULES)},
    "markAttendance": {*codes_of(*marking.ROSTER_RULES, *marking.SEAT_RULES)},
    "updateClient": {"CLIENT_ERASED"},
    "endEnrolment": set(),
    "cancelSession": {*codes_of(*session_cancelling.CANCELLING_RULES), "OUTCOME_CHANGED"},
    "cancelCourseSessions": {"OUTCOME_CHANGED"},
    "linkClient": {"CLIENT_ERASED"},
    "enrolClient": {*codes_of(*enrolling.COURSE_RULES), *codes_of(*enrolling.EACH_SESSION_RULES)},
    "bookSession": {*codes_of(*seats.ORDINARY_RULES)},
    "bookWithMakeUp": {*codes_of(*make_ups.MAKE_UP_RULES), "NO_ELIGIBLE_CREDIT"},
    "cancelBooking": {*codes_of(*cancelling.CANCELLING_RULES), "OUTCOME_CHANGED"},
    "cancelBookings": {"LATE_CANCELLATION_BLOCKED", "OUTCOME_CHANGED"},
    "undoCancellation": {"NOT_CANCELLED", *codes_of(*undoing.UNDOING_RULES), "OUTCOME_CHANGED"},
    "swapSession": {
        *("ALREADY_CANCELLED", "CANCELLATION_EARNS_NOTHING"),
        *codes_of(*cancelling.CANCELLING_RULES, *make_ups.MAKE_UP_RULES),
    }
    - {f"CREDIT_{state}" for state in ("HELD", "USED", "FORFEITED", "REVOKED", "UNDONE")},
    "joinWaitlist": {
        *("ALREADY_WAITING", "CREDIT_IN_GRACE", "SEAT_AVAILABLE", "NO_ELIGIBLE_CREDIT"),
        *codes_of(*seats.ORDINARY_RULES, *make_ups.MAKE_UP_RULES),
    }
    - {"SESSION_FULL"},
    "leaveWaitlist": {"NOT_WAITING"},
    "claimSeat": {
        *("NOT_WAITING", "OFFER_GONE"),
        *codes_of(*seats.ORDINARY_RULES, *make_ups.MAKE_UP_RULES),
    }
    - {*(f"SESSION_{ended}" for ended in ("ARCHIVED", "CANCELLED", "STARTED")), "ALREADY_BOOKED", "ACCOUNT_REQUIRED"}
    - {"SAME_SESSION", "CREDIT_NOT_YET_VALID", "COURSE_ARCHIVED", "CLIENT_ARCHIVED"}
    - {f"CREDIT_{state}" for state in ("HELD", "USED", "FORFEITED", "EXPIRED", "REVOKED", "UNDONE")},
    "markPaid": {"PAID_WITH_CREDIT"},
    "grantMakeUp": {*codes_of(*granting.GRANT_RULES)},
    "extendMakeUps": {*codes_of(*extending.EXTENSION_RULES)},
    "revokeMakeUps": {*codes_of(*revoking.REVOCATION_RULES)},
}

LISTS_OF_NODES_THAT_ARE_NO_CONNECTIONS = {
    "Session.myBookings": "at most one for each client that one account manages",
    "Session.myWaitlistEntries": "at most one for each client that one account manages",
    "Session.clashes": "at most a few for each client that one account manages",
    "ClientAtSession.clashes": "at most a few for each client that one account manages",
    "Booking.clashes": "at most a few for each client that one account manages",
    "MakeUpCredit.canPayFor": "at most one for each client that one account manages",
    "AuditActor.clients": "those of one studio whom one account manages",
    "MakeUpCredit.waitlistEntries": "at most one for each session that it waits for",
    "ClientEnrolled.bookings": "what the act made: at most one a session of the course",
    "EnrolmentEnded.bookings": "what the act ended: at most one a session of the course",
    "EnrolmentEnded.credits": "what the act revoked: at most one a session of the course",
    "SessionCancelled.bookings": "what the act ended: at most one a seat of the session",
    "CourseSessionCancellation.bookings": "what the act ended: at most one a seat of the session",
    "MakeUpGranted.credits": "what the act made: at most twenty",
}

UNITS: dict[str, set[str]] = {
    "minor unit": {"price", "amount", "worth"},
    "days": {"days"},
    "hours": {"hours"},
    "minutes": {"minutes"},
    "seats": {"seats", "capacity"},
    "sessions": {"sessions"},
    "credits": {"credits"},
    "bookings": {"bookings", "nothing"},
    "clients": {"waiting", "position", "clients"},
    "enrolments": {"enrolments"},
    "things": set(),
}
"""What a whole number can count, and the words in a field's name that promise it."""

COUNTED = "|".join(UNITS.keys() - {"minor unit"})
TELLS = {
    "Int": rf"\bin the currency's (minor unit)\b|^how many (?:other |elapsed )?({COUNTED})\b",
    "DateTime": r"^(?:since |from )?when \w+ \w+|\b(?:first|last) instant at which \w+|\binstant that \w+"
    r"|\b(?:at|before) this instant\b",
    "Date": r"\blocal date on which \w+|\blocal date that \w+|\bon this local date\b",
    "LocalTime": r"\bwall clock\b",
    "Float": r"^The share of the .* from 0 to 1\b|\bin the currency's minor unit\b",
}
"""How the description of each scalar that measures something tells its unit, or which instant or date it is."""

VAGUE = [
    ("Int", "The number."),
    ("Int", "Days."),
    ("Int", "How many, 1 to 20."),
    ("Int", "The price of one of its sessions."),
    ("DateTime", "When."),
    ("DateTime", "The instant."),
    ("DateTime", "The last date."),
    ("Date", "The date."),
    ("Date", "The local date, in the studio's time zone."),
    ("LocalTime", "The time of that day."),
    ("Float", "The rate."),
    ("Float", "The share of the credits."),
]


def test_schema_graphql_is_what_the_code_exports() -> None:
    exported = build_schema().as_str().rstrip("\n") + "\n"
    committed = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    assert committed == exported, "schema.graphql is out of date: run `make schema`, and read what changed"


def test_everything_has_a_description_that_is_a_sentence(schema: GraphQLSchema) -> None:
    said = {where: one.description or "" for where, one in described(schema)}
    assert [where for where, text in said.items() if not re.match(r"[^a-z\s].*[.`]\Z", text, re.DOTALL)] == []
    assert {"Query", "Mutation.bookWithMakeUp(input)", "RefusalCode.SESSION_FULL", "CancelBookingResult"} <= set(said)


def tells(scalar: str, description: str) -> re.Match[str] | None:
    return re.search(TELLS[scalar], description, re.IGNORECASE)


def measures(schema: GraphQLSchema) -> Iterator[tuple[str, str, str]]:
    """Every field, input field and argument that measures something: where, its scalar, its description."""
    for where, one in described(schema):
        if isinstance(one, GraphQLField | GraphQLInputField | GraphQLArgument):
            scalar = get_named_type(one.type).name
            if scalar in TELLS:
                yield where, scalar, one.description or ""


def test_every_number_tells_its_unit_and_every_instant_and_date_which_it_is(schema: GraphQLSchema) -> None:
    found = list(measures(schema))
    assert [where for where, scalar, description in found if not tells(scalar, description)] == []
    assert {scalar for _, scalar, _ in found} == set(TELLS)


@pytest.mark.parametrize(("scalar", "description"), VAGUE)
def test_a_vague_description_tells_nothing(scalar: str, description: str) -> None:
    assert not tells(scalar, description)


def test_a_number_whose_name_promises_a_unit_is_told_in_that_unit(schema: GraphQLSchema) -> None:
    kept: set[str] = set()
    for where, scalar, description in measures(schema):
        if scalar == "Int":
            name = re.split(r"[.(]", where)[-1]
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
            promised = {unit for unit, names in UNITS.items() if names & words}
            told = tells(scalar, description)
            assert promised <= set(told.groups() if told else ()), where
            kept |= promised
    assert {"minor unit", "days", "hours", "seats", "sessions"} <= kept


def test_every_scalar_that_measures_something_has_words_to_tell_it(schema: GraphQLSchema) -> None:
    scalars = {name for name, kind in schema.type_map.items() if isinstance(kind, GraphQLScalarType)}
    assert scalars - {"ID", "String", "Boolean", "JSON"} == set(TELLS)


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

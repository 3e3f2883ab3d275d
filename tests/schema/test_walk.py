"""A1, A3: what is private cannot be reached from what is public, over whatever edges, however deep.

A type is public if a visitor sees anything of it. The schema is walked over public types, every way. An edge that leads
from there into a private type is guarded, and stands in the table.
"""

import asyncio
import json

import pytest
from graphql import GraphQLSchema

from tests.schema.asking import given, of_paths, reached
from tests.schema.faces import PUBLIC_TYPES
from tests.schema.graph import Edge, Path, ways_into_private, ways_out_of_private
from tests.schema.stage import Stage
from tests.world import Json

GUARDED = {
    "Course.cancellationPreview": "manager",
    "Query.node: Account": "client",
    "Query.node: AuditEntry": "owner",
    "Query.node: Booking": "manager",
    "Query.node: Client": "manager",
    "Query.node: Enrolment": "manager",
    "Query.node: MakeUpCredit": "manager",
    "Query.node: StaffInvitation": "owner",
    "Query.node: WaitlistEntry": "manager",
    "Session.bookingEligibility": "manager",
    "Session.bookings": "manager",
    "Session.clashes": "manager",
    "Session.cancellationPreview": "manager",
    "Session.makeUpEligibility": "manager",
    "Session.swapEligibility": "manager",
    "Session.waitlist": "manager",
    "Session.waitlistEligibility": "manager",
    "Studio.attendanceCorrections": "manager",
    "Studio.auditTrail": "owner",
    "Studio.bookings": "manager",
    "Studio.clients": "manager",
    "Studio.invitations": "owner",
    "Studio.makeUpCredits": "manager",
    "Studio.reports": "manager",
    "Studio.staff": "manager",
    "Studio.waitlistEntries": "manager",
}
"""The edges into what is private, each with somebody to whom it shows something. To others it shows nothing."""

NAMELESS = {
    "Course.cancellationPreview",
    "Query.invitation",
    "Session.bookingEligibility",
    "Session.cancellationPreview",
    "Session.swapEligibility",
    "Studio.reports",
    "Studio.staff",
}
"""Those of the edges that say nothing of anybody by name or id."""

OF_ONES_OWN = {
    "Query.invitation",
    "Query.viewer",
    "Query.bookings",
    "Query.makeUpCredits",
    "Query.waitlistEntries",
    "Session.forMyClients",
    "Session.myBookings",
    "Session.myWaitlistEntries",
}
"""Edges that show everybody what is their own."""

OF_A_FULL_SESSION = {"Session.waitlist", "Session.myWaitlistEntries"}
"""Edges that show something only where somebody waits."""

CLOSED = {"Query.makeUpOptions"}
"""Edges between public types that nevertheless are not for everybody, and so end a walk."""


@pytest.fixture(scope="session")
def from_the_root(schema: GraphQLSchema) -> list[Path]:
    """Every way from the root to a guarded edge."""
    return list(ways_into_private(schema, PUBLIC_TYPES))


@pytest.fixture(scope="session")
def from_ones_own(schema: GraphQLSchema) -> list[Path]:
    """Likewise from what is the viewer's own: by a session that they are booked in, for example."""
    begun = ways_out_of_private(schema, PUBLIC_TYPES)
    return [way for each in begun for way in ways_into_private(schema, PUBLIC_TYPES, each)]


def test_every_edge_from_public_into_private_is_known(from_the_root: list[Path], from_ones_own: list[Path]) -> None:
    assert {way[-1].name for way in from_the_root} == set(GUARDED) | OF_ONES_OWN
    assert {way[-1].name for way in from_ones_own} <= set(GUARDED) | OF_ONES_OWN


@pytest.mark.parametrize("role", ["anonymous", "stranger", "rival"])
async def test_they_show_nobody_what_is_anothers(
    gallery: Stage, schema: GraphQLSchema, from_the_root: list[Path], from_ones_own: list[Path], role: str
) -> None:
    ways = [*from_the_root, *(from_ones_own if role == "stranger" else ())]
    answers = await answers_to(gallery, schema, role, ways)
    for way, answer in answers:
        assert told(answer, gallery.secrets) == set(), named(way)
        assert way[-1].name in OF_ONES_OWN or not reached(answer, way), named(way)
    # Else the walk would prove nothing: it came as far as to these edges.
    assert {way[0].name for way, answer in answers if not reached(answer, way[:-1])} == CLOSED


async def test_they_show_it_to_those_whose_it_is_and_to_the_staff(
    gallery: Stage, schema: GraphQLSchema, from_the_root: list[Path]
) -> None:
    """Else the walk would prove nothing."""
    shortest = {way[-1].name: way for way in sorted(from_the_root, key=len, reverse=True)}
    for edge, role in (*GUARDED.items(), *((edge, "client") for edge in OF_ONES_OWN)):
        at = {"session": gallery.things.full} if edge in OF_A_FULL_SESSION else {}
        ((way, answer),) = await answers_to(gallery, schema, role, [shortest[edge]], **at)
        assert reached(answer, way), edge
        assert told(answer, gallery.secrets) or edge in NAMELESS, edge


async def answers_to(
    stage: Stage, schema: GraphQLSchema, role: str, ways: list[Path], **at: str
) -> list[tuple[Path, Json]]:
    """Each way with its answer: one for all that differ in the last edge alone."""
    ends: dict[Path, list[Edge]] = {}
    for *begun, end in ways:
        ends.setdefault(tuple(begun), []).append(end)
    few = asyncio.Semaphore(10)

    async def answer(begun: Path) -> Json:
        async with few:
            return await stage.ask(role, of_paths(schema, begun, ends[begun]), {**given(stage, role), **at})

    answers = await asyncio.gather(*map(answer, ends))
    return [((*begun, end), answer) for begun, answer in zip(ends, answers, strict=True) for end in ends[begun]]


def told(answer: Json, secrets: set[str]) -> set[str]:
    """Which secrets stand anywhere in an answer."""
    text = json.dumps(answer, ensure_ascii=False)
    return {secret for secret in secrets if secret in text}


def named(way: Path) -> str:
    return ", ".join(edge.name for edge in way)

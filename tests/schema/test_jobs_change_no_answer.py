"""V5, W2: whatever is asked, the answer is the same before a job ran and after."""

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from graphql import GraphQLSchema

from persistence import tables as t
from persistence.database import Database
from tests import jobs
from tests.ids import ref
from tests.schema.asking import given, of_face
from tests.schema.faces import FACES
from tests.schema.stage import Stage, set_up
from tests.world import Api, Json, Person, World, data

ROLES = ("anonymous", "client", "stranger", "teacher", "manager", "owner")
THOSE_WHO_SEE_WAITS = ("client", "manager")
WHEN_OFFERS_END, AFTER_ALL_EXPIRIES = "2026-11-01T20:00:00Z", "2027-02-01T08:00:00Z"
INSTANTS = {WHEN_OFFERS_END: THOSE_WHO_SEE_WAITS, AFTER_ALL_EXPIRIES: ROLES}
"""The very start at which offers end, and long after all that jobs then write down; and who asks."""

NOW = "2026-11-22T17:00:00Z"
SOONER, LATER = "2026-12-13T17:00:00Z", "2026-12-14T17:00:00Z"
ON_OFFER = "2026-12-12T16:00:00Z"
AFTER_ITS_GRACE = "2026-12-17T17:00:00Z"
STATES = ("WAITING", "SEATED", "LEFT", "GIVEN_UP", "ENDED")
CREDIT_STATES = ("ACTIVE", "HELD", "USED", "EXPIRED")
PLACES, CREDITS = "{ totalCount nodes { ...Place } }", "{ totalCount nodes { ...Credit } }"
WAITING = """
fragment Place on WaitlistEntry { id state position joinedAt endedAt withCredit booking { id } credit { id state }
  claimEligibility { eligible reasons { code message } } }
fragment Credit on MakeUpCredit { id state expiresAt expiresOn ownExpiresAt ownExpiresOn heldUntil inGrace
  waitlistEntries { ...Place }
  ledger { kind at expiresAt expiresOn expiresAtBefore expiresOnBefore heldUntil session { id } } }
fragment Full on Session { id seatsLeft makeUpSeatsLeft seatsOnOffer waiting seatsGivenUntil
  myWaitlistEntries { ...Place }
  bookingEligibility(clientId: $client) { eligible reasons { code waiting canJoinWaitlist } }
  makeUpEligibility(clientId: $client) { eligible credit { id } reasons { code waiting canJoinWaitlist } }
  money: waitlistEligibility(withCredit: false, clientId: $client) { eligible reasons { code } }
  credit: waitlistEligibility(withCredit: true, clientId: $client) { eligible credit { id } reasons { code } } }
query ($client: ID!, $credit: ID!, $sooner: ID!, $later: ID!) {
  credit: node(id: $credit) { ...Credit }
  sooner: node(id: $sooner) { ...Full }
  later: node(id: $later) { ...Full }
  makeUpOptions(clientId: $client, includeIneligible: true) { totalCount nodes { ...Full } }
  bookable: makeUpOptions(clientId: $client) { totalCount nodes { id } }
  client: node(id: $client) { ... on Client { LISTS } }
}
"""


async def test_v5_every_field_that_queries_can_reach_answers_the_same_before_and_after(
    api: Api, database: Database, schema: GraphQLSchema
) -> None:
    stage = await set_up(api)
    await held_without_grace(stage)
    studio_id = ref(stage.things.studio).studio_id
    kept, written, told = [await kept_for_queues(database, stage)], list[tuple[int, int, int]](), list[str]()
    for instant, roles in INSTANTS.items():
        before, now = await answers(stage, schema, instant, roles), datetime.fromisoformat(instant)
        ended, ran_out = await jobs.end_waits(database, studio_id, now)
        written.append((ended, ran_out, await jobs.expire_credits(database, studio_id, now)))
        kept.append(await kept_for_queues(database, stage))
        assert await answers(stage, schema, instant, roles) == before, instant
        told += before
    # Else the comparison would prove nothing.
    assert kept[0] > 0
    assert kept[1:] == [0, 0]
    assert all(sum(counts) > 0 for counts in zip(*written, strict=True)), written
    for word in ("ENDED", "RELEASED", "EXPIRED"):
        assert any(f'"{word}"' in answer for answer in told), word


async def held_without_grace(stage: Stage) -> None:
    """A credit of the client that has run out by the start for which it waits."""
    await stage.world.policy(holdReleaseGraceHours=0)
    client, full = stage.things.client, await stage.world.full(LATER)
    (credit,) = await stage.world.granted(client, validity={"expiresOn": "2026-11-30"})
    await stage.world.waits(full, client, withCredit=True, creditId=credit)
    await stage.world.policy(holdReleaseGraceHours=None)


async def kept_for_queues(database: Database, stage: Stage) -> int:
    """How many seats the rows of the studio's sessions keep so, whatever the time."""
    c = t.sessions.c
    wanted = sa.select(sa.func.sum(c.freed_late)).where(c.studio_id == ref(stage.things.studio).studio_id)
    async with database.reading() as connection:
        return (await connection.execute(wanted)).scalar_one()


async def answers(stage: Stage, schema: GraphQLSchema, now: str, roles: Iterable[str]) -> list[str]:
    """Of these roles to every face of the graph. Fields run side by side, so that errors come in any order."""
    questions = [of_face(schema, face) for face in FACES if face.operation == "query"]
    few = asyncio.Semaphore(10)

    async def answer(role: str, question: str) -> str:
        person = stage.people[role]
        async with few:
            whole = await stage.api.answer(question, given(stage, role), token=person and person.token, now=now)
        whole["errors"] = sorted(whole.get("errors", ()), key=json.dumps)
        return json.dumps(whole)

    return await asyncio.gather(*(answer(role, question) for role in roles for question in questions))


async def test_w2_around_starts_a_release_and_its_grace_what_waits_is_told_alike(
    world: World, database: Database
) -> None:
    """A credit that waits past its own end, for a seat on offer and on a second list, is released and runs out."""
    person, client = await world.person()
    (credit,) = await world.granted(client, validity={"expiresOn": "2026-11-30"})
    ben, his = await world.person("Ben")
    sooner, later = [await world.session(None, start, capacity=1) for start in (SOONER, LATER)]
    booking = await world.booked(sooner, his)
    await world.booked(later, his)
    for session in (sooner, later):
        await world.waits(session, client, NOW, withCredit=True, creditId=credit)
        await world.waits(session, await world.client(), NOW)
    await ben.do("cancelBooking", ON_OFFER, bookingId=booking)
    asked = {"client": client, "credit": credit, "sooner": sooner, "later": later}
    ends = (SOONER, LATER, AFTER_ITS_GRACE)
    states: list[str] = []
    for now in sorted((*map(just_before, ends), *ends)):
        before = [await everything(each, asked, now) for each in (person, world.owner)]
        await jobs.end_waits(database, ref(world.studio).studio_id, datetime.fromisoformat(now))
        await jobs.expire_credits(database, ref(world.studio).studio_id, datetime.fromisoformat(now))
        assert [await everything(each, asked, now) for each in (person, world.owner)] == before, now
        states.append(before[0]["credit"]["state"])
    assert states == ["HELD", "HELD", "HELD", "ACTIVE", "ACTIVE", "EXPIRED"]


async def everything(person: Person, asked: Json, now: str) -> Json:
    """All that tells of waiting, and each list by the states of what it lists."""
    places = " ".join(f"{state}: waitlistEntries(filter: {{states: [{state}]}}) {PLACES}" for state in STATES)
    credits = " ".join(f"{state}_: makeUpCredits(filter: {{states: [{state}]}}) {CREDITS}" for state in CREDIT_STATES)
    return data(await person.ask(WAITING.replace("LISTS", f"{places} {credits}"), asked, now))


def just_before(instant: str) -> str:
    """For instants at a whole hour."""
    hour = int(instant[11:13]) - 1
    return f"{instant[:11]}{hour:02}:59:59.999999Z"

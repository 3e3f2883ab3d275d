"""A studio with one of everything, and everybody who might look at it or act on it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.schema.audience import GUEST
from tests.schema.things import AN_INSTANT_LATER, NAMES, NOTE, Things, hall, marked, things
from tests.world import Api, Json, Person, World, document, unique


@dataclass(frozen=True)
class Stage:
    """`things` belong to `client`, the person; `stranger_things` and `guest_things` to others at the same studio.

    `rosters`: sessions that have started, each with the one booking of it, which nobody has marked; each is taken once.
    `case`: a booking whose absence was corrected after what it earned was spent. `code`: of an invitation to `client`.
    """

    world: World
    elsewhere: World
    people: dict[str, Person | None]
    things: Things
    stranger_things: Things
    guest_things: Things
    foreign_things: Things
    rosters: list[tuple[str, str]]
    case: str
    code: str

    @property
    def api(self) -> Api:
        return self.world.api

    @property
    def now(self) -> str:
        """Everything happens at one instant, so that nothing is in anybody's future.

        Only what stands on the stage was made an instant before, and some of it has started since.
        """
        return self.world.beginning

    def things_for(self, role: str) -> Things:
        """What the role asks about and acts on."""
        return self.guest_things if role == GUEST else self.things

    @property
    def secrets(self) -> set[str]:
        """What no stranger may be told of the client and of the guest."""
        emails = {person.email for person in (self.people["client"],) if person}
        return self.things.private | self.guest_things.private | {*NAMES, NOTE, self.case} | emails

    async def ask(self, role: str, query: str, variables: Mapping[str, Any] | None = None) -> Json:
        """The whole answer to a query."""
        return json.loads(await self.content(role, query, variables))

    async def content(self, role: str, query: str, variables: Mapping[str, Any] | None = None) -> bytes:
        """The same, byte for byte."""
        person = self.people[role]
        return await self.api.content(query, variables, token=person and person.token, now=self.now)

    async def act(self, role: str, mutation: str, given: Mapping[str, Any], key: str | None = None) -> Json:
        """The whole answer to a mutation, with a new idempotency key unless one is given."""
        return await self.ask(role, document(mutation), {"input": keyed(mutation, given, key)})


def keyed(mutation: str, given: Mapping[str, Any], key: str | None = None) -> Json:
    """An input with an idempotency key, a new one unless one is given."""
    return dict(given) if mutation == "signIn" else {"idempotencyKey": key or unique("key"), **given}


_LIMITS: Json = {
    "cancellationDeadline": {"localTime": {"daysBefore": 1, "time": "18:00"}},
    "earnCap": {"cap": {"max": 100, "per": "ROLLING_DAYS", "days": 30}},
    "maxOutstanding": {"limit": 100},
    "validity": {"until": "2027-01-31"},
    "neverBeforeMissedSession": {"limit": 7},
    "makeUpsOpenDaysBefore": {"limit": 365},
    "makeUpsCloseMinutesBefore": {"limit": 60},
}


async def set_up(api: Api) -> Stage:
    world = await World.founded(
        api, lateCancellation="BLOCK", redeemableFrom="AFTER_MISSED_SESSION", priceGuard="SAME_OR_LOWER"
    )
    elsewhere = await World.founded(api, **_LIMITS)
    teacher, teacher_id = await world.staff("INSTRUCTOR", "Tea")
    idle, _ = await world.staff("INSTRUCTOR", "Ida")
    manager, _ = await world.staff("MANAGER", "Max")
    _, gone = await world.staff("INSTRUCTOR", "Leo")
    await world.owner.do("removeStaff", world.beginning, staffId=gone)
    person = await Person.signed_up(api)
    client = await world.client(person, NAMES[0])
    guest = await world.client(name=NAMES[1])
    stranger, other_client = await world.person("Eva")
    foreigner, foreign_client = await elsewhere.person("Fay")
    people: dict[str, Person | None] = {
        "anonymous": None,
        "client": person,
        "stranger": stranger,
        GUEST: manager,
        "teacher": teacher,
        "idle": idle,
        "manager": manager,
        "owner": world.owner,
        "rival": elsewhere.owner,
    }
    _, foreign_staff = await elsewhere.staff("INSTRUCTOR")
    closed = await World.founded(api)
    await closed.archive(closed.studio)
    here, there = [await hall(*its, closed.studio) for its in ((world, teacher_id), (elsewhere, foreign_staff))]
    mine = await things(world, here, client, person)
    strangers = await things(world, here, other_client, stranger, "Eva was ill.")
    guests = await things(world, here, guest, None)
    foreign = await things(elsewhere, there, foreign_client, foreigner)
    rose = await Person.signed_up(api, "Rose")
    started = await rosters(world, teacher_id, await world.client(rose, "Rose"))
    for each in (world, elsewhere):
        each.beginning = AN_INSTANT_LATER
    for each in (mine, strangers, guests):
        await marked(world, each.marked)
    await marked(elsewhere, foreign.marked)
    session, case = started.pop()
    await corrected(world, session, case)
    code = (await world.invited(person.email, "MANAGER"))["code"]
    return Stage(world, elsewhere, people, mine, strangers, guests, foreign, started, case, code)


async def corrected(world: World, session: str, booking: str) -> None:
    """An absence that was excused and earned what is spent already."""
    await world.policy(excusedAbsenceEarns=True, redeemableFrom=None)
    for attendance in ("EXCUSED", "ABSENT"):
        marks = [{"bookingId": booking, "attendance": attendance}]
        marked = await world.owner.do("markAttendance", world.beginning, sessionId=session, marks=marks)
        if attendance == "EXCUSED":
            target = await world.session(await world.course(), "2026-12-20T17:00:00Z")
            given = {"sessionId": target, "creditId": marked["results"][0]["credit"]["id"]}
            await world.owner.do("bookWithMakeUp", world.beginning, **given)
    await world.policy(excusedAbsenceEarns=None, redeemableFrom="AFTER_MISSED_SESSION")


async def rosters(world: World, instructor: str, client: str, number: int = 40) -> list[tuple[str, str]]:
    """Sessions that start when the acts on the stage begin."""
    course = await world.course()
    times = AN_INSTANT_LATER, "2026-11-01T09:00:00Z"
    for _ in range(number):
        await world.session(course, *times, instructorId=instructor)
    enrolled = await world.enrolled(course, client)
    return [(each["session"]["id"], each["id"]) for each in enrolled["bookings"]]

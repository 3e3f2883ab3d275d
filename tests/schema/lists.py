"""Every list of the API, and how to ask for a page of it."""

from dataclasses import dataclass
from typing import Any

from tests.schema.things import AN_INSTANT_LATER
from tests.world import Api, Json, Person, World, data, unique

_ARGUMENTS = "first: $first, last: $last, after: $after, before: $before"
_PAGE = (
    "{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id NODE } } }"
)
_PAGE_VARIABLES = "$first: Int, $last: Int, $after: String, $before: String"


@dataclass(frozen=True)
class List:
    """`variable`: what the list hangs on; `around` has a place for its field. `noun`: what it lists."""

    variable: str | None
    around: str
    field: str
    noun: str

    def query(self, node: str = "", page: str = _PAGE) -> str:
        given = {"slug": "$slug: String!, ", None: ""}.get(self.variable, f"${self.variable}: ID!, ")
        field = self.field.replace("ARGUMENTS", _ARGUMENTS)
        return f"query ({given}{_PAGE_VARIABLES}) {{ {self.around % (field + page.replace('NODE', node))} }}"

    def found_in(self, answer: Json) -> Json:
        """The page in an answer, however deep."""
        (value,) = answer.values()
        return value if "pageInfo" in value or "__typename" in value else self.found_in(value)


_STUDIO = "studio(slug: $slug) { %s }"
_COURSE = "node(id: $course) { ... on Course { %s } }"
_SESSION = "node(id: $session) { ... on Session { %s } }"
_REPORTS = _STUDIO % "reports { %s }"
_DATES = 'from: "2026-11-01", through: "2027-02-28"'
_CLIENT = "node(id: $client) { ... on Client { %s } }"
_BOOKING = "node(id: $booking) { ... on Booking { %s } }"

LISTS = {
    "Query.sessions": List("slug", "%s", "sessions(studioSlug: $slug, ARGUMENTS)", "Session"),
    "Query.courses": List("slug", "%s", "courses(studioSlug: $slug, ARGUMENTS)", "Course"),
    "Query.bookings": List(None, "%s", "bookings(ARGUMENTS)", "Booking"),
    "Query.makeUpCredits": List(None, "%s", "makeUpCredits(ARGUMENTS)", "MakeUpCredit"),
    "Query.makeUpOptions": List("client", "%s", "makeUpOptions(clientId: $client, ARGUMENTS)", "Session"),
    "Studio.sessions": List("slug", _STUDIO, "sessions(ARGUMENTS)", "Session"),
    "Studio.courses": List("slug", _STUDIO, "courses(ARGUMENTS)", "Course"),
    "Studio.clients": List("slug", _STUDIO, "clients(ARGUMENTS)", "Client"),
    "Studio.bookings": List("slug", _STUDIO, "bookings(ARGUMENTS)", "Booking"),
    "Studio.makeUpCredits": List("slug", _STUDIO, "makeUpCredits(ARGUMENTS)", "MakeUpCredit"),
    "Studio.attendanceCorrections": List("slug", _STUDIO, "attendanceCorrections(ARGUMENTS)", "Booking"),
    "Studio.staff": List("slug", _STUDIO, "staff(ARGUMENTS)", "StaffMember"),
    "Studio.invitations": List("slug", _STUDIO, "invitations(ARGUMENTS)", "StaffInvitation"),
    "Studio.auditTrail": List(
        "slug", _STUDIO, "auditTrail(filter: {kinds: [WAITLIST_JOINED]}, ARGUMENTS)", "AuditEntry"
    ),
    "Course.sessions": List("course", _COURSE, "sessions(ARGUMENTS)", "Session"),
    "Client.bookings": List("client", _CLIENT, "bookings(ARGUMENTS)", "Booking"),
    "Client.enrolments": List("client", _CLIENT, "enrolments(ARGUMENTS)", "Enrolment"),
    "Session.bookings": List("session", _SESSION, "bookings(ARGUMENTS)", "Booking"),
    "Viewer.clients": List(None, "viewer { %s }", "clients(ARGUMENTS)", "Client"),
    "Booking.swapOptions": List("booking", _BOOKING, "swapOptions(ARGUMENTS)", "Session"),
    "Query.waitlistEntries": List(None, "%s", "waitlistEntries(ARGUMENTS)", "WaitlistEntry"),
    "Studio.waitlistEntries": List("slug", _STUDIO, "waitlistEntries(ARGUMENTS)", "WaitlistEntry"),
    "Client.waitlistEntries": List("client", _CLIENT, "waitlistEntries(ARGUMENTS)", "WaitlistEntry"),
    "Session.waitlist": List("session", _SESSION, "waitlist(ARGUMENTS)", "WaitlistEntry"),
    "StudioReports.clientsWithOutstanding": List("slug", _REPORTS, "clientsWithOutstanding(ARGUMENTS)", "Client"),
    "StudioReports.clientsWhoCanBookNothing": List("slug", _REPORTS, "clientsWhoCanBookNothing(ARGUMENTS)", "Client"),
    "StudioReports.sessionsFilledByMakeUps": List(
        "slug", _REPORTS, f"sessionsFilledByMakeUps({_DATES}, ARGUMENTS)", "Session"
    ),
    "Client.makeUpCredits": List("client", _CLIENT, "makeUpCredits(ARGUMENTS)", "MakeUpCredit"),
}


@dataclass(frozen=True)
class Shelf:
    """A studio with something in each of its lists, and who may see it all."""

    world: World
    person: Person
    course: str
    client: str
    session: str
    booking: str = ""

    async def answer(
        self, name: str, node: str = "", query: str | None = None, staff: bool = False, **window: Any
    ) -> Json:
        """The whole answer for one page of a list."""
        each = LISTS[name]
        at = {"slug": self.world.slug, "course": self.course, "client": self.client, "session": self.session}
        at["booking"] = self.booking
        given = {} if each.variable is None else {each.variable: at[each.variable]}
        # Only staff see a studio's own lists and a roster; the other lists are the client's.
        viewer = self.world.owner if staff or name.startswith(("Studio", "Session.")) else self.person
        return await viewer.ask(query or each.query(node), {**given, **window}, self.world.beginning)

    async def page(self, name: str, node: str = "", query: str | None = None, **window: Any) -> Json:
        """One page of a list."""
        return LISTS[name].found_in(data(await self.answer(name, node, query, **window)))

    async def sizes(self) -> dict[str, int]:
        """How much each list has."""
        return {name: (await self.page(name, first=1))["totalCount"] for name in LISTS}

    async def ids(self, name: str) -> list[str]:
        """All that a list has, in its order."""
        return [edge["node"]["id"] for edge in (await self.page(name, first=100))["edges"]]


async def filled(api: Api) -> Shelf:
    """Ten of everything and more. Whatever comes in several kinds alternates, and there are many ties."""
    world = await World.founded(api, excusedAbsenceEarns=True)
    person, client = await world.person()
    _, teacher = await world.staff("INSTRUCTOR")
    roster = await world.session(None, "2026-12-09T17:00:00Z", instructorId=teacher)
    courses, children = list[str](), list[str]()
    booked: Json = {}
    for day in range(10, 20):
        starts_at = f"2026-12-{day}T17:00:00Z"
        courses.append(await world.course(name=f"Yoga {day % 3}"))
        await world.session(courses[-1], starts_at, instructorId=teacher)
        enrolled = await world.enrolled(courses[-1], client)
        await person.do("cancelBooking", world.beginning, bookingId=enrolled["bookings"][0]["id"])
        one_time = await world.session(None, starts_at, instructorId=teacher)
        (credit,) = await world.granted(client, validity={"studioValidity": True}, worth=10_000)
        given = {"sessionId": one_time, "creditId": credit, "clientId": client}
        booked = await person.do("bookWithMakeUp", world.beginning, **given)
        children.append(await world.client(person, f"Eva {day % 3}"))
        await world.booked(roster, children[-1])
    await world.granted(client, 2)
    await _wait(world, client, roster)
    for number in range(10):
        await world.staff("MANAGER", f"Max {number % 3}")
        await world.invited(f"{unique('ivo')}@example.com")
    for day in range(1, 11):
        await world.session(courses[0], f"2027-01-{day // 2 + 10}T17:00:00Z", instructorId=teacher)
    missed = await world.session(courses[1], AN_INSTANT_LATER, "2026-11-01T09:00:00Z", instructorId=teacher)
    how: Json = {"capacity": 20, "instructorId": teacher}
    targets = [await world.session(of, "2026-12-08T17:00:00Z", **how) for of in (None, courses[2])]
    for child in children:
        await world.booked(missed, child)
    world.beginning = AN_INSTANT_LATER
    await _correct(world, person, missed, targets)
    return Shelf(world, person, courses[0], client, roster, booked["booking"]["id"])


async def _wait(world: World, client: str, roster: str) -> None:
    """The client on many lists, half of the times with a credit, and many clients on one."""
    for number in range(10):
        how: Json = {}
        if number % 2 == 0:
            (credit,) = await world.granted(client)
            how = {"withCredit": True, "creditId": credit}
        await world.waits(await world.full(f"2027-01-2{number // 2}T17:00:00Z"), client, **how)
        guest = await world.client(name=f"Gil {number // 2}")
        await world.waits(roster, guest)
        await world.granted(guest)


async def _correct(world: World, person: Person, missed: str, targets: list[str]) -> None:
    """All who missed it were excused, and spend what that earned; and then they are excused no more."""
    excused = await world.owner.do("markAttendance", world.beginning, sessionId=missed, unmarked="EXCUSED")
    for number, each in enumerate(excused["results"]):
        given = {"sessionId": targets[number % 2], "creditId": each["credit"]["id"]}
        await person.do("bookWithMakeUp", world.beginning, **given)
    marks = [{"bookingId": each["booking"]["id"], "attendance": "ABSENT"} for each in excused["results"]]
    await world.owner.do("markAttendance", world.beginning, sessionId=missed, marks=marks)

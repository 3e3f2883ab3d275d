"""A studio for one test, built and used over HTTP like any client would."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

PASSWORD = "correct horse battery"
_BEGINNING = "2026-11-01T08:00:00Z"
_numbers = count(1)

Json = dict[str, Any]


def unique(word: str) -> str:
    """A word that no other test uses."""
    return f"{word}-{next(_numbers)}-{uuid4().hex[:8]}"


@dataclass(frozen=True)
class Api:
    """Sends operations to the server."""

    http: httpx.AsyncClient

    async def answer(
        self, document: str, variables: Mapping[str, Any] | None = None, *, token: str | None, now: str | None
    ) -> Json:
        """The whole answer, errors included."""
        return json.loads(await self.content(document, variables, token=token, now=now))

    async def content(
        self, document: str, variables: Mapping[str, Any] | None = None, *, token: str | None, now: str | None
    ) -> bytes:
        """The same, byte for byte."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if now is not None:
            headers["Encore-Now"] = now
        body = {"query": document, "variables": dict(variables or {})}
        response = await self.http.post("/graphql", json=body, headers=headers)
        return response.content


def data(answer: Json) -> Json:
    """The data of an answer without errors."""
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def fault(answer: Json) -> str:
    """The code of an answer's only error."""
    (error,) = answer["errors"]
    return error["extensions"]["code"]


def faults(answer: Json) -> list[tuple[str, list[str] | None]]:
    """The code and the input field at fault of each error, of an answer that gives nothing else."""
    assert all(value is None for value in (answer.get("data") or {}).values()), answer
    return [(error["extensions"]["code"], error["extensions"].get("input")) for error in answer["errors"]]


def codes(result: Json) -> list[str]:
    """The codes of a refusal, in the order of the rules."""
    assert result["__typename"] == "Refused", result
    return [reason["code"] for reason in result["reasons"]]


REASONS = """... on Refused { reasons { code message path sessionId creditId bookingId fixableBy availableFrom
  whyNotEarned waiting canJoinWaitlist
  actual { __typename ... on IntValue { int } ... on DateTimeValue { dateTime } ... on DateValue { date }
    ... on MoneyValue { money { amount currency } } ... on TextValue { text } }
  required { __typename ... on IntValue { int } ... on DateTimeValue { dateTime } ... on DateValue { date }
    ... on MoneyValue { money { amount currency } } ... on TextValue { text } } } }"""
CREDIT = """fragment CreditParts on MakeUpCredit { id state origin reason issuedAt expiresAt expiresOn
  worth { amount currency } client { id } missedBooking { id } booking { id } ledger { kind at expiresOn } }"""
ENTRY = """fragment EntryParts on WaitlistEntry { id state position joinedAt endedAt withCredit session { id waiting }
  client { id } credit { id state heldUntil } booking { id } }"""
BOOKING = """fragment BookingParts on Booking { id status paidWith payment bookedAt cancelledAt outcome whyNotEarned
  price { amount } session { id seatsLeft } client { id } credit { id } earnedCredit { id }
  enrolment { id payment } }"""

MUTATIONS: dict[str, str] = {
    "signUp": "... on SignedUp { accessToken account { id email } }",
    "signIn": "... on SignedIn { accessToken account { id email } }",
    "deleteAccount": "... on AccountDeleted { deletedAt }",
    "createStudio": "... on StudioCreated { studio { id slug name timeZone currency myRole } }",
    "updateStudioPolicy": "... on StudioPolicyUpdated"
    " { studio { id policy { makeUpsEnabled validity { days never } } } }",
    "updateCoursePolicy": "... on CoursePolicyUpdated { course { id makeUpsEnabled } }",
    "updateSessionPolicy": "... on SessionPolicyUpdated { session { id cancellationDeadline } }",
    "updateStudio": "... on StudioUpdated { studio { id slug name timeZone archivedAt } }",
    "updateCourse": "... on CourseUpdated { course { id name description category acceptsMakeUps archivedAt"
    " wholeCoursePrice { amount } singleSessionPrice { amount } } }",
    "updateSession": "... on SessionUpdated { session { id name capacity seatsLeft category acceptsMakeUps archivedAt"
    " price { amount } instructor { id } } }",
    "moveSession": "... on SessionMoved { bookingsMoved session { id startsAt endsAt movedAt cancellationDeadline } }",
    "markAttendance": "... on AttendanceMarked { session { id } results { changed whyNotEarned"
    " booking { ...BookingParts attendance markedAt } credit { ...CreditParts } creditTakenBack { ...CreditParts } } }",
    "updateClient": "... on ClientUpdated { client { id name hasAccount archivedAt } }",
    "cancelSession": "... on SessionCancelled { session { id status seatsLeft } bookings { ...BookingParts } }",
    "cancelCourseSessions": "... on CourseSessionsCancelled { course { id } changedCount"
    " results { session { id status } changed bookings { ...BookingParts } } }",
    "endEnrolment": "... on EnrolmentEnded { enrolment { id payment endedAt } bookings { ...BookingParts }"
    " credits { ...CreditParts } }",
    "inviteStaff": "... on StaffInvited { studio { id }"
    " invitation { id email role displayName state createdAt expiresAt code } }",
    "withdrawInvitation": "... on InvitationWithdrawn { invitation { id email state code } }",
    "acceptInvitation": "... on InvitationAccepted { studio { id myRole } staffMember { id role displayName } }",
    "updateStaff": "... on StaffUpdated { staffMember { id role displayName removedAt } }",
    "removeStaff": "... on StaffRemoved { sessionsToCome staffMember { id role displayName removedAt } }",
    "createCourse": "... on CourseCreated { course { id name makeUpsEnabled acceptsMakeUps } }",
    "createSession": "... on SessionCreated { session { id name seatsLeft cancellationDeadline acceptsMakeUps } }",
    "createClient": "... on ClientCreated { client { id name hasAccount } }",
    "linkClient": "... on ClientLinked { client { id name hasAccount } }",
    "enrolClient": "... on ClientEnrolled { enrolment { id payment } bookings { ...BookingParts } }",
    "bookSession": "... on SessionBooked { booking { ...BookingParts } session { id seatsLeft } }",
    "markPaid": "... on PaymentMarked { booking { id payment } enrolment { id payment } }",
    "cancelBooking": "... on BookingCancelled { booking { ...BookingParts } session { id seatsLeft }"
    " credit { ...CreditParts } }",
    "cancelBookings": "... on BookingsCancelled { results { booking { ...BookingParts } session { id seatsLeft }"
    " credit { ...CreditParts } refusals { code sessionId bookingId } } }",
    "undoCancellation": "... on CancellationUndone { booking { ...BookingParts } session { id seatsLeft }"
    " creditTakenBack { ...CreditParts } givenUp { ...BookingParts } }",
    "swapSession": "... on SessionSwapped { givenUp { ...BookingParts } givenUpSession { id seatsLeft }"
    " booking { ...BookingParts } session { id seatsLeft } credit { ...CreditParts } }",
    "joinWaitlist": "... on WaitlistJoined { entry { ...EntryParts } credit { ...CreditParts } }",
    "leaveWaitlist": "... on WaitlistLeft { entry { ...EntryParts } credit { ...CreditParts } }",
    "claimSeat": "... on SeatClaimed { booking { ...BookingParts } entry { ...EntryParts } credit { ...CreditParts } }",
    "bookWithMakeUp": "... on MakeUpBooked { booking { ...BookingParts } session { id seatsLeft }"
    " credit { ...CreditParts } }",
    "grantMakeUp": "... on MakeUpGranted { client { id } credits { ...CreditParts } }",
    "extendMakeUps": "... on MakeUpsExtended { changedCount results { changed credit { ...CreditParts }"
    " refusals { code creditId } } }",
    "revokeMakeUps": "... on MakeUpsRevoked { changedCount results { changed credit { ...CreditParts }"
    " refusals { code creditId } } }",
}


def document(mutation: str) -> str:
    """The mutation with everything that its answer can tell."""
    selection = MUTATIONS[mutation]
    parts = {"CreditParts": CREDIT, "BookingParts": BOOKING, "EntryParts": ENTRY}
    fragments = [text for name, text in parts.items() if name in selection]
    input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
    answer = f"{{ __typename {selection} {REASONS} }}"
    head = f"mutation ($input: {input_type}!) {{ result: {mutation}(input: $input) {answer} }}"
    return "\n".join((head, *fragments))


@dataclass
class Person:
    """Somebody with an account."""

    api: Api
    email: str
    token: str
    account_id: str

    @classmethod
    async def signed_up(cls, api: Api, name: str = "Ana") -> "Person":
        email = f"{unique('.'.join(name.lower().split()))}@example.com"
        given = {"email": email, "password": PASSWORD, "name": name, "idempotencyKey": unique("key")}
        answer = await api.answer(document("signUp"), {"input": given}, token=None, now=_BEGINNING)
        result = data(answer)["result"]
        return cls(api, email, result["accessToken"], result["account"]["id"])

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None, now: str | None = None) -> Json:
        """The whole answer to a query."""
        return await self.api.answer(query, variables, token=self.token, now=now)

    async def act(self, mutation: str, now: str | None = None, **given: Any) -> Json:
        """The whole answer to a mutation; a new idempotency key unless one is given."""
        given = {"idempotencyKey": unique("key"), **given}
        return await self.api.answer(document(mutation), {"input": given}, token=self.token, now=now)

    async def do(self, mutation: str, now: str | None = None, **given: Any) -> Json:
        """The result of a mutation that is no fault."""
        return data(await self.act(mutation, now, **given))["result"]


@dataclass
class World:
    """One studio. Everything is entered at `beginning`, before any test's own acts."""

    api: Api
    owner: Person
    studio: str
    slug: str
    people: list[Person] = field(default_factory=list[Person])
    beginning: str = _BEGINNING

    @classmethod
    async def founded(cls, api: Api, time_zone: str = "Europe/Prague", **policy: Any) -> "World":
        """As in the golden examples: make-ups enabled, validity 14 days, all else default."""
        owner = await Person.signed_up(api, "Olga")
        slug = unique("studio")
        created = await owner.do(
            "createStudio", _BEGINNING, slug=slug, name="Studio", timeZone=time_zone, currency="CZK"
        )
        world = cls(api, owner, created["studio"]["id"], slug)
        await world.policy(**{"makeUpsEnabled": True, "validity": {"days": 14}, **policy})
        return world

    async def policy(self, now: str | None = None, **settings: Any) -> Json:
        return await self.owner.do("updateStudioPolicy", now or self.beginning, studioId=self.studio, **settings)

    async def course(self, **other: Any) -> str:
        """Sold both ways, accepting make-ups; `policy` is what it decides."""
        given = {
            "name": "Yoga",
            "wholeCoursePrice": 100_000,
            "singleSessionPrice": 12_000,
            "acceptsMakeUps": True,
            **other,
        }
        created = await self.owner.do("createCourse", self.beginning, studioId=self.studio, **given)
        return created["course"]["id"]

    async def session(self, course: str | None, starts_at: str, ends_at: str | None = None, **other: Any) -> str:
        """Of a course; without one a one-time class that accepts make-ups. An hour long, ten seats."""
        given = {"capacity": 10, "startsAt": starts_at, "endsAt": ends_at or _an_hour_after(starts_at), **other}
        if course is None:
            given = {"name": "Class", "acceptsMakeUps": True, "price": 20_000, **given}
        created = await self.owner.do("createSession", self.beginning, studioId=self.studio, courseId=course, **given)
        return created["session"]["id"]

    async def client(self, person: Person | None = None, name: str = "Ana") -> str:
        """Managed by the person; a guest without one."""
        created = await self.owner.do("createClient", self.beginning, studioId=self.studio, name=name)
        client = created["client"]["id"]
        if person is not None:
            await self.owner.do("linkClient", self.beginning, clientId=client, email=person.email)
        return client

    async def person(self, name: str = "Ana") -> tuple[Person, str]:
        """Somebody with an account, and the one client that they manage here."""
        person = await Person.signed_up(self.api, name)
        return person, await self.client(person, name)

    async def staff(self, role: str, name: str = "Iva") -> tuple[Person, str]:
        """Somebody with a role here, and their id on the schedule."""
        person = await Person.signed_up(self.api, name)
        return person, await self.joined(person, role, name)

    async def joined(self, person: Person, role: str, name: str = "Iva", now: str | None = None) -> str:
        """Their id on the schedule, of somebody who has an account already."""
        invited = await self.invited(person.email, role, name, now)
        joined = await person.do("acceptInvitation", now or self.beginning, code=invited["code"])
        return joined["staffMember"]["id"]

    async def invited(self, email: str, role: str = "INSTRUCTOR", name: str = "Iva", now: str | None = None) -> Json:
        """An invitation to the staff."""
        given = {"studioId": self.studio, "email": email, "role": role, "displayName": name}
        return (await self.owner.do("inviteStaff", now or self.beginning, **given))["invitation"]

    async def booked(self, session: str, client: str, payment: str = "PAID") -> str:
        """A single booking, by staff."""
        made = await self.owner.do("bookSession", self.beginning, sessionId=session, clientId=client, payment=payment)
        return made["booking"]["id"]

    async def full(self, starts_at: str, course: str | None = None, **other: Any) -> str:
        """A session whose only seat somebody has, by staff."""
        session = await self.session(course, starts_at, capacity=1, **other)
        await self.booked(session, await self.client(name="Ben"))
        return session

    async def waits(self, session: str, client: str, now: str | None = None, **how: Any) -> str:
        """A place on its waiting list, for money unless said otherwise."""
        given = {"sessionId": session, "clientId": client, "withCredit": False, **how}
        return (await self.owner.do("joinWaitlist", now or self.beginning, **given))["entry"]["id"]

    async def enrolled(self, course: str, client: str, payment: str = "PAID", **other: Any) -> Json:
        """A place in the whole course: the enrolment and its bookings, by start."""
        given = {"courseId": course, "clientId": client, "payment": payment, **other}
        return await self.owner.do("enrolClient", self.beginning, **given)

    async def granted(self, client: str, count: int = 1, now: str | None = None, **other: Any) -> list[str]:
        """Credits by hand; they never expire unless said otherwise."""
        given = {"reason": "GOODWILL", "validity": {"never": True}, **other}
        made = await self.owner.do("grantMakeUp", now or self.beginning, clientId=client, count=count, **given)
        return [credit["id"] for credit in made["credits"]]

    async def archive(self, id: str, archived: bool = True, now: str | None = None) -> str:
        """The studio, a course, a session or a client: whichever the id is of."""
        noun = {"stu": "studio", "crs": "course", "ses": "session", "cli": "client"}[id[:3]]
        given = {f"{noun}Id": id, "archived": archived}
        answer = await self.owner.do(f"update{noun.title()}", now or self.beginning, **given)
        return answer[noun]["id"]


def _an_hour_after(instant: str) -> str:
    """For instants that start on an hour before 23 UTC."""
    hour = int(instant[11:13])
    return f"{instant[:11]}{hour + 1:02}{instant[13:]}"

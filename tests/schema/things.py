"""One of everything at a studio, so rich that no field is null merely for want of something to show."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schema.ids import Kind, account_gid, encode
from tests.ids import ref
from tests.world import PASSWORD, Person, World, unique

AN_INSTANT_LATER = "2026-11-01T08:00:00.000001Z"
NAMES = ("Ana Nováková", "Gil Dvořák")
NOTE = "Ana was ill, and told nobody but us."
_NOBODYS = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Hall:
    """What everybody at a studio shares: sessions of one instructor.

    `evening` is past its deadline from the beginning, `started` has been over for long, and `closed` is full, too far
    ahead and too dear for the credit that each client is granted.
    """

    staff: str
    evening: str
    class_: str
    started: str
    closed: str
    closed_studio: str
    old_course: str
    old_session: str
    erased: str


@dataclass(frozen=True)
class Things:
    """The ids of one of everything at a studio. What its client cannot have is an id that nothing has.

    `booking` is one of the enrolment, which clashes with another. The others: `paid` with the credit `spent`, which
    before had paid `swapped`; `cancelled` for the credit `earned`, which was extended, or, `fruitless`, for none;
    `late`, which its client can no longer cancel; `marked`, in a session that was moved, whose client was there. Staff
    took the credit `revoked` back.
    `entry` waits for the session `full`, with the credit `held`; `seated` got a seat in `session`, since given up. They
    also wait for the session `offered`, whose only seat was given up too late to be theirs at once.
    """

    studio: str
    course: str
    session: str
    client: str
    booking: str
    credit: str
    enrolment: str
    ended: str
    former: str
    staff: str
    account: str
    paid: str
    swapped: str
    spent: str
    cancelled: str
    earned: str
    revoked: str
    fruitless: str
    late: str
    marked: str
    full: str
    offered: str
    entry: str
    invitation: str
    event: str
    held: str
    seated: str
    evening: str
    started: str
    closed: str
    closed_studio: str
    old_course: str
    old_session: str
    erased: str

    def of_other_kinds(self, than: str) -> list[str]:
        return [given for given in vars(self).values() if not given.startswith(f"{than}_")]

    @property
    def private(self) -> set[str]:
        """What only the client's account and the staff see."""
        public = {
            self.studio,
            self.course,
            self.session,
            self.staff,
            self.evening,
            self.started,
            self.closed,
            self.full,
            self.offered,
        }
        return {*vars(self).values()} - public - {self.closed_studio, self.old_course, self.old_session, self.erased}


async def hall(world: World, staff: str, closed_studio: str) -> Hall:
    given = {"instructorId": staff}
    closed = await world.session(None, "2027-06-01T17:00:00Z", capacity=1, **given)
    await world.booked(closed, await world.client(name="Ben"))
    class_ = await world.session(None, "2026-12-18T17:00:00Z", **given)
    given_up = await world.booked(class_, await world.client(name="Ben"))
    why = {"reason": "The trams stood still."}
    await world.owner.do("cancelBooking", world.beginning, bookingId=given_up, override=why)
    return Hall(
        staff=staff,
        evening=await world.session(None, "2026-11-01T20:00:00Z", **given),
        class_=class_,
        started=await world.session(None, "2026-10-20T07:00:00Z", **given),
        closed=closed,
        closed_studio=closed_studio,
        old_course=await world.archive(await world.course()),
        old_session=await world.archive(await world.session(None, "2026-12-19T17:00:00Z")),
        erased=await erased(world),
    )


async def erased(world: World) -> str:
    """Of whom nothing is known any more."""
    person, client = await world.person()
    await person.do("deleteAccount", world.beginning, password=PASSWORD)
    return client


async def things(world: World, place: Hall, client: str, person: Person | None, note: str = NOTE) -> Things:
    """Of a client, of whom staff note that; `person` is None for a guest, who has no account and spends no credit."""
    window = {"makeUpsOpenDaysBefore": {"limit": 365}, "makeUpsCloseMinutesBefore": {"limit": 60}}
    course = await world.course(category="Yoga", policy=window)
    session = await world.session(course, "2026-12-10T17:00:00Z", capacity=1, instructorId=place.staff)
    seated = await seated_in(world, session, client)
    full = await world.full("2026-12-22T17:00:00Z", await world.course(), instructorId=place.staff)
    ended = (await world.enrolled(course, client))["enrolment"]["id"]
    await world.owner.do("endEnrolment", world.beginning, enrolmentId=ended)
    enrolled = await world.enrolled(course, client)
    another = await world.session(course, "2026-12-11T17:00:00Z", instructorId=place.staff)
    cancelled = await world.booked(another, client)
    earned = (await world.owner.do("cancelBooking", world.beginning, bookingId=cancelled))["credit"]["id"]
    await changed(world, "extendMakeUps", earned, note, expiry={"addDays": 7})
    await world.booked(await world.session(None, "2026-12-10T17:30:00Z"), client)
    fruitless = await world.booked(place.evening, client, "DUE")
    await world.owner.do("cancelBooking", world.beginning, bookingId=fruitless)
    paid = swapped = _nobodys(Kind.BOOKING, client)
    spent = held = _nobodys(Kind.CREDIT, client)
    how: dict[str, Any] = {"withCredit": False}
    if person is not None:
        (spent,) = await world.granted(client)
        (held,) = await world.granted(client, validity={"expiresOn": "2027-01-31"})
        how = {"withCredit": True, "creditId": held}
        given = {"clientId": client, "creditId": spent}
        first = await person.do("bookWithMakeUp", world.beginning, sessionId=another, **given)
        swapped = first["booking"]["id"]
        await world.owner.do("cancelBooking", world.beginning, bookingId=swapped)
        second = await world.owner.do("bookWithMakeUp", world.beginning, sessionId=place.class_, **given)
        paid = second["booking"]["id"]
    entry = await world.waits(full, client, **how)
    credit, revoked = await world.granted(client, 2, note=note, worth=15_000)
    await changed(world, "revokeMakeUps", revoked, note, reason="CORRECTION")
    return Things(
        studio=world.studio,
        course=course,
        session=session,
        client=client,
        booking=enrolled["bookings"][0]["id"],
        credit=credit,
        enrolment=enrolled["enrolment"]["id"],
        ended=ended,
        former=await world.archive(await world.client(person, "Former")),
        staff=place.staff,
        account=account_gid(_NOBODYS) if person is None else person.account_id,
        paid=paid,
        swapped=swapped,
        spent=spent,
        cancelled=cancelled,
        earned=earned,
        revoked=revoked,
        fruitless=fruitless,
        late=await world.booked(place.evening, client, "DUE"),
        marked=await world.booked(await moved(world, place), client),
        full=full,
        offered=await offered_to(world, place, client),
        entry=entry,
        invitation=(await world.invited(f"{unique('ivo')}@example.com", name="Ivo"))["id"],
        event=await an_event(world, client),
        held=held,
        seated=seated,
        evening=place.evening,
        started=place.started,
        closed=place.closed,
        closed_studio=place.closed_studio,
        old_course=place.old_course,
        old_session=place.old_session,
        erased=place.erased,
    )


async def an_event(world: World, client: str) -> str:
    """The first thing that happened to a client."""
    found = await world.owner.ask(
        "query ($studio: ID!, $client: ID!) { node(id: $studio) { ... on Studio {"
        " auditTrail(first: 1, filter: {clientId: $client}) { nodes { id } } } } }",
        {"studio": world.studio, "client": client},
        world.beginning,
    )
    return found["data"]["node"]["auditTrail"]["nodes"][0]["id"]


async def seated_in(world: World, session: str, client: str) -> str:
    """A place on the list of a session with one seat, which is then given up; the session has many since."""
    other = await world.booked(session, await world.client(name="Ben"))
    entry = await world.waits(session, client)
    await world.owner.do("cancelBooking", world.beginning, bookingId=other)
    found = await world.owner.ask(
        "query ($id: ID!) { node(id: $id) { ... on WaitlistEntry { booking { id } } } }", {"id": entry}, world.beginning
    )
    await world.owner.do("cancelBooking", world.beginning, bookingId=found["data"]["node"]["booking"]["id"])
    await world.owner.do("updateSession", world.beginning, sessionId=session, capacity=10)
    return entry


async def offered_to(world: World, place: Hall, client: str) -> str:
    """A session for which a client waits, past its deadline from the beginning, and since then without its guest."""
    session = await world.session(None, "2026-11-01T20:00:00Z", capacity=1, instructorId=place.staff)
    other = await world.booked(session, await world.client(name="Ben"))
    await world.waits(session, client)
    await world.owner.do("cancelBooking", world.beginning, bookingId=other)
    return session


async def moved(world: World, place: Hall) -> str:
    """To the instant at which all acts on the stage begin."""
    session = await world.session(None, "2026-11-02T08:00:00Z", instructorId=place.staff)
    given = {"sessionId": session, "startsAt": AN_INSTANT_LATER, "endsAt": "2026-11-01T09:00:00Z"}
    await world.owner.do("moveSession", world.beginning, **given)
    return session


async def marked(world: World, booking: str) -> None:
    """As soon as its session has started."""
    found = await world.owner.ask(
        "query ($id: ID!) { node(id: $id) { ... on Booking { session { id } } } }", {"id": booking}
    )
    marks = [{"bookingId": booking, "attendance": "ATTENDED"}]
    session = found["data"]["node"]["session"]["id"]
    await world.owner.do("markAttendance", AN_INSTANT_LATER, sessionId=session, marks=marks)


async def changed(world: World, mutation: str, credit: str, note: str, **how: Any) -> None:
    """By staff, who note it."""
    given = {"studioId": world.studio, "credits": {"ids": [credit]}, "note": note, **how}
    await world.owner.do(mutation, world.beginning, **given)


def another(id: str) -> str:
    """An id like this one, that nothing has."""
    it = ref(id)
    return encode(it.kind, it.studio_id, UUID(int=it.key.int ^ 1))


def in_no_studio(id: str) -> str:
    """The same, in a studio that is not there."""
    it = ref(id)
    return encode(it.kind, 2**31 - 1, it.key)


def _nobodys(kind: Kind, near: str) -> str:
    return encode(kind, ref(near).studio_id, _NOBODYS)

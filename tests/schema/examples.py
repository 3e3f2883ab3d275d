"""For each mutation an example of its input, on the stage."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import date, timedelta
from itertools import count
from typing import Any

from tests.schema import staff_examples
from tests.schema.stage import Stage
from tests.world import PASSWORD, Json, Person, unique

_days = count(91)
_days_away = count()


async def a_booking(stage: Stage, payment: str = "PAID") -> str:
    """A single booking of the client, in a new session of the instructor's."""
    session = await stage.world.session(
        await stage.world.course(), "2026-12-12T17:00:00Z", instructorId=stage.things.staff
    )
    return await stage.world.booked(session, stage.things.client, payment)


async def _sign_up(stage: Stage) -> Json:
    return {"email": f"{unique('new')}@example.com", "password": PASSWORD, "name": "New"}


async def _sign_in(stage: Stage) -> Json:
    return {"email": stage.world.owner.email, "password": PASSWORD}


async def _create_studio(stage: Stage) -> Json:
    return {
        "slug": unique("studio"),
        "name": "Studio",
        "timeZone": "Europe/Prague",
        "currency": "CZK",
        "ownerName": "Olga",
    }


async def _update_studio_policy(stage: Stage) -> Json:
    return {
        "studioId": stage.things.studio,
        "makeUpsEnabled": True,
        "cancellationDeadline": {"localTime": {"daysBefore": 1, "time": "18:00"}},
        "lateCancellation": "ALLOW_WITHOUT_CREDIT",
        "singleBookingsEarn": True,
        "earningNeedsPayment": True,
        "validity": {"days": 14},
        "expiryRounding": "END_OF_LOCAL_DAY",
        "maxDaysAhead": next(_days),
        "earnCap": {"cap": {"max": 100, "per": "ROLLING_DAYS", "days": 30}},
    }


async def _update_course_policy(stage: Stage) -> Json:
    return {"courseId": await stage.world.course(), **_COURSE_POLICY}


async def _update_session_policy(stage: Stage) -> Json:
    return {"sessionId": await stage.world.session(None, "2026-12-16T17:00:00Z"), **_SESSION_POLICY}


SEATS: Json = {"extraMakeUpSeats": 2, "freedSeatsOnly": False}
"""All of a policy that managers decide (A1)."""

_SESSION_POLICY: Json = {"cancellationDeadline": {"localTime": {"daysBefore": 2, "time": "12:00"}}, **SEATS}
_COURSE_POLICY: Json = {
    **_SESSION_POLICY,
    "makeUpsEnabled": True,
    "lateCancellation": "BLOCK",
    "earnCap": {"cap": {"max": 100, "per": "ROLLING_DAYS", "days": 30}},
}


async def _update_studio(stage: Stage) -> Json:
    """Its address stays: the others find it by that."""
    unchanged = {"slug": stage.world.slug, "timeZone": "Europe/Prague", "archived": False}
    return {"studioId": stage.things.studio, "name": unique("Studio"), **unchanged}


async def _update_course(stage: Stage) -> Json:
    return {
        "courseId": await stage.world.course(),
        "name": "Slow yoga",
        "description": "Slower.",
        "wholeCoursePrice": 90_000,
        "singleSessionPrice": 11_000,
        "acceptsMakeUps": False,
        "category": "Yoga",
        "archived": True,
    }


async def _update_session(stage: Stage) -> Json:
    return {
        "sessionId": await stage.world.session(None, "2026-12-17T17:00:00Z"),
        "name": "Another class",
        "capacity": 5,
        "price": 30_000,
        "acceptsMakeUps": False,
        "instructorId": stage.things.staff,
        "category": "Yoga",
        "archived": True,
    }


async def _move_session(stage: Stage) -> Json:
    session = await stage.world.session(await stage.world.course(), "2026-12-19T17:00:00Z")
    return {"sessionId": session, "startsAt": "2026-12-20T17:00:00Z", "endsAt": "2026-12-20T18:30:00Z"}


async def _mark_attendance(stage: Stage) -> Json:
    session, booking = stage.rosters.pop()
    marks = [{"bookingId": booking, "attendance": "ATTENDED"}]
    return {"sessionId": session, "marks": marks, "unmarked": "ABSENT"}


async def _update_client(stage: Stage) -> Json:
    return {"clientId": await stage.world.client(), "name": "Ada", "archived": True}


async def _end_enrolment(stage: Stage) -> Json:
    course = await stage.world.course()
    await stage.world.session(course, "2026-12-18T17:00:00Z")
    return {"enrolmentId": (await stage.world.enrolled(course, stage.things.client))["enrolment"]["id"]}


async def _cancel_session(stage: Stage) -> Json:
    """With one booking that a credit did not pay."""
    session = await stage.world.session(None, "2026-12-19T17:00:00Z")
    await stage.world.booked(session, stage.things.client)
    expect = {"creditsEarned": 1, "creditsReturned": 0, "nothing": 0}
    return {"sessionId": session, "compensation": "CREDITS", "note": "The teacher is ill.", "expect": expect}


async def _cancel_course_sessions(stage: Stage) -> Json:
    course = await stage.world.course()
    await stage.world.booked(await stage.world.session(course, "2026-12-20T17:00:00Z"), stage.things.client)
    expect = {"creditsEarned": 0, "creditsReturned": 0, "nothing": 1}
    return {"courseId": course, "from": "2026-12-20", "compensation": "NONE", "note": "A flood.", "expect": expect}


async def _create_course(stage: Stage) -> Json:
    return {
        "studioId": stage.things.studio,
        "name": "Yoga",
        "description": "Slow.",
        "wholeCoursePrice": 100_000,
        "singleSessionPrice": 12_000,
        "acceptsMakeUps": True,
        "policy": _COURSE_POLICY,
    }


async def _create_session(stage: Stage) -> Json:
    return {
        "studioId": stage.things.studio,
        "courseId": stage.things.course,
        "name": "Yoga in the park",
        "startsAt": "2026-12-15T17:00:00Z",
        "endsAt": "2026-12-15T18:00:00Z",
        "capacity": 10,
        "acceptsMakeUps": True,
        "instructorId": stage.things.staff,
        "policy": _SESSION_POLICY,
    }


async def _create_client(stage: Stage) -> Json:
    return {"studioId": stage.things.studio, "name": "Ada"}


async def _link_client(stage: Stage) -> Json:
    person = await Person.signed_up(stage.api, "Mia")
    return {"clientId": await stage.world.client(), "email": person.email}


async def _enrol_client(stage: Stage) -> Json:
    course = await stage.world.course()
    left_out, _ = [await stage.world.session(course, f"2026-12-1{day}T17:00:00Z") for day in (1, 2)]
    return {"courseId": course, "clientId": stage.things.client, "payment": "DUE", "except": [left_out]}


async def _book_session(stage: Stage) -> Json:
    session = await stage.world.session(None, "2026-12-13T17:00:00Z")
    return {"sessionId": session, "clientId": stage.things.client, "payment": "PAID"}


async def _book_with_make_up(stage: Stage) -> Json:
    session = await stage.world.session(None, "2026-12-14T17:00:00Z")
    (credit,) = await stage.world.granted(stage.things.client)
    return {"sessionId": session, "clientId": stage.things.client, "creditId": credit}


async def _cancel_booking(stage: Stage) -> Json:
    expect = {"outcome": "CREDIT", "expiresOn": "2026-11-15"}
    return {"bookingId": await a_booking(stage), "expect": expect}


async def _cancel_bookings(stage: Stage) -> Json:
    """Of a day on which the client has no other seat."""
    day = (date(2027, 7, 1) + timedelta(days=next(_days_away))).isoformat()
    session = await stage.world.session(await stage.world.course(), f"{day}T17:00:00Z")
    booking = await stage.world.booked(session, stage.things.client)
    expect = [{"bookingId": booking, "outcome": "CREDIT", "expiresOn": "2026-11-15"}]
    return {"clientId": stage.things.client, "from": day, "through": day, "expect": expect}


async def with_a_reason(stage: Stage) -> Json:
    """Of staff, who set the deadline aside."""
    return {**await _cancel_booking(stage), "override": {"reason": "The trams stood still."}}


async def _undo_cancellation(stage: Stage) -> Json:
    booking = await a_booking(stage)
    await stage.world.owner.do("cancelBooking", stage.now, bookingId=booking)
    return {"bookingId": booking, "swapBack": True}


async def _swap_session(stage: Stage) -> Json:
    """Of a make-up, as at this studio what is earned cannot be spent at once; but a guest can have none."""
    given = {"instructorId": stage.things.staff, "price": 100}
    here, there = [await stage.world.session(None, f"2026-12-1{day}T17:00:00Z", **given) for day in (2, 3)]
    if stage.things is stage.guest_things:
        return {"bookingId": await a_booking(stage), "sessionId": there}
    (credit,) = await stage.world.granted(stage.things.client)
    given = {"sessionId": here, "clientId": stage.things.client, "creditId": credit}
    booked = await stage.world.owner.do("bookWithMakeUp", stage.now, **given)
    return {"bookingId": booked["booking"]["id"], "sessionId": there}


async def _join_waitlist(stage: Stage) -> Json:
    (credit,) = await stage.world.granted(stage.things.client)
    session = await stage.world.full("2026-12-15T17:00:00Z")
    return {"sessionId": session, "clientId": stage.things.client, "withCredit": True, "creditId": credit}


async def _leave_waitlist(stage: Stage) -> Json:
    session = await stage.world.full("2026-12-16T17:00:00Z")
    return {"entryId": await stage.world.waits(session, stage.things.client)}


async def _claim_seat(stage: Stage) -> Json:
    """One that is given up too late to be given away at once."""
    session = await stage.world.session(None, "2026-11-01T21:00:00Z", capacity=1)
    booking = await stage.world.booked(session, await stage.world.client(name="Ben"))
    entry = await stage.world.waits(session, stage.things.client)
    await stage.world.owner.do("cancelBooking", stage.now, bookingId=booking)
    return {"entryId": entry}


async def _mark_paid(stage: Stage) -> Json:
    return {"bookingId": await a_booking(stage, "DUE"), "payment": "PAID"}


async def _grant_make_up(stage: Stage) -> Json:
    return {
        "clientId": stage.things.client,
        "count": 2,
        "reason": "GOODWILL",
        "note": "A kindness.",
        "validity": {"expiresOn": "2027-01-31"},
        "worth": 12_000,
    }


async def _extend_make_ups(stage: Stage) -> Json:
    return {**await _two_credits(stage), "expiry": {"addDays": 7}, "note": "A closure."}


async def _revoke_make_ups(stage: Stage) -> Json:
    return {**await _two_credits(stage), "reason": "CORRECTION", "note": "Granted twice."}


async def _two_credits(stage: Stage) -> Json:
    client = await stage.world.client()
    await stage.world.granted(client, 2, validity={"expiresOn": "2027-01-31"})
    wanted = {"clientId": client, "states": ["ACTIVE"], "expiresFrom": "2027-01-31", "expiresUntil": "2027-01-31"}
    return {"studioId": stage.things.studio, "credits": {"filter": wanted}}


EXAMPLES: dict[str, Callable[[Stage], Awaitable[Json]]] = {
    "signUp": _sign_up,
    "signIn": _sign_in,
    "createStudio": _create_studio,
    "updateStudioPolicy": _update_studio_policy,
    "updateCoursePolicy": _update_course_policy,
    "updateSessionPolicy": _update_session_policy,
    "updateStudio": _update_studio,
    "updateCourse": _update_course,
    "updateSession": _update_session,
    "moveSession": _move_session,
    "markAttendance": _mark_attendance,
    "updateClient": _update_client,
    "endEnrolment": _end_enrolment,
    "cancelSession": _cancel_session,
    "cancelCourseSessions": _cancel_course_sessions,
    "inviteStaff": staff_examples.invite_staff,
    "withdrawInvitation": staff_examples.withdraw_invitation,
    "acceptInvitation": staff_examples.accept_invitation,
    "updateStaff": staff_examples.update_staff,
    "removeStaff": staff_examples.remove_staff,
    "createCourse": _create_course,
    "createSession": _create_session,
    "createClient": _create_client,
    "linkClient": _link_client,
    "enrolClient": _enrol_client,
    "bookSession": _book_session,
    "bookWithMakeUp": _book_with_make_up,
    "cancelBooking": _cancel_booking,
    "cancelBookings": _cancel_bookings,
    "undoCancellation": _undo_cancellation,
    "swapSession": _swap_session,
    "joinWaitlist": _join_waitlist,
    "leaveWaitlist": _leave_waitlist,
    "claimSeat": _claim_seat,
    "markPaid": _mark_paid,
    "grantMakeUp": _grant_make_up,
    "extendMakeUps": _extend_make_ups,
    "revokeMakeUps": _revoke_make_ups,
}
"""For each mutation an input that the studio's owner can give, which will succeed once."""


def by(mutation: str) -> str:
    """Whose act an example is."""
    return "anonymous" if mutation in ("signUp", "signIn") else "owner"


def changed(given: Json, path: tuple[str, ...], value: Any) -> Json:
    """A copy of an input with another value at a path: in the first of a list, where the path goes through one."""
    copy = deepcopy(given)
    at = copy
    for name in path[:-1]:
        inner = at.setdefault(name, {})
        at = inner[0] if isinstance(inner, list) else inner
    at[path[-1]] = value
    return copy

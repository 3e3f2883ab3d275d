"""Undoing takes its locks in the one order, and happens whole or not at all (C5, R11)."""

import pytest

from domain.outcome import Done
from domain.services.undoing import UndoCancellation, undo_cancellation
from persistence.database import Database
from tests.ids import key_of, ref
from tests.persistence.racing import NOW as NOW_TEXT
from tests.persistence.test_atomicity import breaks_cleanly
from tests.persistence.test_locks import NOW, ORDER, locks_of
from tests.world import World

START, TARGET = "2026-12-13T17:00:00Z", "2026-12-12T17:00:00Z"
WAYS = ("unspent", "swapped back", "a make-up", "a make-up, swapped back", "of an enrolment")


async def undoing(world: World, way: str) -> UndoCancellation:
    """A cancellation that can be undone, after all that made it so."""
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    sibling, course = await world.client(person, "Eva"), await world.course()
    session, target = await world.session(course, START), await world.session(None, TARGET)
    if way == "of an enrolment":
        booking = (await world.enrolled(course, client))["bookings"][0]["id"]
    elif way.startswith("a make-up"):
        given = {"sessionId": session, "clientId": client, "creditId": (await world.granted(sibling))[0]}
        booking = (await person.do("bookWithMakeUp", NOW_TEXT, **given))["booking"]["id"]
    else:
        booking = await world.booked(session, client)
    done = await person.do("cancelBooking", NOW_TEXT, bookingId=booking)
    if not way.endswith("swapped back"):
        return UndoCancellation(key_of(booking), swap_back=True)
    given = {"sessionId": target, "clientId": sibling, "creditId": done["credit"]["id"]}
    shown = (await person.do("bookWithMakeUp", NOW_TEXT, **given))["booking"]["id"]
    return UndoCancellation(key_of(booking), swap_back=True, gives_up=key_of(shown))


@pytest.mark.parametrize("way", WAYS)
async def test_c5_locks_are_taken_in_one_order(world: World, database: Database, dialect: str, way: str) -> None:
    command, account = await undoing(world, way), ref(world.owner.account_id).key
    with locks_of(database) as taken:
        answer = await database.perform(
            ref(world.studio).studio_id, account, NOW, lambda work: undo_cancellation(work, command)
        )
    assert isinstance(answer.outcome, Done), answer.outcome
    assert len(answer.outcome.bookings) == way.endswith("swapped back")
    assert taken == sorted(taken, key=ORDER.index)
    # Each table at once, so that the rows of both seats are locked by their ids.
    enrolments = ["enrolments"] if way == "of an enrolment" else []
    assert taken == ([*ORDER[1:5], *enrolments] if dialect == "postgresql" else [])


@pytest.mark.parametrize("way", WAYS)
async def test_c5_an_undo_leaves_nothing_half_done(world: World, database: Database, way: str) -> None:
    command = await undoing(world, way)
    studio = ref(world.studio).studio_id
    steps = await breaks_cleanly(
        database, studio, ref(world.owner.account_id), lambda work: undo_cancellation(work, command)
    )
    assert steps > 12

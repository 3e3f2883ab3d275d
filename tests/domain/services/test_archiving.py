"""Archiving what there is, and bringing it back (B4)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.issuing.granting import NoExpiry
from domain.nouns.booking import CancellationOutcome, PaymentState
from domain.nouns.credit import GrantReason
from domain.refusals import RefusalCode
from domain.services import bookings, clients, credits, schedule
from domain.services.bookings import BookSession, BookWithMakeUp, EnrolClient
from domain.services.clients import UpdateClient, update_client
from domain.services.schedule_changes import UpdateCourse, UpdateSession, update_course, update_session
from domain.services.studios import UpdateStudio, update_studio
from tests.domain.builders import NOW, START
from tests.domain.studio import StudioInMemory, new_session

LATER = NOW + timedelta(hours=1)
PAID = PaymentState.PAID


class Archive:
    """A studio with one of everything: archived by their nouns, and what each takes no more."""

    def __init__(self, studio: StudioInMemory) -> None:
        self.studio = studio
        self.course, self.client = studio.a_course(), studio.a_client()
        self.session = studio.a_session(START, self.course)
        self.credit = studio.a_credit(self.client)
        self.services: dict[str, tuple[Any, Any]] = {
            "studio": (update_studio, lambda archived: UpdateStudio({}, archived)),
            "course": (update_course, lambda archived: UpdateCourse(self.course, {}, archived)),
            "session": (update_session, lambda archived: UpdateSession(self.session, {}, archived)),
            "client": (update_client, lambda archived: UpdateClient(self.client, {}, archived)),
        }
        grant = credits.GrantMakeUp(self.client, 1, GrantReason.OTHER, "", NoExpiry(), None)
        self.acts: dict[str, tuple[Any, Any]] = {
            "course": (schedule.create_course, schedule.CreateCourse("Yoga", "", 1, 1, True)),
            "session": (schedule.create_session, new_session(self.course, START)),
            "client": (clients.create_client, clients.CreateClient("Eve")),
            "booking": (bookings.book_session, BookSession(self.session, self.client, PAID)),
            "make-up": (bookings.book_with_make_up, BookWithMakeUp(self.session, self.client, self.credit)),
            "place": (bookings.enrol_client, EnrolClient(self.course, self.client, PAID, frozenset())),
            "credit": (credits.grant_make_up, grant),
        }

    def archive(self, noun: str, archived: bool = True) -> None:
        service, command = self.services[noun]
        self.studio.done(service, command(archived))


ACTS = ("course", "session", "client", "booking", "make-up", "place", "credit")
TAKES_NO: dict[str, dict[str, RefusalCode]] = {
    "studio": dict.fromkeys(ACTS, RefusalCode.STUDIO_ARCHIVED),
    "course": dict.fromkeys(("session", "booking", "make-up", "place"), RefusalCode.COURSE_ARCHIVED),
    "session": {
        **dict.fromkeys(("booking", "make-up"), RefusalCode.SESSION_ARCHIVED),
        "place": RefusalCode.NO_SESSIONS_LEFT,
    },
    "client": dict.fromkeys(("booking", "make-up", "place", "credit"), RefusalCode.CLIENT_ARCHIVED),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("noun", TAKES_NO)
def test_b4_what_is_archived_takes_nothing_new_until_it_is_brought_back(studio: StudioInMemory, noun: str, act: str):
    archive = Archive(studio)
    service, command = archive.acts[act]

    archive.archive(noun)
    if expected := TAKES_NO[noun].get(act):
        assert studio.codes(service, command, "owner") == [expected]
        archive.archive(noun, archived=False)
    studio.done(service, command)


@pytest.mark.parametrize("noun", ["studio", "course", "client"])
def test_b4_whatever_stands_stands(studio: StudioInMemory, noun: str):
    archive = Archive(studio)
    booking = studio.a_booking(archive.session, archive.client)

    archive.archive(noun)

    assert studio.rows.bookings[booking].live
    assert studio.cancel(booking, LATER).outcome is CancellationOutcome.CREDIT
    assert studio.earned(booking).spendable(LATER)


def test_b4_a_session_with_somebody_in_it_is_archived_when_it_has_started(studio: StudioInMemory):
    archive = Archive(studio)
    booking = studio.a_booking(archive.session, archive.client)
    command = UpdateSession(archive.session, {"name": "Gone"}, archived=True)

    assert studio.codes(update_session, command, "manager") == [RefusalCode.SESSION_HAS_BOOKINGS]
    assert studio.rows.sessions[archive.session].name == ""
    studio.done(update_session, command, "manager", START)

    assert studio.rows.sessions[archive.session].archived_at == START
    assert studio.rows.bookings[booking].live


def test_b4_an_archived_session_is_not_among_those_that_remain(studio: StudioInMemory):
    archive = Archive(studio)
    other = studio.a_session(START, archive.course)
    archive.archive("session")

    done = studio.done(bookings.enrol_client, EnrolClient(archive.course, archive.client, PAID, frozenset()))

    assert [studio.rows.bookings[booking].session_id for booking in done.bookings] == [other]


def test_b4_archived_twice_is_archived_since_the_first_time_and_a_change_of_its_own_needs_no_restoring(
    studio: StudioInMemory,
):
    archive = Archive(studio)
    studio.done(update_client, UpdateClient(archive.client, {}, archived=True), now=LATER)
    studio.done(update_client, UpdateClient(archive.client, {"name": "Eva"}, archived=True), now=START)

    client = studio.rows.clients[archive.client]
    assert (client.name, client.archived_at, client.changed_at) == ("Eva", LATER, START)
    studio.done(update_client, UpdateClient(archive.client, {}, archived=False), now=START)
    assert studio.rows.clients[archive.client].archived_at is None

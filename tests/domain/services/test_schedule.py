from dataclasses import replace

import pytest

from domain.faults import NotFound
from domain.nouns.booking import PaymentState
from domain.services.bookings import EnrolClient, enrol_client
from domain.services.schedule import create_session
from tests.domain.builders import NOW, START, uuid
from tests.domain.studio import StudioInMemory, known, new_session


@pytest.mark.parametrize(("name", "expected"), [("Glazing", "Glazing"), ("", "Pottery")])
def test_a_session_has_a_name_of_its_own_or_its_course_s(name: str, expected: str):
    studio = StudioInMemory()

    session = known(studio.done(create_session, replace(new_session(studio.a_course(), START), name=name)).session)

    assert studio.scheduled(session).name == expected


@pytest.mark.parametrize("name", ["Glazing", ""])
def test_a_session_of_a_course_that_does_not_exist_is_not_made_whatever_it_is_called(name: str):
    studio = StudioInMemory()

    with pytest.raises(NotFound):
        studio.act(create_session, replace(new_session(uuid(404), START), name=name))

    assert studio.rows.sessions == {}


def test_a_session_is_not_taught_by_somebody_who_is_not_on_the_staff():
    studio = StudioInMemory()

    with pytest.raises(NotFound):
        studio.act(create_session, new_session(studio.a_course(), START, instructor_id=uuid(404)))


def test_b2_those_enrolled_already_are_not_booked_into_a_session_that_is_added():
    studio = StudioInMemory()
    course, client = studio.a_course(), studio.a_client()
    studio.a_session(START, course)
    studio.done(enrol_client, EnrolClient(course, client, PaymentState.PAID, frozenset()))

    added = studio.a_session(START, course)

    assert studio.rows.sessions[added].taken == 0
    assert studio.rows.sessions[added].created_at == NOW

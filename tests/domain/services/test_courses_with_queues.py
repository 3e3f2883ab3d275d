"""W2, B4: what a course decides anew reaches those who wait for its sessions."""

import pytest

from domain.nouns.credit import CreditState
from domain.services.schedule_changes import UpdateCourse, update_course
from tests.domain.builders import NOW
from tests.domain.queues import ENDED, SEATED, WAITING, Full, clients_waiting, credit_state, states_of
from tests.domain.studio import HOUR, StudioInMemory, known

SOON = NOW + HOUR


@pytest.fixture
def full(studio: StudioInMemory) -> Full:
    return Full(studio, seats=2)


def test_w2_a_course_that_takes_make_ups_again_seats_who_was_passed_over(full: Full) -> None:
    studio, (client,) = full.studio, clients_waiting(full, 1, by_credit=True)
    studio.done(update_course, UpdateCourse(full.course, {"accepts_make_ups": False}), "owner")
    full.free_one(SOON)
    assert states_of(full, [client], SOON) == [WAITING]

    studio.done(update_course, UpdateCourse(full.course, {"accepts_make_ups": True}), "owner", SOON)

    assert states_of(full, [client], SOON) == [SEATED]
    assert client in full.seats


def test_w2_a_course_that_is_only_renamed_seats_nobody_more(full: Full) -> None:
    (client,) = clients_waiting(full, 1)

    full.studio.done(update_course, UpdateCourse(full.course, {"name": "Anew"}), "owner", SOON)

    assert states_of(full, [client], SOON) == [WAITING]


def test_b4_w2_a_course_that_is_archived_ends_its_queues_and_releases_what_they_held(full: Full) -> None:
    studio, (client,) = full.studio, clients_waiting(full, 1, by_credit=True)

    studio.done(update_course, UpdateCourse(full.course, {}, archived=True), "owner", SOON)

    assert states_of(full, [client], SOON) == [ENDED]
    assert credit_state(studio, known(full.entries[0].credit_id), SOON) is CreditState.ACTIVE
    studio.done(update_course, UpdateCourse(full.course, {}, archived=False), "owner", SOON)
    assert states_of(full, [client], SOON) == [ENDED]

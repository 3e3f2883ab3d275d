"""A1: joining the staff, changing there and leaving it, in memory."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.faults import Fault, FaultCode
from domain.nouns.invitation import LIVES, InvitationState
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from domain.services import schedule, schedule_changes, staff
from tests.domain.builders import START
from tests.domain.studio import StudioInMemory, email_of, known, new_session

JUST = timedelta(microseconds=1)


@pytest.fixture
def studio() -> StudioInMemory:
    return StudioInMemory()


def invited(studio: StudioInMemory, who: str = "stranger", role: Role = Role.INSTRUCTOR) -> UUID:
    return known(studio.done(staff.invite_staff, staff.InviteStaff(email_of(who), role, "New")).invitation)


def id_of(studio: StudioInMemory, who: str) -> UUID:
    return next(
        each.id
        for each in studio.rows.staff.values()
        if each.account_id == studio.accounts[who] and not each.removed_at
    )


def test_a1_who_accepts_has_the_role_and_the_name_that_they_choose(studio: StudioInMemory) -> None:
    invitation = invited(studio)
    at = studio.since + LIVES - JUST
    done = studio.done(staff.accept_invitation, staff.AcceptInvitation(invitation, "Nia"), "stranger", at)
    joined = studio.rows.staff[known(done.staff)]
    assert (joined.role, joined.display_name, joined.created_at) == (Role.INSTRUCTOR, "Nia", at)
    kept = studio.rows.invitations[invitation]
    assert (kept.state, kept.email, kept.staff_id) == (InvitationState.ACCEPTED, None, joined.id)


def test_a1_from_the_instant_of_its_end_nobody_accepts_an_invitation(studio: StudioInMemory) -> None:
    accept = staff.AcceptInvitation(invited(studio))
    over = studio.codes(staff.accept_invitation, accept, "stranger", studio.since + LIVES)
    assert over == [RefusalCode.INVITATION_OVER]


def test_a1_another_invitation_to_an_email_takes_the_place_of_the_first(studio: StudioInMemory) -> None:
    first, second = invited(studio), invited(studio, role=Role.MANAGER)
    kept = studio.rows.invitations[first]
    assert (kept.state, kept.email) == (InvitationState.WITHDRAWN, None)
    over = studio.codes(staff.accept_invitation, staff.AcceptInvitation(first), "stranger")
    assert over == [RefusalCode.INVITATION_OVER]
    studio.done(staff.accept_invitation, staff.AcceptInvitation(second), "stranger")
    assert studio.rows.staff[id_of(studio, "stranger")].role is Role.MANAGER


def test_a1_taking_an_invitation_back_twice_is_taking_it_back_once(studio: StudioInMemory) -> None:
    withdraw = staff.WithdrawInvitation(invited(studio))
    first = studio.done(staff.withdraw_invitation, withdraw)
    before = studio.rows.copy()
    assert studio.done(staff.withdraw_invitation, withdraw, now=studio.since + JUST) == first
    assert studio.rows == before


def test_a1_who_leaves_has_no_power_from_that_instant_and_comes_back_as_somebody_new(studio: StudioInMemory) -> None:
    manager = id_of(studio, "manager")
    create = schedule.CreateCourse("Yoga", "", 1, 1, True)
    studio.done(schedule.create_course, create, "manager")
    studio.done(staff.remove_staff, staff.RemoveStaff(manager), "manager")
    with pytest.raises(Fault) as refused:
        studio.act(schedule.create_course, create, "manager")
    assert refused.value.code is FaultCode.FORBIDDEN
    back = studio.add_staff("manager", Role.MANAGER)
    assert back != manager
    assert studio.rows.staff[manager].removed_at == studio.since
    studio.done(schedule.create_course, create, "manager")


def test_a1_leaving_twice_is_leaving_once_for_the_owner_and_for_oneself(studio: StudioInMemory) -> None:
    remove = staff.RemoveStaff(studio.instructor_id)
    first = studio.done(staff.remove_staff, remove, "instructor")
    before = studio.rows.copy()
    for who in ("instructor", "owner"):
        assert studio.done(staff.remove_staff, remove, who, studio.since + JUST) == first
    assert studio.rows == before
    with pytest.raises(Fault):
        studio.act(staff.remove_staff, remove, "manager")


def test_a1_a_role_acts_at_once(studio: StudioInMemory) -> None:
    create = schedule.CreateCourse("Yoga", "", 1, 1, True)
    for role, may in ((Role.MANAGER, True), (Role.INSTRUCTOR, False), (Role.OWNER, True)):
        studio.done(staff.update_staff, staff.UpdateStaff(studio_id := id_of(studio, "instructor"), {"role": role}))
        assert studio.rows.staff[studio_id].role is role
        if may:
            studio.done(schedule.create_course, create, "instructor")
        else:
            with pytest.raises(Fault):
                studio.act(schedule.create_course, create, "instructor")


def test_a1_of_two_owners_one_may_go(studio: StudioInMemory) -> None:
    first, second = id_of(studio, "owner"), studio.add_staff("stranger", Role.OWNER)
    studio.done(staff.remove_staff, staff.RemoveStaff(first), "stranger")
    last = studio.codes(staff.remove_staff, staff.RemoveStaff(second), "stranger")
    demoted = studio.codes(staff.update_staff, staff.UpdateStaff(second, {"role": Role.MANAGER}), "stranger")
    assert last == demoted == [RefusalCode.LAST_OWNER]


def test_a1_what_they_are_to_teach_still_names_them_and_nothing_new_does(studio: StudioInMemory) -> None:
    gone = studio.instructor_id
    taught = new_session(studio.a_course(), START, instructor_id=gone)
    session = known(studio.done(schedule.create_session, taught).session)
    other = studio.a_session(START)
    studio.done(staff.remove_staff, staff.RemoveStaff(gone))
    assert studio.rows.sessions[session].instructor_id == gone
    not_on_staff = [RefusalCode.NOT_ON_STAFF]
    assert studio.codes(schedule.create_session, replace(taught, name="Anew"), "owner") == not_on_staff
    give = schedule_changes.UpdateSession(other, {"instructor_id": gone})
    assert studio.codes(schedule_changes.update_session, give, "owner") == not_on_staff
    stays = schedule_changes.UpdateSession(session, {"instructor_id": gone, "capacity": 5})
    studio.done(schedule_changes.update_session, stays)
    assert studio.rows.sessions[session].capacity == 5

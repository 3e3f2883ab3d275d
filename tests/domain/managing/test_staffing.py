"""A1: the rules of the staff, each holding, not holding, and at its border."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.managing.staffing import (
    ACCEPTING_RULES,
    CHANGING_RULES,
    LEAVING_RULES,
    TEACHING_RULES,
    WITHDRAWING_RULES,
    Joining,
    StaffChange,
    Teaching,
)
from domain.nouns.invitation import LIVES, Invitation, InvitationState
from domain.nouns.studio import Role, Staff
from domain.refusals import RefusalCode
from domain.rules import broken
from tests.domain.builders import ACCOUNT_ID, NOW, uuid

JUST = timedelta(microseconds=1)
EMAIL = "iva@example.com"
OPEN, ACCEPTED, WITHDRAWN, EXPIRED = InvitationState
INVITATION = Invitation(1, uuid(31), EMAIL, Role.MANAGER, "Iva", OPEN, None, NOW, NOW + LIVES, NOW)
OWNER = Staff(1, uuid(32), ACCOUNT_ID, Role.OWNER, "Olga", NOW, NOW)
MANAGER = replace(OWNER, id=uuid(33), role=Role.MANAGER)
GONE = replace(MANAGER, removed_at=NOW)
ALONE, WITH_ANOTHER = frozenset({OWNER.id}), frozenset({OWNER.id, uuid(34)})


def codes(rules: Any, subject: object, now: Any = NOW) -> list[RefusalCode]:
    return [reason.code for reason in broken(rules, subject, now)]


def joining(email: str = EMAIL, on_staff: bool = False, **changes: Any) -> Joining:
    return Joining(replace(INVITATION, **changes), email, on_staff)


def test_a1_an_invitation_is_open_for_14_days_and_not_a_microsecond_longer() -> None:
    assert timedelta(days=14) == LIVES
    assert codes(ACCEPTING_RULES, joining(), NOW + LIVES - JUST) == []
    assert codes(ACCEPTING_RULES, joining(), NOW + LIVES) == [RefusalCode.INVITATION_OVER]


@pytest.mark.parametrize("state", [ACCEPTED, WITHDRAWN])
def test_a1_an_invitation_that_was_answered_is_over_for_everybody(state: InvitationState) -> None:
    over = Joining(replace(INVITATION, state=state, email=None), "another@example.com", on_staff=False)
    assert codes(ACCEPTING_RULES, over) == [RefusalCode.INVITATION_OVER]
    assert broken(ACCEPTING_RULES, over, NOW)[0].actual == state.value


def test_a1_an_invitation_is_for_one_email() -> None:
    assert codes(ACCEPTING_RULES, joining("another@example.com")) == [RefusalCode.INVITATION_FOR_ANOTHER]
    assert EMAIL not in str(broken(ACCEPTING_RULES, joining("another@example.com"), NOW))


def test_a1_who_is_on_the_staff_is_told_all_that_speaks_against_joining_it() -> None:
    assert codes(ACCEPTING_RULES, joining(on_staff=True)) == [RefusalCode.ALREADY_STAFF]
    every = codes(ACCEPTING_RULES, joining("another@example.com", on_staff=True), NOW + LIVES)
    assert every == [RefusalCode.INVITATION_OVER, RefusalCode.INVITATION_FOR_ANOTHER, RefusalCode.ALREADY_STAFF]


@pytest.mark.parametrize(("state", "told"), [(OPEN, []), (WITHDRAWN, []), (ACCEPTED, [RefusalCode.INVITATION_OVER])])
def test_a1_an_invitation_is_taken_back_unless_somebody_has_joined_with_it(
    state: InvitationState, told: list[RefusalCode]
) -> None:
    assert codes(WITHDRAWING_RULES, replace(INVITATION, state=state)) == told
    assert codes(WITHDRAWING_RULES, replace(INVITATION, state=state), NOW + LIVES) == told


@pytest.mark.parametrize(
    ("before", "after", "owners", "told"),
    [
        pytest.param(OWNER, None, ALONE, [RefusalCode.LAST_OWNER], id="the last one leaves"),
        pytest.param(OWNER, None, WITH_ANOTHER, [], id="one of two leaves"),
        pytest.param(MANAGER, None, ALONE, [], id="a manager leaves"),
        pytest.param(OWNER, Role.MANAGER, ALONE, [RefusalCode.LAST_OWNER], id="the last one manages"),
        pytest.param(OWNER, Role.INSTRUCTOR, WITH_ANOTHER, [], id="one of two teaches"),
        pytest.param(OWNER, Role.OWNER, ALONE, [], id="the last one stays"),
        pytest.param(MANAGER, Role.OWNER, ALONE, [], id="a second one"),
    ],
)
def test_a1_a_studio_is_never_without_an_owner(
    before: Staff, after: Role | None, owners: frozenset[Any], told: list[RefusalCode]
) -> None:
    change = StaffChange(before, None if after is None else replace(before, role=after), owners)
    assert codes(LEAVING_RULES if after is None else CHANGING_RULES, change) == told


def test_a1_who_has_left_has_no_role_to_change() -> None:
    change = StaffChange(GONE, replace(GONE, role=Role.OWNER), ALONE)
    assert codes(CHANGING_RULES, change) == [RefusalCode.NOT_ON_STAFF]


def test_a1_nobody_who_has_left_is_given_a_session() -> None:
    assert codes(TEACHING_RULES, Teaching(None)) == []
    assert codes(TEACHING_RULES, Teaching(MANAGER)) == []
    assert codes(TEACHING_RULES, Teaching(GONE)) == [RefusalCode.NOT_ON_STAFF]
    assert codes(TEACHING_RULES, Teaching(GONE, since_before=True)) == []

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from domain.authority import (
    Authority,
    client_meant,
    require_client,
    require_manager,
    require_marker,
    require_owner,
    require_seat_of,
)
from domain.faults import BadUserInput, Fault, FaultCode
from domain.nouns.studio import Role
from tests.domain.builders import ACCOUNT_ID, CLIENT_ID, OTHER_ID, uuid

INSTRUCTOR_ID = uuid(21)


def somebody(role: Role | None, *clients: UUID) -> Authority:
    return Authority(ACCOUNT_ID, role, INSTRUCTOR_ID if role else None, frozenset(clients))


OWNER, MANAGER, INSTRUCTOR, NOBODY = (somebody(role) for role in (*Role, None))
PARENT, TEACHING_PARENT = somebody(None, CLIENT_ID), somebody(Role.INSTRUCTOR, CLIENT_ID)


def fault(check: Callable[[], None]) -> FaultCode | None:
    try:
        check()
    except Fault as raised:
        return raised.code
    return None


FORBIDDEN, NOT_FOUND = FaultCode.FORBIDDEN, FaultCode.NOT_FOUND
WHO = {
    "owner": (OWNER, None, None, None),
    "manager": (MANAGER, FORBIDDEN, None, None),
    "instructor": (INSTRUCTOR, FORBIDDEN, FORBIDDEN, NOT_FOUND),
    "instructor who manages the client": (TEACHING_PARENT, FORBIDDEN, FORBIDDEN, None),
    "account of the client": (PARENT, FORBIDDEN, FORBIDDEN, None),
    "stranger": (NOBODY, FORBIDDEN, FORBIDDEN, NOT_FOUND),
}


@pytest.mark.parametrize(("who", "owner", "manager", "client"), WHO.values(), ids=WHO)
def test_a1_who_may_do_what(
    who: Authority, owner: FaultCode | None, manager: FaultCode | None, client: FaultCode | None
):
    assert fault(lambda: require_owner(who)) is owner
    assert fault(lambda: require_manager(who)) is manager
    assert fault(lambda: require_client(who, CLIENT_ID)) is client


SEATS = {
    "owner": (OWNER, None, None),
    "manager": (MANAGER, None, None),
    "the session's instructor may see it": (INSTRUCTOR, INSTRUCTOR_ID, FORBIDDEN),
    "another session's instructor may not": (INSTRUCTOR, OTHER_ID, NOT_FOUND),
    "a session's without an instructor neither": (INSTRUCTOR, None, NOT_FOUND),
    "instructor who manages the client": (TEACHING_PARENT, INSTRUCTOR_ID, None),
    "account of the client": (PARENT, INSTRUCTOR_ID, None),
    "stranger": (NOBODY, INSTRUCTOR_ID, NOT_FOUND),
    "stranger, where nobody teaches": (NOBODY, None, NOT_FOUND),
}


@pytest.mark.parametrize(("who", "instructor", "expected"), SEATS.values(), ids=SEATS)
def test_a0_what_one_may_not_see_does_not_exist_and_what_one_may_only_see_is_forbidden(
    who: Authority, instructor: UUID | None, expected: FaultCode | None
):
    assert fault(lambda: require_seat_of(who, CLIENT_ID, instructor)) is expected


@pytest.mark.parametrize(
    ("who", "instructor", "expected"),
    [
        (OWNER, None, None),
        (MANAGER, None, None),
        (INSTRUCTOR, INSTRUCTOR_ID, None),
        (INSTRUCTOR, OTHER_ID, FORBIDDEN),
        (INSTRUCTOR, None, FORBIDDEN),
        (TEACHING_PARENT, OTHER_ID, FORBIDDEN),
        (PARENT, INSTRUCTOR_ID, FORBIDDEN),
        (NOBODY, None, FORBIDDEN),
    ],
)
def test_a1_attendance_is_marked_by_the_sessions_instructor_and_by_who_manages(
    who: Authority, instructor: UUID | None, expected: FaultCode | None
):
    assert fault(lambda: require_marker(who, instructor)) is expected


def test_a_fault_names_the_field():
    with pytest.raises(Fault) as raised:
        require_client(NOBODY, CLIENT_ID, "input", "clientId")

    assert raised.value.path == ("input", "clientId")


@pytest.mark.parametrize(
    ("clients", "archived", "meant"),
    [
        ((CLIENT_ID,), (), CLIENT_ID),
        ((CLIENT_ID, OTHER_ID), (OTHER_ID,), CLIENT_ID),
        ((CLIENT_ID,), (CLIENT_ID,), CLIENT_ID),
        ((CLIENT_ID, OTHER_ID), (), None),
        ((CLIENT_ID, OTHER_ID), (CLIENT_ID, OTHER_ID), None),
        ((), (), None),
    ],
)
def test_who_is_not_named_is_the_one_client_of_the_account_who_has_not_left(
    clients: tuple[UUID, ...], archived: tuple[UUID, ...], meant: UUID | None
):
    authority = replace(somebody(None, *clients), archived_ids=frozenset(archived))
    if meant is not None:
        assert client_meant(authority, None) == meant
        return
    with pytest.raises(BadUserInput) as caught:
        client_meant(authority, None)
    assert caught.value.path == ("clientId",)

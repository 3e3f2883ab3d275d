"""Staff and their invitations, clients, and enrolments."""

from collections.abc import Iterable
from uuid import UUID

from domain.nouns.booking import Enrolment
from domain.nouns.client import Client
from domain.nouns.history import EventKind
from domain.nouns.invitation import Invitation, InvitationState
from domain.nouns.studio import Staff
from domain.replay.plain import plain
from domain.replay.told import Row, Told, grouped, said, told_otherwise


def clients(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By client, of the lines of all, in their order."""
    rows: dict[UUID, Row] = {}
    for key, own in grouped((line.client_id, line) for line in lines).items():
        for line in own:
            if line.kind is EventKind.CLIENT_CREATED:
                begun = dict.fromkeys(("account_id", "archived_at", "erased_at"))
                rows[key] = {**begun, "created_at": line.when, **said(line.data, Client)}
            elif key in rows and line.kind is EventKind.CLIENT_CHANGED:
                rows[key] |= said(line.data["after"], Client)
            elif key in rows and line.kind is EventKind.CLIENT_LINKED:
                rows[key]["account_id"] = line.data["after"]
            elif key in rows and line.kind is EventKind.CLIENT_ERASED:
                archived_at = rows[key]["archived_at"] or line.when
                rows[key] |= {"account_id": None, "archived_at": archived_at, "erased_at": line.when}
    return rows


def enrolments(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By enrolment, of the lines of their clients, in their order."""
    rows: dict[UUID, Row] = {}
    for key, own in grouped((line.enrolment_id, line) for line in lines).items():
        for line in own:
            if line.kind is EventKind.CLIENT_ENROLLED:
                ids = {name: plain(getattr(line, name)) for name in ("course_id", "client_id")}
                rows[key] = {**said(line.data, Enrolment), **ids, "enrolled_at": line.when, "ended_at": None}
            elif key in rows and line.kind is EventKind.PAYMENT_RECORDED:
                rows[key]["payment"] = line.data["after"]
            elif key in rows and line.kind is EventKind.ENROLMENT_ENDED:
                rows[key]["ended_at"] = line.when
            if key in rows:
                rows[key] |= told_otherwise(own[0], line, "course_id", "client_id")
    return rows


def staff(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By member of the staff, of the lines of a studio, in their order."""
    rows: dict[UUID, Row] = {}
    for line in lines:
        if line.kind is EventKind.STAFF_ADDED:
            rows[line.key("staffId")] = {"removed_at": None, "created_at": line.when, **said(line.data, Staff)}
        elif line.kind is EventKind.STAFF_CHANGED and (key := line.key("staffId")) in rows:
            rows[key] |= said(line.data.get("after", {}), Staff)
        elif line.kind is EventKind.STAFF_REMOVED and (key := line.key("staffId")) in rows:
            rows[key]["removed_at"] = line.when
    return rows


def invitations(lines: Iterable[Told]) -> dict[UUID, Row]:
    """By invitation, of the lines of a studio, in their order. That time has ended one is told by no line."""
    rows: dict[UUID, Row] = {}
    for line in lines:
        if "invitationId" not in line.data:
            continue
        key = line.key("invitationId")
        if line.kind is EventKind.STAFF_INVITED:
            begun = {"state": InvitationState.OPEN.value, "staff_id": None, "created_at": line.when}
            rows[key] = {**begun, **said(line.data, Invitation)}
        elif key in rows and line.kind is EventKind.INVITATION_WITHDRAWN:
            rows[key]["state"] = InvitationState.WITHDRAWN.value
        elif key in rows and line.kind is EventKind.STAFF_ADDED:
            rows[key] |= {"state": InvitationState.ACCEPTED.value, "staff_id": line.data["staffId"]}
    return rows

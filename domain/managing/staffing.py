"""Joining the staff, changing a role, leaving (A1). A studio is never without an owner."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.invitation import Invitation, InvitationState
from domain.nouns.studio import Role, Staff
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import codes_of, rule


@dataclass(frozen=True)
class Joining:
    """An account accepts an invitation. `email`: the account's."""

    invitation: Invitation
    email: str
    on_staff: bool


@dataclass(frozen=True)
class StaffChange:
    """`after` is None where they leave. `owners`: the ids of all who own the studio before."""

    before: Staff
    after: Staff | None
    owners: Set[UUID]


@dataclass(frozen=True)
class Teaching:
    """A session is to have this instructor; `since_before` where it has had them already."""

    instructor: Staff | None
    since_before: bool = False


@rule("A1", RefusalCode.INVITATION_OVER)
def invitation_is_open(joining: Joining, now: datetime) -> Refusal | None:
    """The invitation is neither accepted nor withdrawn, and its 14 days are not over."""
    if joining.invitation.state_at(now) is InvitationState.OPEN:
        return None
    return _over(joining.invitation, now, "code")


@rule("A1", RefusalCode.INVITATION_FOR_ANOTHER)
def invitation_is_for_them(joining: Joining, now: datetime) -> Refusal | None:
    """The invitation is for the e-mail of the account. One that is over is for nobody."""
    if joining.invitation.email in (None, joining.email):
        return None
    return Refusal(
        RefusalCode.INVITATION_FOR_ANOTHER,
        "This invitation is for another e-mail than that of your account.",
        FixableBy.STAFF,
        path=("code",),
    )


@rule("A1", RefusalCode.ALREADY_STAFF)
def they_are_not_on_the_staff_yet(joining: Joining, now: datetime) -> Refusal | None:
    """An account has one role at a studio."""
    return already_staff("code") if joining.on_staff else None


@rule("A1", RefusalCode.INVITATION_OVER)
def nobody_has_joined_with_it(invitation: Invitation, now: datetime) -> Refusal | None:
    """An invitation that somebody has accepted cannot be taken back: they are removed instead."""
    return _over(invitation, now, "invitationId") if invitation.state is InvitationState.ACCEPTED else None


@rule("A1", RefusalCode.NOT_ON_STAFF)
def they_are_on_the_staff(change: StaffChange, now: datetime) -> Refusal | None:
    """Who has left has no role that could be changed."""
    return _not_on_staff(change.before, "staffId")


@rule("A1", RefusalCode.LAST_OWNER)
def an_owner_is_left(change: StaffChange, now: datetime) -> Refusal | None:
    """Nobody removes the last owner, or gives them another role, not even they themselves."""
    stays = change.after is not None and change.after.role is Role.OWNER
    if stays or change.owners != {change.before.id}:
        return None
    return Refusal(
        RefusalCode.LAST_OWNER,
        "The studio would be left without an owner; make somebody else one first.",
        FixableBy.STAFF,
        path=("staffId",) if change.after is None else ("role",),
    )


@rule("A1", RefusalCode.NOT_ON_STAFF)
def instructor_is_on_the_staff(teaching: Teaching, now: datetime) -> Refusal | None:
    """Nothing new is taught by somebody who has left; what they taught already still names them."""
    if teaching.instructor is None or teaching.since_before:
        return None
    return _not_on_staff(teaching.instructor, "instructorId")


ACCEPTING_RULES = (invitation_is_open, invitation_is_for_them, they_are_not_on_the_staff_yet)
WITHDRAWING_RULES = (nobody_has_joined_with_it,)
CHANGING_RULES = (they_are_on_the_staff, an_owner_is_left)
LEAVING_RULES = (an_owner_is_left,)
TEACHING_RULES = (instructor_is_on_the_staff,)
INVITING_CODES = (RefusalCode.ALREADY_STAFF,)
ACCEPTING_CODES = codes_of(*ACCEPTING_RULES)
WITHDRAWING_CODES = codes_of(*WITHDRAWING_RULES)
CHANGING_CODES = codes_of(*CHANGING_RULES)
LEAVING_CODES = codes_of(*LEAVING_RULES)


def already_staff(field: str) -> Refusal:
    """Said of nobody but those who are on this very staff: whether others have an account, nobody is told."""
    message = "This account is on the studio's staff already."
    return Refusal(RefusalCode.ALREADY_STAFF, message, FixableBy.STAFF, path=(field,))


def _over(invitation: Invitation, now: datetime, field: str) -> Refusal:
    state = invitation.state_at(now)
    return Refusal(
        RefusalCode.INVITATION_OVER,
        f"The invitation is {state.value.lower()}.",
        FixableBy.STAFF,
        actual=state.value,
        required=InvitationState.OPEN.value,
        path=(field,),
    )


def _not_on_staff(member: Staff, field: str) -> Refusal | None:
    if member.removed_at is None:
        return None
    message = "They are no longer on the studio's staff; who comes back is invited anew."
    return Refusal(RefusalCode.NOT_ON_STAFF, message, FixableBy.STAFF, path=(field,))

"""The staff: inviting, accepting, changing, removing."""

from typing import Annotated

import strawberry

from domain.faults import NotFound
from domain.managing import staffing
from domain.nouns.studio import Role
from domain.services import staff
from schema.acting import INPUT, KEY, line, mutation, perform
from schema.acts.accounts import normalised_email
from schema.changes import LEFT_OUT, changes, field, never_null
from schema.context import Info
from schema.ids import Kind, Ref, expect
from schema.nouns.invitation import StaffInvitation, invitation_with
from schema.nouns.staff import StaffMember
from schema.nouns.studio import Studio, studio_of
from schema.refusals import Refused
from schema.sight import seen


@strawberry.input(description="Who is to join the staff, as what.")
class InviteStaffInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    email: str = strawberry.field(
        description="The e-mail of the account that is to accept; there need not be one yet. Case does not matter."
    )
    role: Role = strawberry.field(description="What they may do once they have accepted.")
    display_name: str = strawberry.field(
        description="The name shown on the schedule, 1 to 200 characters; they may choose another when they accept."
    )
    idempotency_key: str = KEY


@strawberry.input(description="Which invitation is taken back.")
class WithdrawInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="The invitation.")
    idempotency_key: str = KEY


@strawberry.input(description="What the studio has passed on, and how to be called there.")
class AcceptInvitationInput:
    code: str = strawberry.field(description="The code of the invitation.")
    display_name: str | None = strawberry.field(
        default=None,
        description="The name shown to everybody on the schedule, 1 to 200 characters; as the studio has written it.",
    )
    idempotency_key: str = KEY


@strawberry.input(description="What changes of a member of the staff." + LEFT_OUT)
class UpdateStaffInput:
    staff_id: strawberry.ID = strawberry.field(description="The member of the staff.")
    role: Role | None = field("What they may do, from this instant on.")
    display_name: str | None = field("The name shown on the schedule, 1 to 200 characters.")
    idempotency_key: str = KEY

    def command(self, ref: Ref) -> staff.UpdateStaff:
        given = changes(
            self,
            role=lambda role: never_null(role, "role"),
            display_name=lambda name: line(never_null(name, "displayName"), "displayName"),
        )
        return staff.UpdateStaff(ref.key, given)


@strawberry.input(description="Who leaves the staff.")
class RemoveStaffInput:
    staff_id: strawberry.ID = strawberry.field(
        description="The member of the staff: anybody's, by an owner; one's own."
    )
    idempotency_key: str = KEY


@strawberry.type(description="The invitation waits to be accepted.")
class StaffInvited:
    studio: Studio = strawberry.field(description="The studio.")
    invitation: StaffInvitation = strawberry.field(
        description="The invitation. Its `code` is what the invited need. An earlier one to the same e-mail is"
        " withdrawn."
    )


@strawberry.type(description="Nobody can accept the invitation any more.")
class InvitationWithdrawn:
    invitation: StaffInvitation = strawberry.field(description="The invitation, without the e-mail that it was for.")


@strawberry.type(description="The viewer is on the staff.")
class InvitationAccepted:
    studio: Studio = strawberry.field(description="The studio. `myRole` tells what they may do.")
    staff_member: StaffMember = strawberry.field(description="They themselves on its staff.")


@strawberry.type(description="The member of the staff is as asked for.")
class StaffUpdated:
    staff_member: StaffMember = strawberry.field(description="The member of the staff.")


@strawberry.type(description="They are no longer on the staff, and their role ended that instant.")
class StaffRemoved:
    staff_member: StaffMember = strawberry.field(description="Who has left. What they taught still names them.")
    sessions_to_come: int = strawberry.field(
        description="How many sessions that have not started, and are not cancelled, still name them as the instructor."
        " `Studio.sessions` finds them by `instructorId`; `updateSession` gives them to somebody else."
    )


InviteStaffResult = Annotated[
    StaffInvited | Refused, strawberry.union("InviteStaffResult", description="An invitation, or why there is none.")
]
WithdrawInvitationResult = Annotated[
    InvitationWithdrawn | Refused,
    strawberry.union("WithdrawInvitationResult", description="The invitation, or why it stands."),
]
AcceptInvitationResult = Annotated[
    InvitationAccepted | Refused,
    strawberry.union("AcceptInvitationResult", description="A place on the staff, or every reason why there is none."),
]
UpdateStaffResult = Annotated[
    StaffUpdated | Refused,
    strawberry.union("UpdateStaffResult", description="The member of the staff, or why nothing changed."),
]
RemoveStaffResult = Annotated[
    StaffRemoved | Refused, strawberry.union("RemoveStaffResult", description="Who has left, or why they stay.")
]


@strawberry.type
class StaffMutations:
    @mutation(
        "Invites somebody to the staff, for 14 days. They join by `acceptInvitation`, with the account whose e-mail it"
        " is. By an owner.",
        staffing.INVITING_CODES,
    )
    async def invite_staff(self, info: Info, input: Annotated[InviteStaffInput, INPUT]) -> InviteStaffResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        name = line(input.display_name, "displayName")
        command = staff.InviteStaff(normalised_email(input.email), input.role, name)
        outcome = await perform(info, studio_id, input, lambda work: staff.invite_staff(work, command))
        if isinstance(outcome, Refused):
            return outcome
        invitation = await seen(info, StaffInvitation, Kind.INVITATION, studio_id, outcome.invitation)
        return StaffInvited(studio=Studio.of(await studio_of(info, studio_id)), invitation=invitation)

    @mutation(
        "Takes an invitation back, and forgets whom it was for. Doing it twice answers the same. By an owner.",
        staffing.WITHDRAWING_CODES,
    )
    async def withdraw_invitation(
        self, info: Info, input: Annotated[WithdrawInvitationInput, INPUT]
    ) -> WithdrawInvitationResult | None:
        ref = expect(Kind.INVITATION, input.invitation_id, "invitationId")
        command = staff.WithdrawInvitation(ref.key)
        outcome = await perform(info, ref.studio_id, input, lambda work: staff.withdraw_invitation(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return InvitationWithdrawn(
            invitation=await seen(info, StaffInvitation, Kind.INVITATION, ref.studio_id, outcome.invitation)
        )

    @mutation(
        "Joins the staff of a studio that has invited the viewer. Everybody sees the name then, on the schedule.",
        staffing.ACCEPTING_CODES,
    )
    async def accept_invitation(
        self, info: Info, input: Annotated[AcceptInvitationInput, INPUT]
    ) -> AcceptInvitationResult | None:
        name = None if input.display_name is None else line(input.display_name, "displayName")
        info.context.signed_in()
        ref = invitation_with(info, input.code)
        if ref is None:
            raise NotFound("There is no such invitation.", "code")
        command = staff.AcceptInvitation(ref.key, name)
        outcome = await perform(info, ref.studio_id, input, lambda work: staff.accept_invitation(work, command))
        if isinstance(outcome, Refused):
            return outcome
        joined = await seen(info, StaffMember, Kind.STAFF, ref.studio_id, outcome.staff)
        return InvitationAccepted(studio=Studio.of(await studio_of(info, ref.studio_id)), staff_member=joined)

    @mutation(
        "Gives a member of the staff another role or name. A studio is never without an owner. By an owner.",
        staffing.CHANGING_CODES,
    )
    async def update_staff(self, info: Info, input: Annotated[UpdateStaffInput, INPUT]) -> UpdateStaffResult | None:
        ref = expect(Kind.STAFF, input.staff_id, "staffId")
        command = input.command(ref)
        outcome = await perform(info, ref.studio_id, input, lambda work: staff.update_staff(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return StaffUpdated(staff_member=await seen(info, StaffMember, Kind.STAFF, ref.studio_id, outcome.staff))

    @mutation(
        "Removes somebody from the staff. From that instant on they have no role; sessions that they taught, or are to"
        " teach, still name them. Doing it twice answers the same. By an owner, or by themselves.",
        staffing.LEAVING_CODES,
    )
    async def remove_staff(self, info: Info, input: Annotated[RemoveStaffInput, INPUT]) -> RemoveStaffResult | None:
        ref = expect(Kind.STAFF, input.staff_id, "staffId")
        command = staff.RemoveStaff(ref.key)
        outcome = await perform(info, ref.studio_id, input, lambda work: staff.remove_staff(work, command))
        if isinstance(outcome, Refused):
            return outcome
        left = await seen(info, StaffMember, Kind.STAFF, ref.studio_id, outcome.staff)
        to_come = await info.context.load.sessions_to_teach.load((ref.studio_id, ref.key))
        return StaffRemoved(staff_member=left, sessions_to_come=to_come or 0)

"""Founding a studio, its policy, its staff."""

import re
from typing import Annotated, Any
from zoneinfo import available_timezones

import strawberry

from domain import policy as domain
from domain.faults import BadUserInput
from domain.policy import ExpiryRounding, LateCancellation
from domain.services import studios
from domain.studio import Role
from schema.acting import KEY, mutation, perform, register, text
from schema.acts.accounts import normalised_email
from schema.context import Info
from schema.currencies import CURRENCIES
from schema.ids import Kind, expect
from schema.nouns.studio import StaffMember, Studio, studio_of
from schema.refusals import Refused
from schema.scalars import LocalTime

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,58}[a-z0-9])", re.ASCII)


@strawberry.input(description="A new studio.")
class CreateStudioInput:
    slug: str = strawberry.field(description="Its short name in addresses: 3 to 60 of a–z, 0–9 and inner hyphens.")
    name: str = strawberry.field(description="Its name, 1 to 200 characters.")
    time_zone: str = strawberry.field(description="IANA name, such as `Europe/Prague`.")
    currency: str = strawberry.field(description="ISO 4217 code, such as `CZK`.")
    owner_name: str | None = strawberry.field(
        default=None, description="How the owner is shown on the schedule; the account's name."
    )
    idempotency_key: str = KEY


@strawberry.input(one_of=True, description="Until when a cancellation is in time.")
class CancellationDeadlineInput:
    hours_before: int | None = strawberry.field(
        default=strawberry.UNSET, description="Elapsed hours before the start, 0 to 87600."
    )
    local_time: "LocalTimeDeadlineInput | None" = strawberry.field(
        default=strawberry.UNSET, description="A wall clock in the studio's time zone."
    )


@strawberry.input(
    description="A wall clock. A skipped time is the first instant after the gap, a doubled one the later of the two."
)
class LocalTimeDeadlineInput:
    days_before: int = strawberry.field(description="Days before the session's local date, 0 to 3650.")
    time: LocalTime = strawberry.field(description="The time of that day.")


@strawberry.input(one_of=True, description="How long a credit lives, counted from the cancellation that earned it.")
class ValidityInput:
    days: int | None = strawberry.field(default=strawberry.UNSET, description="Days, 1 to 3650.")
    never: bool | None = strawberry.field(default=strawberry.UNSET, description="True: credits never expire.")


@strawberry.input(
    description="What to change. A field left out stays as it is; null sets it back to the built-in default."
)
class UpdateStudioPolicyInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    make_ups_enabled: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether cancelled course sessions earn credits; default false."
    )
    cancellation_deadline: CancellationDeadlineInput | None = strawberry.field(
        default=strawberry.UNSET, description="Until when a cancellation is in time; default 24 hours before."
    )
    late_cancellation: LateCancellation | None = strawberry.field(
        default=strawberry.UNSET, description="What happens after it; default `ALLOW_WITHOUT_CREDIT`."
    )
    single_bookings_earn: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether single bookings of course sessions earn too; default true."
    )
    earning_needs_payment: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether only paid or waived bookings earn; default true."
    )
    validity: ValidityInput | None = strawberry.field(
        default=strawberry.UNSET, description="How long a credit lives; default 30 days."
    )
    expiry_rounding: ExpiryRounding | None = strawberry.field(
        default=strawberry.UNSET, description="To which instant it is counted; default `END_OF_LOCAL_DAY`."
    )
    max_days_ahead: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many days ahead credits book, 0 to 3650; default 90."
    )
    idempotency_key: str = KEY

    def changes(self) -> dict[str, object]:
        """By the policy's field names; None for its default."""
        given: dict[str, Any] = {
            "make_ups_enabled": self.make_ups_enabled,
            "cancellation_deadline": self.cancellation_deadline,
            "late_cancellation": self.late_cancellation,
            "single_bookings_earn": self.single_bookings_earn,
            "earning_needs_payment": self.earning_needs_payment,
            "validity": self.validity,
            "expiry_rounding": self.expiry_rounding,
            "max_days_ahead": self.max_days_ahead,
        }
        return {name: _domain(value) for name, value in given.items() if value is not strawberry.UNSET}


def _domain(value: Any) -> Any:
    match value:
        case CancellationDeadlineInput(local_time=LocalTimeDeadlineInput() as local):
            return domain.LocalTime(local.days_before, local.time)
        case CancellationDeadlineInput():
            return domain.HoursBefore(value.hours_before or 0)
        case ValidityInput(never=True):
            return domain.Never()
        case ValidityInput(never=False):
            raise BadUserInput("Give the days, or `never: true`.", "validity", "never")
        case ValidityInput():
            return domain.Days(value.days or 0)
        case _:
            return value


@strawberry.input(description="A role for an account.")
class AddStaffInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    email: str = strawberry.field(description="The e-mail of an account that exists.")
    role: Role = strawberry.field(description="What they may do.")
    display_name: str = strawberry.field(description="The name shown on the schedule, 1 to 200 characters.")
    idempotency_key: str = KEY


@strawberry.type(description="The studio exists; the viewer is its owner.")
class StudioCreated:
    studio: Studio = strawberry.field(description="The new studio.")


@strawberry.type(description="The policy is as asked for. No credit already issued has changed.")
class StudioPolicyUpdated:
    studio: Studio = strawberry.field(description="The studio with its policy.")


@strawberry.type(description="The account is on the staff.")
class StaffAdded:
    studio: Studio = strawberry.field(description="The studio.")
    staff_member: StaffMember = strawberry.field(description="The new member.")


CreateStudioResult = Annotated[
    StudioCreated | Refused, strawberry.union("CreateStudioResult", description="A studio, or why there is none.")
]
UpdateStudioPolicyResult = Annotated[
    StudioPolicyUpdated | Refused,
    strawberry.union("UpdateStudioPolicyResult", description="The policy, or every setting that is wrong."),
]
AddStaffResult = Annotated[
    StaffAdded | Refused, strawberry.union("AddStaffResult", description="A member of the staff, or why not.")
]


@strawberry.type
class StudioMutations:
    @mutation("Founds a studio. Any signed-in account may, and becomes its owner.", studios.CREATE_CODES)
    async def create_studio(self, info: Info, input: CreateStudioInput) -> CreateStudioResult | None:
        if _SLUG.fullmatch(input.slug) is None:
            raise BadUserInput("A slug has 3 to 60 of a–z, 0–9 and inner hyphens.", "slug")
        if input.time_zone not in available_timezones():
            raise BadUserInput("This is not the IANA name of a time zone.", "timeZone")
        if input.currency not in CURRENCIES:
            raise BadUserInput("This is not the ISO 4217 code of a currency.", "currency")
        name = text(input.name, "name")
        owner_name = None if input.owner_name is None else text(input.owner_name, "ownerName")
        command = studios.CreateStudio(
            info.context.signed_in(), owner_name, input.slug, name, input.time_zone, input.currency
        )
        outcome = await register(info, input, lambda work: studios.create_studio(work, command), signed_in=True)
        if isinstance(outcome, Refused):
            return outcome
        return StudioCreated(studio=Studio.of(await studio_of(info, outcome.studio_id or 0)))

    @mutation("Changes what the studio has decided about cancelling and make-ups. By its owner.", studios.POLICY_CODES)
    async def update_studio_policy(self, info: Info, input: UpdateStudioPolicyInput) -> UpdateStudioPolicyResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = studios.UpdatePolicy(input.changes())
        outcome = await perform(info, studio_id, input, lambda work: studios.update_policy(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return StudioPolicyUpdated(studio=Studio.of(await studio_of(info, studio_id)))

    @mutation("Gives an account a role at the studio. By its owner.", studios.STAFF_CODES)
    async def add_staff(self, info: Info, input: AddStaffInput) -> AddStaffResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = studios.AddStaff(normalised_email(input.email), input.role, text(input.display_name, "displayName"))
        outcome = await perform(info, studio_id, input, lambda work: studios.add_staff(work, command))
        if isinstance(outcome, Refused):
            return outcome
        assert outcome.staff is not None
        row = await info.context.load.staff.load((studio_id, outcome.staff))
        assert row is not None
        return StaffAdded(studio=Studio.of(await studio_of(info, studio_id)), staff_member=StaffMember.of(row))

"""The input that changes a studio's policy."""

from typing import Any

import strawberry

from domain import policy as domain
from domain.faults import BadUserInput
from domain.policy import ExpiryRounding, LateCancellation
from schema.acting import KEY
from schema.scalars import LocalTime


@strawberry.input(one_of=True, description="Until when a cancellation is in time.")
class CancellationDeadlineInput:
    hours_before: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many elapsed hours before the start, 0 to 87600."
    )
    local_time: "LocalTimeDeadlineInput | None" = strawberry.field(
        default=strawberry.UNSET, description="A wall clock in the studio's time zone."
    )


@strawberry.input(
    description="A wall clock. A skipped time is the first instant after the gap, a doubled one the later of the two."
)
class LocalTimeDeadlineInput:
    days_before: int = strawberry.field(description="How many days before the session's local date, 0 to 3650.")
    time: LocalTime = strawberry.field(description="The wall clock on that day.")


@strawberry.input(one_of=True, description="How long a credit lives, counted from the cancellation that earned it.")
class ValidityInput:
    days: int | None = strawberry.field(default=strawberry.UNSET, description="How many days, 1 to 3650.")
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

"""What a studio has decided."""

from enum import Enum

import strawberry

from domain import policy as domain
from domain.policy import Days, ExpiryRounding, HoursBefore, LateCancellation
from schema.scalars import LocalTime


@strawberry.enum(description="How a deadline is given.")
class DeadlineForm(Enum):
    HOURS_BEFORE = strawberry.enum_value("HOURS_BEFORE", description="So many elapsed hours before the start.")
    LOCAL_TIME = strawberry.enum_value(
        "LOCAL_TIME", description="A wall clock, so many days before the session's date."
    )


@strawberry.type(
    description="Until when a cancellation is in time. Never compute with it: ask `Session.cancellationDeadline`."
)
class CancellationDeadline:
    form: DeadlineForm = strawberry.field(description="Which of the following fields are given.")
    hours_before: int | None = strawberry.field(description="How many elapsed hours before the start.")
    days_before: int | None = strawberry.field(description="How many days before the session's local date.")
    local_time: LocalTime | None = strawberry.field(description="The wall clock on that day.")

    @classmethod
    def of(cls, deadline: domain.CancellationDeadline) -> "CancellationDeadline":
        if isinstance(deadline, HoursBefore):
            return cls(form=DeadlineForm.HOURS_BEFORE, hours_before=deadline.hours, days_before=None, local_time=None)
        return cls(
            form=DeadlineForm.LOCAL_TIME,
            hours_before=None,
            days_before=deadline.days_before,
            local_time=LocalTime(deadline.clock),
        )


@strawberry.type(description="How long a credit lives, counted from the cancellation that earned it.")
class Validity:
    days: int | None = strawberry.field(description="How many days; null where credits never expire.")
    never: bool = strawberry.field(description="Whether credits never expire.")

    @classmethod
    def of(cls, validity: domain.Validity) -> "Validity":
        days = validity.days if isinstance(validity, Days) else None
        return cls(days=days, never=days is None)


@strawberry.type(description="What a studio has decided. A change touches no credit that is already issued.")
class StudioPolicy:
    make_ups_enabled: bool = strawberry.field(
        description="Whether cancelled course sessions earn credits. A course may say otherwise."
    )
    cancellation_deadline: CancellationDeadline = strawberry.field(description="Until when a cancellation is in time.")
    late_cancellation: LateCancellation = strawberry.field(
        description="What happens when a client cancels after the deadline."
    )
    single_bookings_earn: bool = strawberry.field(
        description="Whether single bookings of course sessions earn credits, as places in whole courses do."
    )
    earning_needs_payment: bool = strawberry.field(
        description="Whether only bookings that are paid or waived earn credits."
    )
    validity: Validity = strawberry.field(description="How long a credit lives.")
    expiry_rounding: ExpiryRounding = strawberry.field(description="To which instant the life of a credit is counted.")
    max_days_ahead: int = strawberry.field(description="How many days ahead, by the studio's calendar, credits book.")

    @classmethod
    def of(cls, policy: domain.StudioPolicy) -> "StudioPolicy":
        return cls(
            make_ups_enabled=policy.make_ups_enabled,
            cancellation_deadline=CancellationDeadline.of(policy.cancellation_deadline),
            late_cancellation=policy.late_cancellation,
            single_bookings_earn=policy.single_bookings_earn,
            earning_needs_payment=policy.earning_needs_payment,
            validity=Validity.of(policy.validity),
            expiry_rounding=policy.expiry_rounding,
            max_days_ahead=policy.max_days_ahead,
        )

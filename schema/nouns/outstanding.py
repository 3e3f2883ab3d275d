"""The credits that are outstanding: what a studio still owes its clients."""

from datetime import date

import strawberry

from domain.nouns.studio import Studio
from domain.reports import Amount, Outstanding
from schema.money import MoneyTotal


@strawberry.type(description="The outstanding credits that can last be spent in one month.")
class OutstandingInMonth:
    month: date | None = strawberry.field(
        description="The first local date that belongs to the month; null for the credits that never expire."
    )
    credits: int = strawberry.field(description="How many credits can last be spent in it.")
    held: int = strawberry.field(description="How many credits of these wait on a list now.")
    worth: MoneyTotal = strawberry.field(description="What these are worth together, each as fixed at its issue.")
    unvalued: int = strawberry.field(
        description="How many credits of these have no worth, and count nothing in `worth`."
    )


@strawberry.type(
    description="Make-up credits that are outstanding now: active, or held for a place on a waiting list. One that is"
    " held counts in the month of its `expiresOn`, the end that it has if no seat comes."
)
class OutstandingCredits:
    credits: int = strawberry.field(description="How many credits are outstanding.")
    held: int = strawberry.field(description="How many credits of these wait on a list now.")
    worth: MoneyTotal = strawberry.field(
        description="The estimated liability: what these are worth together, each as fixed at its issue."
    )
    unvalued: int = strawberry.field(
        description="How many credits of these have no worth, and count nothing in `worth`."
    )
    first_expires_on: date | None = strawberry.field(
        description="The first local date on which one of these can last be spent; null where none of them expires."
    )
    by_month: list[OutstandingInMonth] = strawberry.field(
        description="The same by the month in which they can last be spent, those that never expire last. Months of"
        " none are left out."
    )

    @classmethod
    def of(cls, studio: Studio, row: Outstanding) -> "OutstandingCredits":
        total = row.total
        return cls(
            credits=total.credits,
            held=total.held,
            worth=_worth(studio, total),
            unvalued=total.unvalued,
            first_expires_on=total.first_on,
            by_month=[
                OutstandingInMonth(
                    month=month,
                    credits=amount.credits,
                    held=amount.held,
                    worth=_worth(studio, amount),
                    unvalued=amount.unvalued,
                )
                for month, amount in row.by_month
            ],
        )


def _worth(studio: Studio, amount: Amount) -> MoneyTotal:
    return MoneyTotal(amount=amount.worth, currency=studio.currency)

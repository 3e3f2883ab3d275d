"""Refusals in the API: a rule says no, as data."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain import refusals as domain
from domain.nouns.booking import EarnedNothing
from domain.nouns.money import Money as DomainMoney
from domain.refusals import FixableBy, RefusalCode
from schema.ids import Kind, encode
from schema.money import Money


@strawberry.type(description="A whole number.")
class IntValue:
    number: int = strawberry.field(
        name="int",
        description="How many seats, sessions, credits, days, hours or minutes, as the code and the `path` tell.",
    )


@strawberry.type(description="An instant.")
class DateTimeValue:
    date_time: datetime = strawberry.field(
        description="The instant that was compared, as the code tells: now, a start, a deadline or an expiry."
    )


@strawberry.type(description="A local date.")
class DateValue:
    day: date = strawberry.field(
        name="date",
        description="The local date that was compared, as the code tells: today, a session's, an expiry's or a limit.",
    )


@strawberry.type(description="An amount of money.")
class MoneyValue:
    money: Money = strawberry.field(description="The amount.")


@strawberry.type(description="A word, such as the name of a state.")
class TextValue:
    text: str = strawberry.field(description="The word.")


RefusalValue = Annotated[
    IntValue | DateTimeValue | DateValue | MoneyValue | TextValue,
    strawberry.union("RefusalValue", description="One of the values that a rule compared."),
]


@strawberry.type(description="One rule that says no, and what would make it say yes.")
class Refusal:
    code: RefusalCode = strawberry.field(description="Which rule. Translate this for people.")
    message: str = strawberry.field(description="The same in English, for developers.")
    path: list[str] = strawberry.field(description="The input field at fault, outermost first; empty for none.")
    actual: RefusalValue | None = strawberry.field(description="What the rule found.")
    required: RefusalValue | None = strawberry.field(description="What the rule asks for.")
    fixable_by: FixableBy | None = strawberry.field(description="Who can change it; null where nobody can.")
    available_from: datetime | None = strawberry.field(description="From when the rule holds, where that is known.")
    session_id: strawberry.ID | None = strawberry.field(
        description="The session meant, where the rule is about one seat: the full one of a whole course, for example,"
        " or one of the two of a swap."
    )
    credit_id: strawberry.ID | None = strawberry.field(description="The credit meant, where the act is on several.")
    why_not_earned: list[EarnedNothing] = strawberry.field(
        description="Of `CANCELLATION_EARNS_NOTHING`: why cancelling would bring no credit; empty for all others."
    )
    booking_id: strawberry.ID | None = strawberry.field(description="The booking meant, where the act is on several.")
    waiting: int | None = strawberry.field(
        description="How many clients wait for a seat in the session, where the code is `SESSION_FULL`; null for all"
        " others."
    )
    can_join_waitlist: bool | None = strawberry.field(
        description="Of `SESSION_FULL`, where the seat was asked for by itself: whether `joinWaitlist` would put the"
        " client on the list now, paying as they asked to. Null where it is wanted as part of something else, such as a"
        " whole course, an undo or a swap, and for all others."
    )

    @classmethod
    def of(cls, refusal: domain.Refusal, studio_id: int | None) -> "Refusal":
        return cls(
            code=refusal.code,
            message=refusal.message,
            path=list(refusal.path),
            actual=_value(refusal.actual),
            required=_value(refusal.required),
            fixable_by=refusal.fixable_by,
            available_from=refusal.available_from,
            session_id=_id(Kind.SESSION, studio_id, refusal.session_id),
            credit_id=_id(Kind.CREDIT, studio_id, refusal.credit_id),
            why_not_earned=list(refusal.why_not_earned),
            booking_id=_id(Kind.BOOKING, studio_id, refusal.booking_id),
            waiting=refusal.waiting,
            can_join_waitlist=refusal.can_join,
        )


@strawberry.type(description="The act was not done, and nothing has changed. All the reasons, not only the first.")
class Refused:
    reasons: list[Refusal] = strawberry.field(description="Every rule that says no; never empty.")

    @classmethod
    def of(cls, refused: domain.Refused, studio_id: int | None) -> "Refused":
        return cls(reasons=[Refusal.of(reason, studio_id) for reason in refused.reasons])


def _id(kind: Kind, studio_id: int | None, key: UUID | None) -> strawberry.ID | None:
    return None if key is None or studio_id is None else strawberry.ID(encode(kind, studio_id, key))


def _value(
    value: domain.Value | None,
) -> IntValue | DateTimeValue | DateValue | MoneyValue | TextValue | None:
    match value:
        case None:
            return None
        case DomainMoney():
            return MoneyValue(money=Money.of(value))
        case datetime():
            return DateTimeValue(date_time=value)
        case date():
            return DateValue(day=value)
        case int():
            return IntValue(number=value)
        case str():
            return TextValue(text=value)

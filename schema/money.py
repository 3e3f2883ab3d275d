"""Money in the API."""

import strawberry

from domain.nouns.money import Money as DomainMoney
from domain.nouns.studio import Studio


@strawberry.type(description="An amount of money.")
class Money:
    amount: int = strawberry.field(description="In the currency's minor unit: cents of USD, haléře of CZK.")
    currency: str = strawberry.field(description="ISO 4217 code, such as CZK.")

    @classmethod
    def of(cls, money: DomainMoney) -> "Money":
        return cls(amount=money.amount, currency=money.currency)


def money(studio: Studio, amount: int | None) -> Money | None:
    """An amount in minor units of the studio's currency; None stays None."""
    return None if amount is None else Money(amount=amount, currency=studio.currency)


@strawberry.type(description="A sum of many amounts of money, which can be more than an `Int` holds.")
class MoneyTotal:
    amount: float = strawberry.field(description="In the currency's minor unit, a whole number.")
    currency: str = strawberry.field(description="ISO 4217 code, such as CZK.")

"""Money: an amount in the minor unit of a currency."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """`amount` in minor units (cents, haléře); `currency` is an ISO 4217 code."""

    amount: int
    currency: str

"""What the reports count (section 9 of the rule book). Each figure is defined here, and told so by the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Amount:
    """S1, S3: some credits that are outstanding: active or held. `held`: those of them that wait on a list.

    `worth` in minor units, of those that have one (R9); `unvalued`: how many have none, and count 0. `first_on`:
    the first of the local dates on which they can last be spent; None where none of them expires.
    """

    credits: int
    held: int
    worth: int
    unvalued: int
    first_on: date | None

    @classmethod
    def of_all(cls, amounts: Iterable["Amount"]) -> "Amount":
        found = tuple(amounts)
        return cls(
            credits=sum(each.credits for each in found),
            held=sum(each.held for each in found),
            worth=sum(each.worth for each in found),
            unvalued=sum(each.unvalued for each in found),
            first_on=min((each.first_on for each in found if each.first_on is not None), default=None),
        )


@dataclass(frozen=True)
class Outstanding:
    """The credits that are outstanding, by the first date of the month in which they can last be spent; None: never.

    The month of a held one is that of the end that it has if it waits to the end of its hold.
    """

    by_month: tuple[tuple[date | None, Amount], ...]

    @property
    def total(self) -> Amount:
        return Amount.of_all(amount for _, amount in self.by_month)


NOTHING_OUTSTANDING = Outstanding(())


@dataclass(frozen=True)
class Issued:
    """S2: the credits that were issued in a period: how many of each origin, and what they are now.

    `standing`: those that have been neither undone nor revoked since. Of these, `used` are USED now, and `lost` are
    EXPIRED or FORFEITED.
    """

    earned: int
    excused: int
    compensated: int
    granted: int
    standing: int
    used: int
    lost: int

    @property
    def redemption_rate(self) -> float | None:
        """S2: the share that has been used; None where none stands."""
        return self.used / self.standing if self.standing else None

    @property
    def breakage_rate(self) -> float | None:
        """S2: the share that is lost to the clients; None where none stands."""
        return self.lost / self.standing if self.standing else None


@dataclass(frozen=True)
class Told:
    """S2: how often it stands in the ledgers, as clients read them (`ledger.told`), that in a period a credit …

    A credit that was revived and has expired again counts twice, and one that was spent, returned and spent again, too.
    """

    redeemed: int
    restored: int
    forfeited: int
    expired: int
    extended: int
    revoked: int
    undone: int


@dataclass(frozen=True)
class Seats:
    """S4: of some sessions that are not cancelled: their seats, without extra ones; the live bookings; and how many of
    those a credit has paid. `with_make_ups`: how many of the sessions have such a booking.
    """

    sessions: int
    with_make_ups: int
    seats: int
    bookings: int
    make_ups: int

"""What the rules of the state machine draw: names of what stands in the world now, and values around every border."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from domain.nouns.booking import CancellationOutcome, PaymentState
from tests.machine.rows import ANY
from tests.machine.world import A_DAY, A_MICROSECOND, ACCOUNTS, AN_HOUR

AHEAD = (
    *(hours * AN_HOUR for hours in (1, 23, 25, 48)),
    *(days * A_DAY + timedelta(minutes=7) for days in (3, 7, 15, 29, 31, 90, 91)),
)
MOMENTS = (A_MICROSECOND, timedelta(minutes=20), AN_HOUR, 11 * AN_HOUR, A_DAY, 5 * A_DAY)
AROUND = (-A_MICROSECOND, timedelta(), A_MICROSECOND)


def one_of(*things: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(things)


def a(kind: str) -> st.SearchStrategy[Any]:
    """The name of one that stands in the world now."""
    return st.runner().flatmap(lambda world: st.sampled_from(world.names(kind)))


def some(kind: str) -> st.SearchStrategy[Any]:
    """A few names, or none."""
    return st.runner().flatmap(lambda world: st.lists(st.sampled_from(world.names(kind)), max_size=3))


def having(kind: str) -> Any:
    return precondition(lambda world: bool(world.names(kind)))


def changes(of: dict[str, tuple[object, ...]], least: int = 0) -> st.SearchStrategy[dict[str, object]]:
    keys = st.lists(st.sampled_from(sorted(of)), unique=True, min_size=least)
    return keys.flatmap(lambda keys: st.fixed_dictionaries({key: one_of(*of[key]) for key in keys}))


def decisions(of: dict[str, tuple[object, ...]]) -> st.SearchStrategy[dict[str, object]]:
    """What a new course or session decides; often nothing."""
    made = {name: tuple(value for value in values if value is not None) for name, values in of.items()}
    return one_of({}) | changes(made)


ANYONE = one_of(*ACCOUNTS)
A_CATEGORY = one_of(None, "Yoga", "Dance")
MOSTLY_STAFF = one_of(*["owner", "manager"] * 4, *ACCOUNTS)
A_SESSION = a("coming session") | a("coming session") | a("session")
HOW_PAID = one_of(PaymentState.PAID, PaymentState.PAID, PaymentState.WAIVED, PaymentState.DUE)
MAYBE_WRONG = one_of(None, None, None, *CancellationOutcome)
MAYBE_WRONG_DAY = one_of(None, None, ANY, -A_DAY, A_DAY)

"""The currencies that a studio can have."""

from typing import cast

from babel import Locale
from babel.numbers import get_territory_currencies


def _legal_tender() -> frozenset[str]:
    territories = cast(dict[str, str], Locale("en").territories)
    found: set[str] = set()
    for territory in territories:
        found.update(get_territory_currencies(territory, include_details=False))
    return frozenset(found)


CURRENCIES = _legal_tender()
"""ISO 4217 codes of what is legal tender somewhere today; the list of all codes also has those of coins long gone."""

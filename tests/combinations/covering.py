"""Every pair of settings in few rows: a table that holds each choice of one beside each choice of any other."""

from collections.abc import Mapping, Sequence, Set
from functools import partial
from itertools import combinations, product

from domain.policy import Level

Choice = tuple[Level, object]
"""What is decided of a setting, and by which level; the built-in default where nobody decides."""
Row = Mapping[str, Choice]
Pair = tuple[tuple[str, Choice], tuple[str, Choice]]


def every_pair(choices: Mapping[str, Sequence[Choice]]) -> set[Pair]:
    return {
        ((one, of_one), (other, of_other))
        for one, other in combinations(sorted(choices), 2)
        for of_one, of_other in product(choices[one], choices[other])
    }


def pairs_of(row: Row) -> set[Pair]:
    """Those that a row proves: where make-ups are off nothing is earned, so it proves nothing of any other two."""
    pairs = set(combinations(((setting, row[setting]) for setting in sorted(row)), 2))
    _, enabled = row.get("make_ups_enabled", (Level.DEFAULT, True))
    return pairs if enabled else {pair for pair in pairs if "make_ups_enabled" in dict(pair)}


def covering_rows(choices: Mapping[str, Sequence[Choice]]) -> list[Row]:
    """Greedily: a row begins with a pair that is still missing, and takes of each setting what brings most others."""
    missing, rows = every_pair(choices), list[Row]()
    while missing:
        row = dict(min(missing, key=repr))
        for setting in sorted(choices.keys() - row.keys(), key=lambda name: (-len(choices[name]), name)):
            row[setting] = max(choices[setting], key=partial(_brought, missing, row, setting))
        rows.append(row)
        missing -= pairs_of(row)
    return rows


def _brought(missing: Set[Pair], row: Row, setting: str, choice: Choice) -> int:
    return len(missing & pairs_of({**row, setting: choice}))

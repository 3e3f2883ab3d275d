"""Every pair of settings in few rows: a table that holds each choice of one beside each choice of any other."""

from collections.abc import Mapping, Sequence, Set
from functools import partial
from itertools import combinations, product

from domain.nouns.policy import Level

Choice = tuple[Level, object]
"""What is decided of a setting, and by which level; the built-in default where nobody decides."""
Row = Mapping[str, Choice]
Chosen = tuple[str, Choice]
"""What is chosen of which setting."""
Pair = tuple[Chosen, Chosen]
Hidden = tuple[Chosen, Chosen]
"""What hides, and what it hides."""


def every_pair(choices: Mapping[str, Sequence[Choice]]) -> set[Pair]:
    return {
        ((one, of_one), (other, of_other))
        for one, other in combinations(sorted(choices), 2)
        for of_one, of_other in product(choices[one], choices[other])
    }


def pairs_of(row: Row, hidden: Set[Hidden] = frozenset()) -> set[Pair]:
    """Those that a row can prove something of: none with a choice that another hides, but for the two themselves.

    Where make-ups are off nothing is earned: none of any other two settings.
    """
    pairs = set(combinations(((setting, row[setting]) for setting in sorted(row)), 2))
    _, enabled = row.get("make_ups_enabled", (Level.DEFAULT, True))
    if not enabled:
        pairs = {pair for pair in pairs if "make_ups_enabled" in dict(pair)}
    unseen = {chosen for hider, chosen in hidden if {hider, chosen} <= row.items()}
    return {pair for pair in pairs if unseen.isdisjoint(pair) or not hidden.isdisjoint((pair, pair[::-1]))}


def covering_rows(
    choices: Mapping[str, Sequence[Choice]], hidden: Set[Hidden] = frozenset(), wanted: Set[Pair] | None = None
) -> list[Row]:
    """Greedily: a row begins with a pair that is still missing, and takes of each setting what brings most others.

    `wanted`: the pairs to hold; None for every pair.
    """
    missing, rows = set(every_pair(choices) if wanted is None else wanted), list[Row]()
    while missing:
        row = dict(min(missing, key=repr))
        for setting in sorted(choices.keys() - row.keys(), key=lambda name: (-len(choices[name]), name)):
            row[setting] = max(choices[setting], key=partial(_brought, missing, hidden, row, setting))
        rows.append(row)
        missing -= pairs_of(row, hidden)
    return rows


def _brought(missing: Set[Pair], hidden: Set[Hidden], row: Row, setting: str, choice: Choice) -> int:
    return len(missing & pairs_of({**row, setting: choice}, hidden))


def rows_with_every_choice(rows: Sequence[Row]) -> list[int]:
    """Which few of these hold, between them, whatever all of them do. Greedily, too."""
    missing, few = {chosen for row in rows for chosen in row.items()}, list[int]()
    while missing:
        few.append(max(range(len(rows)), key=lambda number: len(missing & rows[number].items())))
        missing -= rows[few[-1]].items()
    return few

"""The page of rules is true: every rule stands on it once, and what it names exists and says so itself."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from inspect import isroutine
from operator import attrgetter
from pathlib import Path

import pytest

import domain
from domain.nouns.policy import Days, HoursBefore, Off, Policy
from domain.rules import Rule

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
NOT_BUILT = ("not built yet", "–")

LAST = {"E": 13, "V": 8, "R": 12, "B": 4, "C": 12, "W": 3, "F": 1, "P": 6, "A": 4, "S": 6, "I": 10}
NUMBERS = [f"{letter}{number}" for letter, last in LAST.items() for number in range(letter != "A", last + 1)]

Named = tuple[str, str]


@dataclass(frozen=True)
class Row:
    number: str
    sentence: str
    level: str
    function: str
    test: str

    @property
    def built(self) -> bool:
        return (self.function, self.test) != NOT_BUILT

    @property
    def functions(self) -> list[Named]:
        return named(self.function)

    @property
    def tests(self) -> list[Named]:
        return named(self.test)


def named(cell: str) -> list[Named]:
    """The file and the name in each line of a cell."""
    found = [re.fullmatch(r"`([\w/]+\.py): ([\w.]+)`", line) for line in cell.split("<br>")]
    return [(match[1], match[2]) for match in found if match]


ROWS = [
    Row(*(cell.strip() for cell in line.strip("|").split(" | ")))
    for line in PAGE.splitlines()
    if re.match(r"\| [A-Z]\d+ \|", line)
]
BUILT = [row for row in ROWS if row.built]
FUNCTIONS = [(row.number, *function) for row in BUILT for function in row.functions]
TESTS = sorted({test for row in BUILT for test in row.tests})


def test_every_rule_has_one_row_in_order() -> None:
    assert [row.number for row in ROWS] == NUMBERS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_a_row_is_whole(row: Row) -> None:
    assert re.match(r"[A-Z].+\.$", row.sentence)
    assert row.level
    if row.built:
        assert len(row.functions) == len(row.function.split("<br>")), row.function
        assert len(row.tests) == len(row.test.split("<br>")), row.test


def found(file: str, name: str) -> object:
    return attrgetter(name)(import_module(file.removesuffix(".py").replace("/", ".")))


def cited(number: str, file: str, name: str) -> bool:
    """Whether the function says itself that it is this rule. For a class or a value its file may say it."""
    thing = found(file, name)
    if isinstance(thing, Rule):
        return number in {thing.number, *numbers_in(thing.sentence)}
    said = thing.__doc__ or ""
    if not isinstance(thing, property) and not isroutine(thing):
        said += import_module(file.removesuffix(".py").replace("/", ".")).__doc__ or ""
    return number in numbers_in(said)


def numbers_in(text: str) -> set[str]:
    """Numbers alone or in ranges, as in "E1-E4, C1"; and of invariants, as in "3, R6:" or "invariant 3"."""
    numbers = {
        f"I{number}" for number in re.findall(r"\binvariant (\d+)|^(?=\d)(\d+)(?=[,:])", text) for number in number
    }
    for letter, first, last in re.findall(r"\b([A-Z])(\d+)(?:-[A-Z](\d+))?\b", text):
        numbers.update(f"{letter}{number}" for number in range(int(first), int(last or first) + 1))
    return numbers


@pytest.mark.parametrize(("number", "file", "name"), FUNCTIONS)
def test_a_function_on_the_page_cites_its_rule(number: str, file: str, name: str) -> None:
    assert cited(number, file, name)


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_a_test_on_the_page_exists(file: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in names_in(file)


def rules_of_the_code() -> Iterator[tuple[str, str, str]]:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for thing in vars(import_module(module.name)).values():
            if isinstance(thing, Rule) and thing.check.__module__ == module.name:
                yield thing.number, module.name.replace(".", "/") + ".py", thing.name


def test_every_rule_of_the_code_is_on_the_page() -> None:
    rules = set(rules_of_the_code())
    assert len(rules) > 20
    assert rules - set(FUNCTIONS) == set()


def test_nothing_that_is_built_is_marked_as_not_built() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for layer in ("api", "schema", "persistence", "domain")
        for file in (ROOT / layer).rglob("*.py")
    )
    assert {row.number for row in ROWS if not row.built} & numbers_in(code) == set()


def in_words(default: object) -> str:
    match default:
        case bool():
            return "on" if default else "off"
        case HoursBefore(hours):
            return f"{hours} hours before"
        case Days(days):
            return f"{days} days"
        case Off():
            return "none"
        case _:
            return str(default)


def test_the_page_tells_the_settings_and_their_defaults() -> None:
    levels = "\n".join(row.level for row in ROWS).replace("<br>", "\n")
    told = dict(re.findall(r"`(\w+)`: [\w, ]+; (.+)$", levels, re.MULTILINE))
    for field in fields(Policy):
        first, *rest = field.name.split("_")
        assert told[first + "".join(map(str.title, rest))] == in_words(getattr(Policy(), field.name))

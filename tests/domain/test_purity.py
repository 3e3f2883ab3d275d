"""The domain is the standard library and itself; time and chance come in from outside."""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import domain
from domain.nouns.words import Word
from domain.rules import Rule

ROOT = Path(domain.__path__[0])
FILES = sorted(ROOT.rglob("*.py"))
MODULES = [".".join(("domain", *file.relative_to(ROOT).with_suffix("").parts)) for file in FILES]

# What answers otherwise the next time it is asked, with the same arguments.
IMPURE_MODULES = {"asyncio", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
IMPURE_ATTRIBUTES = {"fromtimestamp", "getnode", "today", "utcfromtimestamp", "utcnow"}
IMPURE_NAMES = {"input", "open", "uuid1", "uuid4", "uuid6", "uuid7", "uuid8"}

# Sections of the rule book: E earning, V validity, R spending, B ordinary bookings, C cancelling, W the queue …
NUMBER = re.compile(r"[EVRBCWPA]\d{1,2}")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def foreign(tree: ast.Module) -> set[str]:
    allowed = (sys.stdlib_module_names | {"domain"}) - IMPURE_MODULES
    return {name for name in imported(tree) if name.split(".")[0] not in allowed}


def impure(tree: ast.Module) -> set[str]:
    # `work.now` is how a use case is told the time; only that of a clock is impure.
    attributes = {node for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    clocks = {ast.unparse(node) for node in attributes if node.attr == "now" and "date" in ast.unparse(node.value)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & IMPURE_NAMES
    return clocks | names | {node.attr for node in attributes} & (IMPURE_ATTRIBUTES | IMPURE_NAMES)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_imports_the_standard_library_and_the_domain_alone(file: Path):
    assert foreign(ast.parse(file.read_text())) == set()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_reads_no_clock_and_no_random_source(file: Path):
    assert impure(ast.parse(file.read_text())) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import sqlalchemy",
        "from api import app",
        "from . import rules",
        "import random",
        "from time import time",
        "import os.path",
    ],
)
def test_a_foreign_import_is_found(source: str):
    assert foreign(ast.parse(source)) != set()


@pytest.mark.parametrize(
    "source", ["datetime.now(UTC)", "dt.datetime.now", "f(date.today)", "x = uuid4()", "uuid.uuid4", "open('f')"]
)
def test_an_impure_name_is_found(source: str):
    assert impure(ast.parse(source)) != set()


def test_being_told_the_time_is_pure():
    assert impure(ast.parse("decide(loaded, work.now)")) == set()


def test_every_module_is_looked_at():
    assert {"domain.spending.make_ups", "domain.services.bookings", "domain.truth.invariants"} < set(MODULES)


RULES = {
    f"{module}.{name}": value
    for module in MODULES
    for name, value in vars(importlib.import_module(module.removesuffix(".__init__"))).items()
    if isinstance(value, Rule)
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_number_a_sentence_and_codes(rule: Rule[object, object]):
    assert NUMBER.fullmatch(rule.number)
    assert re.fullmatch(r"[A-Z].*\.", rule.sentence, re.DOTALL)
    assert rule.codes
    assert all(isinstance(code, Word) and code.description for code in rule.codes)


def test_no_two_rules_have_one_name():
    rules = {id(rule): rule.name for rule in RULES.values()}

    assert len(set(rules.values())) == len(rules) >= 20

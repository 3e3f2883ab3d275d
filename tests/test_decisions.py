"""The records of decisions: numbered, in one form, all in the index; and a word about every library in use."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(page.name for page in FOLDER.glob("*.md") if page.name != "README.md")


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def title_of(name: str) -> str:
    return text_of(name).partition("\n")[0].removeprefix("# ")


def test_the_index_lists_every_record_by_its_number_and_title() -> None:
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", text_of("README.md"), re.MULTILINE)
    assert [(f"{number}. {title}", name) for number, title, name in listed] == [
        (title_of(name), name) for name in RECORDS
    ]
    assert [int(number) for number, _, _ in listed] == [int(name[:4]) for name in RECORDS]
    assert [int(number) for number, _, _ in listed] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_has_a_context_a_decision_and_alternatives(name: str) -> None:
    assert re.findall(r"^\*\*(\w+)\.\*\*", text_of(name), re.MULTILINE) == ["Context", "Decision", "Alternatives"]


@pytest.mark.parametrize("name", RECORDS)
def test_a_link_to_another_record_shows_its_number(name: str) -> None:
    for shown, number in re.findall(r"\[([^\]]+)\]\((\d{4})-[^)]+\)", text_of(name)):
        assert shown == str(int(number))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=~! ]", requirement)[0] for requirement in requirements}


def test_every_library_in_use_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = re.findall(r"^\| ([a-z0-9, -]+) \|", text_of("0019-libraries.md"), re.MULTILINE)
    told = {name for row in rows for name in row.split(", ")} - {"library"}
    assert told == names(project["dependencies"])


def test_every_tool_of_the_tests_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = set(re.findall(r"\*\*([a-z0-9-]+)\*\*", text_of("0020-test-tools.md")))
    assert told == names(project["optional-dependencies"]["dev"])

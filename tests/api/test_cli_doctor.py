"""`encore doctor` on the command line: what it prints where, and with which exit code."""

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from api import checkup
from persistence.doctor import Examined
from tests.api.commanding import World, refused, run, stand_in


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    return stand_in(monkeypatch, tmp_path)


def step(*sentences: str, studio: str = "hana", done: int = 2) -> Examined:
    return Examined(len(studio), studio, sentences, done, done)


def test_doctor_says_that_all_is_well(world: World) -> None:
    world.steps = [step(), step(), step(studio="harbor")]

    result = run("doctor")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "All is as it must be at 2 studios.\n", "")
    assert world.done == ["open", "examine as of UTC", "close"]


def test_doctor_lists_what_is_wrong_and_exits_with_1(world: World) -> None:
    world.steps = [step("one thing is so", "another is so"), step(), step("a third is so", studio="harbor")]

    result = run("doctor")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Studio hana: one thing is so.",
        "Studio hana: another is so.",
        "Studio harbor: a third is so.",
    ]
    assert result.stderr == ""


def test_doctor_tells_of_guards_that_are_missing_and_examines_the_rows_all_the_same(world: World) -> None:
    world.missing, world.steps = ["the guard of the gate is missing"], [step(), step("one thing is so")]

    result = run("doctor")

    assert result.exit_code == 1
    assert result.stdout == "Database: the guard of the gate is missing.\nStudio hana: one thing is so.\n"


def test_doctor_shows_on_a_terminal_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the standard error only, and it is out of the way of the list."""
    world.steps = [step("one thing is so", done=6), step(done=4)]
    terminal = Terminal()
    monkeypatch.setattr(checkup, "sys", SimpleNamespace(stderr=terminal))

    result = run("doctor")

    assert result.stdout == "Studio hana: one thing is so.\n"
    assert "Examining" in terminal.getvalue()
    assert "60%" in terminal.getvalue()


def test_doctor_refuses_a_database_that_is_not_migrated(world: World) -> None:
    world.migrated = False

    assert "run: encore migrate" in refused(run("doctor"))
    assert not world.done

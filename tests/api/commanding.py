"""What stands in for all that the command line calls, and how it is called."""

import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api import checkup, cli, serving
from persistence.doctor import Examined
from persistence.jobs import Ran


class World:
    """Stands in for the database, the migrations and the demo, and remembers what was done."""

    PASSWORD = "demo-password"
    ACCOUNTS = (SimpleNamespace(email="owner@demo.example", who="owner of a studio"),)

    def __init__(self) -> None:
        self.migrated = True
        self.empty = True
        self.demo_inside = False
        self.unfinished = False
        self.left_over: tuple[int, ...] = ()
        self.failure: Exception | None = None
        self.done: list[str] = []
        self.steps: list[Examined] = []
        self.missing: list[str] = []

    def is_current(self, _: str) -> bool:
        if self.failure:
            raise self.failure
        return self.migrated

    def upgrade(self, url: str) -> None:
        if self.failure:
            raise self.failure
        self.done.append(f"upgrade {url}")

    def database(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(open=self.step("open"), close=self.step("close"))

    def step(self, name: str) -> Callable[[], Any]:
        async def run() -> None:
            self.done.append(name)

        return run

    async def is_empty(self, _: object) -> bool:
        return self.empty

    async def holds_demo(self, _: object) -> bool:
        return self.demo_inside

    async def is_unfinished(self, _: object) -> bool:
        return self.unfinished

    async def run(self, _: object, now: datetime) -> Ran:
        self.done.append(f"jobs of {now:%Z}")
        return Ran(2, 3, self.left_over)

    async def missing_guards(self, _: object) -> list[str]:
        return self.missing

    async def how_many(self, _: object) -> int:
        return sum(each.done for each in self.steps)

    async def examine(self, _: object, now: datetime) -> AsyncIterator[Examined]:
        self.done.append(f"examine as of {now:%Z}")
        for each in self.steps:
            yield each

    async def fill(self, _: object, __: object) -> None:
        self.done.append("fill")

    def serve(self, _: object, listener: Any) -> None:
        self.done.append("serve")
        listener.close()


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path) -> World:
    """In the place of all that the commands call; settings of the folder's own, and no others."""
    for name in os.environ:
        if name.upper().startswith("ENCORE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ENCORE_DATABASE_URL", f"sqlite:///{folder}/encore.db")
    monkeypatch.setenv("ENCORE_PORT", "0")
    made = World()
    monkeypatch.setattr(cli, "migrations", made)
    monkeypatch.setattr(cli, "demo", made)
    monkeypatch.setattr(cli, "jobs", made)
    monkeypatch.setattr(checkup, "doctor", made)
    monkeypatch.setattr(cli, "Database", made.database)
    monkeypatch.setattr(cli, "create_app", lambda _: object())
    monkeypatch.setattr(serving, "serve", made.serve)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def refused(result: Result) -> str:
    """The one sentence with which a command was refused."""
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    return line

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres
from tests.postgres import fresh_database, running_postgres

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")

ENTRY = re.compile(r"[a-z0-9-]+==[\w.]+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n    # via .+")


def entries(lock: str) -> list[str]:
    return re.split(r"\n(?! )", (ROOT / lock).read_text().strip())


def locked(lock: str) -> set[str]:
    return {entry.partition("==")[0] for entry in entries(lock)}


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=~! ]", requirement)[0] for requirement in requirements}


def folder_of(url: str) -> Path:
    return Path(str(make_url(url.strip()).query["host"]))


async def answer(url: str, question: str) -> object:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        return (await connection.execute(text(question))).scalar()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_download_address(lock: str):
    for line in (ROOT / lock).read_text().splitlines():
        assert not re.search(r"^-|://|\.org|\.com|\.io| @ ", line)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_file_has_one_version_and_its_hashes(lock: str):
    assert [entry for entry in entries(lock) if not ENTRY.fullmatch(entry)] == []


def test_the_locks_hold_what_the_project_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = wanted(asked["project"]["dependencies"] + asked["build-system"]["requires"])
    dev = wanted(asked["project"]["optional-dependencies"]["dev"])
    assert runtime - locked("requirements.lock") == set()
    assert dev - locked("requirements-dev.lock") == set()


def test_both_locks_agree_on_what_is_served():
    assert [entry.partition(" \\")[0] for entry in entries("requirements.lock")] == [
        entry.partition(" \\")[0]
        for entry in entries("requirements-dev.lock")
        if entry.partition("==")[0] in locked("requirements.lock")
    ]


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    # What the `make` around these tests hands down would change what this one prints.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    help_text = subprocess.check_output(["make", "help"], cwd=ROOT, env=environment, text=True)
    assert re.findall(r"^make ([a-z]+) +[A-Z]", help_text, re.MULTILINE) == targets
    # `schema` is a folder too: as a target that is not declared phony would count as done.
    assert f"\n.PHONY: {' '.join(targets)}\n" in makefile


def test_the_import_contracts_hold():
    program = Path(sys.executable).with_name("lint-imports")
    report = subprocess.run([program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert report.returncode == 0, report.stdout + report.stderr


def test_the_domain_imports_nothing_but_itself_and_the_standard_library():
    allowed = {"domain", *sys.stdlib_module_names}
    files = list((ROOT / "domain").rglob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Import(names=names):
                    imported = {alias.name for alias in names}
                case ast.ImportFrom(module=str(module), level=0):
                    imported = {module}
                case _:
                    continue
            assert {name.partition(".")[0] for name in imported} <= allowed, file


async def test_a_postgresql_starts_and_answers():
    with running_postgres() as url:
        assert await answer(url, "SELECT 1") == 1
        assert await answer(url, "SELECT current_setting('max_connections')::int >= 100")


async def test_a_fresh_database_is_empty_and_shared_with_nobody():
    with running_postgres() as url:
        one, other = await fresh_database(url), await fresh_database(url)
        assert one != other
        for fresh in (one, other):
            assert await answer(fresh, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_nothing_stays_of_a_postgresql_when_its_tests_fail():
    servers: list[Path] = []

    def use(url: str) -> NoReturn:
        servers.append(folder_of(url))
        assert servers[0].is_dir()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), running_postgres() as url:
        use(url)
    assert not servers[0].exists()


def test_nothing_stays_of_a_postgresql_when_its_tests_are_killed():
    script = "import tests.postgres as p\nwith p.running_postgres() as url: print(url, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout
        assert tests.stderr
        folder = folder_of(tests.stdout.readline())
        assert folder.is_dir()
        tests.kill()
        # The server's guard holds this pipe open until it has tidied up.
        assert tests.stderr.read() == ""
    assert not folder.exists()


def test_a_postgresql_that_cannot_start_fails_with_its_own_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(postgres.SETTINGS, "max_connections", "many")
    message = 'invalid value for parameter "max_connections": "many"'
    with pytest.raises(RuntimeError, match=message), running_postgres():
        pytest.fail("It started.")


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    folders = ("api", "schema", "domain", "persistence", "tests")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 300
    assert not [str(file) for file in files if file.read_text().count("\n") > 350]

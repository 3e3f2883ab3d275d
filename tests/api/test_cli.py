"""The command line: what it says, what it refuses, and with which exit code. What it calls has tests of its own."""

import re
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from api import cli, serving
from tests.api.commanding import World, refused, run, stand_in

SECRET = "a secret of thirty-two bytes or more"
RAN = "Places on waiting lists that have ended: 2.\nCredits that have expired: 3.\n"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    return stand_in(monkeypatch, tmp_path)


def test_serve_prints_its_addresses_and_serves(world: World) -> None:
    result = run("serve")

    assert (result.exit_code, result.stderr) == (0, "")
    graphql, health, *_ = result.stdout.splitlines()
    assert graphql.startswith("GraphQL   http://127.0.0.1:")
    assert graphql.endswith("/graphql")
    assert health.endswith("/healthz")
    assert "graphiql" not in result.stdout
    assert "demo" not in result.stdout.lower()
    assert world.done == ["serve"]


def test_serve_prints_the_ide_when_it_is_switched_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_GRAPHIQL", "1")

    assert "/graphiql\n" in run("serve").stdout


def test_serve_refuses_a_database_that_is_not_migrated(world: World) -> None:
    world.migrated = False

    assert refused(run("serve")) == "The database is not at the newest version; run: encore migrate"
    assert not world.done


def test_serve_fills_an_empty_database_and_prints_the_log_ins_when_the_demo_is_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCORE_DEMO", "1")

    result = run("serve")

    assert world.done == ["open", "fill", "close", "serve"]
    assert result.stderr == "Filling the demo…\n"
    assert "all with the password demo-password:" in result.stdout
    assert re.search("^  owner@demo.example +owner of a studio$", result.stdout, re.MULTILINE)


def test_serve_keeps_the_data_of_a_second_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_DEMO", "1")
    world.empty = False

    result = run("serve")

    assert (result.stderr, "owner@demo.example" in result.stdout) == ("", True)
    assert world.done == ["open", "close", "serve"]


@pytest.mark.parametrize(("demo_inside", "host"), [(True, "0.0.0.0"), (False, "0.0.0.0"), (True, "127.0.0.1")])
def test_demo_accounts_are_served_on_loopback_only(
    world: World, monkeypatch: pytest.MonkeyPatch, demo_inside: bool, host: str
) -> None:
    monkeypatch.setenv("ENCORE_HOST", host)
    monkeypatch.setenv("ENCORE_SIGNING_KEY", SECRET)
    world.demo_inside = demo_inside

    result = run("serve")

    if demo_inside and host == "0.0.0.0":
        assert "the host must be loopback" in refused(result)
        assert "serve" not in world.done
    else:
        assert result.exit_code == 0
        assert world.done[-1] == "serve"


def test_serve_refuses_a_port_in_use(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving.listen("127.0.0.1", 0) as listener:
        monkeypatch.setenv("ENCORE_PORT", str(listener.getsockname()[1]))

        sentence = refused(run("serve"))

    assert re.fullmatch(r"Cannot listen on 127\.0\.0\.1 port \d+: Address already in use\.", sentence)
    assert "serve" not in world.done


@pytest.mark.parametrize("command", ["serve", "migrate", "demo", "jobs run", "doctor"])
@pytest.mark.parametrize(
    "failure", [ConnectionRefusedError("secret"), OperationalError("secret", None, Exception("secret"))]
)
def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_address(
    world: World, command: str, failure: Exception
) -> None:
    world.failure = failure

    sentence = refused(run(*command.split()))

    assert sentence.startswith("The database cannot be used")
    assert "secret" not in sentence


def test_migrate_upgrades_the_database_of_the_settings(world: World, tmp_path: Path) -> None:
    assert run("migrate").exit_code == 0
    assert world.done == [f"upgrade sqlite+aiosqlite:///{tmp_path}/encore.db"]


def test_demo_fills_an_empty_database_and_prints_the_log_ins(world: World) -> None:
    result = run("demo")

    assert result.exit_code == 0
    assert world.done == ["open", "fill", "close"]
    assert "owner@demo.example" in result.stdout


def test_demo_refuses_a_database_with_data_in_it(world: World) -> None:
    world.empty = False

    assert refused(run("demo")) == "The database has data in it: the demo only fills an empty one."
    assert world.done == ["open", "close"]


def test_demo_refuses_a_database_that_is_not_migrated(world: World) -> None:
    world.migrated = False

    assert "run: encore migrate" in refused(run("demo"))
    assert not world.done


def test_jobs_run_does_once_what_time_asks_for_and_tells_how_much(world: World) -> None:
    result = run("jobs", "run")

    assert (result.exit_code, result.stdout) == (0, RAN)
    assert world.done == ["open", "jobs of UTC", "close"]


def test_jobs_that_others_were_in_the_way_of_are_told_and_exit_with_1(world: World) -> None:
    world.left_over = (7, 9)

    result = run("jobs", "run")

    assert result.stdout == RAN
    assert refused(result) == "Others were at work at 2 studios; what is left there waits for the next run."


def test_jobs_refuse_a_database_that_is_not_migrated(world: World) -> None:
    world.migrated = False

    assert "run: encore migrate" in refused(run("jobs", "run"))
    assert not world.done


def test_export_schema_writes_the_same_to_a_file_and_to_the_standard_output(world: World, tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"

    shown = run("export-schema")
    explicit = run("export-schema", "-")
    written = run("export-schema", str(file))

    assert shown.stdout == explicit.stdout == file.read_text(encoding="utf-8")
    assert "type Query" in shown.stdout
    assert shown.stdout.endswith("\n")
    assert not shown.stdout.endswith("\n\n")
    assert (written.exit_code, written.stdout) == (0, "")


@pytest.mark.parametrize("command", ["serve", "migrate", "demo", "jobs run", "doctor"])
def test_wrong_settings_are_one_sentence_each_and_exit_code_2(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("ENCORE_PORT", "http")
    monkeypatch.setenv("ENCORE_SIGNING_KEY", "short")
    monkeypatch.setattr(sys, "argv", ["encore", *command.split()])

    with pytest.raises(SystemExit) as caught:
        cli.main()

    shown = capsys.readouterr()
    assert caught.value.code == 2
    assert shown.out == ""
    assert [line.split(":")[0] for line in shown.err.splitlines()] == ["ENCORE_PORT", "ENCORE_SIGNING_KEY"]
    assert not world.done


def test_a_demo_that_was_not_filled_to_its_end_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_DEMO", "1")
    world.empty, world.unfinished = False, True

    assert "not filled to its end" in refused(run("serve"))
    assert "serve" not in world.done


def test_the_demo_is_not_filled_for_a_host_that_is_not_loopback(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_HOST", "0.0.0.0")
    monkeypatch.setenv("ENCORE_SIGNING_KEY", "k" * 32)

    assert "must be loopback" in refused(run("demo"))
    assert world.done == []

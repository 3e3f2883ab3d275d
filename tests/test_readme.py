"""The README is true: its tables, its links, its commands, and its example, run against a real server."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import cli, demo
from api.demo.people import EVERYBODY
from api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")),
]
FLOORS = ("api", "schema", "persistence", "domain", "tests")
ADDRESS = "http://127.0.0.1:8000"
END_OF_BLOCK = "--- the next block ---"

# `make test` needs Python and make only, so where there is no curl this speaks HTTP in its place.
STAND_IN_FOR_CURL = """#!/usr/bin/env python3
import sys
from urllib import error, request

options = iter(sys.argv[1:])
headers, body, url = {}, None, ""
for option in options:
    if option == "-H":
        name, _, value = next(options).partition(": ")
        headers[name] = value
    elif option == "-d":
        body = next(options).encode()
    elif option != "-s":
        url = option
try:
    answer = request.urlopen(request.Request(url, body, headers))
except error.HTTPError as refused:
    answer = refused
sys.stdout.buffer.write(answer.read())
"""


def code_of(page: str) -> list[str]:
    """Everything on a page that is set as code, in blocks and in lines."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL))]


def table_rows(heading: str) -> list[str]:
    """The rows of the README's table whose first row is this one."""
    _, found, rest = README.partition(f"\n{heading}\n|")
    assert found, f"no table begins with {heading}"
    return [line for line in rest.partition("\n\n")[0].splitlines()[1:] if line]


def variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def as_written(default: object) -> str:
    match default:
        case None | ():
            return "none"
        case bool():
            return f"`{default:d}`"
        case _:
            return f"`{default}`"


def test_the_settings_table_is_the_settings() -> None:
    assert table_rows("| variable | default | meaning |") == [
        f"| `{variable(name)}` | {as_written(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def commands() -> dict[str, str | None]:
    """What each command of the command line says that it does."""
    groups = {"": cli.app} | {
        f"{group.name} ": group.typer_instance for group in cli.app.registered_groups if group.typer_instance
    }
    return {
        head + (command.name or command.callback.__name__.replace("_", "-")): command.callback.__doc__
        for head, group in groups.items()
        for command in group.registered_commands
        if command.callback
    }


def test_the_commands_table_is_the_command_line() -> None:
    assert table_rows("| command | what it does |") == [
        f"| `encore {name}` | {does} |" for name, does in commands().items()
    ]


def test_the_log_ins_are_the_demos() -> None:
    assert table_rows("| e-mail | who |") == [f"| `{account.email}` | {account.who} |" for account in demo.ACCOUNTS]
    assert f"password `{demo.PASSWORD}`" in README
    assert set(re.findall(r"[\w.]+@example\.com", README)) <= {account.email for account in EVERYBODY}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_target_and_variable_that_a_page_names_exists(page: str) -> None:
    code = "\n".join(code_of((ROOT / page).read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z.][\w./-]*)", code)) <= targets
    assert set(re.findall(r"\bencore ((?:jobs )?[a-z-]+)", code)) <= commands().keys()
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+", code)) <= {variable(name) for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def module_of(name: str) -> bool:
    """Whether a dotted name leads to a module, or to something that the text of one has."""
    for parts in (name.split("."), name.split(".")[:-1], name.split(".")[:-2]):
        for file in (ROOT.joinpath(*parts).with_suffix(".py"), ROOT.joinpath(*parts, "__init__.py")):
            if len(parts) > 1 and file.exists():
                rest = name.split(".")[len(parts) :]
                return all(re.search(rf"\b{word}\b", file.read_text(encoding="utf-8")) for word in rest)
    return False


def test_a_dotted_name_in_prose_leads_to_what_it_names() -> None:
    code = [file for floor in FLOORS for file in (ROOT / floor).rglob("*.py")]
    named = [
        (str(file.relative_to(ROOT)), name)
        for file in (*(ROOT / page for page in PAGES), *code)
        for name in re.findall(rf"`((?:{'|'.join(FLOORS)})(?:\.\w+)+)`", file.read_text(encoding="utf-8"))
    ]
    assert len(named) > 10
    assert [(file, name) for file, name in named if not module_of(name) and not (ROOT / name).exists()] == []


def test_the_functions_that_show_the_way_stand_where_the_readme_says() -> None:
    shown = re.findall(r"^\d\. `(\w+)` in \[([\w/.]+)\]", README, re.MULTILINE)
    assert len(shown) == 3
    for function, file in shown:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert function in names, file
    assert "\nMAKE_UP_RULES = (" in (ROOT / "domain/spending/make_ups.py").read_text(encoding="utf-8")


def environment() -> dict[str, str]:
    """This process's, without settings of Encore, and with the tools that stand beside its Python."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    tools = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", os.defpath)))
    return kept | {"PATH": tools, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """What `make serve` starts, but on a free port and with a database of its own; where it is."""
    recipe = re.search(r"^serve:.*?\n\n", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert recipe
    settings = environment() | dict(re.findall(rf"({PREFIX}\w+)=(1)\b", recipe[0]))
    settings |= {variable("database_url"): f"sqlite:///{tmp_path}/encore.db", variable("port"): "0"}
    encore = Path(sys.executable).with_name("encore")
    subprocess.run([encore, "migrate"], env=settings, check=True)
    with subprocess.Popen([encore, "serve"], env=settings, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            started = re.fullmatch(r"GraphQL +(http://\S+)/graphql\n", server.stdout.readline())
            assert started
            yield started[1]
        finally:
            server.terminate()
    assert server.returncode == 0


def test_the_example_prints_what_the_readme_shows(address: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```(bash|json)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    shown = ["" for kind, _ in blocks if kind == "bash"]
    number = -1
    for kind, text in blocks:
        number += kind == "bash"
        if kind == "json":
            assert shown[number] == "", "two answers to one block"
            shown[number] = text
    assert sum(map(bool, shown)) == 6

    script = f"\necho '{END_OF_BLOCK}'\n".join(text for kind, text in blocks if kind == "bash")
    assert ADDRESS in script
    tools = environment()
    if shutil.which("curl") is None:
        (tmp_path / "curl").write_text(STAND_IN_FOR_CURL)
        (tmp_path / "curl").chmod(0o755)
        tools["PATH"] = os.pathsep.join((str(tmp_path), tools["PATH"]))
    ran = subprocess.run(
        [shutil.which("bash") or "sh", "-euc", script.replace(ADDRESS, address)],
        env=tools,
        capture_output=True,
        text=True,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split(f"{END_OF_BLOCK}\n") == shown

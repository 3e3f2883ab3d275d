"""The command `encore`."""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from api import checkup, demo, serving
from api.app import create_app
from api.passwords import Passwords
from api.settings import Settings, SettingsError, read_settings
from persistence import jobs
from persistence import migrate as migrations
from persistence.database import Database
from schema import build_schema

Result = TypeVar("Result")

_REFUSED = 1
_BAD_SETTINGS = 2
_DATABASE_ERRORS = (OSError, SQLAlchemyError)

# No pretty tracebacks: they show the values of local variables, and some are secrets.
app = typer.Typer(
    help="Encore, a GraphQL backend for studios.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

jobs_app = typer.Typer(help="What time asks for; run it every few minutes.", no_args_is_help=True)
app.add_typer(jobs_app, name="jobs")


def main() -> None:
    """The entry point. Says what is wrong with the settings in one sentence each, and exits with 2."""
    try:
        app()
    except SettingsError as error:
        for sentence in error.sentences:
            typer.echo(sentence, err=True)
        sys.exit(_BAD_SETTINGS)


@app.command()
def serve() -> None:
    """Serve the API until Ctrl-C."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = read_settings()
    application = create_app(settings)
    _require_migrated(settings)
    _run(_prepare_demo(settings))
    try:
        listener = serving.listen(settings.host, settings.port)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        _refuse(f"Cannot listen on {settings.host} port {settings.port}: {reason}.")
    _announce(settings, serving.address_of(listener, settings.host))
    serving.serve(application, listener)


@app.command()
def migrate() -> None:
    """Bring the database to the newest version; an SQLite file is made when it is not there."""
    settings = read_settings()
    try:
        migrations.upgrade(settings.sqlalchemy_url)
    except _DATABASE_ERRORS as error:
        _refuse_unreachable(error)


@app.command(name="demo")
def fill_demo() -> None:
    """Fill an empty database with a demo and print its log-ins."""
    settings = read_settings()
    if not settings.is_loopback:
        _refuse("The demo's passwords are public: the host must be loopback.")
    _require_migrated(settings)
    if not _run(_fill_if_empty(settings)):
        _refuse("The database has data in it: the demo only fills an empty one.")
    _announce_demo()


@jobs_app.command()
def run() -> None:
    """Do once what time asks for: write down which waits and credits have ended. No answer of the API waits for it."""
    settings = read_settings()
    _require_migrated(settings)
    ran = _run(_run_jobs(settings))
    typer.echo(f"Places on waiting lists that have ended: {ran.waits_ended}.")
    typer.echo(f"Credits that have expired: {ran.expired}.")
    if ran.left_over:
        _refuse(f"Others were at work at {len(ran.left_over)} studios; what is left there waits for the next run.")


@app.command()
def doctor() -> None:
    """Check that all is as it must be at every studio, and say what is not. It reads only, also while others write."""
    settings = read_settings()
    _require_migrated(settings)
    if not _run(_examine(settings)):
        raise typer.Exit(_REFUSED)


@app.command()
def export_schema(
    path: Annotated[str, typer.Argument(help="A file, or - for the standard output.")] = "-",
) -> None:
    """Write the GraphQL schema in its own language (SDL)."""
    sdl = build_schema().as_str().rstrip("\n") + "\n"
    if path == "-":
        typer.echo(sdl, nl=False)
    else:
        Path(path).write_text(sdl, encoding="utf-8", newline="\n")


def _require_migrated(settings: Settings) -> None:
    try:
        current = migrations.is_current(settings.sqlalchemy_url)
    except _DATABASE_ERRORS as error:
        _refuse_unreachable(error)
    if not current:
        _refuse("The database is not at the newest version; run: encore migrate")


async def _prepare_demo(settings: Settings) -> None:
    if settings.demo:
        await _fill_if_empty(settings)
    elif not settings.is_loopback and await _holds_demo(settings):
        _refuse("The database holds the demo's accounts, whose passwords are public: the host must be loopback.")


async def _run_jobs(settings: Settings) -> jobs.Ran:
    database = Database(settings.sqlalchemy_url)
    await database.open()
    try:
        return await jobs.run(database, datetime.now(UTC))
    finally:
        await database.close()


async def _examine(settings: Settings) -> bool:
    database = Database(settings.sqlalchemy_url)
    await database.open()
    try:
        return await checkup.examine(database, datetime.now(UTC))
    finally:
        await database.close()


async def _fill_if_empty(settings: Settings) -> bool:
    database = Database(settings.sqlalchemy_url)
    await database.open()
    try:
        empty = await demo.is_empty(database)
        if empty:
            typer.echo("Filling the demo…", err=True)
            await demo.fill(database, Passwords())
        elif await demo.is_unfinished(database):
            _refuse(
                "The demo was not filled to its end: start again with an empty database, or delete the SQLite file."
            )
        return empty
    finally:
        await database.close()


async def _holds_demo(settings: Settings) -> bool:
    database = Database(settings.sqlalchemy_url)
    await database.open()
    try:
        return await demo.holds_demo(database)
    finally:
        await database.close()


def _announce(settings: Settings, address: str) -> None:
    typer.echo(f"GraphQL   {address}/graphql")
    if settings.graphiql:
        typer.echo(f"IDE       {address}/graphiql")
    typer.echo(f"Health    {address}/healthz")
    if settings.demo:
        _announce_demo()
    typer.echo("Ctrl-C ends it.")


def _announce_demo() -> None:
    typer.echo(f"Demo log-ins, all with the password {demo.PASSWORD}:")
    for account in demo.ACCOUNTS:
        typer.echo(f"  {account.email:<24} {account.who}")


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        return asyncio.run(work)
    except _DATABASE_ERRORS as error:
        _refuse_unreachable(error)


def _refuse_unreachable(error: Exception) -> NoReturn:
    # The kind of error only: its text may quote the URL, and that may hold a password.
    _refuse(f"The database cannot be used ({type(error).__name__}); is it running, and is ENCORE_DATABASE_URL right?")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(_REFUSED)

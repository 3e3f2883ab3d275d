"""What `encore doctor` does: a round of all studios, and a sentence for each thing that is wrong."""

import sys
from contextlib import aclosing
from datetime import datetime

import typer

from persistence import doctor
from persistence.database import Database

_WIPE = "\r\x1b[2K"


async def examine(database: Database, now: datetime) -> bool:
    """Whether all is well. How far it is stands on the standard error, if that is a terminal."""
    guards = await doctor.missing_guards(database)
    for sentence in guards:
        typer.echo(f"Database: {sentence}.")
    shown, wrong, studios = sys.stderr.isatty(), len(guards), set[int]()
    total = await doctor.how_many(database) if shown else 0
    with typer.progressbar(length=total, label="Examining", file=sys.stderr, hidden=not shown) as bar:
        async with aclosing(doctor.examine(database, now)) as steps:
            async for step in steps:
                if step.sentences and shown:
                    typer.echo(_WIPE, err=True, nl=False)
                for sentence in step.sentences:
                    typer.echo(f"Studio {step.studio}: {sentence}.")
                wrong += len(step.sentences)
                studios.add(step.studio_id)
                bar.update(step.done)
    if not wrong:
        typer.echo(f"All is as it must be at {len(studios)} studios.")
    return not wrong

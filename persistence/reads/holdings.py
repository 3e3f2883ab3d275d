"""All the rows that are an account's, or about one of its clients: for the export of its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credits.holding import settled
from domain.nouns.credit import MakeUpCredit
from domain.nouns.waitlist import WaitlistEntry
from persistence import tables as t

Row = Mapping[str, Any]


@dataclass(frozen=True)
class AtStudio:
    """Rows by their table's name. `sessions`, `courses`: those that the others are about, by id."""

    studio: Row
    rows: Mapping[str, Sequence[Row]]
    sessions: Mapping[UUID, Row]
    courses: Mapping[UUID, Row]


async def account_row(connection: AsyncConnection, account_id: UUID) -> Row | None:
    return next(iter(await _rows(connection, t.accounts, t.accounts.c.id == account_id)), None)


async def held_by(connection: AsyncConnection, account_id: UUID, now: datetime) -> list[AtStudio]:
    """At every studio where it is or was on the staff or manages a client; in as many statements for each.

    As of `now`, whether or not a job has written what time has brought since (V5).
    """
    links, staff = t.client_accounts.c, t.staff.c
    studio_ids = sa.union(
        sa.select(links.studio_id).where(links.account_id == account_id),
        sa.select(staff.studio_id).where(staff.account_id == account_id),
    )
    studios = await _rows(connection, t.studios, t.studios.c.id.in_(studio_ids))
    return [await _at_studio(connection, studio, account_id, now) for studio in studios]


async def _at_studio(connection: AsyncConnection, studio: Row, account_id: UUID, now: datetime) -> AtStudio:
    key, links, staff = studio["id"], t.client_accounts.c, t.staff.c
    clients = sa.select(links.client_id).where(links.studio_id == key, links.account_id == account_id)
    members = sa.select(staff.id).where(staff.studio_id == key, staff.account_id == account_id)
    which: dict[sa.Table, sa.ColumnElement[bool]] = {
        t.staff: staff.id.in_(members),
        t.staff_invitations: t.staff_invitations.c.staff_id.in_(members),
        t.clients: t.clients.c.id.in_(clients),
        **{
            table: table.c.client_id.in_(clients)
            for table in (t.enrolments, t.bookings, t.make_up_credits, t.waitlist_entries, t.events)
        },
    }
    rows = {
        table.name: await _rows(connection, table, table.c.studio_id == key, theirs) for table, theirs in which.items()
    }
    of_sessions = [
        sa.select(column).where(column.table.c.studio_id == key, column.table.c.client_id.in_(clients))
        for column in (t.bookings.c.session_id, t.waitlist_entries.c.session_id)
    ]
    sessions = await _rows(
        connection, t.sessions, t.sessions.c.studio_id == key, t.sessions.c.id.in_(sa.union(*of_sessions))
    )
    course_ids = {each["course_id"] for each in (*sessions, *rows["enrolments"])} - {None}
    courses = await _rows(connection, t.courses, t.courses.c.studio_id == key, t.courses.c.id.in_(course_ids))
    by_id = {each["id"]: each for each in sessions}
    of_now = rows | {
        "make_up_credits": [_credit_at(row, now) for row in rows["make_up_credits"]],
        "waitlist_entries": [
            _entry_at(row, by_id[row["session_id"]]["starts_at"], now) for row in rows["waitlist_entries"]
        ],
        "events": [row for row in rows["events"] if row["actor_id"] is not None],  # the rest is what time has brought
    }
    return AtStudio(studio, of_now, by_id, {each["id"]: each for each in courses})


def _credit_at(row: Row, now: datetime) -> Row:
    credit = settled(MakeUpCredit(**row), now)
    return {**vars(credit), "state": credit.state_at(now)}


def _entry_at(row: Row, starts_at: datetime, now: datetime) -> Row:
    entry = WaitlistEntry(**row)
    state = entry.state_at(now, starts_at)
    return {**row, "state": state, "ended_at": entry.ended_at if state is entry.state else starts_at}


async def _rows(connection: AsyncConnection, table: sa.Table, *where: sa.ColumnElement[bool]) -> Sequence[Row]:
    order = (table.c.at, table.c.id) if table is t.events else (table.c.id,)
    names = [column.name for column in table.columns]
    found = await connection.execute(sa.select(table).where(*where).order_by(*order))
    return [dict(zip(names, row, strict=True)) for row in found]

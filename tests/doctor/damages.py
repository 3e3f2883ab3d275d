"""One damage for each invariant, and what the doctor then has to say of whom."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.booking import Attendance, BookingStatus, EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.session import SessionStatus
from domain.nouns.waitlist import WaitlistState
from domain.truth import invariants as i
from domain.truth import queue_invariants as q
from domain.truth.invariants import Invariant
from persistence import tables as t
from tests.doctor.conftest import NOW

A_MICROSECOND = timedelta(microseconds=1)

b, c, e, s, w = t.bookings.c, t.make_up_credits.c, t.events.c, t.sessions.c, t.waitlist_entries.c
EARNED = c.missed_booking_id.is_not(None), c.state.not_in([CreditState.UNDONE, CreditState.REVOKED])
TO_COME = sa.select(s.id).where(s.starts_at > NOW)
LIVE = b.status == BookingStatus.BOOKED
SOLD = s.taken > 0, s.starts_at > NOW
WAITS = w.state == WaitlistState.WAITING, w.session_id.in_(TO_COME)

Damage = Callable[[AsyncConnection], Awaitable[UUID]]
"""What it does, and whose id has to be named."""


async def a_row(patient: AsyncConnection, table: sa.Table, *where: sa.ColumnElement[bool]) -> dict[str, Any]:
    found = await patient.execute(sa.select(table).where(*where).order_by(table.c.id).limit(1))
    return dict(found.one()._mapping)


def changed(table: sa.Table, *where: sa.ColumnElement[bool], **values: Any) -> Damage:
    """One such row gets those values; a function makes its own of the row."""

    async def damage(patient: AsyncConnection) -> UUID:
        row = await a_row(patient, table, *where)
        made = {name: value(row) if callable(value) else value for name, value in values.items()}
        await patient.execute(table.update().where(table.c.id == row["id"]).values(made))
        return row["credit_id"] if table is t.events else row["id"]

    return damage


def copied(table: sa.Table, named: str, *where: sa.ColumnElement[bool], **values: Any) -> Damage:
    """Such a row stands there twice. `named`: the column whose value has to be named."""

    async def damage(patient: AsyncConnection) -> UUID:
        row = await a_row(patient, table, *where)
        made = {name: value(row) if callable(value) else value for name, value in values.items()}
        await patient.execute(table.insert().values({**row, "id": uuid4(), **made}))
        return row[named]

    return damage


async def moved_to_another_studio(patient: AsyncConnection) -> UUID:
    row = await a_row(patient, t.bookings)
    another = sa.select(t.studios.c.id).where(t.studios.c.id != row["studio_id"]).limit(1).scalar_subquery()
    await patient.execute(t.bookings.update().where(b.id == row["id"]).values(studio_id=another))
    return row["id"]


async def waits_with_the_credit_of_a_stranger(patient: AsyncConnection) -> UUID:
    row = await a_row(patient, t.waitlist_entries, *WAITS, w.credit_id.is_not(None))
    links = t.client_accounts
    await patient.execute(links.delete().where(links.c.client_id == row["client_id"]))
    another = await a_row(
        patient, t.clients, t.clients.c.studio_id == row["studio_id"], t.clients.c.id != row["client_id"]
    )
    await patient.execute(t.make_up_credits.update().where(c.id == row["credit_id"]).values(client_id=another["id"]))
    return row["id"]


DAMAGES: dict[Invariant, tuple[Damage, str]] = {
    i.one_credit_per_missed_booking: (
        copied(t.make_up_credits, "missed_booking_id", *EARNED),
        "booking {} has more than one credit",
    ),
    i.make_ups_and_no_others_are_paid_with_credits: (
        changed(t.bookings, b.paid_with == PaidWith.MAKE_UP, credit_id=None),
        "booking {} is paid with MAKE_UP, by credit None",
    ),
    i.sessions_are_not_overbooked: (
        changed(t.sessions, *SOLD, capacity=0, extra_make_up_seats=0),
        r"session {} has \d+ live bookings for 0 seats",
    ),
    i.sessions_count_what_paid_their_seats: (
        changed(t.sessions, *SOLD, make_ups=99),
        r"session {} counts 99 make-ups and has \d",
    ),
    i.clients_have_one_live_seat_a_session: (
        copied(t.bookings, "session_id", LIVE),
        "client .* has more than one live booking in session {}",
    ),
    i.cancellations_tell_what_they_brought: (
        changed(t.bookings, b.status == BookingStatus.CANCELLED, outcome=None),
        "booking {} does not tell what its cancellation brought",
    ),
    i.ended_enrolments_hold_no_seat_to_come: (
        changed(t.bookings, LIVE, cancelled_at=NOW, why_not_earned=(EarnedNothing.ENROLMENT_ENDED,)),
        "booking {} ended with an enrolment that did not end then",
    ),
    i.attendance_is_marked_from_the_start_on: (
        changed(t.bookings, LIVE, b.session_id.in_(TO_COME), attendance=Attendance.ATTENDED, marked_at=NOW),
        "booking {} was marked before its session started",
    ),
    i.archived_sessions_were_empty_or_over: (
        changed(t.sessions, *SOLD, archived_at=NOW),
        "session {} is archived, is yet to start, and has",
    ),
    i.cancelled_sessions_have_no_seats: (
        changed(t.sessions, *SOLD, status=SessionStatus.CANCELLED),
        "booking .* is live in session {}, which is cancelled",
    ),
    q.clients_wait_once_for_a_session: (
        copied(t.waitlist_entries, "session_id", *WAITS),
        "client .* waits 2 times for session {}",
    ),
    q.nobody_waits_in_vain: (
        changed(t.sessions, s.id.in_(sa.select(w.session_id).where(*WAITS)), archived_at=NOW),
        "place .* waits for session {}, which takes nobody any more",
    ),
    q.places_tell_how_they_ended: (
        changed(t.waitlist_entries, *WAITS, ended_at=NOW),
        "place {} is WAITING and ended at",
    ),
    i.seats_and_places_name_what_is_here: (
        changed(t.bookings, LIVE, client_id=lambda _: uuid4()),
        "{} names .*, which is not of this studio",
    ),
    i.everything_is_of_one_studio: (moved_to_another_studio, "events tell of booking {}, which is not here"),
    i.used_credits_and_make_up_bookings_are_pairs: (
        changed(t.make_up_credits, c.state == CreditState.USED, state=CreditState.ACTIVE, booking_id=None),
        "booking .* is paid with credit {}, which is not used for it",
    ),
    i.credits_are_the_folds_of_their_ledgers: (
        changed(t.make_up_credits, c.state == CreditState.ACTIVE, state=CreditState.REVOKED),
        "credit {} is .* and its ledger adds up to",
    ),
    i.no_balance_is_negative: (
        copied(t.events, "credit_id", e.kind == "CREDIT_REDEEMED", at=lambda row: row["at"] + A_MICROSECOND),
        "credit {} was REDEEMED when it was USED",
    ),
    i.expiries_are_written_once: (
        changed(t.make_up_credits, c.expiry_written.is_(None), expiry_written=NOW),
        "credit {} says that it has the line of",
    ),
    i.credits_stand_for_bookings_of_money: (
        changed(t.make_up_credits, *EARNED, missed_paid_with=PaidWith.MAKE_UP),
        "credit {} was born from a booking paid with a credit",
    ),
    i.extensions_tell_both_ends: (
        changed(t.events, e.kind == "CREDIT_ISSUED", data=lambda row: {**row["data"], "before": row["data"]}),
        "credit {} does not tell what it was before, or why",
    ),
    i.excused_absences_that_earned_are_marked: (
        changed(t.make_up_credits, c.origin == CreditOrigin.CANCELLATION, origin=CreditOrigin.EXCUSED_ABSENCE),
        "credit {} was earned by an absence that nobody has marked",
    ),
    q.held_credits_wait_somewhere: (
        changed(
            t.make_up_credits, c.state == CreditState.HELD, held_until=lambda row: row["held_until"] + A_MICROSECOND
        ),
        "credit {} is held until .*, which is not the last start that it waits for",
    ),
    q.nobody_waits_with_a_strangers_credit: (
        waits_with_the_credit_of_a_stranger,
        "place {} of client .* waits with credit .* of a stranger",
    ),
    # Lines are read in the order of their instants: one that was changed stands before what it came after.
    i.ledgers_never_go_back: (
        changed(t.events, e.kind == "CREDIT_REDEEMED", at=lambda row: row["at"] - timedelta(days=9999)),
        "credit {} was REDEEMED when it was None",
    ),
    i.credits_name_what_is_here: (
        changed(t.make_up_credits, client_id=lambda _: uuid4()),
        "{} names .*, which is not of this studio",
    ),
    i.enrolments_name_who_is_here: (
        changed(t.enrolments, client_id=lambda _: uuid4()),
        "enrolment {} names client .*, which is not here",
    ),
}

"""What the product reports of a studio, held against what its events tell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credits.ledger import LedgerKind, told
from domain.dates import Dates
from domain.nouns.client import Client
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.studio import Studio
from domain.reports import Amount, Issued, Outstanding, Seats, Told
from domain.spending.make_ups import spendable_for
from persistence import shapes as s
from persistence import tables as t
from persistence.reads import queries
from persistence.reads.bookable import Bookable
from persistence.reads.credit_states import as_of
from persistence.reads.ledgers import LEDGER_OF_STUDIO, entry_of
from persistence.reads.pages import Listing, Window
from persistence.reports import activity, nothing_to_book, outstanding, seats
from tests.machine.calendar import date_at
from tests.reports.telling import Days, Telling

T = TypeVar("T")

A_DAY, A_MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
AROUND = (-A_MICROSECOND, timedelta(), A_MICROSECOND)


async def telling_of(connection: AsyncConnection, studio: Studio) -> Telling:
    events, credit = t.events, t.make_up_credits.c
    lines = await connection.execute(
        sa.select(events).where(events.c.studio_id == studio.id).order_by(events.c.at, events.c.id)
    )
    worths = await connection.execute(sa.select(credit.id, credit.worth).where(credit.studio_id == studio.id))
    return Telling(tuple(lines), dict(map(tuple, worths)), studio.zone)


async def studio_of(connection: AsyncConnection, studio_id: int) -> Studio:
    return (await queries.studios(connection, [studio_id]))[studio_id]


async def compare(connection: AsyncConnection, studio: Studio, telling: Telling, now: datetime) -> None:
    """All that is told of now, which is not before the last act."""
    expected = telling.outstanding(now)
    everybody = Counter[date | None]()
    for months in expected.values():
        everybody.update(months.keys())
    assert shown(await outstanding.of_studio(connection, studio.id, now)) == {
        month: sum((months[month] for months in expected.values() if month in months), Counter[str]())
        for month in everybody
    }
    holders = await ids(connection, outstanding.clients_with_some(studio.id, now))
    assert set(holders) == expected.keys()
    of_clients = await outstanding.of_clients(connection, [(studio.id, key) for key in holders], now)
    assert {key: shown(found) for (_, key), found in of_clients.items()} == expected
    await compare_who_can_book_nothing(connection, studio, telling, now)


async def compare_days(
    connection: AsyncConnection, studio: Studio, telling: Telling, days: Days, now: datetime, *, cohort: bool = True
) -> None:
    """All that is told of credits on these days until now. `cohort`: also what became of those issued then."""
    period = Dates(*days).instants(studio.zone)
    happened = telling.happened(days, now)
    assert await activity.told(connection, studio.id, period, now) == Told(
        redeemed=happened["REDEEMED"],
        restored=happened["RESTORED"],
        forfeited=happened["FORFEITED"],
        expired=happened["EXPIRED"],
        extended=happened["EXTENDED"],
        revoked=happened["REVOKED"],
        undone=happened["UNDONE"],
    ), (days, now)
    issued = await activity.issued(connection, studio.id, period, now)
    assert (issued.earned, issued.excused, issued.compensated, issued.granted) == tuple(
        happened[origin] for origin in ("CANCELLATION", "EXCUSED_ABSENCE", "STUDIO_CANCELLATION", "GRANT")
    )
    if not cohort:
        return
    then = telling.issued_then(days, now)
    standing = then.total() - then["UNDONE"] - then["REVOKED"]
    lost = then["EXPIRED"] + then["FORFEITED"]
    assert issued == Issued(
        *(issued.earned, issued.excused, issued.compensated, issued.granted), standing, then["USED"], lost
    )
    rates = (then["USED"] / standing, lost / standing) if standing else (None, None)
    assert (issued.redemption_rate, issued.breakage_rate) == rates


async def compare_seats(connection: AsyncConnection, studio: Studio, telling: Telling, days: Days) -> None:
    """They are told as booked now, whenever they are asked for."""
    period, expected = Dates(*days).instants(studio.zone), telling.seats(days)
    assert await seats.seats(connection, studio.id, *period) == Seats(
        **{name: expected[name] for name in ("sessions", "with_make_ups", "seats", "bookings", "make_ups")}
    )
    filled = [row.make_ups for row in await rows(connection, seats.filled_by_make_ups(studio.id, *period))]
    assert (len(filled), sum(filled)) == (expected["with_make_ups"], expected["make_ups"])


async def compare_ledgers(
    connection: AsyncConnection, studio: Studio, telling: Telling, now: datetime
) -> Counter[LedgerKind]:
    """That all lines are told as their clients read them; how many there are of each kind."""
    ledgers: dict[UUID, list[Any]] = {}
    for row in await connection.execute(LEDGER_OF_STUDIO, {"studio_id": studio.id}):
        ledgers.setdefault(row.credit_id, []).append(entry_of(row))
    counted = Counter[LedgerKind]()
    credits = telling.credits(now)
    for key, entries in ledgers.items():
        kinds = Counter((line.kind, line.at) for line in told(entries, now) if line.kind is not LedgerKind.RELEASED)
        assert kinds == Counter(
            (LedgerKind[kind], at) for kind, at in credits[key].happened if kind != LedgerKind.RELEASED
        ), key
        counted.update(kind for kind, _ in kinds.elements())
    return counted


async def compare_who_can_book_nothing(
    connection: AsyncConnection, studio: Studio, telling: Telling, now: datetime
) -> None:
    """Each of the active credits alone, for its own client: as `makeUpOptions` asks."""
    clients = {client.id: client for client in await every(connection, s.CLIENT, studio)}
    credits: list[MakeUpCredit] = await every(connection, as_of(now), studio)
    states = telling.credits(now)
    active = [credit for credit in credits if states[credit.id].state == CreditState.ACTIVE]
    asked = {credit.id: _bookable(studio, clients[credit.client_id], credit, now) for credit in active}
    counts = await queries.count_bookable(connection, tuple(asked.values()))
    able = {credit.client_id for credit in active if counts[asked[credit.id]]}
    found = await ids(connection, nothing_to_book.clients(studio, now))
    assert len(found) == len(set(found))
    assert set(found) == {credit.client_id for credit in active} - able, now


def _bookable(studio: Studio, client: Client, credit: MakeUpCredit, now: datetime) -> Bookable:
    return Bookable.by(studio, client.id, now, spendable_for(client, frozenset(), (credit,), studio.policy, now))


def shown(found: Outstanding) -> dict[date | None, Counter[str]]:
    """In the order of months, which is looked at in passing; zeros and nothing are alike."""
    months = [month for month, _ in found.by_month]
    assert months == sorted(months, key=lambda month: month or date.max)
    for month, amount in found.by_month:
        assert (amount.first_on and amount.first_on.replace(day=1)) == month
    total = found.total
    assert total == Amount.of_all(amount for _, amount in found.by_month)
    return {
        month: Counter(credits=amount.credits, held=amount.held, worth=amount.worth, unvalued=amount.unvalued)
        for month, amount in found.by_month
    }


async def every(connection: AsyncConnection, shape: s.Shape[Any], studio: Studio) -> list[Any]:
    found = await connection.execute(shape.select().where(shape.table.c.studio_id == studio.id))
    return [shape.make(row) for row in found]


async def rows(connection: AsyncConnection, listing: Listing[Any]) -> list[Any]:
    page = await listing.page(connection, Window(1000))
    assert len(page.items) == await listing.count(connection)
    return list(page.items)


async def ids(connection: AsyncConnection, listing: Listing[Client]) -> list[UUID]:
    return [client.id for client in await rows(connection, listing)]


def periods_of(telling: Telling, now: datetime) -> Iterable[Days]:
    """The whole of it, its first half, and the day of now."""
    first, last = (date_at(end, telling.zone) for end in (telling.events[0].at, now))
    first = max(first, last - 365 * A_DAY)
    yield first, last
    yield first, first + (last - first) // 2
    yield last, last


def some(of: Sequence[T], most: int) -> Sequence[T]:
    """At most so many, spread evenly."""
    return of[:: max(1, -(-len(of) // most))]


async def compare_at(connection: AsyncConnection, studio: Studio, telling: Telling, now: datetime) -> None:
    """All that depends on now, which is not before the last act."""
    await compare(connection, studio, telling, now)
    for days in periods_of(telling, now):
        await compare_days(connection, studio, telling, days, now)


async def compare_all(connection: AsyncConnection, studio: Studio, now: datetime, most: int) -> int:
    """At now, which is not before the last act, and around turning points since; and days so far by themselves.

    At the instants before only what happened is asked. How many expiries were told.
    """
    telling = await telling_of(connection, studio)
    to_come = sorted({point + by for point in telling.turning_points() for by in AROUND if point + by > now})
    for instant in (now, *some(to_come, most)):
        await compare_at(connection, studio, telling, instant)
    last = to_come[-1] if to_come else now
    counted = await compare_ledgers(connection, studio, telling, last)
    dates = sorted({date_at(instant, studio.zone) for instant in telling.instants()})
    whole = (dates[0], min(dates[-1], dates[0] + 365 * A_DAY))
    starts = sorted({date_at(session.start, studio.zone) for session in telling.sessions.values()})
    for days in (whole, *((day, day) for day in some(starts, most))):
        await compare_seats(connection, studio, telling, days)
    for day in some(dates, most):
        await compare_days(connection, studio, telling, (day, day), last)
    for instant in some([at + by for at in telling.instants() if at < now for by in AROUND[:2]], most):
        day = date_at(instant, studio.zone)
        await compare_days(connection, studio, telling, (day - 30 * A_DAY, day), instant, cohort=False)
    return counted[LedgerKind.EXPIRED]

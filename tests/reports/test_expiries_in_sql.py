"""V5, W2: expiries are counted in SQL as `domain.credits.ledger.told` tells them, of ledgers of every kind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from domain.credits.ledger import LedgerKind
from domain.nouns.credit import CreditState, MakeUpCredit
from persistence import tables as t
from tests.domain.builders import NOW, a_client, a_credit, a_studio, uuid
from tests.persistence.rows import write, write_clients, write_studio
from tests.reports.comparing import compare_days, compare_ledgers, telling_of
from tests.reports.telling import Credit

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
CLIENT = a_client(id=uuid(11))
REVOKED = CreditState.REVOKED
CAN_COME = {
    "ACTIVE": ("HELD", "HELD", "REDEEMED", "EXTENDED", "REVOKED"),
    "HELD": ("RELEASED", "EXTENDED", "EXTENDED", "HELD", "REDEEMED"),
    "USED": ("RESTORED", "RESTORED", "FORFEITED"),
    "EXPIRED": ("EXTENDED", "EXTENDED", "UNDONE"),
    "FORFEITED": ("REDEEMED",),
    "REVOKED": (),
    "UNDONE": (),
}
Line = tuple[str, datetime, dict[str, Any]]


def told(end: datetime | None) -> dict[str, Any]:
    return {"expiresAt": end and end.isoformat(), "expiresOn": end and end.date().isoformat()}


class Life:
    """Of one credit: all on the hour, so that much falls together; and a microsecond off it, now and then."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.now = NOW + random.randrange(48) * AN_HOUR
        self.credit = Credit(CLIENT.id, "GRANT", self.now, self.now)
        self.lines: list[Line] = []
        self.held_until: datetime | None = None
        self.comes("ISSUED", told(self.later()))
        for _ in range(random.randrange(7)):
            self.now += random.randrange(60) * AN_HOUR + random.choice((0, 0, 1)) * timedelta(microseconds=1)
            if random.random() < 0.4:
                self.jobs_run()
            self.credit.time_comes(self.now)
            if kinds := CAN_COME[self.credit.state]:
                self.comes(kind := random.choice(kinds), self.data_of(kind))

    def comes(self, kind: str, data: dict[str, Any]) -> None:
        self.lines.append((kind, self.now, data))
        self.credit.line_comes(kind, self.now, data)
        self.held_until = self.credit.waits_until if self.credit.state == "HELD" else None

    def jobs_run(self) -> None:
        """As of when time did it; whoever asked before and asks after is told the same."""
        before = len(self.credit.happened)
        self.credit.time_comes(self.now)
        end = told(self.credit.ends_at)
        if self.held_until is not None and self.credit.state != "HELD":
            self.lines.append(("RELEASED", self.held_until, end))
            self.held_until = None
        self.lines += [("EXPIRED", at, end) for _, at in self.credit.happened[before:]]

    def later(self) -> datetime | None:
        return self.random.choice((None, *(self.now + hours * AN_HOUR for hours in (1, 7, 24, 30, 55, 80))))

    def data_of(self, kind: str) -> dict[str, Any]:
        same = told(self.credit.ends_at)
        match kind:
            case "HELD":
                until = self.now + self.random.randrange(1, 60) * AN_HOUR
                graced = told(until + self.random.choice((1, 12)) * AN_HOUR)
                ends = self.credit.ends_at is not None and self.credit.ends_at <= until
                return {**(graced if ends and self.random.random() < 0.5 else same), "heldUntil": until.isoformat()}
            case "EXTENDED":
                own = self.later()
                if self.credit.state != "HELD" or own is None or self.random.random() < 0.5:
                    return told(own)
                return {**told(own), "ifReleased": told(own + self.random.randrange(1, 40) * AN_HOUR)}
            case "RESTORED":
                return told(self.random.choice((self.credit.ends_at, self.later())))
            case _:
                return same

    def row(self, key: UUID) -> MakeUpCredit:
        """As far as the reports ask it about a period."""
        end = self.credit.ends_at
        on = end and end.date()
        credit = a_credit(
            id=key, client_id=CLIENT.id, issued_at=self.lines[0][1], expires_at=end, expires_on=on, state=REVOKED
        )
        if self.held_until is None:
            return credit
        waits: dict[str, Any] = {
            "held_until": self.held_until,
            "grace_hours": 72,
            "own_expires_at": end,
            "own_expires_on": on,
        }
        return replace(credit, state=CreditState.HELD, **waits)


def lives(number: int) -> Iterator[Life]:
    random = Random(5)
    return (Life(random) for _ in range(number))


async def test_v5_expiries_of_any_ledger_are_counted_as_they_are_told(database_url: str) -> None:
    engine = create_async_engine(database_url, poolclass=NullPool)
    ids = count(1)
    async with engine.begin() as connection:
        studio = await write_studio(connection, a_studio())
        await write_clients(connection, studio.id, [CLIENT])
        every = {UUID(int=next(ids) << 40): life for life in lives(400)}
        await write(connection, studio.id, t.make_up_credits, [life.row(key) for key, life in every.items()])
        of_all = {"studio_id": studio.id, "client_id": CLIENT.id, "actor_id": None}
        await connection.execute(
            t.events.insert(),
            [
                {**of_all, "id": UUID(int=next(ids)), "kind": f"CREDIT_{kind}", "at": at, "credit_id": key}
                | {"data": {**data, "origin": "GRANT", "reason": "OTHER", "note": ""}}
                for key, life in every.items()
                for kind, at, data in life.lines
            ],
        )
    async with engine.connect() as connection:
        telling = await telling_of(connection, studio)
        for days in (3, 6, 9, 12, 20, 40):
            now = NOW + days * A_DAY
            for first, last in ((0, 30), (1, 1), (3, 3), (4, 5), (6, 6), (7, 9), (12, 12), (days, days)):
                dates = (NOW.date() + first * A_DAY, NOW.date() + last * A_DAY)
                await compare_days(connection, studio, telling, dates, now, cohort=False)
        counted = await compare_ledgers(connection, studio, telling, NOW + 40 * A_DAY)
    await engine.dispose()
    assert counted[LedgerKind.EXPIRED] > 200
    jobs = {kind for life in every.values() for kind, *_ in life.lines}
    assert jobs >= {"EXPIRED", "RELEASED", "HELD", "RESTORED", "EXTENDED"}

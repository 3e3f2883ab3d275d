"""The reports of a studio, told from its events alone, one after the other: slow, and too simple to be wrong.

Only what a credit is worth stands nowhere but in its row; it is fixed when the credit is issued.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from persistence.shapes import AnyRow
from tests.machine.calendar import first_instant_of

A_DAY = timedelta(days=1)
ALIVE = ("ACTIVE", "HELD")
Days = tuple[date, date]


@dataclass
class Credit:
    """As its lines and time have made it. `since`: when it was last made active, by somebody or by time."""

    client: UUID
    origin: str
    since: datetime
    issued_at: datetime
    state: str = "ACTIVE"
    ends_at: datetime | None = None
    ends_on: date | None = None
    waits_until: datetime | None = None
    happened: list[tuple[str, datetime]] = field(default_factory=list[tuple[str, datetime]])

    def time_comes(self, now: datetime) -> None:
        if self.state == "HELD" and self.waits_until is not None and now >= self.waits_until:
            self.state, self.since, self.waits_until = "ACTIVE", self.waits_until, None
        if self.state == "ACTIVE" and self.ends_at is not None and now >= self.ends_at:
            self.state = "EXPIRED"
            self.happened.append(("EXPIRED", max(self.since, self.ends_at)))

    def line_comes(self, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
        if kind == "EXPIRED" or (kind == "RELEASED" and self.state != "HELD"):
            return  # time has done so already
        self.happened.append((kind, at))
        end = data.get("ifReleased") or data
        self.ends_at = end["expiresAt"] and datetime.fromisoformat(end["expiresAt"])
        self.ends_on = end["expiresOn"] and date.fromisoformat(end["expiresOn"])
        if kind == "HELD":
            self.state, self.waits_until = "HELD", datetime.fromisoformat(data["heldUntil"])
        elif kind in ("ISSUED", "RESTORED", "RELEASED") or (kind == "EXTENDED" and self.state == "EXPIRED"):
            self.state, self.since, self.waits_until = "ACTIVE", at, None
        elif kind != "EXTENDED":
            self.state = {"REDEEMED": "USED"}.get(kind, kind)


@dataclass
class Session:
    start: datetime
    capacity: int
    course: UUID | None
    cancelled: bool = False
    archived_at: str | None = None
    seats: dict[UUID, str] = field(default_factory=dict[UUID, str])


@dataclass(frozen=True)
class Telling:
    """`events` in their order; `worths` by credit."""

    events: tuple[AnyRow, ...]
    worths: Mapping[UUID, int | None]
    zone: ZoneInfo
    told: dict[datetime, dict[UUID, Credit]] = field(default_factory=dict[datetime, dict[UUID, Credit]])

    def credits(self, now: datetime) -> dict[UUID, Credit]:
        """Told once for each now, by whomever it is asked."""
        if now not in self.told:
            self.told[now] = self._tell(now)
        return self.told[now]

    def _tell(self, now: datetime) -> dict[UUID, Credit]:
        found: dict[UUID, Credit] = {}
        for line in self.events:
            if line.credit_id is None or line.at > now:
                continue
            kind = str(line.kind).removeprefix("CREDIT_")
            if kind == "ISSUED":
                found[line.credit_id] = Credit(line.client_id, line.data["origin"], line.at, line.at)
            found[line.credit_id].time_comes(line.at)
            found[line.credit_id].line_comes(kind, line.at, line.data)
        for credit in found.values():
            credit.time_comes(now)
        return found

    def outstanding(self, now: datetime) -> dict[UUID, dict[date | None, Counter[str]]]:
        """By client and month: how many, how many of them are held, what they are worth, and how many are worth
        nothing that is known.
        """
        found: defaultdict[UUID, defaultdict[date | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for key, credit in self.credits(now).items():
            if credit.state in ALIVE:
                month = found[credit.client][credit.ends_on and credit.ends_on.replace(day=1)]
                worth = self.worths[key]
                month["credits"] += 1
                month["held"] += credit.state == "HELD"
                month["worth"] += worth or 0
                month["unvalued"] += worth is None
        return {client: dict(months) for client, months in found.items()}

    def happened(self, days: Days, now: datetime) -> Counter[str]:
        """How many lines of each kind, as their clients read them; those of issues by origin."""
        found = Counter[str]()
        for credit in self.credits(now).values():
            for kind, at in credit.happened:
                if self._within(days, at):
                    found[credit.origin if kind == "ISSUED" else kind] += 1
        return found

    def issued_then(self, days: Days, now: datetime) -> Counter[str]:
        """How many credits of those issued on these days are in which state now."""
        return Counter(each.state for each in self.credits(now).values() if self._within(days, each.issued_at))

    def seats(self, days: Days) -> Counter[str]:
        found = Counter[str]()
        for session in self.sessions.values():
            if session.cancelled or self._never_took_place(session) or not self._within(days, session.start):
                continue
            by_credit = sum(paid_with == "MAKE_UP" for paid_with in session.seats.values())
            found["sessions"] += 1
            found["with_make_ups"] += by_credit > 0
            found["seats"] += session.capacity
            found["bookings"] += len(session.seats)
            found["make_ups"] += by_credit
        return found

    @cached_property
    def sessions(self) -> dict[UUID, Session]:
        found: dict[UUID, Session] = {}
        paid_with: dict[UUID, str] = {}
        for line in self.events:
            data, session = line.data, found.get(line.session_id)
            if line.kind == "SESSION_CREATED":
                start = datetime.fromisoformat(data["startsAt"])
                found[line.session_id] = Session(start, data["capacity"], line.course_id)
            elif session is None:
                continue
            elif line.kind == "SESSION_CHANGED":
                session.capacity = data["after"].get("capacity", session.capacity)
                session.archived_at = data["after"].get("archivedAt", session.archived_at)
            elif line.kind == "SESSION_MOVED":
                session.start = datetime.fromisoformat(data["after"]["startsAt"])
            elif line.kind == "SESSION_CANCELLED":
                session.cancelled = True
            elif line.kind in ("SEAT_BOOKED", "CANCELLATION_UNDONE"):
                paid_with[line.booking_id] = data.get("paidWith") or paid_with[line.booking_id]
                session.seats[line.booking_id] = paid_with[line.booking_id]
            elif line.kind == "BOOKING_CANCELLED":
                del session.seats[line.booking_id]
        return found

    def _never_took_place(self, session: Session) -> bool:
        """Put away before its start, by itself or with its course, while nobody had a seat."""
        put_away = (session.archived_at, self.archived_courses.get(session.course))
        return not session.seats and any(at and datetime.fromisoformat(at) < session.start for at in put_away)

    @cached_property
    def archived_courses(self) -> dict[UUID | None, str | None]:
        """Since when they are."""
        changes = (line for line in self.events if line.kind == "COURSE_CHANGED" and "archivedAt" in line.data["after"])
        return {line.course_id: line.data["after"]["archivedAt"] for line in changes}

    def turning_points(self) -> Iterator[datetime]:
        """Every instant at which a line says that something ends."""
        for line in self.events:
            for end in (line.data, line.data.get("ifReleased") or {}):
                yield from (datetime.fromisoformat(end[key]) for key in ("expiresAt", "heldUntil") if end.get(key))

    def instants(self) -> Iterable[datetime]:
        """Of all that happened, and of what will."""
        return sorted({line.at for line in self.events} | {*self.turning_points()})

    @property
    def last_act(self) -> datetime:
        """The last thing that somebody did."""
        return max(line.at for line in self.events if line.actor_id is not None)

    def _within(self, days: Days, instant: datetime) -> bool:
        first, last = days
        return first_instant_of(first, self.zone) <= instant < first_instant_of(last + A_DAY, self.zone)

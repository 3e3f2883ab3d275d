"""What the oracle remembers, and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.faults import FaultCode
from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, RevocationReason
from domain.nouns.policy import ExpiryMeans
from domain.nouns.waitlist import WaitlistState
from domain.nouns.words import Word
from domain.refusals import RefusalCode

AN_HOUR = timedelta(hours=1)


class Faulty(Exception):
    def __init__(self, code: FaultCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Says:
    """Done where there is neither a fault nor a code. Each code with what it is about, where that is one of several."""

    fault: FaultCode | None = None
    codes: frozenset[tuple[RefusalCode, UUID | None]] = frozenset()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(code for code, _ in self.codes) if self.fault is None else (self.fault,)


DONE = Says()


def refused(*codes: RefusalCode) -> Says:
    return Says(codes=frozenset((code, None) for code in codes))


@dataclass
class Client:
    account: UUID | None = None
    archived: bool = False
    erased: bool = False


@dataclass
class Course:
    """`choices`: what it has decided of the settings, by their names."""

    whole_price: int | None
    single_price: int | None
    accepts_make_ups: bool
    category: str | None = None
    choices: dict[str, object] = field(default_factory=dict[str, object])
    archived: bool = False


@dataclass
class Session:
    """`extra`: the seats beyond its capacity that it has or, once it has started, had (R6). `moves`: when it moved."""

    course: UUID | None
    start: datetime
    capacity: int
    price: int | None
    accepts_make_ups: bool | None
    instructor: UUID | None
    category: str | None = None
    choices: dict[str, object] = field(default_factory=dict[str, object])
    extra: int = 0
    length: timedelta = AN_HOUR
    moves: list[datetime] = field(default_factory=list[datetime])

    @property
    def end(self) -> datetime:
        return self.start + self.length

    archived: bool = False
    cancelled: bool = False


@dataclass(eq=False)
class Enrolment:
    id: UUID | None
    course: UUID
    client: UUID
    payment: PaymentState
    price: int | None
    ended_at: datetime | None = None


@dataclass(eq=False)
class Booking:
    """`id` is None until the product has told it. `marked`: when its attendance was, and by whom."""

    id: UUID | None
    session: UUID
    client: UUID
    paid_with: PaidWith
    payment: PaymentState
    price: int | None
    at: datetime
    enrolment: Enrolment | None = None
    credit: "Credit | None" = None
    status: BookingStatus = BookingStatus.BOOKED
    cancelled_at: datetime | None = None
    outcome: CancellationOutcome | None = None
    reasons: frozenset[EarnedNothing] = frozenset()
    attendance: Attendance | None = None
    marked: tuple[datetime, UUID] | None = None

    @property
    def live(self) -> bool:
        return self.cancelled_at is None

    @property
    def payment_now(self) -> PaymentState:
        return self.payment if self.enrolment is None else self.enrolment.payment


COMES_BACK = (LedgerKind.ISSUED, LedgerKind.RESTORED, LedgerKind.EXTENDED, LedgerKind.RELEASED)
"""The lines after which time can run out."""


End = tuple[datetime | None, date | None]


@dataclass(eq=False)
class Credit:
    """`story`: what happened to it, when, and the booking that it happened with. `ends`: those that it had before.

    `prolonged`: which lines of the story gave it another end, but for EXTENDED ones. `overrides`: reasons of staff, by
    line. `waits`: of HELD lines, until when, and where it came to wait. `moved`: of EXTENDED ones of what waits, its
    own end before and after.

    While it is held, until `held_until`, its end is the one that it has if it waits until then, `own` is its end
    without that, and `grace_hours` what it was promised. `graced`: the end that its one grace has given it; `by_grace`:
    whether it lives by that.
    """

    id: UUID | None
    client: UUID
    origin: CreditOrigin
    missed: Booking | None
    at: datetime
    expires_at: datetime | None
    expires_on: date | None
    worth: int | None
    means: ExpiryMeans = ExpiryMeans.BOOK_BY
    redeemable_from: datetime | None = None
    category: str | None = None
    story: list[tuple[LedgerKind, datetime, Booking | None]] = field(default_factory=list)
    ends: list[tuple[datetime | None, date | None]] = field(default_factory=list)
    revoked_for: RevocationReason | None = None
    prolonged: set[int] = field(default_factory=set[int])
    overrides: dict[int, str] = field(default_factory=dict[int, str])
    waits: dict[int, tuple[datetime, UUID | None]] = field(default_factory=dict[int, tuple[datetime, UUID | None]])
    moved: dict[int, tuple[End, End]] = field(default_factory=dict[int, tuple[End, End]])
    held_until: datetime | None = None
    own: tuple[datetime | None, date | None] = None, None
    grace_hours: int = 0
    graced: datetime | None = None
    by_grace: bool = False

    @property
    def own_end(self) -> datetime | None:
        return self.expires_at if self.held_until is None else self.own[0]

    @property
    def own_day(self) -> date | None:
        return self.expires_on if self.held_until is None else self.own[1]

    def state(self, now: datetime) -> CreditState:
        """V5: expiry is a function of time; V2: usable iff now < expiry. A used credit does not expire."""
        if self.story[-1][0] is LedgerKind.REDEEMED:
            return CreditState.USED
        if self.story[-1][0] is LedgerKind.REVOKED:
            return CreditState.REVOKED
        if self.story[-1][0] is LedgerKind.FORFEITED:
            return CreditState.FORFEITED
        if self.story[-1][0] is LedgerKind.UNDONE:
            return CreditState.UNDONE
        if self.held_until is not None:  # W1: it does not expire while it waits
            return CreditState.HELD
        return CreditState.EXPIRED if self.expired(now) else CreditState.ACTIVE

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and not now < self.expires_at

    @property
    def lines(self) -> Iterator[tuple[object, ...]]:
        """Of its ledger: each with the end that it had from then on, and the one before that where it got another."""
        ends = [*self.ends, (self.expires_at, self.expires_on)]
        for number, (kind, at, booking) in enumerate(self.story):
            before = ends.pop(0) if kind is LedgerKind.EXTENDED or number in self.prolonged else None
            reason = self.revoked_for if kind is LedgerKind.REVOKED else None
            told = before if kind is LedgerKind.EXTENDED else None
            override, waits = self.overrides.get(number, ""), self.waits.get(number, (None, None))
            own_before, own = self.moved.get(number, (told, ends[0]))
            yield kind, at, booking and booking.id, *own, own_before, reason, override, *waits

    def told(self, now: datetime) -> Iterator[tuple[object, ...]]:
        """V5: with a line of having expired wherever its end came before anything else did, or came back too late."""
        lines, held = list(self.lines), False
        for line, until in zip(lines, [*(line[1] for line in lines[1:]), now], strict=True):
            yield line
            kind, at, _, end, day, *_ = line
            if kind is not LedgerKind.EXTENDED:
                held = kind is LedgerKind.HELD
            if not held and kind in COMES_BACK:
                assert isinstance(at, datetime)
                assert isinstance(until, datetime)
                if isinstance(end, datetime) and not until < end:
                    yield LedgerKind.EXPIRED, max(at, end), None, end, day, None, None, "", None, None

    @property
    def pays(self) -> Booking | None:
        kind, _, booking = self.story[-1]
        return booking if kind is LedgerKind.REDEEMED else None

    @property
    def lost_with(self) -> Booking | None:
        kind, _, booking = self.story[-1]
        return booking if kind is LedgerKind.FORFEITED else None


@dataclass(eq=False)
class Entry:
    """A place on a waiting list. `credit`: the one that would pay; None for money. `booking`: the seat that came."""

    id: UUID | None
    session: UUID
    client: UUID
    credit: Credit | None
    at: datetime
    state: WaitlistState = WaitlistState.WAITING
    ended_at: datetime | None = None
    booking: Booking | None = None

    @property
    def live(self) -> bool:
        return self.state is WaitlistState.WAITING


@dataclass(frozen=True)
class Expecting:
    """What the client's app showed before (P1). `expires_on`: a date, None for never, or ANY."""

    outcome: CancellationOutcome
    expires_on: date | str | None


ANY = "any"

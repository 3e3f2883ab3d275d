"""What the oracle remembers of one studio, and how its records are read: nothing here decides anything.

It keeps no counters and no states: how many seats are taken and what has become of a credit is found by looking
through everything that ever happened.
"""

from datetime import UTC, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.faults import FaultCode
from domain.nouns.booking import PaidWith
from domain.nouns.policy import (
    OFF,
    CategoryGuard,
    CreditScope,
    Days,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    PriceGuard,
    RedeemableFrom,
)
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from tests.machine.rows import DONE, Booking, Client, Course, Credit, Enrolment, Entry, Faulty, Says, Session

DEFAULTS: dict[str, object] = {
    "make_ups_enabled": False,  # E1: off until switched on
    "cancellation_deadline": HoursBefore(24),  # E2
    "late_cancellation": LateCancellation.ALLOW_WITHOUT_CREDIT,  # E4
    "single_bookings_earn": True,  # E11
    "earning_needs_payment": True,  # E13
    "validity": Days(30),  # V1
    "expiry_rounding": ExpiryRounding.END_OF_LOCAL_DAY,  # V2
    "max_days_ahead": 90,  # V3
    "expiry_means": ExpiryMeans.BOOK_BY,  # V3
    "redeemable_from": RedeemableFrom.ON_CANCELLATION,  # R12
    "make_ups_open_days_before": OFF,  # R5: none by default
    "make_ups_close_minutes_before": OFF,  # R5: none by default
    "extra_make_up_seats": 0,  # R6
    "max_make_ups": OFF,  # R6
    "freed_seats_only": False,  # R6
    "price_guard": PriceGuard.OFF,  # R9: off by default
    "category_guard": CategoryGuard.OFF,  # R9
    "credit_scope": CreditScope.SAME_CLIENT,  # R8
    "earn_cap": OFF,  # E9: none by default
    "max_outstanding": OFF,  # E9: none by default
    "never_before_missed_session": OFF,  # V4: off by default
    "on_make_up_cancellation": OnMakeUpCancellation.RESTORE,  # C1
    "studio_cancellation_grace_days": 14,  # C3
    "on_enrolment_end": OnEnrolmentEnd.KEEP,  # C12
    "excused_absence_earns": False,  # E5: default off
    "hold_release_grace_hours": 72,  # W1
    "auto_seat_hours_before_deadline": 2,  # W2
}

SEATS_OF_COURSES = {"extra_make_up_seats", "max_make_ups", "freed_seats_only"}


class Records:
    def __init__(self, zone: ZoneInfo, owner: UUID) -> None:
        self.zone = zone
        self.settings: dict[str, Any] = dict(DEFAULTS)
        self.archived = False
        self.staff: dict[UUID, tuple[Role, UUID | None]] = {owner: (Role.OWNER, None)}
        self.emails: dict[str, UUID] = {}
        self.clients: dict[UUID, Client] = {}
        self.courses: dict[UUID, Course] = {}
        self.sessions: dict[UUID, Session] = {}
        self.enrolments: list[Enrolment] = []
        self.bookings: list[Booking] = []
        self.credits: list[Credit] = []
        self.seatings: list[tuple[int, Booking]] = []
        self.entries: list[Entry] = []
        self.now = datetime.min.replace(tzinfo=UTC)

    def holds(self, setting: str, session: Session | None) -> Any:
        """Lookup goes session → course → studio → built-in default; of grants, which have no session, by the studio."""
        course = None if session is None or session.course is None else self.courses[session.course]
        for level in (session, course):
            if level is not None and setting in level.choices:
                return level.choices[setting]
        return self.settings[setting]

    def accepts_make_ups(self, session: Session) -> bool:
        """R3: of the session, else of the course."""
        if session.accepts_make_ups is None:
            assert session.course is not None
            return self.courses[session.course].accepts_make_ups
        return session.accepts_make_ups

    def single_price(self, session: UUID) -> int | None:
        it = self.sessions[session]
        return it.price if it.course is None else self.courses[it.course].single_price

    def category(self, session: UUID) -> str | None:
        """R9: a course or class may carry one."""
        it = self.sessions[session]
        return it.category if it.course is None else self.courses[it.course].category

    def archived_among(
        self, course: UUID | None = None, session: UUID | None = None, client: UUID | None = None
    ) -> set[RefusalCode]:
        """B4: what is archived takes no new bookings, enrolments, credits or sessions."""
        said = {
            RefusalCode.STUDIO_ARCHIVED: self.archived,
            RefusalCode.COURSE_ARCHIVED: course is not None and self.courses[course].archived,
            RefusalCode.SESSION_ARCHIVED: session is not None and self.sessions[session].archived,
            RefusalCode.CLIENT_ARCHIVED: client is not None and self.clients[client].archived,
        }
        return {code for code, is_so in said.items() if is_so}

    def full(self, now: datetime, session: UUID, client: UUID) -> bool:
        """For an ordinary booking of theirs (R6, W2)."""
        taken = self.taken(session) + self.on_offer(session)
        return taken >= self.sessions[session].capacity or self.others_come_first(now, session, client)

    def on_offer(self, session: UUID) -> int:
        """R6: seats on offer to the queue count as taken."""
        return 0

    def others_come_first(self, now: datetime, session: UUID, client: UUID) -> bool:
        """W2: whether somebody before them in the queue could take a seat now that is not on offer."""
        return False

    def taken(self, session: UUID) -> int:
        return len([b for b in self.bookings if b.live and b.session == session])

    def make_ups(self, session: UUID) -> int:
        return len([b for b in self.bookings if b.live and b.session == session and b.paid_with is PaidWith.MAKE_UP])

    def most_ordinary(self, session: UUID) -> int:
        """Fine print of R6: the highest number of ordinary bookings ever live at once."""
        changes = [
            by
            for by, b in self.seatings
            if b.session == session and b.paid_with in (PaidWith.SINGLE, PaidWith.ENROLMENT)
        ]
        return max(accumulate(changes), default=0)

    def are_siblings(self, one: UUID, other: UUID) -> bool:
        """R8: managed by the same account."""
        account = self.clients[one].account
        return account is not None and account == self.clients[other].account

    def seat(self, booking: Booking) -> None:
        self.bookings.append(booking)
        self.seatings.append((+1, booking))

    def has_seat(self, session: UUID, client: UUID) -> bool:
        return any(b.live and (b.session, b.client) == (session, client) for b in self.bookings)

    # Who may (A0, A1)

    def role(self, account: UUID) -> Role | None:
        return self.staff.get(account, (None, None))[0]

    def manages(self, account: UUID) -> bool:
        return self.role(account) in (Role.OWNER, Role.MANAGER)

    def sees_client(self, account: UUID, client: UUID) -> bool:
        if client not in self.clients:
            return False
        return self.manages(account) or self.clients[client].account == account

    def need_client(self, account: UUID, client: UUID) -> None:
        if not self.sees_client(account, client):
            raise Faulty(FaultCode.NOT_FOUND)

    def need_session(self, session: UUID) -> None:
        if session not in self.sessions:
            raise Faulty(FaultCode.NOT_FOUND)

    def decide(self, account: UUID, changes: dict[str, object]) -> None:
        """A1: MANAGER also manages courses and sessions, such as their seats (R6: Co, Se); OWNER also policy."""
        self.manage(account)
        if set(changes) - SEATS_OF_COURSES and self.role(account) is not Role.OWNER:
            raise Faulty(FaultCode.FORBIDDEN)

    def manage(self, account: UUID) -> Says:
        """A1: MANAGER also manages courses, sessions, clients, credits."""
        if not self.manages(account):
            raise Faulty(FaultCode.FORBIDDEN)
        return DONE

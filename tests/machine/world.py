"""The world of the state machine: a studio of the product and of the oracle, side by side."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis.stateful import RuleBasedStateMachine

from domain.faults import Fault
from domain.issuing.granting import NoExpiry
from domain.nouns.booking import PaymentState
from domain.nouns.credit import CreditState, GrantReason
from domain.nouns.policy import (
    Until,
)
from domain.nouns.studio import Role
from domain.nouns.words import Word
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refusal
from domain.services import (
    absences,
    accounts,
    attendance,
    bookings,
    clients,
    credits,
    policies,
    schedule,
    staff,
    studios,
    swaps,
)
from domain.truth.invariants import violations
from tests.machine.calendar import date_at
from tests.machine.decided import Term
from tests.machine.harness import Harness, Outcome, known
from tests.machine.openings import OPENINGS
from tests.machine.pictures import learn_ids, picture_of_oracle, picture_of_product
from tests.machine.rows import Booking, Credit, Entry, Says
from tests.machine.whole_oracle import WholeOracle

Command = TypeVar("Command")
Service = Callable[[Work, Command], Awaitable[Outcome]]

A_MICROSECOND = timedelta(microseconds=1)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)

STAFF = {"manager": Role.MANAGER, "instructor": Role.INSTRUCTOR}
CLIENTS_ACCOUNTS = ("parent", "other parent")
ACCOUNTS = ("owner", *STAFF, *CLIENTS_ACCOUNTS, "stranger")
SOMEBODY_WAS_SEATED = "somebody was seated"
"""Who waited for it, by an act that freed the seat."""


BOOKINGS: dict[str, Callable[["World", Booking], bool]] = {
    "booking": lambda world, booking: True,
    "live booking": lambda world, booking: booking.live,
    "live make-up": lambda world, booking: booking.live and booking.credit is not None,
    "live enrolment": lambda world, booking: booking.live and booking.enrolment is not None,
    "seat of an enrolment": lambda world, booking: booking.enrolment is not None,
    "booking before its deadline": lambda world, booking: (
        booking.live and world.deadline(booking) - A_MICROSECOND >= world.now
    ),
    "booking on the odd day": lambda world, booking: (
        booking.live
        and world.oracle.sessions[booking.session].start > world.now
        and date_at(world.oracle.sessions[booking.session].start, world.oracle.zone) == world.odd.date()
    ),
    "cancelled booking": lambda world, booking: not booking.live,
    "cancelled make-up": lambda world, booking: not booking.live and booking.credit is not None,
    "booking that a credit was spent for": lambda world, booking: world.oracle.paid_instead(booking) is not None,
    "past booking": lambda world, booking: booking.at < world.now,
}
ENTRIES: dict[str, Callable[["World", Entry], bool]] = {
    "place": lambda world, entry: True,
    "live place": lambda world, entry: entry.live,
    "place of a held credit": lambda world, entry: entry.live and entry.credit is not None,
    "place with an offer": lambda world, entry: entry.live and world.oracle.on_offer(entry.session) > 0,
}
CREDITS: dict[str, Callable[["World", Credit], bool]] = {
    "credit": lambda world, credit: True,
    "spendable credit": lambda world, credit: credit.state(world.now) is CreditState.ACTIVE,
    "held credit": lambda world, credit: credit.state(world.now) is CreditState.HELD,
    "held credit with an end": lambda world, credit: (
        credit.state(world.now) is CreditState.HELD and credit.own_end is not None
    ),
    "credit in grace": lambda world, credit: world.oracle.in_grace(credit, world.now),
    "dying credit": lambda world, credit: (
        credit.expires_at is not None and credit.expires_at - A_MICROSECOND >= world.now
    ),
    "credit of a category": lambda world, credit: (
        credit.category is not None and credit.state(world.now) is CreditState.ACTIVE
    ),
    "credit of a later day": lambda world, credit: (
        credit.redeemable_from is not None and credit.redeemable_from - A_MICROSECOND >= world.now
    ),
}


OF_SEVERAL = (
    *(bookings.enrol_client, policies.update_course_policy),
    *(credits.extend_make_ups, credits.revoke_make_ups),
    absences.cancel_bookings,
    swaps.swap_session,
    attendance.mark_attendance,
)
"""What is done to several things at once: each reason tells which of them it is about."""


class World(RuleBasedStateMachine):
    """`tally` counts what came of all acts, over all runs. `numbers` tells runs in one database apart."""

    def __init__(self, harness: Harness, tally: Counter[str], numbers: "count[int]") -> None:
        super().__init__()
        self.harness = harness
        self.tally = tally
        self.number = next(numbers)
        kinds = "account", "client", "course", "session", "thing elsewhere"
        self.met: dict[str, dict[str, UUID]] = {kind: {} for kind in kinds}
        self.ended_with: dict[UUID, set[UUID | None]] = {}
        harness.open()

    def teardown(self) -> None:
        try:
            if self.met["thing elsewhere"]:
                for booking in self.oracle.bookings:
                    self.count(booking.status, *booking.reasons, *filter(None, [booking.outcome]))
                for place in self.oracle.entries:
                    self.count(place.state)
                if self.oracle.seated:
                    self.tally[SOMEBODY_WAS_SEATED] += self.oracle.seated
                assert self.harness.snapshot(self.elsewhere) == self.before_elsewhere
                wrong = self.harness.wrong(self.studio, self.now)
                assert not wrong, wrong
        finally:
            self.harness.close()

    @property
    def now(self) -> datetime:
        return self._now

    @now.setter
    def now(self, instant: datetime) -> None:
        """What time does by itself, it does to the oracle at once."""
        self._now = instant
        oracle: WholeOracle | None = vars(self).get("oracle")
        if oracle is not None:
            oracle.time_comes(instant)

    # Names, in an order that does not hang on ids: the same choices make the same run in every database.

    def names(self, kind: str) -> list[str]:
        if kind in BOOKINGS:
            return [f"booking {n}" for n, b in enumerate(self.oracle.bookings) if BOOKINGS[kind](self, b)]
        if kind in ENTRIES:
            return [f"place {n}" for n, e in enumerate(self.oracle.entries) if ENTRIES[kind](self, e)]
        if kind in CREDITS:
            return [f"credit {n}" for n, c in enumerate(self.oracle.credits) if CREDITS[kind](self, c)]
        if kind == "full session":
            return [name for name in self.names("coming session") if self.is_full(self.id(name))]
        if kind == "session to wait for":
            return self.names("full session") or self.names("coming session")
        if kind == "coming session":
            coming = [n for n, key in self.met["session"].items() if self.oracle.sessions[key].start > self.now]
            return coming or self.names("session")
        if kind == "client":
            return [name for name, key in self.met[kind].items() if not self.oracle.clients[key].erased]
        return list(self.met[kind])

    def id(self, name: str) -> UUID:
        if name.startswith("booking "):
            return known(self.booking(name).id)
        if name.startswith("place "):
            return known(self.entry(name).id)
        if name.startswith("credit "):
            return known(self.credit(name).id)
        return next(named[name] for named in self.met.values() if name in named)

    def booking(self, name: str) -> Booking:
        return self.oracle.bookings[int(name.removeprefix("booking "))]

    def credit(self, name: str) -> Credit:
        return self.oracle.credits[int(name.removeprefix("credit "))]

    def entry(self, name: str) -> Entry:
        return self.oracle.entries[int(name.removeprefix("place "))]

    def is_full(self, session: UUID) -> bool:
        it = self.oracle.sessions[session]
        taken = self.oracle.taken(session) + self.oracle.on_offer(session)
        return it.start > self.now and not it.cancelled and not it.archived and taken >= it.capacity

    def meet(self, kind: str, key: UUID | None, name: str = "") -> UUID:
        self.met[kind][name or f"{kind} {len(self.met[kind])}"] = known(key)
        return known(key)

    def name_of(self, kind: str, key: UUID | None) -> str:
        return next(name for name, met in self.met[kind].items() if met == key)

    def account_of(self, client: UUID, otherwise: str = "owner") -> str:
        account = self.oracle.clients[client].account
        return next((who for who in ACCOUNTS if self.id(who) == account), otherwise)

    def deadline(self, booking: Booking) -> datetime:
        return self.oracle.deadline_of(booking)

    def decided(self, settings: Mapping[str, object]) -> dict[str, object]:
        """With the dates of terms, which are drawn as days from today."""
        today = date_at(self.now, self.oracle.zone)
        return {
            name: Until(today + value.days * A_DAY) if isinstance(value, Term) else value
            for name, value in settings.items()
        }

    # Acting and comparing

    def act(
        self,
        who: str,
        says: Says,
        service: Service[Command],
        command: Command,
        codes: Iterable[Word] = (),
        learn: Callable[[Done], object] = lambda done: None,
        now: datetime | None = None,
    ) -> None:
        """Performs an act of which the oracle has already said what comes of it; `told` keeps why it was refused.

        `codes`: all that the service says it can refuse with. `learn`: tells the oracle what was made.
        """
        actual, self.told = Says(), tuple[Refusal, ...]()
        try:
            outcome = self.harness.perform(
                self.studio, self.id(who), now or self.now, lambda work: service(work, command)
            )
        except Fault as fault:
            actual = Says(fault=fault.code)
        else:
            if isinstance(outcome, Done):
                assert outcome.studio_id == self.studio
            else:
                self.told = outcome.reasons
                told = [
                    (each.code, each.booking_id or each.session_id or each.credit_id, each.path)
                    for each in outcome.reasons
                ]
                assert told
                assert len(set(told)) == len(told), "a reason told twice"
                assert {code for code, _, _ in told} <= set(codes), "a code that is not announced"
                of_several = service in OF_SEVERAL
                actual = Says(codes=frozenset((code, key if of_several else None) for code, key, _ in told))
            assert actual == says, f"{actual}, the oracle says {says}"
            if isinstance(outcome, Done):
                learn(outcome)
                self.tally[service.__name__] += 1
        assert actual == says, f"{actual}, the oracle says {says}"
        self.count(*actual.words)
        self.compare()

    def count(self, *words: Word) -> None:
        self.tally.update(map(repr, words))  # some words mean one thing as a refusal, another as a reason

    def compare(self) -> None:
        snapshot = self.harness.snapshot(self.studio)
        learn_ids(self.oracle, snapshot)
        expected, actual = picture_of_oracle(self.oracle, self.now), picture_of_product(snapshot, self.now)
        for part, is_expected in expected.items():
            keys = actual[part].keys() | is_expected.keys()
            apart = {key: (actual[part].get(key), is_expected.get(key)) for key in keys}
            differ = {key: pair for key, pair in apart.items() if pair[0] != pair[1]}
            assert not differ, f"{part}: {differ}, the product first"
        violated = violations(snapshot, self.now)
        assert violated == (), violated

    # The beginning

    def found(self, where: str) -> None:
        zone, founded, odd = OPENINGS[where]
        self.now = datetime.fromisoformat(founded).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        self.odd = datetime.fromisoformat(odd)
        emails = {who: f"{who.replace(' ', '.')}.{self.number}@example.com" for who in ACCOUNTS}
        for who, email in emails.items():
            done = self.register(None, accounts.sign_up, accounts.SignUp(email, who, ""))
            self.meet("account", done.account, who)
        self.oracle = WholeOracle(ZoneInfo(zone), self.id("owner"))
        self.oracle.time_comes(self.now)
        self.oracle.emails = {email: self.id(who) for who, email in emails.items()}
        self.studio = self.found_studio("here", zone)
        for who, role in STAFF.items():
            self.oracle.staff[self.id(who)] = role, None
            invited = self.do(self.studio, staff.invite_staff, staff.InviteStaff(emails[who], role, who))
            accept = staff.AcceptInvitation(known(invited.invitation))
            done = self.do(self.studio, staff.accept_invitation, accept, who)
            self.oracle.staff[self.id(who)] = role, done.staff
        self.open_elsewhere(zone, emails["parent"])

    def register(self, account_id: UUID | None, service: Callable[[Any, Any], Any], command: object) -> Done:
        done = self.harness.register(account_id, self.now, lambda registry: service(registry, command))
        assert isinstance(done, Done)
        return done

    def found_studio(self, slug: str, zone: str) -> int:
        command = studios.CreateStudio(self.id("owner"), "Owner", f"{slug}-{self.number}", "A studio", zone, "EUR")
        studio_id = self.register(self.id("owner"), studios.create_studio, command).studio_id
        assert studio_id is not None
        return studio_id

    def do(self, studio_id: int, service: Service[Command], command: Command, who: str = "owner") -> Done:
        """Without asking the oracle."""
        done = self.harness.perform(studio_id, self.id(who), self.now, lambda work: service(work, command))
        assert isinstance(done, Done)
        return done

    def open_elsewhere(self, zone: str, email: str) -> None:
        """Another studio, where the parent is a client too: its ids must look here like ids of nothing."""
        there = self.elsewhere = self.found_studio("elsewhere", zone)
        start = self.now + A_DAY
        course = schedule.CreateCourse("Yoga", "", 9, 9, True, choices={"make_ups_enabled": True})
        course_id = known(self.do(there, schedule.create_course, course).course)
        session = schedule.CreateSession(course_id, "", start, start + AN_HOUR, 9, None, None, None)
        session_id = known(self.do(there, schedule.create_session, session).session)
        client_id = known(self.do(there, clients.create_client, clients.CreateClient("Ada")).client)
        self.do(there, clients.link_client, clients.LinkClient(client_id, email))
        booking = bookings.BookSession(session_id, client_id, PaymentState.PAID)
        grant = credits.GrantMakeUp(client_id, 1, GrantReason.GOODWILL, "", NoExpiry(), None)
        things = {
            "course": course_id,
            "session": session_id,
            "client": client_id,
            "booking": self.do(there, bookings.book_session, booking).booking,
            "credit": self.do(there, credits.grant_make_up, grant).credits[0],
            "nothing": UUID(int=0xDEAD),
        }
        for kind, key in things.items():
            self.meet("thing elsewhere", key, f"foreign {kind}")
        self.before_elsewhere = self.harness.snapshot(there)

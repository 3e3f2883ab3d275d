"""A studio in memory, for tests of the use cases: whoever acts and when is said with each act."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.issuing.granting import GrantValidity, NoExpiry
from domain.nouns.booking import Booking, PaymentState
from domain.nouns.credit import GrantReason, MakeUpCredit
from domain.nouns.policy import Days
from domain.nouns.session import ScheduledSession
from domain.nouns.studio import Role
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import accounts, bookings, clients, credits, policies, schedule, staff, studios
from domain.truth.invariants import violations
from tests.domain.builders import NOW
from tests.machine.harness import Outcome, known
from tests.machine.memory import MemoryHarness
from tests.machine.memory_rows import MemoryStudio

Command = TypeVar("Command")
HOUR = timedelta(hours=1)


class StudioInMemory:
    """The studio of the golden examples: in Prague, make-ups enabled, validity 14 days, all else default."""

    def __init__(self, zone: str = "Europe/Prague", since: datetime = NOW) -> None:
        self.since = since
        self.harness = MemoryHarness()
        self.accounts = {who: self._sign_up(who) for who in ("owner", "manager", "instructor", "parent", "stranger")}
        self.id = self.found_another("still", zone)
        self.change_policy(make_ups_enabled=True, validity=Days(14))
        for who in ("manager", "instructor"):
            self.add_staff(who, Role(who.upper()))

    def add_staff(self, who: str, role: Role, now: datetime | None = None) -> UUID:
        """By invitation."""
        invite = staff.InviteStaff(email_of(who), role, who)
        invitation_id = known(self.done(staff.invite_staff, invite, now=now).invitation)
        return known(self.done(staff.accept_invitation, staff.AcceptInvitation(invitation_id), who, now).staff)

    def found_another(self, slug: str, zone: str = "Europe/Prague") -> int:
        command = studios.CreateStudio(self.accounts["owner"], "Owner", slug, "Still Point", zone, "CZK")
        founded = self.harness.register(None, self.since, lambda registry: studios.create_studio(registry, command))
        assert isinstance(founded, Done)
        assert founded.studio_id is not None
        return founded.studio_id

    @property
    def rows(self) -> MemoryStudio:
        return self.harness.studios[self.id]

    @property
    def instructor_id(self) -> UUID:
        return next(each.id for each in self.rows.staff.values() if each.role is Role.INSTRUCTOR)

    def act(
        self,
        service: Callable[[Work, Command], Awaitable[Outcome]],
        command: Command,
        by: str = "owner",
        now: datetime | None = None,
    ) -> Outcome:
        """Afterwards all that must always be true is true."""
        account_id, now = self.accounts[by], now or self.since
        outcome = self.harness.perform(self.id, account_id, now, lambda work: service(work, command))
        assert violations(self.harness.snapshot(self.id), now) == ()
        return outcome

    def done(self, service: Any, command: object, by: str = "owner", now: datetime | None = None) -> Done:
        outcome = self.act(service, command, by, now)
        assert isinstance(outcome, Done)
        return outcome

    def codes(
        self, service: Any, command: object, by: str = "parent", now: datetime | None = None
    ) -> list[RefusalCode]:
        outcome = self.act(service, command, by, now)
        assert isinstance(outcome, Refused)
        return [reason.code for reason in outcome.reasons]

    def change_policy(self, **changes: object) -> None:
        self.done(policies.update_policy, policies.UpdatePolicy(changes))

    def change_course_policy(self, course_id: UUID, **changes: object) -> None:
        self.done(policies.update_course_policy, policies.UpdateCoursePolicy(course_id, changes))

    def change_session_policy(self, session_id: UUID, **changes: object) -> None:
        self.done(policies.update_session_policy, policies.UpdateSessionPolicy(session_id, changes))

    def a_course(
        self,
        whole: int | None = 10_000,
        single: int | None = 3_000,
        accepts: bool = True,
        category: str | None = None,
        **decided: object,
    ) -> UUID:
        command = schedule.CreateCourse("Pottery", "", whole, single, accepts, category, decided)
        return known(self.done(schedule.create_course, command).course)

    def a_session(self, starts_at: datetime, course_id: UUID | None = None, capacity: int = 10) -> UUID:
        """Of a course of its own unless one is given."""
        course_id = course_id or self.a_course()
        return known(self.done(schedule.create_session, new_session(course_id, starts_at, capacity)).session)

    def scheduled(self, session_id: UUID) -> ScheduledSession:
        session = self.rows.sessions[session_id]
        return ScheduledSession(self.rows.studio, session, session.course_id and self.rows.courses[session.course_id])

    def a_client(self, account: str | None = "parent") -> UUID:
        client_id = known(self.done(clients.create_client, clients.CreateClient("Ada")).client)
        if account is not None:
            self.done(clients.link_client, clients.LinkClient(client_id, email_of(account)))
        return client_id

    def a_booking(self, session_id: UUID, client_id: UUID) -> UUID:
        """Paid."""
        command = bookings.BookSession(session_id, client_id, PaymentState.PAID)
        return known(self.done(bookings.book_session, command).booking)

    def a_credit(self, client_id: UUID, validity: GrantValidity | None = None, worth: int | None = None) -> UUID:
        command = credits.GrantMakeUp(client_id, 1, GrantReason.OTHER, "", validity or NoExpiry(), worth)
        return self.done(credits.grant_make_up, command).credits[0]

    def cancel(self, booking_id: UUID, now: datetime, by: str = "parent") -> Booking:
        self.done(bookings.cancel_booking, bookings.CancelBooking(booking_id, None), by, now)
        return self.rows.bookings[booking_id]

    def earned(self, booking_id: UUID) -> MakeUpCredit:
        (credit,) = (credit for credit in self.rows.credits.values() if credit.missed_booking_id == booking_id)
        return credit

    def ledger(self, credit_id: UUID) -> list[LedgerKind]:
        return [line.kind for line in self.rows.ledgers[credit_id]]

    def _sign_up(self, who: str) -> UUID:
        command = accounts.SignUp(email_of(who), who, "")
        done = self.harness.register(None, self.since, lambda registry: accounts.sign_up(registry, command))
        assert isinstance(done, Done)
        return known(done.account)


def new_session(
    course_id: UUID | None, starts_at: datetime, capacity: int = 10, instructor_id: UUID | None = None
) -> schedule.CreateSession:
    accepts = None if course_id else True
    return schedule.CreateSession(course_id, "", starts_at, starts_at + HOUR, capacity, None, accepts, instructor_id)


def email_of(who: str) -> str:
    return f"{who}@example.com"

"""The one abstraction: how a use case loads what it decides on, and records what was decided.

`persistence` implements it on SQL, the tests in memory. The rows that a `locked` load names stay as they are
until the transaction ends; what hangs on them (policy, course, an enrolment's payment) is as of the load. Locks are
taken in one order: the studio, the account that acts, a course, an instructor, sessions by id, clients by id, credits
by id, bookings, enrolments, places on waiting lists. Loads of acts that can free a seat also lock those who wait for
it, and the credits that are held for them. A place on a list never changes but under the lock of its client, and
nobody on the staff but under the lock of the studio.
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.authority import Authority
from domain.cancellation.absence import Absence
from domain.cancellation.cancelling import Cancellation
from domain.cancellation.ending import Ending
from domain.cancellation.marking import Roster
from domain.cancellation.session_cancelling import SessionCancellation
from domain.cancellation.swapping import Swap
from domain.cancellation.undoing import Undoing
from domain.credits.choosing import ChosenCredits
from domain.dates import Dates
from domain.events import Event
from domain.managing.erasing import Belongings, Remains
from domain.nouns.account import Account
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.invitation import Invitation
from domain.nouns.session import ScheduledSession, Session
from domain.nouns.studio import Staff, Studio
from domain.spending.enrolling import Enrolling
from domain.spending.make_ups import MakeUpRequest
from domain.spending.seats import SeatRequest
from domain.waiting.leaving import Waiter
from domain.waiting.parting import Waits
from domain.waiting.queueing import Place, Queue
from domain.waiting.waiting_over import Over


@dataclass(frozen=True)
class BookingPlace:
    """Whose booking it is, and where."""

    booking_id: UUID
    session_id: UUID
    client_id: UUID
    credit_id: UUID | None
    instructor_id: UUID | None


@dataclass(frozen=True)
class EntryPlace:
    """Whose place on a waiting list it is, and where."""

    entry_id: UUID
    session_id: UUID
    client_id: UUID
    credit_id: UUID | None


class Work(Protocol):
    """One transaction at one studio, at one instant, by one signed-in account or, for what time asks for, by none.

    Every load raises `NotFound` for ids that the studio does not have, and `TimeWentBackwards` where what it
    loads was changed at a later instant than `now`. Read `now` after the loads: it may have moved forward.
    """

    @property
    def studio_id(self) -> int: ...

    @property
    def now(self) -> datetime: ...

    def new_id(self) -> UUID: ...

    async def authority(self) -> Authority:
        """What the account may do at this studio: nothing, where there is no such studio.

        `Unauthenticated` where the account itself is gone.
        """
        ...

    async def locked_account_with_email(self, email: str) -> Account | None:
        """Nobody deletes it until the transaction ends."""
        ...

    async def studio(self) -> Studio: ...

    async def locked_studio(self) -> Studio: ...

    async def studio_is_empty(self) -> bool:
        """Whether it has neither sessions nor clients; until the transaction ends, none are added."""
        ...

    async def slug_taken(self, slug: str) -> bool: ...

    async def course(self, course_id: UUID) -> Course: ...

    async def locked_course(self, course_id: UUID) -> Course:
        """Before any session: only what changes a course, or adds a session to it, locks it."""
        ...

    async def locked_sessions_to_come(self, course_id: UUID) -> tuple[Session, ...]:
        """Those of the course that have not started, by id."""
        ...

    async def session(self, session_id: UUID) -> Session:
        """Not locked."""
        ...

    async def locked_target(self, session_id: UUID) -> ScheduledSession: ...

    async def locked_roster(self, session_id: UUID, named: Set[UUID], unmarked: bool) -> Roster:
        """With the bookings named and, where `unmarked`, every live one without a mark.

        `NotFound` where one that is named is not of the session, `BadUserInput` for too many.
        """
        ...

    async def locked_account(self) -> Account:
        """Whoever acts; not deleted until the transaction ends. `Unauthenticated` where the account is gone."""
        ...

    async def staff_member(self, staff_id: UUID) -> Staff:
        """Also one who has left."""
        ...

    async def locked_instructor(self, staff_id: UUID) -> Staff:
        """Likewise, who does not leave until the transaction ends; others may lock them so at the same time."""
        ...

    async def staff_of_account(self, account_id: UUID) -> Staff | None:
        """Who is on the staff; `TimeWentBackwards` where the account left it at a later instant than `now`."""
        ...

    async def staff_with_email(self, email: str) -> Staff | None:
        """Who is on the staff and has this e-mail."""
        ...

    async def owners(self) -> Set[UUID]:
        """The staff ids of all who own the studio."""
        ...

    async def is_oneself(self, staff_id: UUID) -> bool:
        """Whether that is, or was, the place on the staff of the account that acts; false where there is none such."""
        ...

    async def invitation(self, invitation_id: UUID, named_by: str, *, timed: bool = True) -> Invitation:
        """`timed` is false where it is only asked whether it is there: a stranger must not learn of its times."""
        ...

    async def open_invitation_to(self, email: str) -> Invitation | None:
        """Also one whose time has run out: it is in nobody's way, but it is there."""
        ...

    async def remains_of(self, client_id: UUID) -> Remains:
        """Not locked, but for what changes only under the lock of the client."""
        ...

    async def client(self, client_id: UUID) -> Client: ...

    async def locked_client(self, client_id: UUID) -> Client: ...

    async def credit(self, credit_id: UUID) -> MakeUpCredit:
        """Not locked; good for what never changes: whose it is."""
        ...

    async def booking_place(self, booking_id: UUID, named_by: str = "bookingId") -> BookingPlace:
        """Not locked; a booking never changes its place. `named_by`: the field of the input that names it."""
        ...

    async def enrolment(self, enrolment_id: UUID) -> Enrolment:
        """Not locked."""
        ...

    async def locked_seat_request(self, session_id: UUID, client_id: UUID) -> SeatRequest:
        """With the queue ahead of them, which this does not lock."""
        ...

    async def locked_make_up_request(self, session_id: UUID, client_id: UUID, credit_id: UUID | None) -> MakeUpRequest:
        """With the credit named, or else with the client's active and held ones and, under SAME_ACCOUNT, the siblings'
        (R8); and with the queue ahead of them, which this does not lock, and the credits that are held for them.

        `ConflictRetry` where another account has come to manage the client meanwhile, and so they have other siblings.
        """
        ...

    async def locked_chosen_credits(self, chosen: ChosenCredits) -> tuple[MakeUpCredit, ...]:
        """In the order named, or from the oldest; `NotFound` where one is missing, `BadUserInput` for too many.

        With the clients for whom they are held. `ConflictRetry` where one has come to be held meanwhile.
        """
        ...

    async def places_of(self, credit_ids: Collection[UUID]) -> Mapping[UUID, tuple[Place, ...]]:
        """By credit: the live places on which it waits; none for what is not held. The credits are locked."""
        ...

    async def entry_place(self, entry_id: UUID) -> EntryPlace:
        """Not locked; an entry never changes its place."""
        ...

    async def locked_waiter(self, place: EntryPlace) -> Waiter:
        """With the queue ahead of them, which this does not lock."""
        ...

    async def locked_waits_of(self, client_id: UUID) -> Waits:
        """With all who wait with a credit of theirs, and whose credits wait for them.

        `ConflictRetry` where somebody else has come to do so meanwhile.
        """
        ...

    async def locked_queues(self, session_ids: Collection[UUID]) -> tuple[Queue, ...]:
        """Of sessions that this act has locked, as they are by now: those for which somebody waits, with all who do.

        In a number of statements that does not grow with the sessions, and in none where nobody waited when they were
        locked.
        """
        ...

    async def locked_places(self, client_id: UUID, session_ids: Collection[UUID]) -> tuple[Queue, ...]:
        """Likewise, but of all who wait only this client, whom the act has locked with the credits held for them."""
        ...

    async def locked_waits_over(self, most: int) -> Over:
        """What the start of a session has ended and no job has written yet, of so many sessions at most."""
        ...

    async def locked_credits_run_out(self, most: int) -> tuple[MakeUpCredit, ...]:
        """Active ones whose expiry is past and stands in no EXPIRED line yet: the first to expire."""
        ...

    async def locked_enrolling(self, course_id: UUID, client_id: UUID, excepted: Set[UUID]) -> Enrolling:
        """`NotFound` where an excepted session is none of the course's."""
        ...

    async def locked_ending(self, enrolment_id: UUID) -> Ending: ...

    async def locked_cancellation(self, place: BookingPlace, by_staff: bool) -> Cancellation: ...

    async def locked_absence(self, client_id: UUID, dates: Dates, shown: Set[UUID], by_staff: bool) -> Absence:
        """`NotFound` where a booking that was shown is none of the client's, `BadUserInput` for too many.

        `ConflictRetry` where the client has got a seat in another session meanwhile.
        """
        ...

    async def locked_session_cancellation(self, session_id: UUID) -> SessionCancellation:
        """With its live bookings, their clients, and the credits that paid them or were earned by giving it up."""
        ...

    async def locked_course_cancellation(
        self, course_id: UUID, starts_from: datetime | None
    ) -> tuple[SessionCancellation, ...]:
        """Likewise, of the course's sessions that have not started, from those that start at an instant; by start."""
        ...

    async def locked_undoing(self, place: BookingPlace, swap_back: bool) -> Undoing:
        """`ConflictRetry` where its credit has come to pay another booking meanwhile, or no longer pays one."""
        ...

    async def locked_swap(self, place: BookingPlace, session_id: UUID, by_staff: bool) -> Swap:
        """Of the booking at that place for a seat in that session: both sessions are locked, whichever is first."""
        ...

    async def locked_booking(self, place: BookingPlace) -> Booking: ...

    async def locked_enrolment(self, enrolment_id: UUID) -> Enrolment: ...

    async def record(self, *events: Event) -> None:
        """Writes each event and appends it to the events, as done by the account at `now`."""
        ...


class Registry(Protocol):
    """One transaction outside of any studio: accounts, and the founding of studios."""

    @property
    def now(self) -> datetime: ...

    def new_id(self) -> UUID: ...

    async def account(self, account_id: UUID) -> Account:
        """`Unauthenticated` where it is gone. Nobody deletes it until the transaction ends."""
        ...

    async def locked_account(self, account_id: UUID) -> Account:
        """Likewise, and nobody else uses it either."""
        ...

    async def owned_alone(self, account_id: UUID) -> tuple[Studio, ...]:
        """Studios that are not archived and have no other owner; by their names."""
        ...

    async def belongings_of(self, account: Account) -> Belongings: ...

    async def erase_account(self, account: Account) -> None:
        """With every idempotency key of its holder but that of this very act."""
        ...

    async def account_with_email(self, email: str) -> Account | None: ...

    async def add_account(self, account: Account) -> None: ...

    async def slug_taken(self, slug: str) -> bool: ...

    async def found_studio(self, studio: Studio, owner: Staff) -> Studio:
        """Writes a studio with its owner; answers it with the id that the database gave it."""
        ...

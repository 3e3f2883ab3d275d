"""The filters of lists. What is left out does not matter; what is given must all hold."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.credits import choosing
from domain.nouns.booking import BookingStatus, PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.local_time import end_of, start_of
from domain.nouns.session import SessionStatus
from domain.nouns.studio import Studio
from domain.nouns.waitlist import WaitlistState
from domain.nouns.words import Word
from persistence.reads import listings, waitlists
from persistence.reads.bookable import Bookable
from persistence.reads.listings import Archived
from schema.ids import Kind, expect, expect_in

_JUST = timedelta(microseconds=1)


def _archived() -> Any:
    return strawberry.field(
        default=Archived.EXCLUDE, description="With or without what is archived. Only staff may ask for it."
    )


class SessionTime(Word):
    UPCOMING = "UPCOMING", "It has not started, by the server's clock."
    PAST = "PAST", "It has started, by the server's clock."


@strawberry.input(description="A client, and the make-up credit that is to pay.")
class BookableWithInput:
    client_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who is to attend; null for the credit's client, or the one client that the account manages.",
    )
    credit_id: strawberry.ID | None = strawberry.field(
        default=None, description="The credit to spend; null for any that the client can spend."
    )


@strawberry.input(description="Which sessions. What is left out does not matter.")
class SessionFilter:
    time: SessionTime | None = strawberry.field(default=None, description="That have not started, or that have.")
    date_from: date | None = strawberry.field(
        default=None, description="That start on this local date of the studio or later."
    )
    date_until: date | None = strawberry.field(
        default=None, description="That start on this local date of the studio or earlier."
    )
    starts_from: datetime | None = strawberry.field(default=None, description="That start at this instant or later.")
    starts_until: datetime | None = strawberry.field(default=None, description="That start before this instant.")
    course_id: strawberry.ID | None = strawberry.field(default=None, description="Of this course.")
    instructor_id: strawberry.ID | None = strawberry.field(default=None, description="Taught by this instructor.")
    category: str | None = strawberry.field(
        default=None, description="Of this category, as `Studio.categories` writes it."
    )
    accepts_make_ups: bool | None = strawberry.field(
        default=None,
        description="Whether the studio lets them be booked with credits. Other rules may stand against it.",
    )
    status: SessionStatus | None = strawberry.field(default=None, description="That take place, or that are cancelled.")
    archived: Archived = _archived()
    bookable_with: BookableWithInput | None = strawberry.field(
        default=None,
        description="That a make-up credit can book now. For the client's account and the studio's owner and managers.",
    )

    def wanted(self, studio: Studio, now: datetime, *bookable: Bookable) -> listings.SessionFilter:
        """At one studio. `BadUserInput` for what is no id of its kind."""
        first_day, last_day = self.date_from, self.date_until
        after, until = during(self.time, now)
        return listings.SessionFilter(
            starts_from=latest(
                self.starts_from,
                None if first_day is None else start_of(first_day, studio.zone),
                after,
            ),
            starts_until=earliest(
                self.starts_until,
                None if last_day is None else end_of(last_day, studio.zone),
                until,
            ),
            course_id=key_in(Kind.COURSE, self.course_id, studio.id, "courseId"),
            instructor_id=key_in(Kind.STAFF, self.instructor_id, studio.id, "instructorId"),
            category=self.category,
            accepts_make_ups=self.accepts_make_ups,
            status=self.status,
            bookable=bookable,
            archived=self.archived,
        )


@strawberry.input(description="Which courses. What is left out does not matter.")
class CourseFilter:
    category: str | None = strawberry.field(
        default=None, description="Of this category, as `Studio.categories` writes it."
    )
    archived: Archived = _archived()


@strawberry.input(description="Which clients.")
class ClientFilter:
    archived: Archived = _archived()


@strawberry.input(description="Which bookings. What is left out does not matter.")
class BookingFilter:
    time: SessionTime | None = strawberry.field(
        default=None, description="Of sessions that have not started, or that have."
    )
    starts_from: datetime | None = strawberry.field(
        default=None, description="Of sessions that start at this instant or later."
    )
    starts_until: datetime | None = strawberry.field(
        default=None, description="Of sessions that start before this instant."
    )
    statuses: list[BookingStatus] | None = strawberry.field(default=None, description="That stand at any of these.")
    client_id: strawberry.ID | None = strawberry.field(default=None, description="Of this client.")
    course_id: strawberry.ID | None = strawberry.field(default=None, description="Of sessions of this course.")
    paid_with: PaidWith | None = strawberry.field(default=None, description="Paid with this.")
    payment: PaymentState | None = strawberry.field(
        default=None, description="Paid, due or waived; the enrolment's payment, where there is one."
    )

    def wanted(self, now: datetime, studio_id: int | None) -> listings.BookingFilter:
        """At one studio, or at all. `BadUserInput` for what is no id of its kind."""
        after, until = during(self.time, now)
        return listings.BookingFilter(
            starts_from=latest(self.starts_from, after),
            starts_until=earliest(self.starts_until, until),
            statuses=self.statuses,
            client_id=key_in(Kind.CLIENT, self.client_id, studio_id, "clientId"),
            course_id=key_in(Kind.COURSE, self.course_id, studio_id, "courseId"),
            paid_with=self.paid_with,
            payment=self.payment,
        )


@strawberry.input(description="Which make-up credits. What is left out does not matter.")
class CreditFilter:
    states: list[CreditState] | None = strawberry.field(default=None, description="That are in any of these now.")
    client_id: strawberry.ID | None = strawberry.field(default=None, description="Of this client.")
    expires_from: date | None = strawberry.field(
        default=None,
        description="Whose last day, the last local date on which they can be spent, is this one or later. Leaves out"
        " those that never expire.",
    )
    expires_until: date | None = strawberry.field(
        default=None,
        description="Whose last day, the last local date on which they can be spent, is this one or earlier. Leaves"
        " out those that never expire.",
    )

    def wanted(self, studio_id: int | None, *path: str) -> choosing.CreditFilter:
        """At one studio, or at all. `BadUserInput` for what is no id of its kind; `path` leads to the filter."""
        return choosing.CreditFilter(
            states=None if self.states is None else frozenset(self.states),
            client_id=key_in(Kind.CLIENT, self.client_id, studio_id, "clientId", within=path or ("filter",)),
            expires_from=self.expires_from,
            expires_until=self.expires_until,
        )


@strawberry.input(description="Which places on waiting lists. What is left out does not matter.")
class WaitlistFilter:
    states: list[WaitlistState] | None = strawberry.field(default=None, description="That are in any of these now.")
    client_id: strawberry.ID | None = strawberry.field(default=None, description="Of this client.")
    session_id: strawberry.ID | None = strawberry.field(default=None, description="For this session.")

    def wanted(self, studio_id: int | None) -> waitlists.EntryFilter:
        """At one studio, or at all. `BadUserInput` for what is no id of its kind."""
        return waitlists.EntryFilter(
            states=self.states,
            client_id=key_in(Kind.CLIENT, self.client_id, studio_id, "clientId"),
            session_id=key_in(Kind.SESSION, self.session_id, studio_id, "sessionId"),
        )


WhichSessions = Annotated[SessionFilter | None, strawberry.argument(description="Which sessions; all.")]
WhichClients = Annotated[ClientFilter | None, strawberry.argument(description="Which clients; all but the archived.")]
WhichCourses = Annotated[CourseFilter | None, strawberry.argument(description="Which courses; all.")]
WhichBookings = Annotated[BookingFilter | None, strawberry.argument(description="Which bookings; all.")]
WhichCredits = Annotated[CreditFilter | None, strawberry.argument(description="Which credits; all.")]
WhichEntries = Annotated[WaitlistFilter | None, strawberry.argument(description="Which places; all.")]


def during(time: SessionTime | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The first start that is meant, and the first after it that is not; a session has started iff now >= start."""
    first_to_come = now + _JUST
    match time:
        case SessionTime.UPCOMING:
            return first_to_come, None
        case SessionTime.PAST:
            return None, first_to_come
        case None:
            return None, None


def key_in(
    kind: Kind, id: str | None, studio_id: int | None, field: str, *, within: tuple[str, ...] = ("filter",)
) -> UUID | None:
    if id is None:
        return None
    path = (*within, field)
    return expect(kind, id, *path).key if studio_id is None else expect_in(studio_id, kind, id, *path)


def latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)


def earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)

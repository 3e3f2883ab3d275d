"""The filter of the audit trail."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain.nouns.history import EventKind
from domain.nouns.local_time import end_of, start_of
from domain.nouns.studio import Staff, Studio
from persistence.reads import history
from schema.filters import earliest, key_in, latest
from schema.ids import Kind

_NOBODY = UUID(int=0)


@strawberry.input(description="Which of the things that happened. What is left out does not matter.")
class AuditFilter:
    actor_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="That this member of the staff did, whether they are still on it or not, and in whatever capacity:"
        " also as a client.",
    )
    kinds: list[EventKind] | None = strawberry.field(default=None, description="Of any of these kinds.")
    date_from: date | None = strawberry.field(
        default=None, description="That happened on this local date of the studio or later."
    )
    date_until: date | None = strawberry.field(
        default=None, description="That happened on this local date of the studio or earlier."
    )
    at_from: datetime | None = strawberry.field(default=None, description="That happened at this instant or later.")
    at_until: datetime | None = strawberry.field(default=None, description="That happened before this instant.")
    course_id: strawberry.ID | None = strawberry.field(default=None, description="That concerns this course.")
    session_id: strawberry.ID | None = strawberry.field(default=None, description="That concerns this session.")
    client_id: strawberry.ID | None = strawberry.field(default=None, description="That concerns this client.")
    enrolment_id: strawberry.ID | None = strawberry.field(default=None, description="That concerns this enrolment.")
    booking_id: strawberry.ID | None = strawberry.field(default=None, description="That concerns this booking.")
    credit_id: strawberry.ID | None = strawberry.field(default=None, description="That concerns this make-up credit.")

    def actor(self, studio_id: int) -> tuple[int, UUID] | None:
        """The key of the member of the staff who is meant. `BadUserInput` for what is no such id."""
        key = key_in(Kind.STAFF, self.actor_id, studio_id, "actorId")
        return None if key is None else (studio_id, key)

    def wanted(self, studio: Studio, actor: Staff | None) -> history.AuditFilter:
        """At one studio. `BadUserInput` for what is no id of its kind. `actor`: whom `actor_id` names."""
        first_day, last_day = self.date_from, self.date_until
        by_whom = None if self.actor_id is None else _NOBODY if actor is None else actor.account_id
        return history.AuditFilter(
            at_from=latest(self.at_from, None if first_day is None else start_of(first_day, studio.zone)),
            at_until=earliest(self.at_until, None if last_day is None else end_of(last_day, studio.zone)),
            actor_id=by_whom,
            kinds=self.kinds,
            course_id=key_in(Kind.COURSE, self.course_id, studio.id, "courseId"),
            session_id=key_in(Kind.SESSION, self.session_id, studio.id, "sessionId"),
            client_id=key_in(Kind.CLIENT, self.client_id, studio.id, "clientId"),
            enrolment_id=key_in(Kind.ENROLMENT, self.enrolment_id, studio.id, "enrolmentId"),
            booking_id=key_in(Kind.BOOKING, self.booking_id, studio.id, "bookingId"),
            credit_id=key_in(Kind.CREDIT, self.credit_id, studio.id, "creditId"),
        )


WhichHappened = Annotated[AuditFilter | None, strawberry.argument(description="Which things that happened; all.")]

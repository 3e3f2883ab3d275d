"""The kinds of what happens at a studio: each event has one, and the audit trail shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.nouns.words import Word


class EventKind(Word):
    STUDIO_CREATED = "STUDIO_CREATED", "The studio was founded."
    STUDIO_CHANGED = (
        "STUDIO_CHANGED",
        "The studio itself was changed, archived or brought back.",
    )
    POLICY_CHANGED = "POLICY_CHANGED", "The studio decided otherwise about cancelling and make-ups."
    STAFF_INVITED = "STAFF_INVITED", "Somebody was invited to join the staff."
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN", "An invitation to the staff was taken back."
    STAFF_ADDED = "STAFF_ADDED", "Somebody joined the staff."
    STAFF_CHANGED = "STAFF_CHANGED", "Somebody on the staff was given another role, or another name on the schedule."
    STAFF_REMOVED = "STAFF_REMOVED", "Somebody left the staff, or was removed from it."
    STAFF_ERASED = "STAFF_ERASED", "The account of somebody who is or was on the staff was deleted."
    COURSE_CREATED = "COURSE_CREATED", "A course was created."
    COURSE_CHANGED = "COURSE_CHANGED", "A course was changed, archived or brought back."
    COURSE_POLICY_CHANGED = "COURSE_POLICY_CHANGED", "The studio decided otherwise for a course."
    SESSION_CREATED = "SESSION_CREATED", "A session was created."
    SESSION_CHANGED = "SESSION_CHANGED", "A session was changed, archived or brought back."
    SESSION_POLICY_CHANGED = "SESSION_POLICY_CHANGED", "The studio decided otherwise for a session."
    SESSION_MOVED = "SESSION_MOVED", "A session was moved to another time."
    SESSION_CANCELLED = "SESSION_CANCELLED", "The studio cancelled a session."
    SEATS_OFFERED = "SEATS_OFFERED", "Another number of a session's seats is kept for those who wait."
    CLIENT_CREATED = "CLIENT_CREATED", "A client was entered."
    CLIENT_CHANGED = "CLIENT_CHANGED", "A client was renamed, archived or brought back."
    CLIENT_LINKED = "CLIENT_LINKED", "An account came to manage a client."
    CLIENT_ERASED = "CLIENT_ERASED", "A client's account was deleted: nobody is known to be behind the client any more."
    CLIENT_ENROLLED = "CLIENT_ENROLLED", "A client got a place in a whole course."
    ENROLMENT_ENDED = "ENROLMENT_ENDED", "A client's place in a whole course ended."
    PAYMENT_RECORDED = "PAYMENT_RECORDED", "It was recorded how a booking or an enrolment is paid."
    SEAT_BOOKED = "SEAT_BOOKED", "A client got a seat."
    BOOKING_CANCELLED = "BOOKING_CANCELLED", "A seat was given up."
    CANCELLATION_UNDONE = "CANCELLATION_UNDONE", "A seat that had been given up was taken again."
    ATTENDANCE_MARKED = "ATTENDANCE_MARKED", "It was marked whether a client was there."
    CREDIT_ISSUED = "CREDIT_ISSUED", "A credit was earned or granted."
    CREDIT_HELD = "CREDIT_HELD", "A credit came to wait for a seat, on one more list or until another instant."
    CREDIT_RELEASED = "CREDIT_RELEASED", "A credit stopped waiting for a seat."
    CREDIT_REDEEMED = "CREDIT_REDEEMED", "A credit paid a seat."
    CREDIT_RESTORED = "CREDIT_RESTORED", "A credit came back, since the seat that it paid was given up or cancelled."
    CREDIT_FORFEITED = "CREDIT_FORFEITED", "A credit was lost with the seat that it paid."
    CREDIT_EXTENDED = "CREDIT_EXTENDED", "A credit was given another end."
    CREDIT_EXPIRED = "CREDIT_EXPIRED", "A credit's time ran out."
    CREDIT_REVOKED = "CREDIT_REVOKED", "A credit was taken back by the studio, or with the account of its client."
    CREDIT_UNDONE = "CREDIT_UNDONE", "A credit was taken back with the cancellation or the absence that had earned it."
    WAITLIST_JOINED = "WAITLIST_JOINED", "A client joined a waiting list."
    WAITLIST_SEATED = "WAITLIST_SEATED", "A client who waited got a seat."
    WAITLIST_LEFT = "WAITLIST_LEFT", "A client left a waiting list."
    WAITLIST_GIVEN_UP = "WAITLIST_GIVEN_UP", "A place on a waiting list was given up with what it waited with."
    WAITLIST_ENDED = "WAITLIST_ENDED", "A place on a waiting list ended with the session's start or cancellation."


@dataclass(frozen=True)
class Happened:
    """A line of a studio's history. `actor_id`: the account that did it; None for what time brought.

    `data`: what else a reader of it needs, as its writer has put it down.
    """

    studio_id: int
    id: UUID
    kind: str
    actor_id: UUID | None
    at: datetime
    course_id: UUID | None
    session_id: UUID | None
    client_id: UUID | None
    enrolment_id: UUID | None
    booking_id: UUID | None
    credit_id: UUID | None
    data: Mapping[str, Any]

"""F1: seats of one family that meet in time. That is worth a warning, and forbids nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.nouns.booking import Booking
from domain.nouns.session import Session, SessionStatus


@dataclass(frozen=True)
class Span:
    """From one instant up to another, which does not belong to it."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Span") -> bool:
        """Whether any instant belongs to both; where one ends as the other starts, none does."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Seat:
    """A booking, and the session that it is in."""

    booking: Booking
    session: Session


def span_of(session: Session) -> Span:
    return Span(session.starts_at, session.ends_at)


def clash(one: Session, other: Session) -> bool:
    """F1: whether two sessions take place and meet in time. Who sit in the same one are together, and do not clash."""
    both_take_place = one.status is other.status is SessionStatus.SCHEDULED
    return one.id != other.id and both_take_place and span_of(one).meets(span_of(other))


def clashing(session: Session, seats: Iterable[Seat]) -> tuple[Booking, ...]:
    """F1: those of a family's seats that are live and clash with a session, by the start of theirs."""
    found = [seat for seat in seats if seat.booking.live and clash(session, seat.session)]
    return tuple(seat.booking for seat in sorted(found, key=lambda seat: (seat.session.starts_at, seat.booking.id)))

"""An absence (C7): a client gives up every seat between two local dates in one act, with an outcome for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from uuid import UUID

from domain.cancellation import cancelling
from domain.cancellation.cancelling import Cancellation, Cancelled, Expected
from domain.dates import Dates
from domain.events import Event
from domain.faults import BadUserInput
from domain.issuing.caps import caps_are_decided
from domain.issuing.earning import EarnedBefore
from domain.nouns.credit import CreditState
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused

MOST_AT_ONCE = 200

# What has started is no part of an absence.
CODES = tuple(code for code in cancelling.CODES if code is not RefusalCode.SESSION_STARTED)


Shown = Mapping[UUID, Expected | None]
"""By booking: what the person was shown before confirming (P1). None: that it stays, as a rule says no."""


@dataclass(frozen=True)
class Absence:
    """`cancellations`: of the client's bookings on these dates, and of those that were shown; by start."""

    dates: Dates
    cancellations: tuple[Cancellation, ...]


@dataclass(frozen=True)
class Part:
    """One of the seats to come. `cancellation`: of it, once those before it are given up.

    `given_up` is None where it stays, and `against` then tells why.
    """

    cancellation: Cancellation
    given_up: Cancelled | None
    against: tuple[Refusal, ...]


def too_many() -> BadUserInput:
    """More than can be given up at once."""
    return BadUserInput(f"These are more than {MOST_AT_ONCE} bookings; choose fewer dates.", "through")


_NOT_ISSUED = UUID(int=0)


def preview(absence: Absence, now: datetime) -> tuple[Part, ...]:
    """C7, P1: what the act would do with each seat. The credits that it would issue have no ids yet."""
    return parts_of(absence, repeat(_NOT_ISSUED), now)


def parts_of(absence: Absence, credit_ids: Iterable[UUID], now: datetime) -> tuple[Part, ...]:
    """C7, E9: one after the other by start, so that the caps count what those before earn. One id for each credit."""
    parts: list[Part] = []
    for cancellation, credit_id in zip(_seats_to_come(absence, now), credit_ids, strict=False):
        after = _once_given_up(parts, cancellation, now)
        decision = cancelling.decide(after, None, credit_id, now)
        if isinstance(decision, Refused):
            parts.append(Part(after, None, tuple(_of(cancellation, each) for each in decision.reasons)))
        else:
            parts.append(Part(after, decision, ()))
    return tuple(parts)


def _seats_to_come(absence: Absence, now: datetime) -> list[Cancellation]:
    return [each for each in absence.cancellations if each.booking.live and _is_meant(absence.dates, each, now)]


def _is_meant(dates: Dates, cancellation: Cancellation, now: datetime) -> bool:
    first, end = dates.instants(cancellation.target.studio.zone)
    session = cancellation.target.session
    return first <= session.starts_at < end and not session.started(now)


def _of(cancellation: Cancellation, reason: Refusal) -> Refusal:
    """A client may have had two bookings in one session: it is the booking that tells which is meant."""
    return replace(reason, session_id=cancellation.target.session.id, booking_id=cancellation.booking.id)


def _once_given_up(parts: Sequence[Part], cancellation: Cancellation, now: datetime) -> Cancellation:
    """E9: what these have earned counts, and what they have brought back is outstanding again."""
    if not caps_are_decided(cancellation.target.policy):
        return cancellation
    given_up = [(part.cancellation.target.session, part.given_up) for part in parts if part.given_up is not None]
    back = {each.restored.id for _, each in given_up if each.restored is not None}
    before = (
        replace(each, state=CreditState.ACTIVE) if each.credit_id in back else each
        for each in cancellation.earned_before
    )
    earned = (
        EarnedBefore(session.course_id, session.starts_at, CreditState.ACTIVE, credit.expires_at, now, credit.id)
        for session, each in given_up
        if (credit := each.issued) is not None
    )
    return replace(cancellation, earned_before=(*before, *earned))


@dataclass(frozen=True)
class GivenUp:
    """`bookings`: all that were meant or shown, by start; `changed`: those given up now; `against`: why others stay."""

    events: tuple[Event, ...]
    bookings: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    against: tuple[Refusal, ...]


def decide(absence: Absence, shown: Shown | None, credit_ids: Iterable[UUID], now: datetime) -> GivenUp | Refused:
    """C7, P1: gives up what can be. Refused where a rule says no to every one, or where anything is not as shown.

    What was shown and is given up already is answered as it is (C4).
    """
    parts = parts_of(absence, credit_ids, now)
    if shown is not None and (changed := _not_as_shown(absence, parts, shown)):
        return Refused(changed)
    given_up = [part.given_up for part in parts if part.given_up is not None]
    against = tuple(reason for part in parts for reason in part.against)
    answered = {part.cancellation.booking.id for part in parts} | (shown or {}).keys()
    bookings = [each.booking for each in absence.cancellations if each.booking.id in answered]
    if against and not given_up and all(booking.live for booking in bookings):
        return Refused(against)
    return GivenUp(
        events=tuple(event for each in given_up for event in each.events),
        bookings=tuple(booking.id for booking in bookings),
        changed=tuple(each.booking.id for each in given_up),
        against=against,
    )


def _not_as_shown(absence: Absence, parts: Sequence[Part], shown: Shown) -> tuple[Refusal, ...]:
    """P1: a refusal for each seat that was not shown, or of which something else would come."""
    given_up = {part.cancellation.booking.id: part.given_up for part in parts}
    return tuple(
        _of(each, changed)
        for each in absence.cancellations
        if each.booking.live
        and (each.booking.id in given_up or each.booking.id in shown)
        and (changed := _changed(each.booking.id, given_up.get(each.booking.id), shown))
    )


def _changed(booking_id: UUID, given_up: Cancelled | None, shown: Shown) -> Refusal | None:
    expected = shown.get(booking_id)
    if given_up is not None and expected is not None:
        return cancelling.outcome_changed(expected, given_up.verdict)
    if given_up is None and expected is None and booking_id in shown:
        return None
    return Refusal(
        RefusalCode.OUTCOME_CHANGED,
        "What would become of this seat is not what was shown; ask for the preview again.",
        FixableBy.CLIENT,
        actual="stays" if given_up is None else given_up.verdict.outcome.value,
        required=None if booking_id not in shown else "stays" if expected is None else expected.outcome.value,
    )

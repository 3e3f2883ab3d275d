"""What a session and a client say to a seat for a credit, whichever credit it is (R2, R3, R5, R6, V3)."""

from datetime import datetime, timedelta

from domain import archive
from domain.nouns.local_time import local_date, start_of
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import rule
from domain.spending.seats import (
    SeatRequest,
    client_is_not_booked,
    course_is_sold_per_session,
    session_full,
    session_has_not_started,
    session_is_scheduled,
)


@rule("R2", RefusalCode.ACCOUNT_REQUIRED)
def client_has_an_account(request: SeatRequest, now: datetime) -> Refusal | None:
    """Credits are spent only for a client whom an account manages."""
    if request.client.account_id is not None:
        return None
    return Refusal(
        RefusalCode.ACCOUNT_REQUIRED,
        "No account manages this client yet; the studio can link one.",
        FixableBy.STAFF,
    )


@rule("R3", RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS)
def session_accepts_make_ups(request: SeatRequest, now: datetime) -> Refusal | None:
    """The studio lets the session be booked with credits."""
    if request.target.accepts_make_ups:
        return None
    return Refusal(
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        "This session cannot be booked with a make-up credit.",
        FixableBy.STAFF,
    )


@rule("R5", RefusalCode.BOOKING_NOT_OPEN_YET)
def credits_can_book_already(request: SeatRequest, now: datetime) -> Refusal | None:
    """From the local midnight that begins the date `makeUpsOpenDaysBefore` days before the session's."""
    opens_at = request.target.make_ups_open_at
    if opens_at is None or now >= opens_at:
        return None
    return Refusal(
        RefusalCode.BOOKING_NOT_OPEN_YET,
        "Credits cannot book this session yet.",
        FixableBy.TIME,
        actual=now,
        required=opens_at,
        available_from=opens_at,
    )


@rule("R5", RefusalCode.BOOKING_CLOSED)
def credits_can_still_book(request: SeatRequest, now: datetime) -> Refusal | None:
    """Until `makeUpsCloseMinutesBefore` minutes before the start, that instant included."""
    closes_at = request.target.make_ups_close_at
    if closes_at is None or now <= closes_at:
        return None
    return Refusal(
        RefusalCode.BOOKING_CLOSED,
        "Credits can no longer book this session.",
        FixableBy.STAFF,
        actual=now,
        required=closes_at,
    )


@rule("V3", RefusalCode.TOO_FAR_AHEAD)
def session_is_not_too_far_ahead(request: SeatRequest, now: datetime) -> Refusal | None:
    """The session's local date is at most `maxDaysAhead` days after today's."""
    studio = request.target.studio
    ahead = timedelta(days=studio.policy.max_days_ahead)
    day = local_date(request.target.session.starts_at, studio.zone)
    last_day = local_date(now, studio.zone) + ahead
    if day <= last_day:
        return None
    return Refusal(
        RefusalCode.TOO_FAR_AHEAD,
        f"Credits book sessions at most {studio.policy.max_days_ahead} days ahead.",
        FixableBy.TIME,
        actual=day,
        required=last_day,
        available_from=start_of(day - ahead, studio.zone),
    )


@rule("R6", RefusalCode.SESSION_FULL)
def seat_is_free_for_a_credit(request: SeatRequest, now: datetime) -> Refusal | None:
    """Fewer seats are taken than the session has, with the extra ones for credits, and nobody before could take one."""
    session = request.target.session
    return session_full(request, session.capacity + session.extra_make_up_seats, now)


@rule("R6", RefusalCode.MAKE_UP_SEATS_FULL)
def credits_may_take_another_seat(request: SeatRequest, now: datetime) -> Refusal | None:
    """Fewer make-ups than `maxMakeUps` and, with `freedSeatsOnly`, than seats freed and not refilled."""
    session, most = request.target.session, request.target.most_make_ups
    if most is None or session.make_ups < most:
        return None
    return Refusal(
        RefusalCode.MAKE_UP_SEATS_FULL,
        f"Credits may take {most} seats of this session, and have {session.make_ups}.",
        FixableBy.STAFF,
        actual=session.make_ups,
        required=most - 1 if most > 0 else None,
        session_id=session.id,
    )


SESSION_RULES = (
    *archive.SEAT_RULES,
    client_has_an_account,
    session_accepts_make_ups,
    course_is_sold_per_session,
    session_is_scheduled,
    session_has_not_started,
    credits_can_book_already,
    credits_can_still_book,
    session_is_not_too_far_ahead,
    seat_is_free_for_a_credit,
    credits_may_take_another_seat,
    client_is_not_booked,
)

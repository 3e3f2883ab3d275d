"""What stands against changing a studio, a course or a session, or against archiving it.

Seats that are booked, their prices, and credits that were issued stand, whatever changes (C11, V8).
"""

from dataclasses import dataclass
from datetime import datetime

from domain.managing.staffing import TEACHING_RULES
from domain.nouns.course import Course
from domain.nouns.session import ScheduledSession
from domain.nouns.studio import Studio
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import codes_of, rule
from domain.spending.seats import capacity_holds_what_is_booked


@dataclass(frozen=True)
class StudioChange:
    """`empty`: the studio has neither sessions nor clients."""

    before: Studio
    after: Studio
    empty: bool


@rule("V2", RefusalCode.TIME_ZONE_IN_USE)
def time_zone_is_not_in_use(change: StudioChange, now: datetime) -> Refusal | None:
    """Days are those of the studio's zone, so it changes only while there is neither a session nor a client."""
    if change.empty or change.after.time_zone == change.before.time_zone:
        return None
    return Refusal(
        RefusalCode.TIME_ZONE_IN_USE,
        "The studio has sessions or clients, and their dates are reckoned in its time zone.",
        actual=change.after.time_zone,
        required=change.before.time_zone,
        path=("timeZone",),
    )


@rule("C11", RefusalCode.COURSE_NOT_SOLD_AT_ALL)
def course_is_sold_somehow(course: Course, now: datetime) -> Refusal | None:
    """Prices change and go, but one of the two stays."""
    if course.sold_as_whole or course.sold_per_session:
        return None
    return Refusal(
        RefusalCode.COURSE_NOT_SOLD_AT_ALL,
        "A course has a price of the whole, of one session, or both.",
        FixableBy.STAFF,
        path=("wholeCoursePrice",),
    )


@rule("B4", RefusalCode.SESSION_HAS_BOOKINGS)
def archived_session_is_empty_or_over(target: ScheduledSession, now: datetime) -> Refusal | None:
    """A session is archived once it has started, or else while nobody has a seat in it."""
    session = target.session
    if session.archived_at is None or session.started(now) or not session.taken:
        return None
    return Refusal(
        RefusalCode.SESSION_HAS_BOOKINGS,
        f"{session.taken} seats are taken, and the session has not started.",
        FixableBy.STAFF,
        actual=session.taken,
        required=0,
        available_from=session.starts_at,
        path=("archived",),
    )


STUDIO_RULES = (time_zone_is_not_in_use,)
COURSE_RULES = (course_is_sold_somehow,)
SESSION_RULES = (capacity_holds_what_is_booked, archived_session_is_empty_or_over)
STUDIO_CODES = (RefusalCode.SLUG_TAKEN, *codes_of(*STUDIO_RULES))
COURSE_CODES = codes_of(*COURSE_RULES)
SESSION_CODES = codes_of(*SESSION_RULES, *TEACHING_RULES)

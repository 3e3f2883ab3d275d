"""What the rule book says of deciding a policy, at each of its three levels."""

from datetime import date, datetime
from uuid import UUID

from domain.faults import FaultCode
from domain.nouns.policy import Days, EarnCap, HoursBefore, LocalTime, Until
from domain.nouns.studio import Role
from domain.refusals import RefusalCode
from tests.machine.calendar import date_at
from tests.machine.records import DEFAULTS, Records
from tests.machine.rows import DONE, Faulty, Says, Session, refused


def wrong(changes: dict[str, object], today: date) -> bool:
    """INVALID_POLICY: a number that cannot be, or a term that is past."""
    for value in changes.values():
        match value:
            case Until(last_day):
                number, least = last_day.toordinal(), today.toordinal()
            case EarnCap(most, days=days):
                number, least = min(most, 0 if days is None else days - 1), 0
            case Days(days):
                number, least = days, 1  # V1: DAYS(n), n >= 1
            case HoursBefore(hours):
                number, least = hours, 0
            case LocalTime(days_before=days):
                number, least = days, 0
            case int():
                number, least = value, 0
            case _:
                continue
        if number < least:
            return True
    return False


def decided(before: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    """None takes a decision back."""
    return {name: value for name, value in (before | changes).items() if value is not None}


class Deciding(Records):
    def change_policy(self, account: UUID, now: datetime, changes: dict[str, object]) -> Says:
        """A1: OWNER also policy. None: the built-in default."""
        if self.role(account) is not Role.OWNER:
            raise Faulty(FaultCode.FORBIDDEN)
        if wrong(changes, date_at(now, self.zone)):
            return refused(RefusalCode.INVALID_POLICY)
        self.settings |= {k: DEFAULTS[k] if v is None else v for k, v in changes.items()}
        return DONE

    def change_course_policy(self, account: UUID, now: datetime, key: UUID, changes: dict[str, object]) -> Says:
        """None: what the studio decides."""
        self.decide(account, changes)
        if key not in self.courses:
            raise Faulty(FaultCode.NOT_FOUND)
        if wrong(changes, date_at(now, self.zone)):
            return refused(RefusalCode.INVALID_POLICY)
        course, before = self.courses[key], self.courses[key].choices
        course.choices = decided(before, changes)
        coming = {k: s for k, s in self.sessions.items() if s.course == key and not now >= s.start}
        too_few = {k for k, s in coming.items() if self.taken(k) > s.capacity + self.extra_seats(s)}
        if too_few:  # R6: at course level for every session not started
            course.choices = before
            return Says(codes=frozenset((RefusalCode.CAPACITY_BELOW_BOOKED, k) for k in too_few))
        for session in coming.values():
            session.extra = self.extra_seats(session)
        return DONE

    def change_session_policy(self, account: UUID, now: datetime, key: UUID, changes: dict[str, object]) -> Says:
        """None: what the course decides."""
        self.decide(account, changes)
        self.need_session(key)
        if wrong(changes, date_at(now, self.zone)):
            return refused(RefusalCode.INVALID_POLICY)
        session, before = self.sessions[key], self.sessions[key].choices
        session.choices = decided(before, changes)
        extra = self.extra_seats(session)
        if now >= session.start and "extra_make_up_seats" not in session.choices:
            extra = session.extra  # a session that has started keeps what it had
        if self.taken(key) > session.capacity + extra:  # R6
            session.choices = before
            return refused(RefusalCode.CAPACITY_BELOW_BOOKED)
        session.extra = extra
        return DONE

    def extra_seats(self, session: Session) -> int:
        return self.holds("extra_make_up_seats", session)

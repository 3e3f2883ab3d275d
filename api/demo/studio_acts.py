"""What a studio of the demo decides about itself, its schedule and its clients, as rows for a timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from api.demo.writer import StudioWriter
from domain.nouns.policy import Until
from domain.nouns.session import Compensation
from domain.services import clients, moving, policies, schedule_changes, session_cancellations


@dataclass(frozen=True)
class Move:
    """Staff move a session, of an hour, to another wall clock of its day."""

    title: str
    day: int
    clock: time

    async def write(self, studio: StudioWriter) -> None:
        session_id, starts_at = studio.sessions[self.title, self.day].id, studio.instant(self.day, self.clock)
        await studio.do(moving.move_session, moving.MoveSession(session_id, starts_at, starts_at + timedelta(hours=1)))


@dataclass(frozen=True)
class CallOff:
    """The studio cancels a session."""

    title: str
    day: int
    compensation: Compensation
    note: str

    async def write(self, studio: StudioWriter) -> None:
        session_id = studio.sessions[self.title, self.day].id
        command = session_cancellations.CancelSession(session_id, self.compensation, self.note)
        await studio.do(session_cancellations.cancel_session, command)


@dataclass(frozen=True)
class ArchiveClient:
    client: str

    async def write(self, studio: StudioWriter) -> None:
        command = clients.UpdateClient(studio.clients[self.client], {}, archived=True)
        await studio.do(clients.update_client, command)


@dataclass(frozen=True)
class ArchiveCourse:
    course: str

    async def write(self, studio: StudioWriter) -> None:
        command = schedule_changes.UpdateCourse(studio.courses[self.course], {}, archived=True)
        await studio.do(schedule_changes.update_course, command)


@dataclass(frozen=True)
class ArchiveSession:
    title: str
    day: int

    async def write(self, studio: StudioWriter) -> None:
        command = schedule_changes.UpdateSession(studio.sessions[self.title, self.day].id, {}, archived=True)
        await studio.do(schedule_changes.update_session, command)


@dataclass(frozen=True)
class EndTerm:
    """From now on the credits of a course live until a day."""

    course: str
    last_day: int

    async def write(self, studio: StudioWriter) -> None:
        changes = {"validity": Until(studio.date(self.last_day))}
        command = policies.UpdateCoursePolicy(studio.courses[self.course], changes)
        await studio.do(policies.update_course_policy, command)


@dataclass(frozen=True)
class Decide:
    """The owner changes the studio's policy, by the names of its fields."""

    changes: Mapping[str, object]

    async def write(self, studio: StudioWriter) -> None:
        await studio.do(policies.update_policy, policies.UpdatePolicy(self.changes))

"""What is archived takes nothing new (B4). Whatever stands, stands: a seat can be given up and earns, credits remain.

A thing is archived by `archived_at`, and offered again without it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.session import Session
from domain.nouns.studio import Studio
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import rule


class AtStudio(Protocol):
    @property
    def studio(self) -> Studio: ...


class OfCourse(Protocol):
    """`course` is None for one-time classes."""

    @property
    def course(self) -> Course | None: ...


class InSession(Protocol):
    @property
    def session(self) -> Session: ...


class ForClient(Protocol):
    @property
    def client(self) -> Client: ...


@dataclass(frozen=True)
class Place:
    """Where something new is to be made: at a studio, or in a course of it."""

    studio: Studio
    course: Course | None = None


@rule("B4", RefusalCode.STUDIO_ARCHIVED)
def studio_is_not_archived(wanted: AtStudio, now: datetime) -> Refusal | None:
    """The studio is not archived."""
    return _refusal(RefusalCode.STUDIO_ARCHIVED, "studio", wanted.studio.archived_at)


@rule("B4", RefusalCode.COURSE_ARCHIVED)
def course_is_not_archived(wanted: OfCourse, now: datetime) -> Refusal | None:
    """The course, where there is one, is not archived."""
    return _refusal(RefusalCode.COURSE_ARCHIVED, "course", wanted.course and wanted.course.archived_at)


@rule("B4", RefusalCode.SESSION_ARCHIVED)
def session_is_not_archived(wanted: InSession, now: datetime) -> Refusal | None:
    """The session is not archived."""
    return _refusal(RefusalCode.SESSION_ARCHIVED, "session", wanted.session.archived_at)


@rule("B4", RefusalCode.CLIENT_ARCHIVED)
def client_is_not_archived(wanted: ForClient, now: datetime) -> Refusal | None:
    """The client is not archived."""
    return _refusal(RefusalCode.CLIENT_ARCHIVED, "client", wanted.client.archived_at)


SEAT_RULES = (studio_is_not_archived, course_is_not_archived, session_is_not_archived, client_is_not_archived)


def archived_from(since: datetime | None, archived: bool | None, now: datetime) -> datetime | None:
    """Since when a thing is archived that is to be so, or not to be; None leaves it as it is."""
    if archived is None:
        return since
    return (since or now) if archived else None


def _refusal(code: RefusalCode, noun: str, archived_at: datetime | None) -> Refusal | None:
    if archived_at is None:
        return None
    return Refusal(code, f"The {noun} is archived, and takes nothing new.", FixableBy.STAFF)

"""Who may do what (A0, A1). Every check stands in the service that performs the act (A2).

Whoever has not signed in is `NOBODY`, and sees no client (A3).
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from domain.faults import BadUserInput, Forbidden, NotFound
from domain.nouns.studio import Role

_MARKED_BY = "Only its instructor, the studio's owner and managers mark who was there."
_MANAGING = frozenset({Role.OWNER, Role.MANAGER})


@dataclass(frozen=True)
class Authority:
    """What one account is at one studio: its role, its staff id, and the clients that it manages there.

    `account_id` is None for somebody who has not signed in; `studio_exists` is false where there is no such studio.
    `archived_ids`: those of the clients that are archived.
    """

    account_id: UUID | None
    role: Role | None
    staff_id: UUID | None
    client_ids: Set[UUID]
    studio_exists: bool = True
    archived_ids: Set[UUID] = frozenset()

    @property
    def owns(self) -> bool:
        return self.role is Role.OWNER

    @property
    def manages_studio(self) -> bool:
        return self.role in _MANAGING

    def sees_client(self, client_id: UUID) -> bool:
        """Their own clients; owners and managers see all."""
        return self.manages_studio or client_id in self.client_ids

    def sees_seat(self, client_id: UUID, instructor_id: UUID | None) -> bool:
        """A booking: whoever sees its client, and the instructor of its session."""
        return self.teaches(instructor_id) or self.sees_client(client_id)

    def teaches(self, instructor_id: UUID | None) -> bool:
        """Whether the instructor of a session is they themselves."""
        return self.role is Role.INSTRUCTOR and instructor_id is not None and self.staff_id == instructor_id


NOBODY = Authority(None, None, None, frozenset())


def require_owner(authority: Authority, studio_named_by: str = "studioId") -> None:
    """A1: policy and staff are the owner's."""
    _require_studio(authority, studio_named_by)
    if not authority.owns:
        raise Forbidden("Only an owner of the studio may do this.")


def require_owner_or_oneself(authority: Authority, oneself: bool) -> None:
    """A1: an owner removes anybody from the staff, and everybody leaves it on their own."""
    _require_studio(authority, "staffId")
    if not authority.owns and not oneself:
        raise Forbidden("Only an owner of the studio removes others from its staff.")


def require_invitation(authority: Authority) -> None:
    """A1: an invitation is seen by the studio's owners; for everybody else there is none."""
    if not authority.owns:
        raise NotFound("There is no such invitation.", "invitationId")


def require_manager(authority: Authority, studio_named_by: str = "studioId") -> None:
    """A1: courses, sessions, clients and credits are the owner's and the managers'."""
    _require_studio(authority, studio_named_by)
    if not authority.manages_studio:
        raise Forbidden("Only the studio's owner and managers may do this.")


def require_decider(authority: Authority, of_studio_too: Sequence[str], studio_named_by: str = "studioId") -> None:
    """A1: what a studio decides, only its owner decides otherwise, for a course or a session. The rest is managing.

    `of_studio_too`: the path to such a setting in the input; empty where there is none.
    """
    require_manager(authority, studio_named_by)
    if of_studio_too and not authority.owns:
        raise Forbidden(f"Only an owner of the studio decides `{of_studio_too[-1]}`.", *of_studio_too)


def require_roster(authority: Authority, instructor_id: UUID | None) -> None:
    """A1: a session's roster is for its instructor, the owner and the managers. The session itself is public."""
    if not authority.manages_studio and not authority.teaches(instructor_id):
        raise Forbidden("Only its instructor, the studio's owner and managers see the roster.")


def require_marking_staff(authority: Authority) -> None:
    """A1: whoever is not on the staff marks nobody, whether there is such a session or not."""
    _require_studio(authority, "sessionId")
    if authority.role is None:
        raise Forbidden(_MARKED_BY)


def require_marker(authority: Authority, instructor_id: UUID | None) -> None:
    """A1: attendance is marked by the session's instructor, the owner and the managers."""
    if not authority.manages_studio and not authority.teaches(instructor_id):
        raise Forbidden(_MARKED_BY)


def require_seat_of(
    authority: Authority, client_id: UUID, instructor_id: UUID | None, named_by: str = "bookingId"
) -> None:
    """A1: acting on a booking. One that they may not even see looks like one that does not exist."""
    if not authority.sees_seat(client_id, instructor_id):
        raise NotFound("There is no such booking.", named_by)
    if not authority.sees_client(client_id):
        raise Forbidden("Instructors may see their rosters, but not change them.")


def require_override(authority: Authority) -> None:
    """C10: staff set a deadline aside, and no client does."""
    if not authority.manages_studio:
        raise Forbidden("Only the studio's owner and managers set the deadline aside.", "override")


def require_enrolment_of(authority: Authority, client_id: UUID) -> None:
    """A1: acting on an enrolment. One that they may not see looks like one that does not exist."""
    if not authority.sees_client(client_id):
        raise NotFound("There is no such enrolment.", "enrolmentId")


def require_entry_of(authority: Authority, client_id: UUID) -> None:
    """A1: acting on a place on a waiting list. One that they may not see looks like one that does not exist."""
    if not authority.sees_client(client_id):
        raise NotFound("There is no such place on a waiting list.", "entryId")


def require_staff(authority: Authority, *path: str) -> None:
    """A1: what everybody on the staff may see, whatever their role."""
    if authority.role is None:
        raise Forbidden("Only the studio's staff see this.", *path)


def require_client(authority: Authority, client_id: UUID, *path: str) -> None:
    """A1: acting for a client. One that they may not see looks like one that does not exist."""
    if not authority.sees_client(client_id):
        raise NotFound("There is no such client.", *path)


def _require_studio(authority: Authority, named_by: str = "studioId") -> None:
    if not authority.studio_exists:
        raise NotFound("There is no such studio.", named_by)


def client_meant(authority: Authority, client_id: UUID | None) -> UUID:
    """The client named, or else the one client that the account manages; `BadUserInput` where that is not one.

    Who is archived is meant only where nobody else can be.
    """
    if client_id is not None:
        return client_id
    meant = authority.client_ids - authority.archived_ids or authority.client_ids
    if len(meant) != 1:
        raise BadUserInput(f"Say which client: your account manages {len(meant)} clients here.", "clientId")
    return next(iter(meant))

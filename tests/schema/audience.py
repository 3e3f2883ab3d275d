"""The columns of the matrices of authority, and the audiences that a field can have (A0, A1, A3)."""

from domain.faults import FaultCode

SEES, NULL, EMPTY = "a value", "null", "an empty list"
LOGIN, ROLE, ABSENT = FaultCode.UNAUTHENTICATED, FaultCode.FORBIDDEN, FaultCode.NOT_FOUND

GUEST = "guest's manager"
ROLES: tuple[str, ...] = ("anonymous", "client", "stranger", GUEST, "teacher", "idle", "manager", "owner", "rival")
"""Nobody; the client's account; another client's; a manager who is about a guest's things instead of the client's;
the sessions' instructor; another instructor; a manager; the owner; the owner of another studio."""

AUDIENCES: dict[str, tuple[str, ...]] = {
    "public": (SEES, SEES, SEES, SEES, SEES, SEES, SEES, SEES, SEES),
    "signed_in": (NULL, SEES, SEES, SEES, SEES, SEES, SEES, SEES, SEES),
    "staff": (NULL, NULL, NULL, SEES, SEES, SEES, SEES, SEES, NULL),
    "owners": (NULL, NULL, NULL, NULL, NULL, NULL, NULL, SEES, NULL),
    "managers": (NULL, NULL, NULL, SEES, NULL, NULL, SEES, SEES, NULL),
    "holder": (NULL, SEES, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    # What an instructor is not told of a seat on their roster, where it is a list.
    "own_or_empty": (NULL, SEES, NULL, SEES, EMPTY, NULL, SEES, SEES, NULL),
    # What is the client's; and what a guest cannot have, because only an account spends credits (R2).
    "own": (NULL, SEES, NULL, SEES, NULL, NULL, SEES, SEES, NULL),
    "own_by_account": (NULL, SEES, NULL, NULL, NULL, NULL, SEES, SEES, NULL),
    "held_by_account": (NULL, SEES, NULL, EMPTY, NULL, NULL, SEES, SEES, NULL),
    # A booking is on its instructor's roster, with the name of its client, and nothing behind the client.
    "roster": (NULL, SEES, NULL, SEES, SEES, NULL, SEES, SEES, NULL),
    "behind_roster": (NULL, SEES, NULL, SEES, ABSENT, NULL, SEES, SEES, NULL),
    # The same in the roster itself, of which whoever may not see it is told so: the session is public.
    "of_session": (LOGIN, ROLE, ROLE, SEES, SEES, ROLE, SEES, SEES, ROLE),
    "behind_session": (LOGIN, ROLE, ROLE, SEES, NULL, ROLE, SEES, SEES, ROLE),
    # What a booking can be swapped for: a guest, who spends no credit, has nothing to swap.
    "behind_account": (NULL, SEES, NULL, EMPTY, ABSENT, NULL, SEES, SEES, NULL),
    # Why a client cannot do what staff can.
    "client_alone": (NULL, SEES, NULL, EMPTY, NULL, NULL, EMPTY, EMPTY, NULL),
    # Lists of the viewer's own clients. Of these roles only the client and the stranger have any.
    "mine": (LOGIN, SEES, SEES, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    "my_clients": (NULL, SEES, SEES, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    "my_seats": (EMPTY, SEES, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    "my_family": (EMPTY, SEES, SEES, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    "my_family_there": (EMPTY, SEES, NULL, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    # What deleting the viewer's own account would take: all but the first have something, and two own a studio alone.
    "somewhere": (NULL, SEES, SEES, SEES, SEES, SEES, SEES, SEES, SEES),
    "alone_in_charge": (NULL, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, SEES, SEES),
    # What an invitation offers: whoever has its code is told, and only the client can accept it.
    "with_code": (LOGIN, SEES, SEES, SEES, SEES, SEES, SEES, SEES, SEES),
    "invited": (LOGIN, SEES, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    "not_invited": (LOGIN, EMPTY, SEES, SEES, SEES, SEES, SEES, SEES, SEES),
    # Lists of a studio.
    "owned": (LOGIN, ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, SEES, ROLE),
    "of_staff": (LOGIN, ROLE, ROLE, SEES, SEES, SEES, SEES, SEES, ROLE),
    "managed": (LOGIN, ROLE, ROLE, SEES, ROLE, ROLE, SEES, SEES, ROLE),
    # Asked about a client, by id; also about a credit that a guest cannot have spent; and by an act of staff.
    "about_client": (LOGIN, SEES, ABSENT, SEES, ABSENT, ABSENT, SEES, SEES, ABSENT),
    "about_spent": (LOGIN, SEES, ABSENT, ABSENT, ABSENT, ABSENT, SEES, SEES, ABSENT),
    "about_grant": (LOGIN, ROLE, ABSENT, SEES, ABSENT, ABSENT, SEES, SEES, ABSENT),
}
"""By name: what each of the ROLES gets."""

"""What is left of a person whose account is deleted: what happened, and nothing that tells to whom."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.account import Account
from domain.nouns.client import Client
from domain.nouns.studio import Staff, Studio
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import codes_of, rule

CLIENT_NAME = "Former client"
STAFF_NAME = "Former staff"


@dataclass(frozen=True)
class Remains:
    """What a client has that ends with their account, by id in order: live places on waiting lists, enrolments that
    have not ended, live bookings in sessions to come, unspent credits.
    """

    entries: tuple[UUID, ...] = ()
    enrolments: tuple[UUID, ...] = ()
    bookings: tuple[UUID, ...] = ()
    credits: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Belongings:
    """What still hangs on an account, each by its studio and id: clients that it manages, rows of staff that tell who
    they are, open invitations to its e-mail.
    """

    clients: tuple[tuple[int, UUID], ...] = ()
    staff: tuple[tuple[int, UUID], ...] = ()
    invitations: tuple[tuple[int, UUID], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clients or self.staff or self.invitations)


class StillThere(Exception):
    """An account cannot be deleted yet: all this has to be given up first."""

    def __init__(self, account: Account, belongings: Belongings) -> None:
        super().__init__(account.id, belongings)
        self.account = account
        self.belongings = belongings


@dataclass(frozen=True)
class Leaving:
    """Somebody leaves the staff of a studio that has these owners, themselves among them if they are one."""

    studio: Studio
    staff: Staff
    owners: Set[UUID]


@rule("A1", RefusalCode.LAST_OWNER)
def studio_keeps_an_owner(leaving: Leaving, now: datetime) -> Refusal | None:
    """A studio that is not archived has an owner."""
    if leaving.studio.archived_at is not None or leaving.owners != {leaving.staff.id}:
        return None
    return last_owner_of(leaving.studio)


def last_owner_of(studio: Studio) -> Refusal:
    return Refusal(
        RefusalCode.LAST_OWNER,
        "The studio would be left without an owner.",
        FixableBy.CLIENT,
        actual=studio.slug,
    )


LEAVING_RULES = (studio_keeps_an_owner,)


@dataclass(frozen=True)
class Change:
    """Staff change who a client is."""

    client: Client


@rule("A4", RefusalCode.CLIENT_ERASED)
def client_is_not_erased(wanted: Change, now: datetime) -> Refusal | None:
    """Nobody is made anybody again."""
    if wanted.client.erased_at is None:
        return None
    return Refusal(RefusalCode.CLIENT_ERASED, "The client's account was deleted; enter a new client instead.")


CHANGE_RULES = (client_is_not_erased,)
CHANGE_CODES = codes_of(*CHANGE_RULES)
DELETE_CODES = codes_of(*LEAVING_RULES)

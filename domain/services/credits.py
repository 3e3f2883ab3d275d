"""Make-up credits given by staff."""

from dataclasses import dataclass
from uuid import UUID

from domain import granting
from domain.authority import require_client, require_manager
from domain.credit import GrantReason
from domain.events import CreditIssued
from domain.granting import Grant, GrantValidity
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused


@dataclass(frozen=True)
class GrantMakeUp:
    """`count` from 1 to `granting.MOST_AT_ONCE`; `worth` in minor units."""

    client_id: UUID
    count: int
    reason: GrantReason
    note: str
    validity: GrantValidity
    worth: int | None


async def grant_make_up(work: Work, command: GrantMakeUp) -> Done | Refused:
    """E8: by staff, to any client of their studio, guests included (E12)."""
    authority = await work.authority()
    require_client(authority, (await work.client(command.client_id)).id, "clientId")
    require_manager(authority)
    studio, client = await work.studio(), await work.locked_client(command.client_id)
    grant = Grant(studio, client, command.reason, command.note, command.validity, command.worth)
    credit_ids = tuple(work.new_id() for _ in range(command.count))
    decision = granting.decide(grant, credit_ids, work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*(CreditIssued(credit) for credit in decision))
    return Done(studio_id=work.studio_id, client=client.id, credits=credit_ids)

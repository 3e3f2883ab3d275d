"""What acts ask for that pay with a credit, and whether they may."""

from collections.abc import Callable
from uuid import UUID

from domain.authority import Authority, client_meant, require_client
from domain.faults import NotFound
from domain.ports import Work
from domain.spending.make_ups import MakeUpRequest


async def make_up_request(
    work: Work, session_id: UUID, client_id: UUID | None, credit_id: UUID | None
) -> MakeUpRequest:
    """For a client and a credit that the account may act for. `client_id` None: whose the credit is or, where none is
    named, the one client that the account manages.
    """
    authority = await work.authority()
    if client_id is None and credit_id is not None:
        client_id = await _holder_seen(work, authority, credit_id)
    client_id = client_meant(authority, client_id)
    require_client(authority, client_id, "clientId")
    if credit_id is not None:
        await _holder_seen(work, authority, credit_id)
    request = await work.locked_make_up_request(session_id, client_id, credit_id)
    if credit_id is not None:
        await _holder_seen(work, await work.authority(), credit_id)
    await require_client_still(work, authority, client_id)
    return request


def _client_named(authority: Authority, client_id: UUID) -> None:
    require_client(authority, client_id, "clientId")


async def require_client_still(
    work: Work,
    authority: Authority,
    client_id: UUID,
    require: Callable[[Authority, UUID], None] = _client_named,
) -> None:
    """A1 once more, now that the client is locked: while that was waited for, they may have been linked to another."""
    if not authority.manages_studio:
        require(await work.authority(), client_id)


async def _holder_seen(work: Work, authority: Authority, credit_id: UUID) -> UUID:
    """Whose credit it is; one that they may not see looks like one that does not exist (A0)."""
    holder = (await work.credit(credit_id)).client_id
    if not authority.sees_client(holder):
        raise NotFound("There is no such credit.", "creditId")
    return holder

"""Who sees in lists what is archived: the staff, who ask for it."""

from domain.authority import require_staff
from persistence.reads.listings import Archived
from schema.context import Info


async def shown(info: Info, studio_id: int, archived: Archived, *path: str) -> Archived:
    """As asked for. By its id everybody finds what is archived."""
    if archived is not Archived.EXCLUDE:
        require_staff(await info.context.signed_in_at(studio_id), *path)
    return archived

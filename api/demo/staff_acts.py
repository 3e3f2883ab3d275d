"""What the owner of a demo's studio does about its staff, as rows for a timeline."""

from dataclasses import dataclass

from api.demo.people import DemoAccount
from api.demo.writer import StudioWriter
from domain.nouns.studio import Role
from domain.services import staff


@dataclass(frozen=True)
class Invite:
    """Somebody who has not answered yet."""

    account: DemoAccount
    role: Role

    async def write(self, studio: StudioWriter) -> None:
        await studio.do(staff.invite_staff, staff.InviteStaff(self.account.email, self.role, self.account.name))


@dataclass(frozen=True)
class Remove:
    account: DemoAccount

    async def write(self, studio: StudioWriter) -> None:
        await studio.do(staff.remove_staff, staff.RemoveStaff(studio.staff[self.account.email]))

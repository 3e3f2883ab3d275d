"""Accounts that are deleted, at random: what a client has is given up, and then nobody is known by them any more."""

from collections.abc import Set
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.managing import erasing as domain
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import clients, erasing
from tests.machine.drawing import ANYONE, a, one_of
from tests.machine.rows import refused
from tests.machine.seating import SeatingMachine

FEWEST_LEFT = 4
"""So many clients are left for everything else."""


async def erase_client(work: Work, command: tuple[UUID, Set[UUID]]) -> Done:
    return await erasing.erase_client(work, *command)


async def leave_staff(work: Work, account: UUID) -> Done | Refused:
    staff = await work.staff_of_account(account)
    assert staff is not None
    return await erasing.leave_staff(work, staff.id)


class ErasingMachine(SeatingMachine):
    @rule(client=a("client"), by=one_of(None, None, None) | ANYONE, given_up=st.booleans(), back=st.booleans())
    def client_is_erased(self, client: str, by: str | None, given_up: bool, back: bool) -> None:
        """Also where something is left; and whoever is erased is to be somebody once more."""
        key = self.id(client)
        who = by or self.account_of(key)
        if len(self.names("client")) <= FEWEST_LEFT:
            return
        if given_up:
            self.everything_is_given_up(who, key)
        staying = frozenset(filter(None, self.oracle.seats_to_come(key, self.now)))
        self.erase(who, key, staying if given_up else frozenset())
        if back:
            self.link(client, "parent")
            self.change("client", "owner", key, {"archived": False})

    @rule()
    def last_owner_stays(self) -> None:
        """Whatever becomes of their account."""
        codes = domain.DELETE_CODES
        self.act("owner", refused(RefusalCode.LAST_OWNER), leave_staff, self.id("owner"), codes)

    def everything_is_given_up(self, who: str, client: UUID) -> None:
        for entry in [each for each in self.oracle.entries if each.live and each.client == client]:
            if entry.id is not None:
                self.leave(who, entry.id)
        for enrolment in [each for each in self.oracle.enrolments if each.client == client and not each.ended_at]:
            says = self.oracle.judge(self.oracle.end_with_account, self.id(who), self.now, enrolment.id)
            assert enrolment.id is not None
            self.act(who, says, erasing.end_enrolment, enrolment.id)
        for booking in self.oracle.seats_to_come(client, self.now):
            assert booking is not None
            self.cancel(who, booking, None)

    def erase(self, who: str, client: UUID, staying: Set[UUID]) -> None:
        says = self.oracle.judge(self.oracle.erase, self.id(who), self.now, client, staying)

        def learn(done: Done) -> None:
            assert (done.client == client) == self.oracle.clients[client].erased

        self.act(who, says, erase_client, (client, staying), learn=learn)

    def link(self, client: str, account: str) -> None:
        emails = {key: email for email, key in self.oracle.emails.items()}
        command = clients.LinkClient(self.id(client), emails[self.id(account)])
        says = self.oracle.judge(self.oracle.link_client, self.id("owner"), self.id(client), command.email)
        self.act("owner", says, clients.link_client, command, domain.CHANGE_CODES)

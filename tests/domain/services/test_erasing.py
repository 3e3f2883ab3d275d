"""A4: what becomes of a client and of somebody on the staff whose account is deleted, an act at a time."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

import pytest

from domain.faults import NotFound, Unauthenticated
from domain.managing.erasing import CLIENT_NAME, STAFF_NAME, StillThere
from domain.nouns.booking import EarnedNothing, PaymentState
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.invitation import LIVES, Invitation, InvitationState
from domain.nouns.policy import CreditScope
from domain.nouns.studio import Role
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import clients, erasing, waitlists
from domain.services.bookings import EnrolClient, enrol_client
from domain.services.clients import LinkClient, UpdateClient, link_client, update_client
from tests.domain.builders import NOW, START, uuid
from tests.domain.studio import StudioInMemory, email_of, known
from tests.machine.harness import Outcome


@pytest.fixture
def studio() -> StudioInMemory:
    return StudioInMemory()


async def erase(work: Work, command: tuple[UUID, frozenset[UUID]]) -> Done:
    return await erasing.erase_client(work, *command)


def erased(studio: StudioInMemory, client: UUID, staying: frozenset[UUID] = frozenset()) -> Done:
    return studio.done(erase, (client, staying), "parent")


def delete(studio: StudioInMemory, who: str = "parent", now: datetime = NOW) -> Outcome:
    account = studio.accounts[who]
    return studio.harness.register(account, now, lambda registry: erasing.delete_account(registry, account))


def test_a4_a_client_is_erased_once_nothing_is_left_to_give_up(studio: StudioInMemory) -> None:
    client = studio.a_client()
    booking = studio.a_booking(studio.a_session(START), client)
    assert erased(studio, client).client is None
    studio.cancel(booking, NOW)
    assert erased(studio, client).client == client
    row, credit = studio.rows.clients[client], studio.earned(booking)
    assert (row.name, row.account_id, row.archived_at, row.erased_at) == (CLIENT_NAME, None, NOW, NOW)
    assert credit.state is CreditState.REVOKED
    assert studio.rows.ledgers[credit.id][-1].reason is RevocationReason.ACCOUNT_DELETED
    with pytest.raises(NotFound):
        erased(studio, client)


def test_a4_a_seat_that_must_stay_does_not_stand_against_it(studio: StudioInMemory) -> None:
    client = studio.a_client()
    booking = studio.a_booking(studio.a_session(START), client)
    assert erased(studio, client, frozenset({booking})).client == client
    assert studio.rows.bookings[booking].live


def test_a4_c12_an_enrolment_ends_with_the_account_and_earns_nothing(studio: StudioInMemory) -> None:
    client, course = studio.a_client(), studio.a_course()
    studio.a_session(START, course)
    enrolled = studio.done(enrol_client, EnrolClient(course, client, PaymentState.PAID, frozenset()))
    assert erased(studio, client).client is None
    enrolment = known(enrolled.enrolment)
    for _ in range(2):
        studio.done(erasing.end_enrolment, enrolment, "parent")
    (booking,) = studio.rows.bookings.values()
    assert booking.why_not_earned == (EarnedNothing.ENROLMENT_ENDED,)
    assert erased(studio, client).client == client


def test_a4_the_enrolment_and_the_client_of_others_are_none(studio: StudioInMemory) -> None:
    client, course = studio.a_client("stranger"), studio.a_course()
    studio.a_session(START, course)
    enrolled = studio.done(enrol_client, EnrolClient(course, client, PaymentState.PAID, frozenset()))
    with pytest.raises(NotFound):
        studio.done(erasing.end_enrolment, known(enrolled.enrolment), "owner")
    with pytest.raises(NotFound):
        studio.done(erase, (client, frozenset()), "owner")


def test_a4_nobody_is_made_of_who_is_erased(studio: StudioInMemory) -> None:
    client = studio.a_client()
    erased(studio, client)
    link = LinkClient(client, email_of("stranger"))
    for service, command in ((link_client, link), (update_client, UpdateClient(client, {}, archived=False))):
        assert studio.codes(service, command, "owner") == [RefusalCode.CLIENT_ERASED]


def test_a4_words_about_them_are_taken_away(studio: StudioInMemory) -> None:
    client = studio.a_client()
    credit = studio.a_credit(client)
    studio.rows.credits[credit] = replace(studio.rows.credits[credit], note="A friend.")
    erased(studio, client)
    assert studio.rows.credits[credit].note == ""
    assert {line.note for line in studio.rows.ledgers[credit]} == {""}


def test_a4_who_leaves_the_staff_is_nobody_there(studio: StudioInMemory) -> None:
    staff = studio.instructor_id
    studio.done(erasing.leave_staff, staff, "instructor")
    row = studio.rows.staff[staff]
    assert (row.display_name, row.removed_at) == (STAFF_NAME, NOW)
    studio.done(erasing.leave_staff, staff, "instructor")
    assert studio.rows.staff[staff] == row
    with pytest.raises(NotFound):
        studio.done(erasing.leave_staff, staff, "owner")


def test_a4_the_last_owner_does_not_leave(studio: StudioInMemory) -> None:
    (own,) = (each.id for each in studio.rows.staff.values() if each.role is Role.OWNER)
    assert studio.codes(erasing.leave_staff, own, "owner") == [RefusalCode.LAST_OWNER]
    outcome = delete(studio, "owner")
    assert isinstance(outcome, Refused)
    assert [each.code for each in outcome.reasons] == [RefusalCode.LAST_OWNER]


@pytest.mark.parametrize("who", ["parent", "stranger"])
def test_a4_an_invitation_is_declined_by_whom_it_is_for(studio: StudioInMemory, who: str) -> None:
    key, times = uuid(70), {"created_at": NOW, "expires_at": NOW + LIVES, "changed_at": NOW}
    state = InvitationState.OPEN
    studio.rows.invitations[key] = Invitation(
        studio.id, key, email_of("parent"), Role.MANAGER, "P", state, None, **times
    )
    studio.done(partial(erasing.decline_invitation, email=email_of(who)), key, who)
    row = studio.rows.invitations[key]
    assert (row.state, row.email) == (
        (InvitationState.WITHDRAWN, None) if who == "parent" else (state, email_of("parent"))
    )


def test_a4_an_account_is_deleted_once_nothing_hangs_on_it(studio: StudioInMemory) -> None:
    client = studio.a_client()
    with pytest.raises(StillThere) as left:
        delete(studio)
    assert left.value.belongings.clients == ((studio.id, client),)
    erased(studio, client)
    assert delete(studio) == Done(account=studio.accounts["parent"])
    with pytest.raises(Unauthenticated):
        delete(studio)
    with pytest.raises(Unauthenticated):
        studio.done(clients.create_client, clients.CreateClient("Ada"), "parent")


def test_a4_w1_who_waits_with_a_siblings_credit_is_not_erased_before_they_leave(studio: StudioInMemory) -> None:
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    client, sibling = studio.a_client(), studio.a_client()
    credit, session = studio.a_credit(sibling), studio.a_session(START, capacity=1)
    studio.a_booking(session, studio.a_client("stranger"))
    join = waitlists.JoinWaitlist(session, client, True, credit)
    entry = known(studio.done(waitlists.join_waitlist, join, "parent").entry)
    assert erased(studio, client).client is None
    assert erased(studio, sibling).client is None
    studio.done(waitlists.leave_waitlist, waitlists.LeaveWaitlist(entry), "parent")
    assert erased(studio, client).client == client
    assert erased(studio, sibling).credits == (credit,)

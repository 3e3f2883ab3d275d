"""Races of a seat that comes, or a joining, with staff who archive who waits, or part them from whose credit it is."""

from domain.nouns.credit import CreditState
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services import clients
from tests.persistence.crowds import Crowd, UseCase, cancelling, codes, joining
from tests.persistence.test_queue_races import (
    BOTH_WAYS,
    ENDED,
    GIVEN_UP,
    SEATED,
    WAITING,
    holds,
    one_waits_for_the_other,
)


@BOTH_WAYS
async def test_b4_w2_who_is_archived_while_a_seat_is_given_up_waits_no_more_or_has_the_seat(
    crowd: Crowd, dialect: str, turned: bool
) -> None:
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    client = await crowd.client()
    entry, after = await crowd.join(session, client), await crowd.join(session, await crowd.client())
    archive = clients.UpdateClient(client, {}, archived=True)
    acts: list[UseCase] = [cancelling(seat), lambda work: clients.update_client(work, archive)]

    outcome = await one_waits_for_the_other(crowd, dialect, acts, turned)

    assert isinstance(outcome, Done)
    assert await crowd.states(entry, after) == ([ENDED, SEATED] if turned else [SEATED, WAITING])
    await holds(crowd)


@BOTH_WAYS
async def test_r8_w2_who_is_linked_to_another_account_while_a_siblings_credit_is_to_pay(
    crowd: Crowd, dialect: str, turned: bool
) -> None:
    """They have the seat, or a stranger's credit is free and the next one has it."""
    await crowd.world.policy(creditScope="SAME_ACCOUNT")
    session, (person, _), (other, _) = await crowd.session(13), await crowd.world.person(), await crowd.world.person()
    (seat,) = await crowd.fill(session)
    client, sibling = await crowd.client(person), await crowd.client(person)
    (credit,) = await crowd.credits(sibling)
    entry = await crowd.join(session, client, credit)
    after = await crowd.join(session, await crowd.client())
    link = clients.LinkClient(sibling if turned else client, other.email)
    acts: list[UseCase] = [cancelling(seat), lambda work: clients.link_client(work, link)]

    outcome = await one_waits_for_the_other(crowd, dialect, acts, turned)

    assert isinstance(outcome, Done)
    assert await crowd.states(entry, after) == ([GIVEN_UP, SEATED] if turned else [SEATED, WAITING])
    (row,) = (await crowd.taken()).credits
    assert row.state is (CreditState.ACTIVE if turned else CreditState.USED)
    await holds(crowd)


@BOTH_WAYS
async def test_r8_w1_who_joins_with_a_siblings_credit_while_another_account_comes_to_manage_them(
    crowd: Crowd, dialect: str, turned: bool
) -> None:
    await crowd.world.policy(creditScope="SAME_ACCOUNT")
    session, (person, _), (other, _) = await crowd.session(13), await crowd.world.person(), await crowd.world.person()
    await crowd.fill(session)
    client, sibling = await crowd.client(person), await crowd.client(person)
    (credit,) = await crowd.credits(sibling)
    link = clients.LinkClient(sibling, other.email)
    acts = [joining(session, client, credit), lambda work: clients.link_client(work, link)]

    outcome = await one_waits_for_the_other(crowd, dialect, acts, turned)

    assert codes(outcome) == ([RefusalCode.CREDIT_OF_OTHER_CLIENT] if turned else [])
    assert [each.state for each in (await crowd.taken()).entries] == ([] if turned else [GIVEN_UP])
    assert (await crowd.taken()).credits[0].state is CreditState.ACTIVE
    await holds(crowd)

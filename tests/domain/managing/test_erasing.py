"""A1, A4: who may leave a studio alone, and who is nobody any more."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain.managing.erasing import Change, Leaving, client_is_not_erased, studio_keeps_an_owner
from domain.nouns.client import Client
from domain.nouns.studio import Role, Staff
from domain.refusals import RefusalCode
from tests.domain.builders import ACCOUNT_ID, CLIENT_ID, NOW, OTHER_ID, STUDIO, a_studio, uuid

OWN = uuid(50)


@pytest.mark.parametrize(
    ("owners", "archived", "stays"),
    [({OWN}, False, True), ({OWN}, True, False), ({OWN, OTHER_ID}, False, False), (set[UUID](), False, False)],
)
def test_a1_a_studio_that_is_not_archived_keeps_an_owner(owners: set[UUID], archived: bool, stays: bool) -> None:
    studio = a_studio(archived_at=NOW if archived else None)
    staff = Staff(STUDIO, OWN, ACCOUNT_ID, Role.OWNER, "Olga", created_at=NOW, changed_at=NOW)
    refusal = studio_keeps_an_owner(Leaving(studio, staff, owners), NOW)
    assert (refusal is not None) == stays
    if refusal is not None:
        assert (refusal.code, refusal.actual) == (RefusalCode.LAST_OWNER, studio.slug)


def test_a4_nobody_is_made_anybody_again() -> None:
    client = Client(STUDIO, CLIENT_ID, "Ana", ACCOUNT_ID, None, created_at=NOW, changed_at=NOW)
    assert client_is_not_erased(Change(client), NOW) is None
    refusal = client_is_not_erased(Change(replace(client, erased_at=NOW)), NOW)
    assert refusal is not None
    assert refusal.code is RefusalCode.CLIENT_ERASED

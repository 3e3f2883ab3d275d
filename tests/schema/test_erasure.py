"""A4: an account is deleted. Nothing tells who it was, what happened stays, and all invariants hold."""

from tests.invariants import assert_all_hold
from tests.schema.counting import rows
from tests.schema.lives import NOW, lived
from tests.world import PASSWORD, Api, data, fault


from persistence.database import Database


async def test_a4_nothing_anywhere_tells_who_it_was(api: Api, database: Database) -> None:
    life = await lived(api, database)
    before = {name: sum(life.mark in row for row in found) for name, found in (await rows(database)).items()}
    assert {name for name, number in before.items() if number} == {
        "accounts",
        "staff",
        "staff_invitations",
        "clients",
        "make_up_credits",
        "events",
    }
    preview = await life.person.ask(
        "{ viewer { dataExport accountDeletionPreview { refusals { code } studios { studio { slug } leavesStaff clients waitlistEntries enrolments bookings bookingsThatStay makeUpCredits } } } }",
        now=NOW,
    )
    import json

    print(json.dumps(preview, indent=1))
    answer = await life.person.act("deleteAccount", NOW, password=PASSWORD)
    print(answer)
    assert data(answer)["result"]["deletedAt"]
    after = {name: sum(life.mark in row for row in found) for name, found in (await rows(database)).items()}
    print(after)
    assert set(after.values()) == {0}
    for world in (life.world,):
        await assert_all_hold(database, world.studio, NOW)

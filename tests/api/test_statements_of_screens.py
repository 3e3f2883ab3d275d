"""What a screen costs: the number of its statements, whatever the size of its pages."""

import pytest
from graphql import OperationType

from tests.api.shown import SLUG, Demo
from tests.operations import NAMES, operation
from tests.schema.counting import statements
from tests.world import Json

MOST_STATEMENTS = {
    "Staff": 5,
    "Invitation": 4,
    "AuditTrail": 15,
    "StudioPolicy": 1,
    "SessionCancellation": 10,
    "CourseDetail": 5,
    "Clients": 4,
    "StudioCredits": 9,
    "AttendanceCorrections": 11,
    "Outstanding": 6,
    "CreditReport": 8,
    "ClientsWhoCanBookNothing": 5,
    "Welcome": 5,
    "DeletionPreview": 20,
    "DataExport": 25,
    "Roster": 8,
    "SessionWaitlist": 10,
    "MyWaitlist": 12,
    "Schedule": 10,
    "MakeUpOptions": 10,
    "SwapOptions": 15,
    "Session": 17,
    "MyCredits": 12,
    "MyBookings": 20,
    "Absence": 10,
    "ClientDetail": 21,
    "FamilySession": 15,
    "FamilyAbsence": 15,
}
"""For each screen, whatever the size of its pages. Lists that are drawn side by side may share what they load."""


async def variables(shown: Demo, name: str) -> tuple[str, Json, str | None]:
    """Who draws a screen, of what, and the variable that says how much of it."""
    ema = (await shown.clients("petr"))["Ema Černá"]
    upcoming = (await shown.ask("petr", "MyBookings", client=ema))["upcoming"]["nodes"]
    session = upcoming[0]["session"]["id"]
    waits = (await shown.ask("instructor", "MyWaitlist"))["waiting"]["nodes"][0]["client"]["id"]
    credit = (await shown.ask("petr", "MyCredits"))["spendable"]["nodes"][0]["id"]
    (invited,) = (await shown.ask("owner", "Staff", studio=SLUG))["studio"]["invitations"]["nodes"]
    days = {"studio": SLUG, "from": shown.day(0), "until": shown.day(27), "forClient": True, "client": ema}
    given: dict[str, tuple[str, Json, str | None]] = {
        "Schedule": ("petr", days, "first"),
        "MyBookings": ("petr", {}, "size"),
        "MyCredits": ("petr", {}, "size"),
        "Absence": ("petr", {"client": ema, "from": shown.day(0), "through": shown.day(40)}, None),
        "MakeUpOptions": ("petr", {"credit": credit, "all": True}, "first"),
        "SwapOptions": ("petr", {"booking": upcoming[-1]["id"], "wanted": session}, "first"),
        "SessionWaitlist": ("owner", {"session": await waited_for(shown)}, "first"),
        "MyWaitlist": ("instructor", {}, "size"),
        "Roster": ("owner", {"session": session}, "first"),
        "SessionCancellation": ("manager", {"session": session}, None),
        "Clients": ("owner", {"studio": SLUG}, "first"),
        "StudioCredits": ("owner", {"studio": SLUG, "filter": {"states": ["ACTIVE", "USED"]}}, "first"),
        "AttendanceCorrections": ("owner", {"studio": SLUG}, "first"),
        "ClientDetail": ("owner", {"client": waits}, "size"),
        "Outstanding": ("owner", {"studio": SLUG}, "first"),
        "CreditReport": ("manager", {"studio": SLUG, "from": shown.day(-28), "through": shown.day(28)}, "first"),
        "ClientsWhoCanBookNothing": ("manager", {"studio": SLUG}, "first"),
        "Welcome": ("petr", {"studio": SLUG}, None),
        "DeletionPreview": ("petr", {}, None),
        "DataExport": ("petr", {}, None),
        "CourseDetail": ("owner", {"course": upcoming[0]["session"]["course"]["id"]}, "first"),
        "Staff": ("owner", {"studio": SLUG, "removedToo": True}, "first"),
        "Invitation": ("petr", {"code": invited["code"]}, None),
        "AuditTrail": ("owner", {"studio": SLUG}, "last"),
        "StudioPolicy": ("petr", {"studio": SLUG}, None),
        "Session": ("petr", {"session": session, "client": ema}, None),
        "FamilySession": ("petr", {"session": session}, None),
        "FamilyAbsence": ("petr", {"from": shown.day(0), "through": shown.day(40)}, None),
    }
    return given[name]


async def waited_for(shown: Demo) -> str:
    """A session for which some wait."""
    (place, *_) = (await shown.ask("instructor", "MyWaitlist"))["waiting"]["nodes"]
    return place["session"]["id"]


def test_every_screen_is_counted() -> None:
    assert {name for name in NAMES if operation(name).operation is OperationType.QUERY} == MOST_STATEMENTS.keys()


@pytest.mark.parametrize("name", MOST_STATEMENTS)
async def test_a_screen_takes_few_statements_however_long_its_pages_are(shown: Demo, name: str) -> None:
    who, given, size = await variables(shown, name)
    for rows in (3, 40) if size else (0,):
        counts: list[int] = []
        for _ in range(3):
            with statements() as sent:
                await shown.ask(who, name, **given, **({size: rows} if size else {}))
            counts.append(len(sent))
        # Lists side by side may miss each other's batch by chance; a statement for each row is there every time.
        assert min(counts) <= MOST_STATEMENTS[name]

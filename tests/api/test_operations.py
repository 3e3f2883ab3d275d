"""What a phone and a dashboard draw, each in one request, on the demo."""

import re
from pathlib import Path

from graphql import build_schema, parse, validate

from tests.api.shown import SLUG, Demo
from tests.operations import FOLDER, NAMES, document, fragments, operation, spreads
from tests.world import Json

ROOT = Path(__file__).parents[2]


def test_every_operation_stands_in_a_file_of_its_name_and_fits_the_schema() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    used: set[str] = set()
    for name in NAMES:
        written = operation(name)
        assert written.name is not None
        assert written.name.value == name
        assert validate(schema, parse(document(name))) == [], name
        used |= {each for each in fragments() if f"fragment {each} on" in document(name)}
    assert used == fragments().keys()
    assert spreads(operation("Schedule"))
    assert len(NAMES) > 10


def test_the_readme_names_every_screen() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = re.findall(rf"\({FOLDER.relative_to(ROOT)}/([A-Z]\w+)\.graphql\)", readme)
    assert sorted(linked) == NAMES


async def test_welcome_tells_a_parent_for_whom_they_book_and_a_visitor_the_studio(shown: Demo) -> None:
    assert set(await shown.clients("petr")) == {"Ema Černá", "Jan Černý"}
    visitor = await shown.ask(None, "Welcome", studio=SLUG)
    assert visitor["viewer"] is None
    assert visitor["studio"]["timeZone"] == "Europe/Prague"
    assert "Yoga" in visitor["studio"]["categories"]


async def test_the_schedule_is_drawn_by_day_for_a_visitor_and_for_a_client(shown: Demo) -> None:
    days = {"studio": SLUG, "from": shown.day(0), "until": shown.day(13)}
    visitor = await shown.ask(None, "Schedule", **days, forClient=False)
    dates = [session["date"] for session in visitor["sessions"]["nodes"]]
    assert dates == sorted(dates)
    assert len(set(dates)) > 7
    assert {shown.day(0) <= day <= shown.day(13) for day in dates} == {True}

    ema = (await shown.clients("petr"))["Ema Černá"]
    client = await shown.ask("petr", "Schedule", **days, forClient=True, client=ema)
    sessions = client["sessions"]["nodes"]
    assert [session["id"] for session in sessions] == [session["id"] for session in visitor["sessions"]["nodes"]]
    assert {session["bookingEligibility"]["eligible"] for session in sessions} == {True, False}
    assert any(session["myBookings"] for session in sessions)
    yoga = await shown.ask(None, "Schedule", **days, forClient=False, category="Yoga")
    assert {session["category"] for session in yoga["sessions"]["nodes"]} == {"Yoga"}


async def test_a_session_tells_a_client_what_they_have_there_and_can_have(shown: Demo) -> None:
    ema = (await shown.clients("petr"))["Ema Černá"]
    mine = (await shown.ask("petr", "MyBookings", client=ema))["upcoming"]["nodes"][0]
    session = (await shown.ask("petr", "Session", session=mine["session"]["id"], client=ema))["node"]
    assert session["myBookings"][0]["id"] == mine["id"]
    assert session["myBookings"][0]["cancellationPreview"]["deadline"] == mine["session"]["cancellationDeadline"]
    assert "ALREADY_BOOKED" in [reason["code"] for reason in session["bookingEligibility"]["reasons"]]


async def test_a_session_shows_a_parent_each_child_and_what_would_clash(shown: Demo) -> None:
    clients = await shown.clients("petr")
    upcoming = (await shown.ask("petr", "MyBookings", client=clients["Ema Černá"]))["upcoming"]["nodes"]
    (acrobatics,) = [each for each in upcoming if each["session"]["name"] == "Acrobatics for children"]
    (brothers,) = acrobatics["clashes"]
    assert (brothers["client"]["name"], brothers["session"]["name"]) == ("Jan Černý", "Swimming for children")
    found = (await shown.ask("petr", "FamilySession", session=acrobatics["session"]["id"]))["node"]["forMyClients"]
    assert [(each["client"]["name"], bool(each["booking"])) for each in found] == [
        ("Ema Černá", True),
        ("Jan Černý", False),
    ]
    assert [[seat["id"] for seat in each["clashes"]] for each in found] == [[brothers["id"]]] * 2


async def test_my_bookings_are_those_to_come_those_given_up_and_those_behind(shown: Demo) -> None:
    found = await shown.ask("petr", "MyBookings")
    now = shown.filled.now.isoformat().replace("+00:00", "Z")
    assert {booking["session"]["startsAt"] > now for booking in found["upcoming"]["nodes"]} == {True}
    assert {booking["session"]["startsAt"] <= now for booking in found["past"]["nodes"]} == {True}
    assert {booking["status"] for booking in found["upcoming"]["nodes"]} == {"BOOKED"}
    assert all(booking["cancellationPreview"] for booking in found["upcoming"]["nodes"])
    (given_up,) = found["givenUp"]["nodes"]
    assert given_up["undoPreview"]["refusals"] == []
    assert given_up["undoPreview"]["creditTakenBack"]["id"] == given_up["earnedCredit"]["id"]


async def test_a_family_that_is_away_sees_the_seats_of_each_child(shown: Demo) -> None:
    found = (await shown.ask("petr", "FamilyAbsence", **{"from": shown.day(0), "through": shown.day(365)}))["viewer"]
    for child in found["clients"]["nodes"]:
        upcoming = (await shown.ask("petr", "MyBookings", client=child["id"], size=100))["upcoming"]["nodes"]
        parts = child["absencePreview"]["parts"]
        assert [part["booking"]["id"] for part in parts] == [booking["id"] for booking in upcoming] != []


async def test_we_are_away_shows_each_seat_to_come_and_what_all_of_them_bring(shown: Demo) -> None:
    ema = (await shown.clients("petr"))["Ema Černá"]
    upcoming = (await shown.ask("petr", "MyBookings", client=ema, size=100))["upcoming"]["nodes"]
    given = {"client": ema, "from": shown.day(0), "through": shown.day(365)}
    away = (await shown.ask("petr", "Absence", **given))["node"]["absencePreview"]
    parts = away["parts"]
    assert [part["booking"]["id"] for part in parts] == [booking["id"] for booking in upcoming]
    assert len(parts) > 1
    assert away["creditsEarned"] == [part["outcome"] for part in parts].count("CREDIT") > 0


async def test_my_credits_are_those_to_spend_and_those_gone_with_their_ledgers(shown: Demo) -> None:
    kinds: set[str] = set()
    for who in ("petr", "maya", "instructor"):
        found = await shown.ask(who, "MyCredits")
        assert {credit["state"] for credit in found["spendable"]["nodes"]} <= {"ACTIVE"}
        assert found["spendable"]["totalCount"] == len(found["spendable"]["nodes"])
        kinds |= {credit["state"] for credit in (*found["spendable"]["nodes"], *found["gone"]["nodes"])}
        for credit in found["gone"]["nodes"]:
            assert credit["ledger"][0]["kind"] == "ISSUED"
    assert {"ACTIVE", "USED"} <= kinds


async def test_who_waits_sees_where_they_stand_and_staff_see_all_who_do(shown: Demo) -> None:
    (mine,) = (await shown.ask("instructor", "MyWaitlist"))["waiting"]["nodes"]
    assert (mine["client"]["name"], mine["withCredit"], mine["credit"]) == ("Ivan Dvořák", False, None)
    assert [reason["code"] for reason in mine["claimEligibility"]["reasons"]] == ["OFFER_GONE"]
    assert (mine["session"]["seatsLeft"], mine["session"]["seatsOnOffer"]) == (0, 0)
    for who in ("owner", "manager"):
        found = (await shown.ask(who, "SessionWaitlist", session=mine["session"]["id"]))["node"]
        queue = found["waitlist"]["nodes"]
        assert [entry["position"] for entry in queue] == list(range(1, found["waiting"] + 1))
        assert (queue[-1]["id"], queue[-1]["position"]) == (mine["id"], mine["position"])
        assert {entry["withCredit"] for entry in queue} == {True, False}
        assert all(bool(entry["credit"]) == entry["withCredit"] for entry in queue)


async def test_the_options_of_a_credit_can_be_booked_and_the_others_say_why_not(shown: Demo) -> None:
    credit = (await shown.ask("petr", "MyCredits"))["spendable"]["nodes"][0]["id"]
    options = (await shown.ask("petr", "MakeUpOptions", credit=credit))["makeUpOptions"]["nodes"]
    assert options
    assert all(session["makeUpEligibility"]["eligible"] for session in options)
    every = (await shown.ask("petr", "MakeUpOptions", credit=credit, all=True))["makeUpOptions"]["nodes"]
    refused = [session for session in every if not session["makeUpEligibility"]["eligible"]]
    assert refused
    assert all(session["makeUpEligibility"]["reasons"] for session in refused)


async def test_what_a_booking_can_be_swapped_for_is_shown_and_what_it_cannot_says_why(shown: Demo) -> None:
    ema = (await shown.clients("petr"))["Ema Černá"]
    upcoming = (await shown.ask("petr", "MyBookings", client=ema))["upcoming"]["nodes"]
    mine = upcoming[-1]
    own = await shown.ask("petr", "SwapOptions", booking=mine["id"], wanted=mine["session"]["id"])
    assert [reason["code"] for reason in own["wanted"]["swapEligibility"]["reasons"]] == ["SAME_SESSION"]
    options = own["booking"]["swapOptions"]["nodes"]
    assert options
    for session in options:
        asked = await shown.ask("petr", "SwapOptions", booking=mine["id"], wanted=session["id"], first=1)
        assert asked["wanted"]["swapEligibility"] == {"eligible": True, "reasons": []}


async def test_an_instructor_draws_the_roster_of_a_session_of_theirs(shown: Demo) -> None:
    days = {"studio": SLUG, "from": shown.day(0), "until": shown.day(13)}
    schedule = await shown.ask(None, "Schedule", **days, forClient=False)
    taught = [each for each in schedule["sessions"]["nodes"] if each["instructor"]["displayName"] == "Ivan Dvořák"]
    (busy, *_) = [session["id"] for session in taught if session["seatsLeft"] < session["capacity"]]
    for who in ("instructor", "owner", "manager"):
        roster = (await shown.ask(who, "Roster", session=busy))["node"]["bookings"]
        names = [booking["client"]["name"] for booking in roster["nodes"]]
        assert names
        assert roster["totalCount"] == len(names)


async def test_staff_find_a_client_and_see_all_of_them(shown: Demo) -> None:
    listed = (await shown.ask("manager", "Clients", studio=SLUG, first=100))["studio"]["clients"]
    assert listed["totalCount"] == len(listed["nodes"]) > 30
    guests = [client for client in listed["nodes"] if not client["hasAccount"]]
    assert len(guests) >= 2
    ema = (await shown.clients("petr"))["Ema Černá"]
    detail = (await shown.ask("manager", "ClientDetail", client=ema))["node"]
    assert detail["name"] == "Ema Černá"
    assert detail["enrolments"]["nodes"]
    assert detail["upcoming"]["nodes"]
    assert detail["past"]["nodes"]
    (mine,) = (await shown.ask("instructor", "MyWaitlist"))["waiting"]["nodes"]
    (place,) = (await shown.ask("manager", "ClientDetail", client=mine["client"]["id"]))["node"]["waiting"]["nodes"]
    for field in ("id", "position", "joinedAt", "withCredit"):
        assert place[field] == mine[field]
    assert place["session"]["id"] == mine["session"]["id"]


async def test_staff_watch_what_is_owed_what_happened_and_whose_credits_can_book_nothing(shown: Demo) -> None:
    reports = (await shown.ask("owner", "Outstanding", studio=SLUG, first=100))["studio"]["reports"]
    owed, clients = reports["outstanding"], reports["clientsWithOutstanding"]["nodes"]
    for part in (owed["byMonth"], [client["outstanding"] for client in clients]):
        assert sum(each["credits"] for each in part) == owed["credits"] > 10
        assert sum(each["worth"]["amount"] for each in part) == owed["worth"]["amount"] > 0
        assert sum(each["unvalued"] for each in part) == owed["unvalued"]
    assert owed["worth"]["currency"] == "CZK"
    days = {"from": shown.day(-28), "through": shown.day(28)}
    period = (await shown.ask("manager", "CreditReport", studio=SLUG, **days, first=100))["studio"]["reports"]
    happened = ("earned", "excused", "compensated", "granted", "used", "restored", "expired", "undone")
    assert all(period["credits"][name] > 0 for name in happened)
    assert period["credits"]["redemptionRate"] + period["credits"]["breakageRate"] < 1
    sessions = period["sessionsFilledByMakeUps"]["nodes"]
    assert sum(session["makeUpBookings"] for session in sessions) == period["seats"]["makeUps"] > 0
    idle = (await shown.ask("manager", "ClientsWhoCanBookNothing", studio=SLUG))["studio"]["reports"]
    assert idle["clientsWhoCanBookNothing"]["nodes"]
    assert {client["id"] for client in idle["clientsWhoCanBookNothing"]["nodes"]} < {each["id"] for each in clients}


async def test_anybody_reads_what_the_studio_has_decided(shown: Demo) -> None:
    policy = (await shown.ask(None, "StudioPolicy", studio=SLUG))["studio"]["policy"]
    assert policy["makeUpsEnabled"] is True
    assert policy["validity"]["days"] == 14


async def test_the_owner_sees_the_staff_and_who_is_invited(shown: Demo) -> None:
    there = (await shown.ask("owner", "Staff", studio=SLUG))["studio"]
    names = [each["displayName"] for each in there["staff"]["nodes"]]
    assert names == sorted(names)
    assert "Věra Holubová" not in names
    everybody = (await shown.ask("owner", "Staff", studio=SLUG, removedToo=True))["studio"]["staff"]["nodes"]
    (gone,) = [each for each in everybody if each["removedAt"]]
    assert (gone["displayName"], gone["role"]) == ("Věra Holubová", None)
    (invited,) = there["invitations"]["nodes"]
    assert (invited["email"], invited["state"], bool(invited["code"])) == ("new@example.com", "OPEN", True)


async def test_the_owner_reads_the_trail_back_from_its_newest_page_to_its_beginning(shown: Demo) -> None:
    told: list[Json] = []
    before: str | None = None
    while True:
        page = (await shown.ask("owner", "AuditTrail", studio=SLUG, last=100, before=before))["studio"]["auditTrail"]
        told = [*page["nodes"], *told]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert len(told) > 200
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    assert told[0]["kind"] == "STUDIO_CREATED"
    assert {each["actor"]["staffMember"]["displayName"] for each in told if each["kind"] == "STAFF_REMOVED"} == {
        "Olga Nováková"
    }
    by_clients = [each["actor"]["clients"] for each in told if each["actor"] and not each["actor"]["staffMember"]]
    assert by_clients
    assert all(by_clients)

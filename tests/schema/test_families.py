"""F1 and A1 on the wire: what a family sees of itself, what staff see of it, and what nobody else does."""

from dataclasses import dataclass, field

import pytest

from tests.schema.counting import statements
from tests.schema.things import another
from tests.world import Json, Person, World, codes, data, fault, unique

NOW = "2026-11-22T17:00:00Z"
AT, OVERLAPPING, TOUCHING = "2026-12-13T17:00:00Z", "2026-12-13T17:30:00Z", "2026-12-13T18:00:00Z"
OF_BOOKING = "query ($id: ID!) { node(id: $id) { ... on Booking { clashes { id } } } }"
OF_SESSION = """query ($id: ID!, $client: ID) { node(id: $id) { ... on Session {
  clashes(clientId: $client) { id client { id } session { id studio { id } } } } } }"""
FAMILY = """query ($id: ID!) { node(id: $id) { ... on Session { forMyClients { client { id name } booking { id }
  waitlistEntry { id } bookingEligibility { eligible reasons { code } }
  makeUpEligibility { eligible credit { id client { id } } reasons { code } }
  waitlistEligibility(withCredit: true) { eligible credit { id } reasons { code } } clashes { id } } } } }"""
SINGLE = """query ($id: ID!, $client: ID!) { node(id: $id) { ... on Session {
  bookingEligibility(clientId: $client) { eligible reasons { code } }
  makeUpEligibility(clientId: $client) { eligible credit { id client { id } } reasons { code } }
  waitlistEligibility(clientId: $client, withCredit: true) { eligible credit { id } reasons { code } }
  clashes(clientId: $client) { id } } } }"""


@dataclass
class Family:
    """A parent of two children at one studio and of a third at another, each with a seat at the same time."""

    here: World
    there: World
    parent: Person
    children: list[str] = field(default_factory=list[str])
    seats: list[str] = field(default_factory=list[str])

    @property
    def child(self) -> str:
        return self.children[0]


@pytest.fixture
async def family(world: World) -> Family:
    elsewhere = await World.founded(world.api, "America/New_York")
    parent, ema = await world.person("Ema")
    jan, leo = await world.client(parent, "Jan"), await elsewhere.client(parent, "Leo")
    made = Family(world, elsewhere, parent, [ema, jan, leo])
    for place, child in ((world, ema), (world, jan), (elsewhere, leo)):
        made.seats.append(await place.booked(await place.session(None, AT), child))
    return made


async def of_booking(person: Person, booking: str) -> list[str] | None:
    found = data(await person.ask(OF_BOOKING, {"id": booking}, NOW))["node"]["clashes"]
    return None if found is None else [each["id"] for each in found]


async def of_session(person: Person, session: str, client: str | None = None) -> list[str]:
    found = data(await person.ask(OF_SESSION, {"id": session, "client": client}, NOW))["node"]["clashes"]
    return [each["id"] for each in found]


async def test_f1_the_account_is_told_of_all_its_clients_at_all_studios_and_each_seat_of_the_others(
    family: Family,
) -> None:
    for seat in family.seats:
        assert await of_booking(family.parent, seat) == sorted({*family.seats} - {seat})


async def test_f1_staff_are_told_of_the_seats_at_their_own_studio_alone(family: Family) -> None:
    ema, jan, leo = family.seats
    manager, _ = await family.here.staff("MANAGER")
    for person in (family.here.owner, manager):
        assert await of_booking(person, ema) == [jan]
        assert await of_booking(person, jan) == [ema]
        assert await of_session(person, await family.here.session(None, OVERLAPPING), family.child) == [ema, jan]
        assert data(await person.ask(OF_BOOKING, {"id": leo}, NOW)) == {"node": None}
    assert await of_booking(family.there.owner, leo) == []


async def test_f1_nothing_crosses_studios_for_who_is_staff_of_both(family: Family) -> None:
    both, _ = await family.here.staff("MANAGER")
    await family.there.joined(both, "MANAGER")
    ema, jan, leo = family.seats
    assert await of_booking(both, ema) == [jan]
    assert await of_booking(both, leo) == []


async def test_f1_a_parent_who_is_staff_here_is_told_of_their_own_children_everywhere(family: Family) -> None:
    await family.here.joined(family.parent, "MANAGER")
    assert await of_booking(family.parent, family.seats[0]) == sorted(family.seats[1:])
    _, stranger = await family.here.person("Eva")
    other = await family.here.booked(await family.here.session(None, AT), stranger)
    assert await of_booking(family.parent, other) == []


async def test_f1_an_instructor_is_told_nothing_and_a_stranger_finds_nothing(family: Family) -> None:
    teacher, teacher_id = await family.here.staff("INSTRUCTOR")
    taught = await family.here.session(None, OVERLAPPING, instructorId=teacher_id)
    seat = await family.here.booked(taught, family.child)
    assert await of_booking(teacher, seat) is None
    stranger, _ = await family.here.person("Eva")
    for person in (teacher, stranger, family.there.owner):
        for client in (family.child, another(family.child)):
            assert fault(await person.ask(OF_SESSION, {"id": taught, "client": client}, NOW)) == "NOT_FOUND"
    anonymous = await family.here.api.answer(OF_SESSION, {"id": taught}, token=None, now=NOW)
    assert fault(anonymous) == "UNAUTHENTICATED"


async def test_f1_a_guest_clashes_with_themselves_and_with_no_other_guest(world: World) -> None:
    guest, other = await world.client(name="Gil"), await world.client(name="Gus")
    seats = [await world.booked(await world.session(None, AT), client) for client in (guest, other)]
    wanted = await world.session(None, OVERLAPPING)
    assert await of_session(world.owner, wanted, guest) == [seats[0]]
    assert await of_booking(world.owner, seats[0]) == []


async def test_f1_a_warning_is_no_refusal_and_the_act_says_what_it_said_before(family: Family) -> None:
    wanted = await family.here.session(None, OVERLAPPING)
    before = data(await family.parent.ask(OF_SESSION, {"id": wanted, "client": family.child}, NOW))["node"]["clashes"]
    assert {each["session"]["studio"]["id"] for each in before} == {family.here.studio, family.there.studio}
    assert [each["client"]["id"] for each in before if each["id"] == family.seats[1]] == [family.children[1]]

    book = """mutation ($input: BookSessionInput!) { bookSession(input: $input) { ... on SessionBooked {
      booking { id clashes { id client { id } session { id studio { id } } } } } } }"""
    given = {"sessionId": wanted, "clientId": family.child, "idempotencyKey": unique("key")}
    made = data(await family.parent.ask(book, {"input": given}, NOW))["bookSession"]["booking"]
    assert made["clashes"] == before
    assert data(await family.parent.ask(book, {"input": given}, NOW))["bookSession"]["booking"] == made
    assert await of_booking(family.parent, family.seats[1]) == [*sorted([family.seats[0], family.seats[2]]), made["id"]]


async def test_f1_touching_sessions_do_not_clash_and_a_move_can_make_them(family: Family) -> None:
    next_one = await family.here.session(None, TOUCHING)
    assert await of_session(family.parent, next_one, family.child) == []
    times = {"startsAt": "2026-12-13T17:59:59.999999Z", "endsAt": "2026-12-13T19:00:00Z"}
    await family.here.owner.do("moveSession", NOW, sessionId=next_one, **times)
    assert await of_session(family.parent, next_one, family.child) == sorted(family.seats)


async def test_f1_what_is_given_up_or_called_off_clashes_no_more(family: Family) -> None:
    ema, jan, leo = family.seats
    await family.parent.do("cancelBooking", NOW, bookingId=jan)
    assert await of_booking(family.parent, ema) == [leo]
    assert await of_booking(family.parent, jan) == []
    session = "query ($id: ID!) { node(id: $id) { ... on Booking { session { id } } } }"
    off = data(await family.parent.ask(session, {"id": leo}, NOW))["node"]["session"]["id"]
    await family.there.owner.do("cancelSession", NOW, sessionId=off, compensation="NONE")
    assert await of_booking(family.parent, ema) == []
    assert await of_session(family.parent, off, family.children[2]) == []


async def test_f1_siblings_in_one_session_are_together(family: Family) -> None:
    session = await family.here.session(None, "2026-12-20T17:00:00Z")
    seat = await family.here.booked(session, family.child)
    assert await of_session(family.parent, session, family.children[1]) == []
    assert await of_booking(family.parent, seat) == []


async def test_a1_who_is_given_to_another_account_is_no_more_of_the_family(family: Family) -> None:
    ema, jan, leo = family.seats
    other = await Person.signed_up(family.here.api, "Oto")
    await family.here.owner.do("linkClient", NOW, clientId=family.children[1], email=other.email)
    assert await of_booking(family.parent, ema) == [leo]
    assert await of_booking(other, jan) == []
    assert await of_booking(family.here.owner, ema) == []


async def test_f1_one_screen_shows_the_family_at_a_session_as_the_single_fields_do(world: World) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, ema = await world.person("Ema")
    jan, zoe = await world.client(parent, "Jan"), await world.client(parent, "Zoe")
    await world.archive(await world.client(parent, "Former"))
    elsewhere = await World.founded(world.api)
    await elsewhere.client(parent, "Leo")
    (credit,) = await world.granted(jan)
    session = await world.session(None, AT, capacity=1)
    seat = await world.booked(session, ema)
    entry = await world.waits(session, zoe, NOW)
    clash = await world.booked(await world.session(None, OVERLAPPING), ema)

    shown = data(await parent.ask(FAMILY, {"id": session}, NOW))["node"]["forMyClients"]

    assert [each["client"]["name"] for each in shown] == ["Ema", "Jan", "Zoe"]
    assert [each["booking"] for each in shown] == [{"id": seat}, None, None]
    assert [each["waitlistEntry"] for each in shown] == [None, None, {"id": entry}]
    assert [each["clashes"] for each in shown] == [[{"id": clash}]] * 3
    assert [each["makeUpEligibility"]["credit"] for each in shown] == [{"id": credit, "client": {"id": jan}}] * 3
    assert shown[1]["waitlistEligibility"] == {"eligible": True, "reasons": [], "credit": {"id": credit}}
    for each in shown:
        single = data(await parent.ask(SINGLE, {"id": session, "client": each["client"]["id"]}, NOW))["node"]
        assert single == {name: each[name] for name in single}
    for person in (world.owner, elsewhere.owner):
        assert data(await person.ask(FAMILY, {"id": session}, NOW))["node"]["forMyClients"] == []
    visitor = await world.api.answer(FAMILY, {"id": session}, token=None, now=NOW)
    assert data(visitor)["node"]["forMyClients"] == []


async def test_f1_clashes_take_as_many_statements_however_many_rows_and_children_there_are(family: Family) -> None:
    listed = "query { bookings(first: 100) { nodes { id clashes { id } } } }"
    taken, nodes = list[int](), list[Json]()
    for _ in range(2):
        with statements() as sent:
            nodes = data(await family.parent.ask(listed, None, NOW))["bookings"]["nodes"]
        taken.append(len(sent))
        for place in (family.here, family.there):
            for number in range(3):
                child = await place.client(family.parent, f"Child {number}")
                await place.booked(await place.session(None, OVERLAPPING), child)
                await place.booked(await place.session(None, f"2027-01-0{number + 1}T17:00:00Z"), child)
    assert len(nodes) == 15
    assert taken[0] == taken[1]


async def test_f1_staff_see_a_page_of_many_families_and_guests_in_as_many_statements_as_of_few(world: World) -> None:
    """Of overnight sessions too: one that began the evening before meets one at dawn."""
    listed = "query ($slug: String!) { studio(slug: $slug) { bookings(first: 100) { nodes { id clashes { id } } } } }"
    night = await world.session(None, "2026-12-12T20:00:00Z", "2026-12-13T07:00:00Z", capacity=50)
    dawn = await world.session(None, "2026-12-13T05:00:00Z", capacity=50)
    taken, nodes = list[int](), list[Json]()
    for part in range(2):
        for number in range(2 + 4 * part):
            parent, child = await world.person(f"Child {number}")
            for client in (child, await world.client(parent, "Sibling"), await world.client(name="Guest")):
                await world.booked(night, client)
            await world.booked(dawn, child)
        with statements() as sent:
            nodes = data(await world.owner.ask(listed, {"slug": world.slug}, NOW))["studio"]["bookings"]["nodes"]
        taken.append(len(sent))
    assert taken[0] == taken[1]
    assert sorted(len(each["clashes"]) for each in nodes) == [0] * 8 + [1] * 16 + [2] * 8


async def test_f1_a_parent_who_teaches_here_is_told_of_their_own_child_and_of_no_other(family: Family) -> None:
    await family.here.joined(family.parent, "INSTRUCTOR")
    assert await of_booking(family.parent, family.seats[0]) == sorted(family.seats[1:])
    _, other = await family.here.person("Eva")
    others = await family.here.booked(await family.here.session(None, AT), other)
    assert data(await family.parent.ask(OF_BOOKING, {"id": others}, NOW)) == {"node": None}


async def test_f1_a_seat_that_was_kept_when_its_client_was_archived_still_clashes(family: Family) -> None:
    ema, jan, leo = family.seats
    await family.here.archive(family.children[1])
    assert await of_booking(family.parent, ema) == sorted([jan, leo])
    assert await of_booking(family.here.owner, ema) == [jan]


async def test_f1_a_schedule_for_the_family_takes_as_many_statements_however_long_it_is(family: Family) -> None:
    fields = FAMILY[FAMILY.index("forMyClients") : -len(" } } }")]
    listed = f"query ($slug: String!) {{ sessions(studioSlug: $slug, first: 100) {{ nodes {{ {fields} }} }} }}"
    taken, nodes = list[int](), list[Json]()
    for _ in range(2):
        with statements() as sent:
            nodes = data(await family.parent.ask(listed, {"slug": family.here.slug}, NOW))["sessions"]["nodes"]
        taken.append(len(sent))
        for number in range(4):
            await family.here.session(None, f"2026-12-1{number}T17:00:00Z")
    assert len(nodes) == 6
    assert taken[0] == taken[1]


async def test_a_family_is_away_in_one_request_and_each_child_is_judged_alone(family: Family) -> None:
    asked = """query ($from: Date!, $through: Date!) { viewer { clients { nodes { id absencePreview(
      from: $from, through: $through) { parts { booking { id } outcome } } } } } }"""
    days = {"from": "2026-12-13", "through": "2026-12-13"}
    found = data(await family.parent.ask(asked, days, NOW))["viewer"]["clients"]["nodes"]
    told = {each["id"]: [part["booking"]["id"] for part in each["absencePreview"]["parts"]] for each in found}
    assert told == {child: [seat] for child, seat in zip(family.children, family.seats, strict=True)}


async def test_several_acts_in_one_request_are_each_done_or_refused_alone(family: Family) -> None:
    wanted = await family.here.session(None, "2026-12-20T17:00:00Z", capacity=1)
    other = await family.there.session(None, "2026-12-20T17:00:00Z")

    def given(session: str, child: int) -> Json:
        return {"sessionId": session, "clientId": family.children[child], "idempotencyKey": unique("key")}

    asked = f"""mutation ($a: BookSessionInput!, $b: BookSessionInput!, $c: BookSessionInput!) {{
      a: bookSession(input: $a) {{ {CHILD} }} b: bookSession(input: $b) {{ {CHILD} }}
      c: bookSession(input: $c) {{ {CHILD} }} }}"""
    acts = {"a": given(wanted, 0), "b": given(wanted, 1), "c": given(other, 2)}
    first = data(await family.parent.ask(asked, acts, NOW))
    assert [first[name]["__typename"] for name in "abc"] == ["SessionBooked", "Refused", "SessionBooked"]
    assert codes(first["b"]) == ["SESSION_FULL"]
    assert data(await family.parent.ask(asked, acts, NOW)) == first
    listed = await family.parent.ask(
        'query { bookings(filter: {startsFrom: "2026-12-20T00:00:00Z"}) { nodes { id } } }'
    )
    assert len(data(listed)["bookings"]["nodes"]) == 2

    unseen = {**acts, "b": {**given(wanted, 1), "clientId": another(family.child)}, "c": given(other, 2)}
    faulty = await family.parent.ask(asked, unseen, NOW)
    assert fault(faulty) == "NOT_FOUND"
    assert faulty["errors"][0]["path"] == ["b"]
    assert (faulty["data"]["a"], faulty["data"]["b"]) == (first["a"], None)
    assert codes(faulty["data"]["c"]) == ["ALREADY_BOOKED"]


CHILD = "__typename ... on SessionBooked { booking { id client { id } } } ... on Refused { reasons { code sessionId } }"


async def test_r8_a_credit_says_whose_seats_it_can_pay(world: World) -> None:
    parent, ema = await world.person("Ema")
    jan = await world.client(parent, "Jan")
    former = await world.client(parent, "Former")
    await world.archive(former)
    (credit,) = await world.granted(jan)
    (of_guest,) = await world.granted(await world.client(name="Gil"))
    session = await world.session(None, AT)
    asked = "query ($id: ID!) { node(id: $id) { ... on MakeUpCredit { canPayFor { id } } } }"

    async def payable(person: Person, id: str) -> list[str]:
        found = data(await person.ask(asked, {"id": id}, NOW))["node"]["canPayFor"]
        return [each["id"] for each in found]

    assert await payable(parent, credit) == [jan]
    await world.policy(NOW, creditScope="SAME_ACCOUNT")
    assert await payable(parent, credit) == await payable(world.owner, credit) == [ema, jan]
    assert await payable(world.owner, of_guest) == []
    await parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=ema, creditId=credit)
    assert await payable(parent, credit) == []

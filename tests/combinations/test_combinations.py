"""Every pair of policy settings together, in the product and in the oracle, through a whole life of credits."""

from functools import cache
from itertools import combinations

from domain.cancellation.cancelling import CODES as CANCELLING_CODES
from domain.nouns.booking import CancellationOutcome, EarnedNothing
from domain.nouns.policy import SETTINGS, Level
from domain.refusals import RefusalCode
from domain.spending.make_ups import CODES as SPENDING_CODES
from domain.waiting.joining import CODES as JOINING_CODES
from domain.waiting.leaving import CLAIMING_CODES, LEAVING_CODES
from persistence import migrate
from tests.combinations.choices import CHOICES, DECIDED, FAINT, HIDDEN, OF_GRANTS_ONLY
from tests.combinations.covering import covering_rows, every_pair, pairs_of, rows_with_every_choice
from tests.combinations.life import Beginning, Life
from tests.combinations.telling import Tale
from tests.combinations.watching import Seen, WatchedMemory, WatchedSql
from tests.machine.openings import OPENINGS
from tests.reports.lives import ReportedLife, ReportingHarness

QUEUE_CODES = (*JOINING_CODES, *CLAIMING_CODES, *LEAVING_CODES)
UNSEEN = HIDDEN | OF_GRANTS_ONLY
ROWS = [*covering_rows(CHOICES, UNSEEN), *covering_rows(CHOICES, UNSEEN, FAINT)]
"""Each at another place and time of the year."""
PLACES = [list(OPENINGS)[number % len(OPENINGS)] for number in range(len(ROWS))]
OUT_OF_REACH = {
    # Nothing in a life is archived, or sold only as a whole or not to credits at all; and what the studio cancels is a
    # class, which nobody has given up for a credit and then taken again.
    *(RefusalCode.STUDIO_ARCHIVED, RefusalCode.COURSE_ARCHIVED, RefusalCode.SESSION_ARCHIVED),
    *(RefusalCode.CLIENT_ARCHIVED, RefusalCode.COURSE_NOT_SOLD_PER_SESSION),
    *(RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS, RefusalCode.CREDIT_UNDONE),
    EarnedNothing.ALREADY_CREDITED,
}


def test_every_setting_is_tried_undecided_and_at_every_level_that_can_decide_it():
    tried = {name: {level for level, _ in choices} for name, choices in CHOICES.items()}

    assert tried == {name: {Level.DEFAULT, *levels} for name, levels in SETTINGS.items()}


def assert_that_the_row_held(life: Life, seen: Seen) -> None:
    """Whenever a cancellation or a spending was decided."""
    for targets in seen.values():
        held = [life.row_of(target) for target in targets if target.course is not None]
        assert held
        assert all(each == life.row for each in held), "something else held than the row says"


def test_under_every_pair_of_settings_the_product_in_memory_does_what_the_rule_book_says():
    assert {pair for row in ROWS for pair in pairs_of(row, UNSEEN)} == every_pair(CHOICES)
    told = set[str]()

    for place, row in zip(PLACES, ROWS, strict=True):
        harness = WatchedMemory()
        life = Life(harness, row)
        life.live(place)
        told |= life.tally.keys()
        assert_that_the_row_held(life, harness.seen)

    within_reach = {*EarnedNothing, *CancellationOutcome, *SPENDING_CODES, *CANCELLING_CODES, *QUEUE_CODES}
    within_reach -= OUT_OF_REACH
    assert set(map(repr, within_reach)) - told == set()


def test_each_of_two_choices_changes_what_happens_where_the_other_is_made_too():
    """In one of the table's rows: a product that forgot one of them beside the other would not pass.

    By the oracle, and by outcomes alone. HIDDEN has those pairs, and no others, of which the rules make one idle.
    """
    unproved = every_pair(DECIDED)

    for place, row in zip(PLACES, ROWS, strict=True):
        tale = Tale(place, row)
        matters = cache(tale.matters)
        decided = [(setting, row[setting]) for setting in sorted(row) if row[setting][0] is not Level.DEFAULT]
        for one, other in unproved & set(combinations(decided, 2)):
            if matters(one[0]) and matters(other[0]):
                unproved.discard((one, other))

    idle = {(one, other) if one[0] < other[0] else (other, one) for one, other in HIDDEN}
    assert unproved == idle


def test_on_a_database_every_choice_holds_as_its_level_has_decided_it(empty_url: str):
    migrate.upgrade(empty_url)
    harness = WatchedSql(empty_url)

    for number in rows_with_every_choice(ROWS):
        life = Beginning(harness, ROWS[number], number)
        life.live(PLACES[number])
        assert_that_the_row_held(life, harness.seen)


def test_on_a_database_the_row_that_decides_most_does_what_the_rule_book_says_and_reports_what_was_done(empty_url: str):
    """A whole life takes seconds there: of no other pairs is it proved on a database that both decide.

    Before a midnight that comes twice, so that the reports have to tell which of them ends a day.
    """
    migrate.upgrade(empty_url)
    decided = [sum(level is not Level.DEFAULT for level, _ in row.values()) for row in ROWS]
    most = decided.index(max(decided))

    ReportedLife(ReportingHarness(empty_url), ROWS[most]).live("Azores, before a doubled midnight")

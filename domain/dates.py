"""A range of local dates."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.faults import BadUserInput
from domain.nouns.local_time import end_of, start_of

MOST_DAYS = 366


@dataclass(frozen=True)
class Dates:
    """Local dates of a studio, both included. `BadUserInput` where they end before they begin, or are too many."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadUserInput("The last date lies before the first.", "through")
        if (self.last - self.first).days >= MOST_DAYS:
            raise BadUserInput(f"These are more than {MOST_DAYS} days.", "through")

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant that lies in them, and the first after it that does not."""
        return start_of(self.first, zone), end_of(self.last, zone)

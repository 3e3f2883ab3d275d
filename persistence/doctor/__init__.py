"""Whether all is well in a database: every invariant and every projection, a part of a studio at a time."""

from persistence.doctor.examining import AT_ONCE, Examined, examine, examine_studio, how_many
from persistence.doctor.guards import missing_guards

__all__ = ["AT_ONCE", "Examined", "examine", "examine_studio", "how_many", "missing_guards"]

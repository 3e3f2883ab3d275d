"""All that the rule book says."""

from tests.machine.absence_oracle import AbsenceOracle
from tests.machine.attending_oracle import AttendingOracle
from tests.machine.erasing_oracle import ErasingOracle
from tests.machine.studio_cancelling_oracle import StudioCancellingOracle
from tests.machine.swapping_oracle import SwappingOracle
from tests.machine.undoing_oracle import UndoingOracle
from tests.machine.waiting_oracle import WaitingOracle


class WholeOracle(
    WaitingOracle,
    AttendingOracle,
    SwappingOracle,
    UndoingOracle,
    StudioCancellingOracle,
    AbsenceOracle,
    ErasingOracle,
):
    """Each part says what its acts do, and asks the next of whatever else is said of them."""

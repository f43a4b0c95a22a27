"""An activity as a history has it."""

from dataclasses import dataclass

from ..activity import Activity


@dataclass(frozen=True, slots=True)
class RecordedActivity:
    """An activity and its number in the member's history (the order of recording)."""

    seq: int
    activity: Activity
    #: Whether it is taken whatever the points: something from before was taken back since.
    stands: bool = False

"""What a review decides between the sides of differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotations.records import Action, Annotation
from annotations.review.comparison import Choice, Difference, settle
from tui.alike import Plan
from tui.screens.deciding import Deciding


class Siding(Deciding):
    """The part of a review that takes sides."""

    if TYPE_CHECKING:

        @property
        def difference(self) -> Difference | None: ...

    def choose(self, difference: Difference, choice: Choice) -> None:
        """Take a side of the difference in hand, in one decision, and go on."""
        self.carry_out(self.taking((difference,), choice), (difference.first.id,))

    def taking(self, found: Sequence[Difference], choice: Choice) -> Plan:
        """What taking one side of each of these differences decides."""
        assert self.reading is not None
        own = self.project.layer(self.reading.document.id)
        schema = self.project.schema
        made = tuple(change for one in found for change in settle(one, choice, own, schema))
        stands = any(isinstance(one.after, Annotation) and one.after.status.stands for one in made)
        return Action.ACCEPT if stands else Action.REJECT, made

    def changes_nothing(self, plan: Plan) -> bool:
        """Whether a plan decides nothing; between two sides, to leave one's own is a decision."""
        if self.difference is not None:
            return False
        return super().changes_nothing(plan)

"""The dashboard: progress, pace, accept rates, confusion and scores, drawn; each opens what it counts."""

from __future__ import annotations

from typing import Final

from textual import events, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from annotations.errors import PurportError
from annotations.measure.activity import activity
from annotations.measure.progress import progress
from annotations.measure.verdicts import Place
from annotations.project import Project
from annotations.review.suggestions import Marked
from tui.commands import key_name
from tui.faults import GuardedScreen
from tui.figures import Cell, Figure, figures
from tui.flow import legend
from tui.plots import row
from tui.screens.revealing import ReviewWanted
from tui.status import NARROW
from tui.widgets.line import Line
from tui.widgets.list import List

_TOLD: Final = 200
"""Documents after which one is told how many were counted."""


class DashboardScreen(GuardedScreen[bool]):
    """Figures of one person's work, each opened over it; returns whether one was.

    They are counted in a thread, on the project opened anew, so that keys go on meanwhile.

    Args:
        project: whose annotator's work it is.
    """

    CSS_PATH = "dashboard.tcss"
    AUTO_FOCUS = ""

    class Counted(Message):
        """So many documents were counted; all of them where there are figures, or an error."""

        def __init__(
            self, documents: int, rows: list[Figure] | None = None, error: str = ""
        ) -> None:
            super().__init__()
            self.documents, self.rows, self.error = documents, rows, error

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._figures: list[Figure] = [Figure("Counting …", is_heading=True)]
        self._column = 0
        self._is_counted = False
        self._has_opened = False

    def compose(self) -> ComposeResult:
        yield Line(id="status")
        yield List()
        yield Line(id="detail")
        yield Line(id="keys")

    def on_mount(self) -> None:
        self._list = self.query_one(List)
        self._show(0)
        self._count()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _count(self) -> None:
        worker = get_current_worker()

        def go_on(documents: int) -> bool:
            if documents % _TOLD == 0:
                self.post_message(self.Counted(documents))
            return not worker.is_cancelled

        try:
            project = Project.open(self._project.root, annotator=self._project.annotator)
            try:
                made = activity(project, go_on=go_on)
                if not worker.is_cancelled:
                    counted = progress(project)
                    rows = figures(project, counted, made)
                    rows += [
                        Figure("Left out", about=one.problem, is_heading=True)
                        for one in counted.damage
                    ]
                    self.post_message(self.Counted(len(project.order()), rows))
            finally:
                project.close()
        except PurportError as error:
            self.post_message(self.Counted(0, error=str(error)))

    def reload(self) -> None:
        """Count again what was decided meanwhile."""
        self._count()

    def on_dashboard_screen_counted(self, message: Counted) -> None:
        if message.rows is not None:
            self._figures = message.rows
        elif message.error:
            self._figures = [Figure("Not counted", about=message.error, is_heading=True)]
        elif self._is_counted:
            return  # the figures stand until they are counted again
        else:
            words = f"Counting … {message.documents:,} documents"
            self._figures = [Figure(words, is_heading=True)]
        if self._is_counted:
            self._list.point(min(self._list.current or 0, len(self._figures) - 1))
        else:
            self._show(1 if message.rows else 0)
        self._is_counted = message.rows is not None

    def _show(self, current: int) -> None:
        self._list.show(
            lambda cells: [
                row(one, cells, is_current=place == self._list.current, column=self._column)
                for place, one in enumerate(self._figures)
            ],
            current,
        )

    # What is in hand

    @property
    def _figure(self) -> Figure:
        return self._figures[self._list.current or 0]

    @property
    def _cell(self) -> Cell | None:
        cells = self._figure.cells
        return cells[min(self._column, len(cells) - 1)] if cells else None

    @property
    def _places(self) -> tuple[Place, ...]:
        return self._cell.places if self._cell else self._figure.places

    @property
    def _words(self) -> str:
        """What is in hand, in words."""
        one, cell = self._figure, self._cell
        return f"{one.name} → {cell.column}" if cell else one.name

    def on_list_moved(self) -> None:
        cells = self._list.content_size.width
        who = self._project.annotator
        self.query_one("#status", Line).say(
            [("Figures", "strong"), (f" · {who}", "plain")], [(self._list.place, "muted")]
        )
        count, about = len(self._places), self._figure.about
        said = f"{count:,} behind it" if count else ""
        if self._cell:
            said = f"{self._words}: {self._cell.count:,}"
        elif cells < NARROW and not self._figure.is_above:
            said = f"{self._words}: {' '.join(self._figure.words.split())}"
        self.query_one("#detail", Line).say([(" · ".join(filter(None, (said, about))), "muted")])
        keys = [("enter", "open")] if count else []
        keys += [("↑↓", "row"), *([("←→", "column")] if self._figure.cells else [])]
        keys += [("tab", "next plot"), ("f b", "page"), ("esc", "back")]
        self.query_one("#keys", Line).say(legend(cells, *keys))

    def on_key(self, event: events.Key) -> None:
        key = key_name(event.key, event.character)
        event.stop()
        event.prevent_default()
        if self._list.press(key):
            self._list.renew()
        elif key in ("tab", "shift+tab"):
            self._turn(1 if key == "tab" else -1)
        elif key in ("left", "right") and self._figure.cells:
            last = len(self._figure.cells) - 1
            self._column = min(
                max(0, min(self._column, last) + (1 if key == "right" else -1)), last
            )
            self._list.renew()
        elif key == "enter" and self._places:
            places = ((place.document, place.annotation) for place in self._places)
            review = Marked(self._project, self._words, places)
            self._has_opened = True
            self.post_message(ReviewWanted(review, self.reload))
        elif key in ("escape", "q", "%"):
            self.dismiss(self._has_opened)

    def _turn(self, step: int) -> None:
        """Go to the first row of the next plot or the one before; from the last to the first."""
        heads = [place for place, one in enumerate(self._figures) if one.is_heading]
        here = self._list.current or 0
        plot = sum(place <= here for place in heads) - 1
        place = heads[(plot + step) % len(heads)]
        while place < len(self._figures) - 1 and self._figures[place].is_above:
            place += 1
        self._list.point(place)

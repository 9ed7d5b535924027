"""A small Textual app that reads like the reader does, for the tests of what is sent.

The last row counts the keys, so that a test can wait for one to be worked off.

`tab` goes to the next highlighted word, `f` and `b` turn the page, `w` shows wide characters, `o`
opens a dialog and `escape` closes it, `t` changes the theme, `q` ends it.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from tui.thrift import ThriftyApp

WORDS = "the committee met on monday and Keller said that no further talks were planned in Geneva"
WIDE = "東京 の 会議 は 明日 naïve café 결정 된 계획 的 声明"


class Lines(ScrollView):
    """Rows of words, every seventh highlighted, and one of those the current one."""

    can_focus = True
    wide = False
    current = 0

    def on_mount(self) -> None:
        self.virtual_size = Size(78, 400)

    def words(self, y: int) -> list[str]:
        words = (WIDE if self.wide and y % 3 == 0 else WORDS).split()
        turn = y * 5 % len(words)
        return (words[turn:] + words[:turn])[:12]

    def marks(self, y: int) -> list[int]:
        return [x for x in range(len(self.words(y))) if (y * 12 + x) % 7 == 0]

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        row = y + self.scroll_offset.y
        segments = [Segment(" ", base)]
        for x, word in enumerate(self.words(row)):
            if (row * 12 + x) % 7:
                segments.append(Segment(f"{word} ", base))
                continue
            here = row * 12 + x == self.current
            mark = Style(color="#8ec07c", underline=True, bold=here, reverse=here)
            segments += [
                Segment(word, base + mark),
                Segment(" PER? ", base + Style(color="#928374")),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def step(self) -> None:
        before = self.current // 12
        self.current += 7
        after = self.current // 12
        top, height = self.scroll_offset.y, self.size.height
        if not top <= after < top + height:
            self.scroll_to(y=after, animate=False, force=True, immediate=True)
        for row in (before, after):
            self.refresh_line(row)


class Question(ModalScreen[None]):
    """A box over the page."""

    CSS = "Question { align: center middle; } #box { width: 40; height: 7; border: round green; }"

    def compose(self) -> ComposeResult:
        yield Vertical(Static("Sure? 東京"), id="box")


class ReadingApp(ThriftyApp[None]):
    """The app."""

    CSS = """
    Lines { height: 1fr; scrollbar-size: 0 0; }
    #status, #detail { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, priority=True)
        for key, action in (
            ("tab", "next"),
            ("f", "page(1)"),
            ("b", "page(-1)"),
            ("w", "wide"),
            ("o", "ask"),
            ("escape", "close"),
            ("t", "theme"),
            ("q", "quit"),
        )
    ]

    def __init__(self) -> None:
        super().__init__()
        self.keys = 0
        self.reading = Lines()
        self.status = Static("0 of 400", id="status", markup=False)
        self.detail = Static("ready", id="detail", markup=False)

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.reading
        yield self.detail

    def on_mount(self) -> None:
        self.animation_level = "none"

    def tell(self) -> None:
        self.keys += 1
        self.status.update(f"{self.reading.current} of 400 · anna · saved")
        # In a frame of its own, after the one that the key led to.
        self.screen.call_after_refresh(self.detail.update, f"keys {self.keys}.")

    def action_next(self) -> None:
        self.reading.step()
        self.tell()

    def action_page(self, direction: int) -> None:
        to = self.reading.scroll_offset.y + direction * self.reading.size.height
        self.reading.scroll_to(y=to, animate=False, force=True, immediate=True)
        self.tell()

    def action_wide(self) -> None:
        self.reading.wide = not self.reading.wide
        self.reading.refresh()
        self.tell()

    def action_ask(self) -> None:
        if len(self.screen_stack) == 1:
            self.push_screen(Question())
        self.tell()

    def action_close(self) -> None:
        if len(self.screen_stack) > 1:
            self.pop_screen()
        self.tell()

    def action_theme(self) -> None:
        self.theme = "nord" if self.theme != "nord" else "ansi-dark"
        self.tell()


if __name__ == "__main__":
    ReadingApp().run()

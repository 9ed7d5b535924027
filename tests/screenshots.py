"""The pictures of the README and of the change log, made from the scenes that the tests use.

    python tests/screenshots.py [FOLDER]

writes every picture anew, into `screenshots/` if no folder is named. The same code makes the same
bytes, whatever the terminal, the time and the person; a test holds the stored ones against it.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import scenes
from driver import Reader
from textual._doc import take_svg_screenshot
from textual.pilot import Pilot

FOLDER: Final = Path(__file__).parents[1] / "screenshots"
TITLE: Final = "purport"

_REMOTE_FONT: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""A picture asks no server for its letters; where Fira Code is not at hand, any other will do."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        name: of the file, without its suffix.
        size: of the terminal, columns and rows.
        at: words to stand on; empty for where the reader opens.
        keys: what is pressed there.
        theme: as in the settings.
        env: what the shell says.
    """

    name: str
    size: tuple[int, int] = (80, 24)
    at: str = ""
    keys: tuple[str, ...] = ()
    theme: str = "dark"
    env: Mapping[str, str] = field(default_factory=dict)

    def take(self, folder: Path) -> str:
        """The picture as SVG.

        Args:
            folder: an empty one, for the project and what is a person's own.
        """
        with scenes.apart(folder), scenes.pinned():
            os.environ.update(self.env)
            project = scenes.build(folder / "samples")

            async def prepare(pilot: Pilot[None]) -> None:
                reader = Reader(project, pilot)
                await pilot.pause()
                if self.at:
                    await reader.go(self.at)
                await reader.press(*self.keys)
                await pilot.app.workers.wait_for_complete()
                await pilot.pause()

            app = scenes.app(project, theme=self.theme)
            svg = take_svg_screenshot(app, title=TITLE, terminal_size=self.size, run_before=prepare)
        # Viewers that are no browsers fold blanks at an end of a run of letters otherwise.
        return _REMOTE_FONT.sub("", svg).replace("<text ", '<text xml:space="preserve" ')


SHOTS: Final = (
    Shot("reader-80x24-dark"),
    Shot("reader-80x24-light", at=scenes.CLAIM, theme="light"),
    Shot("reader-120x40-dark", (120, 40), at="Trump"),
    Shot("reader-120x40-light", (120, 40), at=scenes.CLAIM, theme="light"),
    Shot("reader-40x12", (40, 12)),
    Shot("reader-no-color", theme="auto", env={"NO_COLOR": "1"}),
    Shot("documents", keys=("j",)),
    Shot("help", keys=("?",)),
    Shot("guide", at=scenes.CLAIM, keys=("g",)),
    Shot("holder", at=scenes.CLAIM, keys=("h",)),
    Shot("same", at="Trump", keys=("=",)),
    Shot("figures", (100, 30), keys=("%",)),
)


def main(folder: Path = FOLDER) -> None:
    """Write every picture into a folder, and take others of theirs away."""
    folder.mkdir(exist_ok=True)
    for stored in folder.glob("*.svg"):
        if stored.stem not in {shot.name for shot in SHOTS}:
            stored.unlink()
    for shot in SHOTS:
        with tempfile.TemporaryDirectory() as place:
            (folder / f"{shot.name}.svg").write_text(shot.take(Path(place)), encoding="utf-8")
        print(f"{shot.name}.svg", file=sys.stderr)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

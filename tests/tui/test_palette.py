"""The palette shows the words of a project as they are: no markup, no action, no control."""

from __future__ import annotations

from pathlib import Path

import pytest
import scenes
from driver import reading

from annotations.project import Project
from annotations.symbols import shown

NAMES = (
    "[@click=app.quit]leave[/]",
    "[link=http://evil]here[/link]",
    "[bold red]x",
    "İİİİ",
    "a\x1b]0;t\x07\u202e",
)


@pytest.mark.parametrize("typed", ["", "e", "label", "İ"])
async def test_a_label_in_the_palette_is_neither_markup_nor_an_action(
    typed: str, tmp_path: Path
) -> None:
    scenes.bare(tmp_path / "project", scenes.LIGHTHOUSE).close()
    rows = [
        f'labels."{number}" = "{name}"'.replace("\x1b", "\\u001b").replace("\x07", "\\u0007")
        for number, name in enumerate(NAMES)
    ]
    (tmp_path / "project" / "purport.toml").write_text(
        "version = 1\n[entities]\n" + "\n".join(rows), encoding="utf-8"
    )
    project = Project.open(tmp_path / "project", annotator=scenes.ANNOTATOR)
    async with reading(project, (100, 60)) as reader:
        await reader.press("colon")
        if typed:
            await reader.press(*typed)
        await reader.pilot.pause(0.3)
        for row in reader.pilot.app.screen._compositor.render_strips():
            for segment in row:
                assert segment.style is None or segment.style.link is None
                assert segment.style is None or "@click" not in (segment.style.meta or {})
                assert shown(segment.text) == segment.text
        if not typed:
            assert "[@click=app.quit]leave[/]" in reader.text
    project.close()

"""Whole screens, as they were when somebody last looked at them and found them good.

After a change that is meant to show: look at the report, then `pytest --snapshot-update`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import scenes
from driver import Reader
from textual.pilot import Pilot

from tui.app import PurportApp

Compare = Callable[..., bool]


class Scene:
    """The project of the scenes, and ways to stand in it."""

    def __init__(self, folder: Path) -> None:
        self.project = scenes.build(folder)

    def app(self, **settings: Any) -> PurportApp:
        return scenes.app(self.project, **settings)

    def at(self, words: str, *keys: str) -> Callable[[Pilot[None]], Any]:
        """Stand on these words and press these keys."""

        async def prepare(pilot: Pilot[None]) -> None:
            reader = Reader(self.project, pilot)
            await pilot.pause()
            await reader.go(words)
            await reader.press(*keys)

        return prepare


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with scenes.pinned():
        yield Scene(tmp_path / "samples")


def test_a_claim_in_hand(scene: Scene, snap_compare: Compare) -> None:
    assert snap_compare(scene.app(), run_before=scene.at(scenes.CLAIM))


def test_the_inspector_beside_a_light_page(scene: Scene, snap_compare: Compare) -> None:
    app = scene.app(theme="light")
    at = scene.at("Joint Base Elmendorf-Richardson")
    assert snap_compare(app, terminal_size=(120, 40), run_before=at)


def test_a_narrow_terminal(scene: Scene, snap_compare: Compare) -> None:
    at = scene.at("the Second World War")
    assert snap_compare(scene.app(), terminal_size=(40, 12), run_before=at)


def test_without_colour(
    scene: Scene, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(scene.app(theme="auto"), run_before=scene.at("Trump", "="))


def test_the_list_of_documents(scene: Scene, snap_compare: Compare) -> None:
    assert snap_compare(scene.app(), run_before=scene.at("Alaska", "j", "down"))


def test_all_keys(scene: Scene, snap_compare: Compare) -> None:
    assert snap_compare(scene.app(), run_before=scene.at(scenes.CLAIM, "?", "f"))


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=["wide", "narrow"])
def test_the_figures(scene: Scene, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def counted(pilot: Pilot[None]) -> None:
        await scene.at("Alaska", "%")(pilot)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("tab", "tab", "tab", "tab", "tab", "right")

    assert snap_compare(scene.app(), terminal_size=size, run_before=counted)

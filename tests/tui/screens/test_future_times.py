"""Times that a wrong clock wrote are named when the reader opens, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from driver import another, reading

from annotations import changes
from annotations.project import Project
from annotations.records import Action
from annotations.storage import clock


async def test_decisions_in_the_future_are_named_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls(2099, 7, 1, 12, tzinfo=UTC)

    first = project.order()[0]
    with monkeypatch.context() as patched:
        patched.setattr(clock, "datetime", Clock)
        ahead = another(project)
        ahead.decide(first, Action.FINISH, [changes.finish(ahead.layer(first).state)])
        ahead.close()
    async with reading(project) as reader:
        assert "times up to 2099-07-01 12:00" in reader.said
        await reader.press("tab")
        assert "2099" not in reader.said

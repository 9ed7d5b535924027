"""Times that rise, whatever the clock does: the last word on when a decision was made.

Within a journal each time is later than the one before, so a journal keeps a time that a wrong
clock wrote and counts up from it. Undo goes by the times over all documents, so a decision in
another document comes after the last one, too, though the clock was set back since. But it does
not follow a time that lies years ahead: one afternoon with a clock in 2099 would else date every
later decision, in every document, to 2099. Undo takes such decisions back after all others.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from annotations import messages
from annotations.errors import RefusedError
from annotations.field_checks import is_time

AHEAD: Final = timedelta(days=1)
"""How far a time may be ahead before it is named: more than any time zone is off."""

FOLLOWED: Final = timedelta(days=731)
"""How far a time may be ahead to be followed in other documents.

A computer without a battery for its clock wakes up at its last shutdown, some months back.
"""


def latest() -> str:
    """The last time that a clock that is right may have written by now."""
    return _ahead(AHEAD)


def after(earlier: str) -> str:
    """Now, or a microsecond after `earlier` where the clock lags; ISO 8601 in UTC.

    Raises:
        RefusedError: that is not a time that could be read again.
    """
    now = datetime.now(UTC)
    if earlier:
        now = max(now, datetime.fromisoformat(earlier) + timedelta(microseconds=1))
    at = _written(now)
    if not is_time(at):
        raise RefusedError(messages.NO_TIME.format(at=at))
    return at


def horizon() -> str:
    """The last time that decisions in other documents follow."""
    return _ahead(FOLLOWED)


def followed(earlier: str) -> bool:
    """Whether decisions in other documents are to come after this time."""
    return earlier <= horizon()


def _ahead(step: timedelta) -> str:
    now = datetime.fromtimestamp(time.time(), UTC)
    return _written(min(now, datetime.max.replace(tzinfo=UTC) - step) + step)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")

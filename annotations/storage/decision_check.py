"""Do a journal's decisions follow from each other? Each is compared with what the ones before it left.

A line may hold its hashes and yet say what no program could have written: a `before` that was not
there, an undo of another decision, a time before the last one. Nobody is authenticated, so whoever
can write a file can write such lines; what is found here is named and not mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from annotations.errors import CorruptError
from annotations.layer import Layer, take_back
from annotations.records import Action, Change, Decision, Plain, Record

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
Others = Callable[[str], Sequence[Decision]]
"""The decisions in another person's journal on the same document, by the person's name."""


class Problem(NamedTuple):
    """What is wrong with a decision.

    Attributes:
        seq: which one.
        words: what is wrong.
        lost: whether decisions may be lost.
    """

    seq: int
    words: str
    lost: bool = True


def time_problem(at: object, until: str) -> str:
    """What is wrong with a time of a record; empty if nothing is."""
    try:
        if not isinstance(at, str) or not _TIME.fullmatch(at):
            raise ValueError
        datetime.fromisoformat(at)
    except ValueError:
        return f"{at!r} is not a time as purport writes it"
    return f"its time, {at}, is in the future" if at > until else ""


class DecisionCheck:
    """Follows the decisions of one journal.

    Attributes:
        layer: what they leave, as far as they could be followed.
        is_whole: whether all of them could.

    Args:
        name: the layer's name.
        document: the document's id.
        until: the last time that a decision may have.
        others: other people's decisions on the document, which may have been copied.
        redacted_by: who redacted the document, by `document.json`; nobody where it was not.
    """

    def __init__(
        self, name: str, document: str, until: str, others: Others, redacted_by: Collection[str]
    ) -> None:
        self.layer, self.is_whole = Layer(name, document), True
        self._until, self._others, self._redacted_by = until, others, redacted_by

    def follow(self, decisions: Iterable[Decision]) -> Iterator[Problem]:
        """What is wrong with these decisions, which come in the order of their lines."""
        for decision in decisions:
            for words in self._problems(decision):
                yield Problem(decision.seq, words)
            try:
                self.layer.apply(decision)
            except CorruptError:
                self.is_whole = False
                yield Problem(
                    decision.seq, "it cannot be followed; those after it were not looked at"
                )
                return

    def _problems(self, decision: Decision) -> Iterator[str]:
        yield from self._of_time(decision)
        is_own = decision.by == self.layer.name or decision.action is Action.REDACT
        if not is_own and not self._is_copied(decision):
            yield f"it is by {decision.by!r}, and the journal is {self.layer.name}'s"
        if decision.action is Action.REDACT and decision.by not in self._redacted_by:
            by = " or ".join(sorted(self._redacted_by))
            why = f"was redacted by {by}" if by else "was not redacted"
            yield f"it is a redaction by {decision.by!r}, and the document {why}"
        yield from self._of_changes(decision)
        if decision.action in (Action.UNDO, Action.REDO):
            yield from self._of_step(decision)
        elif decision.of:
            yield f"it names decision {decision.of} and is neither an undo nor a redo"

    def _of_time(self, decision: Decision) -> Iterator[str]:
        if words := time_problem(decision.at, self._until):
            yield words
        elif decision.at <= self.layer.at:
            yield f"its time, {decision.at}, is not after that of the decision before it"

    def _is_copied(self, decision: Decision) -> bool:
        """Whether the person it is by decided just so: good decisions are copied out of damage."""
        theirs = self._others(decision.by)
        if decision.seq > len(theirs):
            return False
        one = theirs[decision.seq - 1]
        is_same = (one.at, one.by, one.action) == (decision.at, decision.by, decision.action)
        is_erased = one.is_erased or decision.is_erased
        return is_same and (is_erased or one.changes == decision.changes)

    def _of_changes(self, decision: Decision) -> Iterator[str]:
        left: dict[str, Record | None] = {}
        for change in decision.changes:
            records = [one for one in (change.before, change.after) if one is not None]
            if len({(one.id, one.kind) for one in records}) != 1:
                yield "a change is of no record, or of two different ones"
                continue
            there = self.layer.record(change.id)
            if change.before not in (there, left.get(change.id, there)):
                yield f"{change.id}: what it says was there before it is not what was there"
            left[change.id] = change.after
            if (one := change.after) is not None:
                said = (one.by, one.at, one.rev)
                if said != (decision.by, decision.at, decision.seq):
                    yield (
                        f"{change.id}: the record says {one.by!r}, {one.at}, revision {one.rev}; "
                        f"the decision {decision.by!r}, {decision.at}, {decision.seq}"
                    )

    def _of_step(self, decision: Decision) -> Iterator[str]:
        """What is wrong with an undo or redo."""
        is_undo = decision.action is Action.UNDO
        stack = self.layer.undoable if is_undo else self.layer.redoable
        if not stack:
            yield f"there is nothing to {decision.action}"
            return
        target = stack[-1]
        if decision.is_erased:
            return
        if decision.of != target.seq:
            yield f"it is an {decision.action} of decision {decision.of}, and {target.seq} is next"
            return
        wanted = take_back(target) if is_undo else target.changes
        if not target.is_erased and _left(decision.changes) != _left(wanted):
            yield f"it does not leave what the {decision.action} of decision {target.seq} leaves"


def _left(changes: Iterable[Change]) -> list[tuple[str, Plain | None]]:
    """What changes leave, whoever decided them and when."""
    return [(one.id, _content(one.after)) for one in changes]


def _content(record: Record | None) -> Plain | None:
    if record is None:
        return None
    return {
        name: value for name, value in record.plain().items() if name not in ("by", "at", "rev")
    }

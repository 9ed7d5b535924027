"""What is said when the disk, a lock, another person or a file gets in the way of a decision.

Each says what happened, whether the decision is saved, and what to do, on the screen and in the
commands alike. They are filled in by `str.format`.
"""

from __future__ import annotations

from typing import Final


def counted(count: int, noun: str, many: str = "") -> str:
    """A number and its noun, in the plural where it is not one."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


LOCKED: Final = (
    "Not saved: {holder} has held {name} for more than {seconds:g} s. "
    "Nothing changed; decide again when it is done."
)
CONFLICT: Final = (
    "Not saved: changed by {who} (revision {now}, you saw {seen}). "
    "Look at it as it is now and decide again."
)
OVERTAKEN: Final = "Not saved: another terminal decided meanwhile. Look and try again."
DISK_FULL: Final = (
    "Not saved: no space left for {name} in {folder}. Nothing changed. "
    "Free some space, then decide again."
)
NO_RIGHT: Final = (
    "Not saved: no right to write {name} in {folder}. "
    "You can read, search and export; ask for the right to write."
)
READ_ONLY: Final = "Read-only: no right to write in {folder}. You can read, search and export."
NEWER_PROJECT: Final = (
    "Read-only: the project has format {found}, this program knows up to {known}. "
    "Upgrade purport to write."
)
NEWER_DECISION: Final = (
    "{path}: decision {seq} has format {found}; this program knows up to {known}. "
    "Nothing is written to it; upgrade purport to open it."
)
NEWER_VIEW: Final = (
    "{path}: format {found}; this program knows up to {known}. "
    "Nothing is written to it; upgrade purport."
)
DISK_ERROR: Final = (
    "Not saved: the disk reported an error ({reason}) at {path}. Check the disk, then decide again."
)
UNSETTLED: Final = (
    "May be saved: the disk reported an error ({reason}) at {path}, and another one while the "
    "decision was taken back. Check the disk, then open the document again: purport then says "
    "whether the decision is saved."
)
SETTLED: Final = (
    "The disk failed during the decision of {at} UTC in {path}. The decision {outcome}."
)
IS_SAVED: Final = "is saved"
IS_NOT_SAVED: Final = "is not saved; decide again"
NO_LOCKS: Final = (
    "a lock on a file in {folder} does not keep another process out, so nothing can be decided in "
    "two terminals at once. Work in one terminal at a time, or move the project to a disk whose "
    "locks work."
)
LOCKLESS: Final = (
    "May be saved: another process wrote to {path} at the same time, so locks do not work on this "
    "disk. Both decisions are in the file. Close all other terminals, then join them: "
    "purport doctor DOC --join."
)
UNREADABLE: Final = (
    "{path}: cannot be read ({reason}). Nothing changed. "
    "Check its permissions and the disk, then try again."
)
UNSAFE: Final = "{path}: it is {problem}, so it was not opened and nothing changed. {remedy}"
CORRUPT: Final = (
    "{path}: decision {seq} does not match its hash ({reason}). The last good one is {last}. "
    "Nothing is written to it any more; restore the file from a copy, or copy what is good into "
    "a new layer: purport doctor DOC --layer {layer} --salvage NAME."
)
FORKED: Final = (
    "{path}: {how}. {common}; {rest}. Nothing is lost and nothing is written to it. "
    "Join them: purport doctor DOC --layer {layer} --join."
)
MARKERS: Final = "git merged the decisions of two clones and left conflict markers in it"
TWO_WAYS: Final = (
    "two clones, or two processes whose locks do not work, went on from the same decision"
)
ONE_WAY: Final = "none differs"
WAYS: Final = "then {first:,} follow on the first side and {others:,} on the other"
NO_FORK: Final = (
    "{path}: it did not continue in two ways, so there is nothing to join. Nothing changed. "
    "See what it needs: purport doctor DOC."
)
FORK_REDACTED: Final = (
    "{path}: on one side the document was redacted, so the words of the other must not be kept. "
    "Nothing changed. Keep the redacted side: git checkout --ours (or --theirs) on this file."
)
NO_TEXT: Final = "{path}: it is not there. Nothing is written; restore it from a copy."
CHANGED_TEXT: Final = (
    "{path}: the text was changed; its SHA-256 is not the document's. "
    "Nothing is written; restore it from a copy, or add the changed text as a new document."
)
OTHER_TEXT: Final = (
    "it decides on another text (SHA-256 {named}) than the document's ({known}). "
    "Nothing is written to it; restore the text or the journal from a copy."
)
SAME_ID: Final = (
    "{title!r} is not added: the SHA-256 of its text begins with the same 12 digits ({document}) as "
    "that of another document, {other!r}. Nothing changed. Change a character, such as a line break "
    "at the end, to give it another id, then purport add it."
)
MALFORMED: Final = (
    "{path}: decision {seq} is not valid ({reason}). The last good one is {last}. "
    "Nothing is written to it any more; restore the file from a copy, or copy what is good into "
    "a new layer: purport doctor DOC --layer {layer} --salvage NAME."
)
MALFORMED_FILE: Final = "{path}: {problem}. Nothing is written to it; restore the file from a copy."
UNFOLLOWED: Final = (
    "{layer} on document {document}: decision {seq} cannot be followed ({problem}). Nothing is "
    "written to the journal any more; restore it from a copy, or copy what is good into a new "
    "layer: purport doctor DOC --layer {layer} --salvage NAME."
)
OTHER_WORDS: Final = (
    "Layer {layer} on document {document}: the text has other words than {count} of its annotations, "
    "such as {id} at {start}-{end}. They are not shown and nothing is lost; purport verify names "
    "each."
)
NO_TIME: Final = (
    "Not saved: {at} is not a time that a journal can hold (1970 to 2999). "
    "Set this computer's clock, or see what purport verify says of the journal's last time."
)
AHEAD: Final = (
    "Your decisions have times up to {at}, more than a day after this computer's clock: one of "
    "the two was wrong. Nothing is lost; purport verify names each decision."
)
CUT: Final = (
    "{path}: {count} bytes were cut from its end, behind what was read before. "
    "Nothing is written to it any more; restore the file from a copy."
)
REPLACED: Final = (
    "{path}: it was changed or replaced since it was read. Nothing is written; open it again."
)
BEHIND: Final = (
    "{path}: it ends at decision {last}, but {view} has {found}. Nothing is written; "
    "restore the journal from a copy, or delete {view} to go on without the rest."
)
NO_JOURNAL: Final = (
    "{path}: it shows a person's decisions, and their journal, {journal}, is gone. "
    "Nothing is written; restore the journal from a copy."
)
EDITED: Final = (
    "Not saved: {path} was changed outside purport. Every decision made so far is in the journal. "
    "Keep the change as a decision: purport doctor DOC --adopt; or drop it: --discard."
)
TORN: Final = (
    "{path}: an interrupted write left {count} bytes of a decision that nobody was told is saved. "
    "Nothing is lost; the next decision sets them aside in {copy}."
)
NETWORK: Final = (
    "{folder} is on a network disk ({kind}): locks and durable writes are the server's affair. "
    "Decisions are saved as far as it keeps its word; one server that all log in to is safer."
)
REDACTED: Final = (
    "Document {document} was redacted by {by} on {day} ({reason}): its text is erased. "
    "Nothing can be decided on it; purport log tells who decided what kind of thing when."
)

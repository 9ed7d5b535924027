"""What can go wrong, in one tree.

    PurportError
    ├── InputError            wrong use or bad input: one line, exit status 2
    │   ├── SourceError       a file that cannot become a document
    │   ├── SchemaError       a purport.toml or a keymap that does not hold together
    │   ├── SpanError         offsets that do not fit the text
    │   ├── RedactedError     a document whose text was erased on request
    │   ├── UnknownError      a document, layer, annotation or format that is not there
    │   └── ModelError        a pipeline that is missing or cannot be loaded
    │       └── ModelEndedError   the process that ran it ended
    ├── OutputError           standard output is closed or full
    ├── RefusedError          a decision that the schema or the layer does not allow
    └── StorageError          the disk, the lock or the file said no
        ├── ConflictError     the annotation changed since it was seen
        ├── LockedError       another process holds the journal
        ├── DiskFullError     there was no space for the decision
        ├── EditedError       the file was changed outside purport
        ├── ReadOnlyError     no right to write, or a reason not to
        ├── DiskError         the disk reported an error
        │   └── UnsettledError    whether the decision is saved is known at the next look
        ├── CorruptError      a complete line of a journal fails its hash
        │   ├── ForkedError       two processes or two clones went on from the same decision
        │   └── UnsafeFileError   a link, a pipe or a stranger's file where a project's belongs
        └── NewerFormatError  written by a later version of purport

Every message says what happened, whether the work is saved, and what to do.
"""

from __future__ import annotations


class PurportError(Exception):
    """Something that purport can explain to a person in one line.

    Attributes:
        saved: whether the decision that was asked for is on the disk; None where that is not
            known yet.
    """

    saved: bool | None = False


class InputError(PurportError):
    """Wrong use or bad input; nothing was changed."""


class SourceError(InputError):
    """A file that cannot become a document."""


class SchemaError(InputError):
    """A project file or keymap that does not hold together."""


class SpanError(InputError):
    """Offsets that do not fit the text they point into."""


class UnknownError(InputError):
    """A document, layer, annotation, label or format that is not there."""


class RedactedError(InputError):
    """A document whose text was erased on request."""


class ModelError(InputError):
    """A pipeline that is missing or cannot be loaded."""


class ModelEndedError(ModelError):
    """The process that ran a pipeline ended; what was stored before is kept."""


class OutputError(PurportError):
    """Standard output is closed or full; what was decided before is saved."""


class RefusedError(PurportError):
    """A decision that the schema or the layer does not allow; nothing was changed."""


class StorageError(PurportError):
    """The disk, the lock or the file said no."""


class ConflictError(StorageError):
    """The annotation changed since it was seen; nothing was overwritten."""


class LockedError(StorageError):
    """Another process holds the journal for longer than one waits."""


class DiskFullError(StorageError):
    """There was no space; nothing was changed."""


class EditedError(StorageError):
    """A layer's file was changed outside purport; a person says what becomes of that."""


class ReadOnlyError(StorageError):
    """There is no right to write, or a reason not to."""


class DiskError(StorageError):
    """The disk reported an error while writing."""


class UnsettledError(DiskError):
    """Whether the decision is saved is not known yet; the next look at the document settles it."""

    saved = None


class CorruptError(StorageError):
    """A complete line of a journal fails its hash: edited, or damaged."""


class ForkedError(CorruptError):
    """Two processes or two clones went on from the same decision of one journal."""


class UnsafeFileError(CorruptError):
    """Something else than a plain file of its owner is where a project's file belongs."""


class NewerFormatError(StorageError):
    """Written by a later version of purport; it can be looked at, not written."""

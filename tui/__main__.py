"""The `purport` command: the reader, and the headless commands beside it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from annotations.cli import app, console, streams
from annotations.cli.console import (
    AnnotatorOption,
    LayerOption,
    ProjectOption,
    complain,
    opened,
    put,
    put_text,
    relate,
)
from annotations.errors import InputError
from annotations.symbols import line

if TYPE_CHECKING:
    from annotations.project import Project

_WITH_VALUE: Final = ("--project", "--annotator")
_ALONE: Final = ("--version", "--help", "-h")


@app.command()
def read(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH…", help="Files and folders to add first; - is standard input."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="M", help="An installed spaCy pipeline, or a path to one."),
    ] = None,
    no_suggest: Annotated[
        bool, typer.Option("--no-suggest", help="Make no suggestions while one reads.")
    ] = False,
    blind: Annotated[
        bool,
        typer.Option(
            "--blind", help="Hide a document's suggestions until it is done, or # is hit."
        ),
    ] = False,
    document: Annotated[
        str | None,
        typer.Option("--open", metavar="DOC", help="Start with this document: id or title."),
    ] = None,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Open the reader, on the project as it is or with these files and folders added."""
    from annotations import sources
    from annotations.errors import SourceError
    from annotations.records import Document
    from annotations.sources.succession import Succession

    outcomes = list(sources.read(paths or ()))
    added = [one for one in outcomes if isinstance(one, Document)]
    refused = [one for one in outcomes if not isinstance(one, Document)]
    for outcome in refused:
        complain(outcome)
    if paths and not added and any(isinstance(one, SourceError) for one in refused):
        raise typer.Exit(console.Status.WRONG)
    with opened(context, project, annotator, paths, create=bool(added)) as found:
        if model:
            from annotations.suggest.run import chosen

            chosen(found, model)  # a mistyped name is said now, not behind the first page
        start = found.document(document).id if document else None
        taken = Succession(found)
        for one in list(added):
            try:
                if taken.add(one):
                    start = start or one.id
            except SourceError as error:  # the others are opened all the same
                complain(error)
                added.remove(one)
        relate(taken.finish())
        if start is None and len(added) == 1:
            start = added[0].id
        _run(found, model=model, start=start, suggesting=not no_suggest, blind=blind)


@app.command()
def review(
    context: typer.Context,
    layer: Annotated[
        str | None, typer.Option("--layer", metavar="L", help="The layer to review.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="B", help="Only where this layer says something else."),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            "--order",
            metavar="ORDER",
            help="score, label, text, words or disagreement; else score, text for differences.",
        ),
    ] = None,
    seeded: Annotated[
        float,
        typer.Option(
            "--seeded",
            metavar="SHARE",
            min=0.0,
            max=0.5,
            help="So many with a wrong label first, such as 0.05: do you read what you accept?",
        ),
    ] = 0.0,
    finish: Annotated[
        bool,
        typer.Option("--finish", help="Mark a document as done when nothing in it is left open."),
    ] = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Go through a layer's open suggestions over all documents, or two layers' differences."""
    from annotations.review.differences import Differences
    from annotations.review.queue import Order
    from annotations.review.seeding import Seeded
    from annotations.review.suggestions import Suggestions
    from annotations.schema import nearest

    if order is None:
        order = Order.TEXT if against else Order.SCORE
    if order not in list(Order):
        raise InputError(f"{order!r} is no order; {nearest(order, map(str, Order))}")
    kind = Order(order)
    with opened(context, project, annotator) as found:
        layer = _expect_layers(found, layer, against)
        if against is not None:
            if seeded:
                raise InputError("Only suggestions can be seeded; leave out --against or --seeded.")
            other = against
            Differences(
                found, layer, other, order=kind
            )  # wrong use is told before the screen opens
            _run(
                found,
                review=lambda late: Differences(found, layer, other, late, kind),
                finishing=finish,
            )
        elif seeded:
            _run(
                found,
                review=lambda late: Seeded(found, layer, kind, late, seeded),
                finishing=finish,
            )
        else:
            _run(found, review=lambda late: Suggestions(found, layer, kind, late), finishing=finish)


def _expect_layers(found: Project, layer: str | None, against: str | None) -> str:
    """Make sure that there is on some document what is to be reviewed; returns the layer's name.

    Raises:
        InputError: no layer is named, or a person's alone, which suggests nothing.
        UnknownError: a layer is on none.
    """
    from annotations.errors import UnknownError
    from annotations.schema import nearest

    if layer is None:
        models = sorted({name for one in found.order() for name in found.models(one)})
        known_ones = f"there are {', '.join(models)}" if models else "purport suggest makes one"
        raise InputError(f"Name a layer to review, --layer L; {known_ones}.")
    what = "layer" if against else "model's layer"
    missing, known = {layer, against or layer}, set[str]()
    if against:
        missing.discard(found.annotator)
    for one in found.order():
        if not missing:
            return layer
        known.update(found.layers(one) if against else found.models(one))
        missing -= known
    for name in sorted(missing):
        if any(name in found.layers(one) for one in found.order()):
            raise InputError(
                f"{name!r} is a person's layer, and suggests nothing alone; "
                f"review its differences: --layer {name} --against L."
            )
        raise UnknownError(f"No document has a {what} {name!r}; {nearest(name, sorted(known))}")
    return layer


def _run(found: Project, **parts: Any) -> None:
    """Open the terminal's screen on a project until the person leaves it."""
    _open_terminal()
    # Textual reads these once, when it is imported.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    gc.disable()  # until the first page: all that is made on the way to it stays
    from tui.app import PurportApp
    from tui.config import load

    settings = load()
    reader = PurportApp(found, settings, **parts)
    reader.run(mouse=settings.mouse)
    if reader.return_code:
        raise typer.Exit(reader.return_code)


def _open_terminal() -> None:
    """Give the reader the terminal's keys, though documents came in by standard input.

    Raises:
        InputError: there is no terminal.
    """
    # A line that drops ends the program at once: nothing waits to be saved.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    hint = "The reader needs a terminal. Without one: purport show DOC, purport export OUT."
    # Python has no stream for one that was closed before it started.
    if sys.stdin is None or not (os.isatty(1) and os.isatty(2)):
        raise InputError(hint)
    if not sys.stdin.isatty():
        try:
            terminal = os.open("/dev/tty", os.O_RDONLY)
        except OSError:
            raise InputError(hint) from None
        os.dup2(terminal, sys.stdin.fileno())
        os.close(terminal)


@app.command()
def keys(
    context: typer.Context,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print the keymap as TOML, ready to edit."""
    from annotations.errors import UnknownError
    from annotations.schema import default
    from tui.commands import commands
    from tui.config import load

    settings = load()
    try:
        with opened(context, project, annotator) as found:
            schema, where = found.schema, str(found.root / "purport.toml")
    except UnknownError:
        schema, where = default(), settings.where
    put_text([(commands(schema, schema.keys, settings.keys, where=where).toml(), "")])


@app.command()
def doctor(
    context: typer.Context,
    document: Annotated[
        str | None, typer.Argument(metavar="DOC", help="For what mends one document.")
    ] = None,
    salvage: Annotated[
        str | None,
        typer.Option(
            "--salvage", metavar="NAME", help="Copy a damaged journal's good decisions there."
        ),
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Keep what was edited by hand, as a decision.")
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Drop what was edited by hand.")
    ] = False,
    join: Annotated[
        bool,
        typer.Option(
            "--join", help="Join a journal that two clones went on with; all, if no DOC is named."
        ),
    ] = False,
    layer: LayerOption = None,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print what works here and what does not: terminal, model, project, disk; mend a document."""
    from tui.doctor import examine, joined, mended

    wanted = [bool(salvage), adopt, discard, join].count(True)
    if wanted:
        if (document is None and not join) or wanted > 1:
            raise InputError(
                "Name a document and one of --salvage NAME, --adopt, --discard, --join."
            )
        with opened(context, project, annotator) as found:
            if document is None or join:
                for words in joined(found, document, layer):
                    put(line(words))
                return
            put(mended(found, document, layer, salvage=salvage, adopting=adopt))
        return
    is_well = True
    for one in examine(lambda: opened(context, project, annotator), document):
        put(f"{'ok  ' if one.is_well else 'no  '} {one.about:<10} {line(one.words)}")
        is_well = is_well and one.is_well
    if not is_well:
        raise typer.Exit(console.Status.FELL_SHORT)


def with_default(arguments: Sequence[str]) -> list[str]:
    """The command line with `read` put in where no command is named."""
    names = {
        one.name or (one.callback and one.callback.__name__) for one in app.registered_commands
    }
    place = 0
    while place < len(arguments):
        word = arguments[place]
        if word in _ALONE or word in names:
            return list(arguments)
        if word in _WITH_VALUE:
            place += 2
        elif word.startswith(tuple(f"{name}=" for name in _WITH_VALUE)):
            place += 1
        else:
            break
    return [*arguments[:place], "read", *arguments[place:]]


def main() -> None:
    """Run the command line of this process, and end it with the command's status."""
    streams.settle()
    sys.exit(console.run(app, with_default(sys.argv[1:])))


if __name__ == "__main__":
    main()

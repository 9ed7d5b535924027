"""The commands that look back: who decided what, whether it holds, how it was; and erasing it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from annotations.cli.app import app
from annotations.cli.console import (
    AnnotatorOption,
    DocumentArgument,
    JsonOption,
    LayerOption,
    ProjectOption,
    Status,
    name_damage,
    opened,
    put,
    put_json,
    tell,
)
from annotations.cli.streams import put_json_parts
from annotations.errors import InputError
from annotations.marked import line
from annotations.records import Action, Claim, Decision, Record, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.storage.audit import Finding

_TIME_HELP: Final = "A day or a time in UTC, as the log prints it."
_MICROSECOND: Final = timedelta(microseconds=1)


def moment(words: str, *, last: bool = False) -> str:
    """A time as journals hold it, in UTC, from a day, a minute or any other part of one.

    Args:
        words: ISO 8601; without an offset it is UTC.
        last: the last moment of what is named, and not its first.

    Raises:
        InputError: it is no time.
    """
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise InputError(
            f"{words!r} is no time; write one such as 2026-03-09 or 2026-03-09T14:30."
        ) from None
    if last:
        found += _breadth(words) - _MICROSECOND
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _breadth(words: str) -> timedelta:
    """How long the day, hour, minute or second lasts that is named."""
    _, has_time, clock = words.replace(" ", "T").partition("T")
    if not has_time:
        return timedelta(days=1)
    clock = clock.rstrip("Zz").partition("+")[0]
    if "." in clock:
        return _MICROSECOND
    return (timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))[clock.count(":")]


@app.command()
def log(
    context: typer.Context,
    document: Annotated[
        str | None, typer.Argument(metavar="DOC", help="All documents, if none is named.")
    ] = None,
    layer: LayerOption = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decided.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help=_TIME_HELP)] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help=_TIME_HELP)] = None,
    action: Annotated[
        list[Action] | None, typer.Option("--action", help="Such as relabel; more than once.")
    ] = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print who decided what, when, and on which suggestion."""
    first, last = moment(since) if since else "", moment(until, last=True) if until else "~"
    damage = list[str]()
    with opened(context, project, annotator) as found:
        for one in found.log(found.resolve(document) if document else None, layer, damage):
            if not first <= one.at <= last or by not in (None, one.by):
                continue
            if action and one.action not in action:
                continue
            if not as_json:
                put(told(one))
                continue
            for row in one.rows():
                put_json(row)
    name_damage(damage)


def told(decision: Decision) -> str:
    """A decision on one line."""
    words = ""
    if decision.changes:
        before, after = (_record(one) for one in _ends(decision))
        words = after if before in ("", after) else f"{before} → {after or 'nothing'}"
        words += _suggestion(decision)
    elif decision.is_erased:
        words = "(redacted)"
    if decision.reason:
        words += line(f"{'  ' if words else ''}({decision.reason})")
    more = f" and {len(decision.changes) - 1} more" if len(decision.changes) > 1 else ""
    of = f" of {decision.of}" if decision.of else ""
    whose = "" if decision.layer == decision.by else f" in {line(decision.layer)}"
    when, by = line(decision.at), line(decision.by)
    head = f"{when}  {by}{whose}  {line(decision.document)}  {decision.seq}"
    return f"{head}  {decision.action}{of}  {words}{more}".rstrip()


def _ends(decision: Decision) -> tuple[Record | None, Record | None]:
    first = decision.changes[0]
    return first.before, first.after


def _suggestion(decision: Decision) -> str:
    """On which suggestion, with which score."""
    record = next((one for one in _ends(decision)[::-1] if one is not None), None)
    if record is None or isinstance(record, State) or record.origin is None:
        return ""
    origin = record.origin
    score = "" if origin.score is None else f" score {origin.score:.2f}"
    return f"  on {line(origin.layer)}{score}"


def _record(record: Record | None) -> str:
    match record:
        case None:
            return ""
        case State():
            told = ["done" if record.finished else "not done"]
            if record.flags:
                told.append(f"{len(record.flags)} flagged")
            return ", ".join([*told, *(["suggestions shown"] if record.revealed else [])])
        case Claim():
            fields = f"{record.stance} {record.certainty} {record.holder_name}"
            return line(f"“{record.text}” {fields} ({record.status})")
        case _:
            return line(f"“{record.text}” {record.label} ({record.status})")


@app.command()
def verify(
    context: typer.Context,
    document: Annotated[
        str | None, typer.Argument(metavar="DOC", help="All documents, if none is named.")
    ] = None,
    sealed: Annotated[
        list[str] | None,
        typer.Option(
            "--seal",
            metavar="LINE",
            help="What purport seal printed, kept elsewhere; two are compared with each other, too.",
        ),
    ] = None,
    as_json: JsonOption = False,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Check every hash chain, every fold and every span; exit status 1 if one does not hold."""
    from annotations.custody import between, check, redacted

    with opened(context, project, annotator) as found:
        one = found.resolve(document) if document else None
        findings = _print(found.verify(one), as_json)
        for words in sealed or ():
            made = check(found, words)
            findings += _print(made.findings, as_json)
            for said in made.lines():
                tell(line(said))
        for words in between(found, *sealed) if sealed and len(sealed) == 2 else ():
            tell(line(words))
        for words in redacted(found, one):
            tell(line(words))
    tell(f"{findings} findings" if findings else "all is well")
    if findings:
        raise typer.Exit(Status.FELL_SHORT)


def _print(findings: Iterable[Finding], as_json: bool) -> int:
    count = 0
    for one in findings:
        count += 1
        if as_json:
            put_json(one.plain())
        else:
            put(line(f"{one.path}: {one.problem}"))
    return count


@app.command()
def seal(
    context: typer.Context,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Print one line that commits to the project as it is now; keep it elsewhere."""
    from annotations.custody import seal as make

    with opened(context, project, annotator) as found:
        put(make(found))
    tell(
        "Keep this line on another machine; purport verify --seal LINE compares the project with it."
    )


@app.command()
def replay(
    context: typer.Context,
    document: DocumentArgument,
    until: Annotated[
        str, typer.Option("--until", metavar="TIME|SEQ", help="The last decision to follow.")
    ],
    layer: LayerOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Else standard output.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--as", metavar="LAYER", help="Keep it beside the others, to compare."),
    ] = None,
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Write a layer as it was at a time, or after so many decisions; no journal is touched."""
    from annotations.custody import keep_replay, replayed
    from annotations.formats.export import is_within
    from annotations.storage.disk import replace

    if out is not None and name is not None:
        raise InputError("Give --out FILE or --as LAYER, not both.")
    with opened(context, project, annotator) as found:
        limit = int(until) if until.isdecimal() and len(until) < 9 else moment(until, last=True)
        made = replayed(found, found.resolve(document), limit, layer)
        if name is not None:
            kept = keep_replay(found, made, name)
            tell(f"{name}: {kept} annotations of {made.layer.name} after decision {made.layer.seq}")
            return
        if out is None:
            put_json_parts([made.data.decode("utf-8")])
        elif out.is_dir() or is_within(found.root, out):
            raise InputError(f"{out} is the project's own, or a folder. Choose another name.")
        else:
            replace(out, made.data)
        tell(f"{made.layer.name} after decision {made.layer.seq}, {made.layer.at or 'the start'}")


@app.command()
def redact(
    context: typer.Context,
    document: DocumentArgument,
    reason: Annotated[
        str, typer.Option("--reason", metavar="WORDS", help="Kept for good; name nobody in it.")
    ],
    project: ProjectOption = None,
    annotator: AnnotatorOption = None,
) -> None:
    """Erase a document's text and all that its journals quote of it; who and when stays."""
    from annotations.custody import redact as erase

    with opened(context, project, annotator) as found:
        one = found.resolve(document)
        for words in erase(found, one, reason):
            tell(words)
        tell(
            f"{one}: redacted. Its journals still verify; exports, backups and other clones "
            "are not reached."
        )

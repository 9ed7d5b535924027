"""An annotation in words, for the line under the text and for the inspector."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

from annotations.evidence import authors_row
from annotations.records import Action, Annotation, Change, Claim, Decision, Entity, Status
from annotations.schema import Schema
from tui.layout.wrap import clusters, shown

_GAP = " … "
_READ = 8_192
"""Code points at each end of long words that are read to shorten them."""
_LEAST = 12
"""Cells that a name or a reason needs to tell anything."""

Piece = tuple[str, str]
"""Words and their role: `plain`, `muted`, `strong`, `key`, `good` or `bad`."""

_STATUS = {
    Status.SUGGESTED: ("suggested", "muted"),
    Status.ACCEPTED: ("accepted", "good"),
    Status.CORRECTED: ("corrected", "good"),
    Status.ADDED: ("added", "good"),
    Status.REJECTED: ("rejected", "bad"),
}


_FIELDS = ("stance", "certainty", "frame", "time", "quote")
_MAIN = ("label", "stance", "certainty")


def score(value: float) -> str:
    """A model's number as the screen shows it."""
    return f"score {value:.2f}".replace("0.", ".", 1)


def visible(words: str) -> str:
    """Words of a document on one line, with symbols for what is not seen."""
    return "".join(shown(one)[0] for one in clusters(" ".join(words.split())))


def quoted(words: str, most: int = 32) -> str:
    """Words of a document in at most so many cells: symbols for what is not seen, the middle left out."""
    first = last = visible(words)
    if len(words) > 2 * _READ:
        first, last = visible(words[:_READ]), visible(words[-_READ:])
    elif cell_len(first) <= most:
        return first
    ends = max(0, most - len(_GAP))
    start = _fitting(clusters(first), ends - ends // 2)
    end = _fitting(reversed(list(clusters(last))), ends - cell_len("".join(start)))
    return f"{''.join(start).rstrip()}{_GAP}{''.join(reversed(end)).lstrip()}"


def _fitting(parts: Iterable[str], cells: int) -> list[str]:
    """As many of the graphemes as fit."""
    made: list[str] = []
    for one in parts:
        cells -= shown(one)[1]
        if cells < 0:
            break
        made.append(one)
    return made


def brief(annotation: Annotation, schema: Schema, more: int, cells: int) -> list[Piece]:
    """One annotation in a line: what, by whom, how it stands; then why, as far as there is room.

    Args:
        more: how many other places `=` would decide with it.
        cells: the width of the line. Names are shortened only as far as they must be.
    """
    status = _STATUS[annotation.status]
    origin = annotation.origin
    number = annotation.score
    if number is None and origin:
        number = origin.score
    tail: list[Piece] = [status]
    if number is not None:
        tail.append((f" · {score(number)}", "muted"))
    if annotation.note:
        tail.append((f" · “{quoted(annotation.note, 24)}”", "plain"))
    layer: list[Piece] = []
    if origin and annotation.status is Status.SUGGESTED:
        layer = [(f" · {origin.layer}", "muted")]
    if isinstance(annotation, Entity):
        tail.insert(0, (f" {schema.label(annotation.label).short} ", "plain"))
        if more:
            tail.append((f" · {more:,} more like it", "muted"))
        words = quoted(annotation.text, max(_LEAST, cells - _width(tail)))
        return _with_layer([(words, "strong"), *tail], layer, cells)
    head: list[Piece] = [
        (f"{annotation.stance} ", "strong"),
        (f"{annotation.certainty} ", "strong"),
    ]
    tail += _asides(annotation)
    room = max(_LEAST, cells - _width([*head, *tail]) - len("by  "))
    made = [*head, (f"by {quoted(annotation.holder_name, room)} ", "plain"), *tail]
    because = _because(annotation)
    left = cells - _width(made) - len(" · ")
    if because and left >= _LEAST:
        made.append((f" · {quoted(because, left)}", "plain"))
    return _with_layer(made, layer, cells)


def _with_layer(made: list[Piece], layer: list[Piece], cells: int) -> list[Piece]:
    """With the model's name behind it, where that fits."""
    return [*made, *layer] if _width([*made, *layer]) <= cells else made


def _width(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(words) for words, _ in pieces)


def _because(claim: Claim) -> str:
    """What led to a claim, in short: its cues with their effects, and a likelihood's range."""
    why = claim.origin.why if claim.origin else ()
    cues = [one for one in why if "[" not in one]
    ranged = [likelihood(claim)] if claim.likelihood else []
    return visible("; ".join([*ranged, *cues]))


def likelihood(claim: Claim) -> str:
    """A likelihood word with its range in brackets, such as `likely [55-80 %]`."""
    found = claim.likelihood or {}
    per_cent = found.get("range", "")
    return f"{found.get('phrase', '')} [{per_cent} %]" if per_cent else str(found.get("phrase", ""))


def _asides(claim: Claim) -> list[Piece]:
    asides = [
        name
        for name, default in ((claim.frame, "assertion"), (claim.time, "unspecified"))
        if name != default
    ]
    if claim.doubt:
        asides.append("in doubt")
    return [(f" · {', '.join(asides)}".replace("_", " "), "muted")] if asides else []


def facts(lines: Iterable[list[Piece]]) -> list[Piece]:
    """What `full` tells, one behind the other, for a screen without room for the panel."""
    made: list[Piece] = []
    for line in lines:
        if line:
            made += [(" · ", "muted")] if made else []
            made += [(" ".join(words.split()) + " ", role) for words, role in line]
            made[-1] = (made[-1][0].rstrip(), made[-1][1])
    return made


def full(
    annotation: Annotation,
    schema: Schema,
    history: Iterable[Decision],
    others: Iterable[str] = (),
) -> list[list[Piece]]:
    """One annotation in as many lines as it takes: values, suggestion, cues, note and history.

    Args:
        history: the decisions on it.
        others: the other models that say the same.
    """
    lines: list[list[Piece]] = [[(quoted(annotation.text, 120), "strong")], []]
    if isinstance(annotation, Entity):
        label = schema.label(annotation.label)
        lines.append([("label     ", "muted"), (label.name, "strong")])
        if label.description:
            lines.append([("          ", "muted"), (label.description, "muted")])
    else:
        lines += [
            [(f"{name:<10}", "muted"), (str(value).replace("_", " "), role)]
            for name, value, role in (
                ("stance", annotation.stance, "strong"),
                ("certainty", annotation.certainty, "strong"),
                ("holder", annotation.holder_name, "strong"),
                ("frame", annotation.frame, "plain"),
                ("time", annotation.time, "plain"),
                ("quotation", annotation.quote, "plain"),
                ("doubt", "yes" if annotation.doubt else "no", "plain"),
            )
        ]
        if annotation.holder[:-1]:
            own = authors_row(
                annotation.holder, annotation.stance, annotation.certainty, annotation.cues
            )
            lines.append([("author    ", "muted"), (" ".join(own), "plain")])
        if annotation.likelihood:
            lines.append([("likelihood", "muted"), (f" {likelihood(annotation)}", "plain")])
    words, role = _STATUS[annotation.status]
    lines.append([("status    ", "muted"), (words, role)])
    lines += _origin(annotation)
    lines += [[("and by    ", "muted"), (name, "plain")] for name in others]
    if annotation.note:
        lines += [[], [("note      ", "muted"), (visible(annotation.note), "plain")]]
    past = [_event(decision, annotation.id) for decision in history]
    if past:
        lines += [[], [("history", "muted")], *past]
    return lines


def _origin(annotation: Annotation) -> list[list[Piece]]:
    origin = annotation.origin
    if origin is None:
        return []
    lines = [[("by model  ", "muted"), (origin.layer, "plain")]]
    if origin.score is not None:
        lines.append([("score     ", "muted"), (score(origin.score)[6:], "plain")])
    if annotation.status is Status.CORRECTED:
        was = origin.values.get("label") or " ".join(
            str(origin.values.get(name, "")) for name in ("stance", "certainty")
        )
        moved = (origin.start, origin.end) != (annotation.span.start, annotation.span.end)
        place = f", {origin.start}-{origin.end}" if moved else ""
        lines.append([("suggested ", "muted"), (f"{was}{place}", "plain")])
    lines += [[("because   ", "muted"), (visible(one), "plain")] for one in origin.why]
    return lines


def already(action: Action, change: Change) -> str:
    """Why a decision that would change nothing is none."""
    one = change.after
    if isinstance(one, Entity) and action is Action.RELABEL:
        return f"“{quoted(one.text)}” is {one.label} already."
    if isinstance(one, (Entity, Claim)) and action is not Action.TAG:
        return f"“{quoted(one.text)}” is {one.status} already."
    return "It is so already."


def deed(decision: Decision) -> str:
    """A decision in a few words: what was done, and to which words."""
    for change in decision.changes:
        record = change.after or change.before
        if isinstance(record, Entity | Claim):
            others = len(decision.changes) - 1
            more = f" and {others:,} more" if others else ""
            return f"{decision.action} “{quoted(record.text)}”{more}"
    return str(decision.action)


def _event(decision: Decision, annotation_id: str) -> list[Piece]:
    change = next(one for one in decision.changes if one.id == annotation_id)
    when = decision.at[5:16].replace("T", " ")
    words = f"{decision.by} {decision.action} {_news(change)}".rstrip()
    return [(f"{when} ", "muted"), (words, "plain")]


def _news(change: Change) -> str:
    """What a decision made of an annotation: the values that are others now, else the main ones."""
    before, after = change.before, change.after
    if not isinstance(after, (Entity, Claim)):
        return ""
    now = _values(after)
    was = _values(before) if isinstance(before, (Entity, Claim)) else _suggested(after)
    new = [value for name, value in now.items() if was.get(name, value) != value]
    return " ".join(new or (now[name] for name in _MAIN if name in now))


def _values(one: Annotation) -> dict[str, str]:
    made = {"words": f"“{quoted(one.text)}”"}
    if isinstance(one, Entity):
        return {"label": one.label, **made}
    fields = {name: str(getattr(one, name)).replace("_", " ") for name in _FIELDS}
    made |= {"holder": f"by {visible(one.holder_name)}"}
    return {**fields, **made, "doubt": "in doubt" if one.doubt else "not in doubt"}


def _suggested(one: Annotation) -> dict[str, str]:
    """The values that an annotation was suggested with, where these are told otherwise than now."""
    origin, values = one.origin, one.values()
    if origin is None:
        return {}
    made = {name: str(value) for name, value in origin.values.items() if values.get(name) != value}
    if (origin.start, origin.end) != (one.span.start, one.span.end):
        made["words"] = ""
    return made

"""C5: what reaches the terminal raw from the screens and from `show`."""

from __future__ import annotations

import re

from attack.forge import TIME, Document, Project, change
from attack.prints import WORST, toml
from attack.sandbox import Outcome, Sandbox, attacks, raw


def _everywhere(box: Sandbox, words: str) -> tuple[Project, Document]:
    """A project in which every field that is a text holds these words."""
    escaped = toml(words)
    settings = f"version = 1\nname = {escaped}\n[entities]\nnested = true\n"
    settings += f"labels.{escaped} = {escaped}\nlabels.PERSON = {escaped}\n"
    settings += f"[claims]\nstance = [{escaped}, 'affirms', 'denies']\n"
    settings += f"certainty = [{escaped}, 'certain']\n"
    project = Project(box.home / "clone", settings)
    text = f"Ilse Brandt said that {words} the ferry might not sail on Sunday."
    document = project.document(text, title=words, source=words, metadata={words: words})
    likelihood = {"scale": words, "band": words, "phrase": words, "start": 0, "end": 4}
    holder = [{"kind": "span", "text": words, "start": text.index(words)}, {"kind": "author"}]
    why = {"why": [words]}
    suggestion = document.suggestion("Ilse Brandt", label=words)
    suggestion["origin"] |= why
    claim = document.claim("the ferry might not sail", "s2", status="suggested", score=0.9)
    for name in ("by", "at", "rev"):
        del claim[name]
    claim |= {"stance": words, "certainty": words, "holder": holder, "likelihood": likelihood}
    claim["cues"] = [{"start": 0, "end": 4, "kind": words, "effect": words}]
    claim["origin"] = {"layer": "toy-1.0.0", "start": claim["start"], "end": claim["end"]}
    claim["origin"] |= {"values": {"stance": words}, "score": 0.9, **why}
    package = {"package": words, "version": words, "tidy": True, "author": words}
    document.model(suggestion, claim, model=package)
    mine = document.entity("Ilse", "e9", label=words, note=words)
    own = document.claim("ferry might not sail", "c9", note=words, stance=words, certainty=words)
    own |= {
        "holder": holder,
        "likelihood": likelihood,
        "frame": words,
        "time": words,
        "quote": words,
    }
    journal = document.journal("anna")
    journal.add("add", change(mine)).add("add", change(own | {"at": TIME.format(2), "rev": 2}))
    for line in journal.lines:
        line["body"] |= {"session": words, "app": words, "reason": words}
    journal.write(document.folder)
    return project, document


KEYS: dict[str, tuple[str, ...]] = {
    "page, panel and moves": ("tab", "tab", "tab", "shift+tab", "i", "i", "n", "p"),
    "history and undo": ("tab", "H", "escape", "u", "r"),
    "documents": ("j", "escape"),
    "search": ("/", "ferry", "enter", "escape"),
    "corpus search": ("S", "ferry", "enter", "escape"),
    "guide and help": ("g", "escape", "?", "escape"),
    "figures": ("%", "escape"),
    "palette": (":", "lab", "escape"),
    "holders and fields": ("tab", "tab", "h", "escape", "w", "right", "escape"),
    "same words": ("tab", "a", "=", "escape"),
    "note": ("tab", ";", "escape"),
}


@attacks(
    "C5",
    "every field of a project hostile; the reader, {0}",
    {
        f"{name}, {size[0]} x {size[1]}": (keys, size)
        for name, keys in KEYS.items()
        for size in ((80, 24), (130, 40))
    },
)
def screens(box: Sandbox, row: tuple[tuple[str, ...], tuple[int, int]]) -> Outcome:
    keys, size = row
    project, _ = _everywhere(box, WORST.replace("\x1b", "").replace("\x07", ""))
    with box.reader(project=project.root, size=size) as reader:
        reader.sees("ferry", 10)
        reader.idle()
        for key in keys:
            reader.send(key)
            reader.idle(0.25)
        words = reader.quits()
        came = raw(_without_sequences(bytes(reader.log)))
    told = f"raw: {' '.join(came)}" if came else "only the reader's own sequences"
    if words:
        told += f"; {words}: {_tail(bytes(reader.log))}"
    return Outcome(bool(came or words), told)


def _tail(log: bytes) -> str:
    return _without_sequences(log).decode("utf-8", "replace").strip()[-160:]


def _without_sequences(log: bytes) -> bytes:
    """What was written without the sequences that Textual and the reader send."""
    log = re.sub(rb"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]", b"", log)
    log = re.sub(rb"\x1b[78=>c]|\x1b\([B0]", b"", log)
    log = re.sub(rb"\x1b\](?:0|2|9|22);[^\x07\x1b\n]*(?:\x07|\x1b\\)", b"", log)
    log = re.sub(rb"\x1bP[^\x1b]*\x1b\\", b"", log)
    return log.replace(b"\r", b"").replace(b"\x08", b"").replace(b"\x07", b"")


@attacks(
    "C5",
    "hidden characters ({0}) in a text: show",
    {
        "zero width": "\u200b\u200c\u2060",
        "tags": "\U000e0041\U000e0042",
        "annotation": "\ufff9\ufffa\ufffb",
        "soft hyphen": "\u00ad",
        "bidi": "\u202e\u2066",
        "C1 and DEL": "\x9b\x7f",
    },
)
def hidden(box: Sandbox, letters: str) -> Outcome:
    project = Project(box.home / "clone")
    document = project.document(f"Ilse{letters} Brandt said {letters} that the ferry sails.")
    document.model(document.suggestion("Brandt"))
    ran = box.run("show", document.id, project=project.root)
    came = [one for one in letters if one in ran.out.decode("utf-8", "replace")]
    words = " ".join(f"U+{ord(one):04X}" for one in came)
    return Outcome(
        bool(came or ran.fault), f"raw: {words}" if came else f"shown as symbols; {ran.line}"
    )

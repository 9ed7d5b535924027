"""V: files and folders to add or import, words of a command line, places and languages."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any, Final

from attack.forge import Project, change
from attack.links import TEXT, clone
from attack.sandbox import HOSTILE, Outcome, Sandbox, attack, attacks, raw

SECRET: Final = "SECRET-0123456789 that the ferry knows."

_WORD: Final = (
    '<?xml version="1.0"?>{head}<w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>'
)
_TYPES: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELS: Final = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def _docx(head: str = "", body: str = "The ferry.", **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("_rels/.rels", _RELS)
        packed.writestr("word/document.xml", _WORD.format(head=head, body=body))
        for name, data in more.items():
            packed.writestr(name, data)
    return file.getvalue()


def _laughs() -> str:
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return '<!DOCTYPE w:document [<!ENTITY a0 "ha">' + "".join(names) + "]>"


def _outside(box: Sandbox) -> str:
    return f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{box.home}/secret.txt">]>'


def _gz(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data)


FILES: Final[dict[str, Any]] = {
    "a.docx: a 2 GB part": lambda box: _docx(**{"word/x.xml": b"\0" * (1 << 28)}),
    "a.docx: a text of 1 GB": lambda box: _docx(body="a" * (1 << 28)),
    "a.docx: billion laughs": lambda box: _docx(_laughs(), "&a9;"),
    "a.docx: an outside entity": lambda box: _docx(_outside(box), "&x;"),
    "a.docx: cut": lambda box: _docx()[:300],
    "a.docx: not a zip": lambda box: b"PK\3\4" + b"x" * 1000,
    "a.html: 20,000 nested": lambda box: b"<div>" * 20_000 + b"ferry" + b"</div>" * 20_000,
    "a.html: 2 MB of open tags": lambda box: b"<a <b <c" * 250_000,
    "a.html: a frame of a file": lambda box: (
        f'<iframe src="file://{box.home}/secret.txt"></iframe>'.encode()
    ),
    "a.html: an outside entity": lambda box: (
        f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{box.home}/secret.txt">]><p>&x;'.encode()
    ),
    "a.pdf: garbage": lambda box: b"%PDF-1.7\n" + os.urandom(20_000),
    "a.pdf: a tree that is its own child": lambda box: (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF"
    ),
    "a.jsonl: deep": lambda box: b'{"text": ' + b"[" * 100_000 + b"\n",
    "a.jsonl: a number of 10,000 digits": lambda box: (
        b'{"text": "x", "n": ' + b"9" * 10_000 + b"}\n"
    ),
    "a.jsonl: keys of a class": lambda box: (
        b'{"text": "ferry", "__class__": "os.system", "meta": {"__proto__": 1}}\n'
    ),
    "a.jsonl: a title of 1 MB": lambda box: (
        json.dumps({"text": "ferry", "title": "x" * 1_000_000}).encode() + b"\n"
    ),
    "a.jsonl: a title of escapes": lambda box: (
        json.dumps({"text": "ferry", "title": HOSTILE}).encode() + b"\n"
    ),
    "a.csv: a cell of 10 MB": lambda box: b"text\n" + b"x" * 10_000_000 + b"\n",
    "a.csv: NUL bytes": lambda box: b"text\n\0\0\0,\0\n",
    "a.txt: lone surrogates": lambda box: b"ferry \xed\xa0\x80 \xed\xbf\xbf\n",
    "a.txt: UTF-16 without its end": lambda box: "ferry".encode("utf-16") + b"\0",
    "a.txt: 100 MB": lambda box: b"the ferry sails. " * 6_000_000,
    "a.txt.gz: 2 GB packed": lambda box: _gz(b"\0" * (1 << 28)),
    "a.md: 1 MB of [": lambda box: b"[" * 1_000_000,
    "a.md: 1 MB of *_": lambda box: b"*_" * 500_000,
}


@attacks("V", "add {0}", FILES)
def added(box: Sandbox, make: Any) -> Outcome:
    (box.home / "secret.txt").write_text(SECRET, encoding="utf-8")
    name = next(name for name, one in FILES.items() if one is make).split(":")[0]
    path = box.home / name
    path.write_bytes(make(box))
    root = box.home / "work"
    ran = box.run("add", path, project=root, timeout=60)
    leaked = (
        any(b"SECRET" in one.read_bytes() for one in root.rglob("text.txt"))
        if root.exists()
        else False
    )
    harm = (
        bool(ran.fault) or ran.megabytes > 1500 or ran.seconds > 30 or leaked or bool(raw(ran.both))
    )
    told = f"{ran.fault or ran.line[:120]} ({ran.megabytes} MB, {ran.seconds:.1f} s)"
    return Outcome(harm, told + ("; the secret is in the project" if leaked else ""))


FORMATS: Final = (
    "jsonl",
    "spacy",
    "prodigy",
    "conll",
    "brat",
    "doccano",
    "labelstudio",
    "webannotation",
    "uima",
    "huggingface",
    "csv",
    "extractions",
)


@attacks(
    "V",
    "a folder with {0}; add",
    {
        "a link to ~/secret.txt": "link",
        "a link to a folder outside": "folder",
        "a link to itself": "loop",
        "a pipe": "pipe",
        "a link to /dev/zero": "zero",
        "a hard link of ~/secret.txt": "hard",
    },
)
def added_folder(box: Sandbox, how: str) -> Outcome:
    secret = box.home / "private" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text(SECRET, encoding="utf-8")
    corpus = box.home / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The ferry sails.\n", encoding="utf-8")
    place = corpus / "b.txt"
    if how == "link":
        place.symlink_to("../private/secret.txt")
    elif how == "folder":
        (corpus / "b").symlink_to("../private")
    elif how == "loop":
        (corpus / "b").symlink_to(".")
    elif how == "pipe":
        os.mkfifo(place)
    elif how == "zero":
        place.symlink_to("/dev/zero")
    else:
        os.link(secret, place)
    root = box.home / "work"
    ran = box.run("add", corpus, project=root, memory=2 << 30)
    texts = [one.read_bytes() for one in root.rglob("text.txt")] if root.exists() else []
    leaked = how in ("link", "folder") and any(b"SECRET" in one for one in texts)
    told = f"{len(texts)} texts; {ran.fault or ran.line[:120]}"
    return Outcome(
        bool(ran.fault) or leaked, told + ("; the secret is in the project" if leaked else "")
    )


@attacks(
    "V",
    "import --format {0} of a link, a pipe, a device, a folder of links",
    {one: one for one in FORMATS},
)
def imported(box: Sandbox, form: str) -> Outcome:
    project, _ = clone(box)
    secret = box.home / "private" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text(SECRET, encoding="utf-8")
    places: list[Path] = []
    pipe = box.home / "pipe"
    os.mkfifo(pipe)
    zero = box.home / "zero"
    zero.symlink_to("/dev/zero")
    folder = box.home / "folder"
    folder.mkdir()
    for ending in (
        ".txt",
        ".ann",
        ".json",
        ".jsonl",
        ".conll",
        ".csv",
        ".parquet",
        ".xmi",
        ".spacy",
    ):
        (folder / f"a{ending}").symlink_to(secret)
    (folder / "b.ann").write_text("T1\tX 0 6\tSECRET\n", encoding="utf-8")
    (folder / "b.txt").symlink_to(secret)
    pipes = box.home / "pipes"
    pipes.mkdir()
    for ending in (".txt", ".ann", ".json", ".conf", ".jsonl"):
        os.mkfifo(pipes / f"a{ending}")
    places += [pipe, zero, folder, pipes]
    wrong = []
    for place in places:
        ran = box.run(
            "import",
            place,
            "--format",
            form,
            "--layer",
            "theirs",
            project=project.root,
            memory=2 << 30,
            timeout=12,
        )
        if ran.fault or ran.megabytes > 500:
            wrong.append(f"{place.name}: {ran.fault} {ran.megabytes} MB")
    if any(
        b"SECRET" in one.read_bytes()
        for one in project.root.rglob("*")
        if one.is_file() and not one.is_symlink()
    ):
        wrong.append("the secret is in the project")
    return Outcome(bool(wrong), "; ".join(wrong) or "refused, a line each")


HOSTILE_NAMES: Final = (
    "../../x",
    "..",
    ".",
    "/etc/x",
    "a/b",
    "document",
    "text",
    "project",
    "a\nb",
    "\u202e",
    "x" * 300,
    "",
    " ",
    "CON",
    "-x",
    "anna.log",
    "anna.json",
    "~",
    "$(id)",
    HOSTILE.replace("\x00", ""),
)


@attacks("V", "an annotator named {0}", {ascii(one)[:40]: one for one in HOSTILE_NAMES})
def annotator(box: Sandbox, name: str) -> Outcome:
    project, document = clone(box)
    before = set(box.home.rglob("*"))
    runs = [
        box.run("status", "--annotator", name, project=project.root),
        box.run(
            "redact", document.id, "--reason", "x", project=project.root, PURPORT_ANNOTATOR=name
        ),
        box.run("import", "nope", "--format", "jsonl", "--layer", name, project=project.root),
        box.run("show", document.id, "--layer", name, project=project.root),
        box.run("doctor", document.id, "--salvage", name, project=project.root),
        box.run("status", project=project.root, LOGNAME=name, USER=name),
    ]
    faults = [ran.fault for ran in runs if ran.fault]
    came = sorted({one for ran in runs for one in raw(ran.both)})
    inside = (project.root, box.home / ".cache", box.home / ".state", box.home / ".config")
    fresh = [
        p
        for p in box.home.rglob("*")
        if p not in before and not any(p == i or i in p.parents for i in inside)
    ]
    told = [
        *faults,
        *(["raw: " + " ".join(came)] if came else []),
        *(f"made {p.name}" for p in fresh),
    ]
    return Outcome(bool(told), "; ".join(told) or runs[0].line[:120])


WORDS: Final[dict[str, tuple[str | bytes, ...]]] = {
    f"search {one!r}": ("search", one)
    for one in (
        '"',
        "'",
        "*",
        "NEAR(",
        "a OR",
        "^",
        "label:",
        "label:ORG OR 1=1",
        "-",
        "--",
        "\\",
        "(",
        "a AND NOT",
        "\x01",
        "a" * 100_000,
        "\u0301" * 50_000,
        "%",
        "_",
        "a* " * 5_000,
        "",
    )
} | {
    "search, bytes that are not UTF-8": ("search", b"\xff\xfe"),
    "show, bytes that are not UTF-8": ("show", b"\xff"),
    "show ''": ("show", ""),
    "show 1 MB": ("show", "x" * 100_000),
    "log --since 9999999": ("log", "--since", "9999999"),
    "log --since 0001-01-01T00:00:00+23:59": ("log", "--since", "0001-01-01T00:00:00+23:59"),
    "log --until 9999-12-31": ("log", "--until", "9999-12-31"),
    "log --until 9999-12-31T23:59:59-23:59": ("log", "--until", "9999-12-31T23:59:59-23:59"),
    "log --since \u0662\u0660\u0662\u0666": ("log", "--since", "\u0662\u0660\u0662\u0666-01-01"),
    "replay --until 10^30": ("replay", "letter", "--until", "1" + "0" * 30),
    "replay --until \u00b2": ("replay", "letter", "--until", "\u00b2"),
    "replay --until -1": ("replay", "letter", "--until", "-1"),
    "export --seed 10^30": (
        "export",
        "o",
        "--format",
        "jsonl",
        "--split",
        "a=0.5,b=0.5",
        "--seed",
        "1" + "0" * 30,
    ),
    "export --split nan": ("export", "o", "--format", "jsonl", "--all", "--split", "a=nan,b=0.5"),
    "export --split ../x": (
        "export",
        "o",
        "--format",
        "jsonl",
        "--all",
        "--split",
        "../x=0.5,b=0.5",
    ),
    "export --split a/b": (
        "export",
        "o",
        "--format",
        "jsonl",
        "--all",
        "--split",
        "a/b=0.5,/etc/x=0.5",
    ),
    "export to a name of bytes": ("export", b"\xff.jsonl", "--format", "jsonl", "--all"),
    "export to /dev/null": ("export", "/dev/null", "--format", "jsonl", "--all"),
    "export to a name of 300 letters": ("export", "x" * 300, "--format", "jsonl", "--all"),
    "export into the project": ("export", "clone/documents/x.jsonl", "--format", "jsonl", "--all"),
    "export over purport.toml": (
        "export",
        "clone/purport.toml",
        "--format",
        "jsonl",
        "--all",
        "--force",
    ),
    "report over project.json": ("report", "clone/project.json"),
    "replay --out project.json": (
        "replay",
        "letter",
        "--until",
        "1",
        "--layer",
        "anna",
        "--out",
        "clone/project.json",
    ),
    "replay --out purport.toml": (
        "replay",
        "letter",
        "--until",
        "1",
        "--layer",
        "anna",
        "--out",
        "clone/purport.toml",
    ),
    "replay --out annotators/x.json": (
        "replay",
        "letter",
        "--until",
        "1",
        "--layer",
        "anna",
        "--out",
        "clone/annotators/anna.json",
    ),
    "suggest --jobs 100000": ("suggest", "--jobs", "100000"),
    "suggest --model ''": ("suggest", "--model", ""),
    "suggest --model -": ("suggest", "--model", "-"),
    "suggest --model os": ("suggest", "--model", "os"),
    "suggest --model a.b": ("suggest", "--model", "spacy.lang.en"),
    "review --seeded nan": ("review", "--layer", "toy-1.0.0", "--seeded", "nan"),
    "verify --seal x": ("verify", "--seal", "x" * 100_000),
    "verify --seal 2": ("verify", "--seal", "purport-seal 2 " + "9" * 5000 + " 1 1 " + "a" * 64),
    "verify --seal 1": ("verify", "--seal", "purport-seal 1 2020 " + "9" * 5000 + " 1 " + "a" * 64),
    "import --offset-unit x": (
        "import",
        "o",
        "--format",
        "jsonl",
        "--layer",
        "x",
        "--offset-unit",
        "x",
    ),
    "--project /proc/self": ("status", "--project", "/proc/self"),
    "--project a name of bytes": ("status", "--project", b"\xff"),
    "--project 5,000 letters": ("status", "--project", "x/" * 2_500),
    "--project with NUL in purport": ("status", "--project", "/dev/zero"),
}


@attacks("V", "purport {0}", WORDS)
def words(box: Sandbox, row: tuple[str | bytes, ...]) -> Outcome:
    project, document = clone(box)
    document.journal("anna").add("add", change(document.entity("Ilse Brandt"))).write(
        document.folder
    )
    before = {p: p.read_bytes() for p in project.root.rglob("*") if p.is_file()}
    arguments = [os.fsdecode(one) if isinstance(one, bytes) else one for one in row]
    at = None if "--project" in row else project.root
    ran = box.run(*arguments, "--annotator", "anna", project=at, timeout=40)
    broken = [
        p.name
        for p, data in before.items()
        if not p.exists() or (p.read_bytes() != data and p.suffix != ".json")
    ]
    for path, data in before.items():
        # What is written in a project of format 1 makes it one of format 2, in this file alone.
        is_later = path.name == "project.json" and b'"format": 2' in path.read_bytes()
        if path.name in ("project.json", "document.json") and path.read_bytes() != data:
            broken += [] if is_later else [path.name]
    escaped = [p.name for p in box.folder.glob("x.jsonl")] + [
        p.name for p in box.home.glob("x*.jsonl")
    ]
    told = ran.fault or ran.line[:140]
    harm = bool(ran.fault or broken or escaped or raw(ran.both))
    return Outcome(
        harm,
        told
        + (f"; the project's {', '.join(broken)} changed" if broken else "")
        + (f"; made {escaped}" if escaped else ""),
    )


@attacks(
    "V",
    "in {0}: all commands and the reader",
    {
        "LC_ALL=C": {"LANG": "C", "LC_ALL": "C"},
        "LC_ALL=POSIX, no UTF-8 mode": {
            "LANG": "POSIX",
            "LC_ALL": "POSIX",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
        },
        "PYTHONIOENCODING=ascii": {"PYTHONIOENCODING": "ascii"},
        "tr_TR.UTF-8": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
        "TZ=Pacific/Kiritimati": {"TZ": "Pacific/Kiritimati"},
        "TZ=../../../../etc/passwd": {"TZ": ":../../../../etc/passwd"},
        "TERM unset": {"TERM": None},
        "TERM=dumb": {"TERM": "dumb"},
        "TERM of escapes": {"TERM": HOSTILE},
        "COLUMNS=-5": {"COLUMNS": "-5", "LINES": "x"},
        "COLUMNS=10^9": {"COLUMNS": "1000000000"},
    },
)
def places(box: Sandbox, env: dict[str, str | None]) -> Outcome:
    project, document = clone(box, f"{TEXT} \u2014 \u201cM\u00f6we\u201d \U0001f6a2")
    one = document.entity("Ilse Brandt", note="\u00e9\U0001f6a2")
    document.journal("anna").add("add", change(one)).write(document.folder)
    wrong = []
    for command in (
        ("status",),
        ("show", document.id),
        ("search", "ferry"),
        ("log",),
        ("verify",),
        ("keys",),
        ("doctor",),
        ("export", "o.jsonl", "--format", "jsonl", "--all"),
        ("--help",),
    ):
        ran = box.run(*command, project=None if command == ("--help",) else project.root, **env)
        if ran.fault or raw(ran.both.replace(b"\0", b"")):
            wrong.append(f"{command[0]}: {ran.fault or raw(ran.both)}")
    with box.reader(project=project.root, **env) as reader:
        reader.sees("ferry", 10)
        reader.send("a")
        reader.idle(0.3, 3)
        if told := reader.quits():
            wrong.append(f"the reader: {told} {' '.join(reader.text.split())[-100:]}")
    return Outcome(bool(wrong), "; ".join(wrong) or "as ever")


@attack("V", "report: hostile words in every field; markup of the page")
def page(box: Sandbox) -> Outcome:
    bad = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;</style><svg onload=x>"
    project = Project(
        box.home / "clone",
        f"version = 1\nname = {json.dumps(bad)}\n[entities]\nlabels = [{json.dumps(bad)}]\n",
    )
    document = project.document(
        f"Ilse Brandt said {bad} that the ferry sails.", title=bad, source=bad
    )
    document.model(document.suggestion("Ilse Brandt", label=bad))
    one = document.entity("Ilse Brandt", label=bad, note=bad)
    claim = document.claim(
        "the ferry sails", "c1", note=bad, stance=bad, rev=2, at="2026-03-01T10:00:00.000002Z"
    )
    document.journal("anna").add("add", change(one)).add("add", change(claim)).write(
        document.folder
    )
    ran = box.run("report", "page.html", "--annotator", "anna", project=project.root)
    path = box.home / "page.html"
    if not path.exists():
        return Outcome(bool(ran.fault), ran.fault or ran.line)
    html = path.read_text(encoding="utf-8")
    import html.parser as parser

    found: list[str] = []

    class Look(parser.HTMLParser):
        def handle_starttag(self, tag: str, attributes: Any) -> None:
            if tag in ("script", "img", "svg", "iframe") and any(
                k.startswith("on") or k == "src" for k, _ in attributes
            ):
                found.append(tag)
            if tag == "script" or any(key.startswith("on") for key, _ in attributes):
                found.append(tag)

    Look().feed(html)
    guarded = "default-src 'none'" in html
    return Outcome(
        bool(found) or not guarded, f"live: {found}" if found else f"inert; policy: {guarded}"
    )


@attack("V", "a lock on the journal held for ever by another process; the reader, a, q")
def locked(box: Sandbox) -> Outcome:
    import fcntl

    project, document = clone(box)
    path = (
        document.journal("anna")
        .add("add", change(document.entity("Brandt")))
        .write(document.folder)
    )
    with path.open("rb") as file, (project.root / "purport.toml").open("rb") as other:
        fcntl.flock(file, fcntl.LOCK_EX)
        fcntl.flock(other, fcntl.LOCK_EX)
        with box.reader(project=project.root) as reader:
            shown = reader.sees("ferry", 15)
            reader.send("tab")
            reader.send("a")
            reader.idle(1.0, 15)
            words = reader.quits()
        ran = box.run("status", "--annotator", "dora", project=project.root)
    told = f"status: {ran.fault or ran.line[:60]}; the reader: {words or 'q ended it'}"
    return Outcome(bool(words or ran.fault) or not shown, told)

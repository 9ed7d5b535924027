"""C4 and C11: a standard output that fails, and tables that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from attack.forge import TIME, Project, change
from attack.sandbox import Outcome, Sandbox, attack, attacks

TEXT: Final = "Ilse Brandt said that the ferry might not sail on Sunday."
COMMANDS: Final = {
    "status": ("status",),
    "status --json": ("status", "--json"),
    "show": ("show", "{}"),
    "log": ("log",),
    "search": ("search", "ferry"),
    "verify": ("verify",),
    "seal": ("seal",),
    "replay": ("replay", "{}", "--until", "1", "--layer", "anna"),
    "keys": ("keys",),
    "doctor": ("doctor",),
    "formats": ("formats",),
    "export": ("export", "o.jsonl", "--format", "jsonl", "--all"),
    "evaluate": ("evaluate", "--predicted", "toy-1.0.0", "--gold", "anna", "--all"),
    "--help": ("--help",),
    "--version": ("--version",),
    "add": ("add", "new.txt"),
}


def _project(box: Sandbox) -> Any:
    project = Project(box.home / "clone")
    document = project.document(TEXT)
    document.model(document.suggestion("Ilse Brandt"))
    document.journal("anna").add("add", change(document.entity("Ilse Brandt"))).write(
        document.folder
    )
    (box.home / "new.txt").write_text("A new text.\n", encoding="utf-8")
    return project, document


@attacks(
    "C4",
    "purport {0}",
    {
        f"{name} {how}": (words, how)
        for name, words in COMMANDS.items()
        for how in ("> /dev/full", ">&-", "2> /dev/full", "2>&-", "< closed")
    },
)
def output(box: Sandbox, row: tuple[tuple[str, ...], str]) -> Outcome:
    words, how = row
    project, document = _project(box)
    arguments = [word.format(document.id) for word in words]
    at = None if words[0].startswith("-") or words[0] == "formats" else project.root
    if how == "> /dev/full":
        with Path("/dev/full").open("wb") as full:
            ran = box.run(*arguments, project=at, stdout=full)
    elif how == "2> /dev/full":
        # What goes to a full standard error is nowhere; only the exit status is left.
        shell = 'exec "$@" 2> /dev/full'
        ran = box.run(*arguments, project=at, wrap=("sh", "-c", shell, "sh"))
    else:
        ran = box.run(*arguments, project=at, closed=({">&-": 1, "2>&-": 2, "< closed": 0}[how],))
    lines = len(ran.err.decode("utf-8", "replace").strip().splitlines())
    noisy = b"Exception ignored" in ran.err
    wrong = ran.fault or ("Exception ignored at the end" if noisy else "")
    if (
        how == "> /dev/full"
        and not ran.status
        and ran.out == b""
        and words[0] not in ("export", "verify", "add")
    ):
        wrong = wrong or "exit 0, and nothing was written"
    return Outcome(bool(wrong), wrong or f"exit {ran.status}, {lines} lines of standard error")


@attack("C4", "report with a bad time in a journal")
def report(box: Sandbox) -> Outcome:
    project, document = _project(box)
    one = document.entity("Ilse Brandt", at="not a time")
    document.journal("anna").add("add", change(one), at="not a time").write(document.folder)
    ran = box.run("report", "page.html", project=project.root)
    return Outcome(bool(ran.fault), ran.fault or ran.line)


@attack("C4", "import --format huggingface of a column that is not UTF-8")
def parquet(box: Sandbox) -> Outcome:
    code = r"""
import sys, pyarrow as pa, pyarrow.parquet as pq
column = pa.array([b"\xff\xfe bad \xc3"], pa.binary()).view(pa.string())
pq.write_table(pa.table({"text": column, "entities": [[]]}), sys.argv[1])
print("null")
"""
    path = box.home / "bad.parquet"
    try:
        box.build(code, path)
    except RuntimeError as error:
        return Outcome(None, str(error)[-100:])
    project, _ = _project(box)
    ran = box.run("import", path, "--format", "huggingface", "--layer", "hub", project=project.root)
    return Outcome(bool(ran.fault), ran.fault or ran.line)


FULL: Final = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
SIGNS: Final = (
    "=",
    "+",
    "-",
    "@",
    *FULL,
    "\t=",
    " =",
    "\u00a0=",
    "\u3000\uff1d",
)


@attacks("C11", "CSV export of a note that begins with {0}", {ascii(one): one for one in SIGNS})
def formula(box: Sandbox, sign: str) -> Outcome:
    project, document = _project(box)
    one = document.entity("Ilse Brandt", note=f"{sign}HYPERLINK(1)", label=f"{sign}1")
    document.journal("anna").add("add", change(one)).write(document.folder)
    out = box.home / "o.csv"
    ran = box.run(
        "export", out, "--format", "csv", "--all", "--layer", "anna", project=project.root
    )
    if not out.exists():
        return Outcome(bool(ran.fault), ran.fault or ran.line)
    import csv
    import io

    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    cells = [
        cell
        for row in rows[1:]
        for cell in row
        if "HYPERLINK" in cell or (cell.endswith("1") and sign in cell)
    ]
    bare = [cell for cell in cells if _runs(cell)]
    return Outcome(bool(bare), f"cells: {', '.join(map(ascii, cells))[:150]}")


def _runs(cell: str) -> bool:
    """Whether a spreadsheet, which may pass over blanks first, would take a cell for a formula."""
    bare = cell.lstrip("\t\r\n \u00a0\u200b\ufeff\u3000")
    return bare[:1] in (*"=+-@", *FULL)


@attacks("C11", "{0} cut at 40 places; import", {"CSV": "csv", "TSV": "tsv", "CoNLL": "conll"})
def cut(box: Sandbox, kind: str) -> Outcome:
    project = Project(box.home / "clone")
    records = []
    for number in range(6):
        document = project.document(f"{number}. {TEXT}", f"letter {number}")
        one = document.entity("Ilse Brandt")
        two = document.entity("Sunday", "e2", label="DATE", at=TIME.format(2), rev=2)
        journal = document.journal("anna").add("add", change(one)).add("add", change(two))
        journal.write(document.folder)
        records.append(document)
    out = box.home / f"o.{kind}"
    form = "conll" if kind == "conll" else "csv"
    ran = box.run("export", out, "--format", form, "--all", "--layer", "anna", project=project.root)
    if not out.exists():
        return Outcome(None, ran.line)
    data = out.read_bytes()
    silent, faults = [], []
    for number in range(1, 41):
        place = len(data) * number // 41
        out.write_bytes(data[:place])
        ran = box.run(
            "import", out, "--format", form, "--layer", f"cut{number}", project=project.root
        )
        if ran.fault:
            faults.append(ran.fault)
        elif ran.status == 0 and "cut" not in ran.text and data[place - 1 : place] != b"\n":
            silent.append(place)
    told = f"{len(silent)} of 40 with exit 0 and no word of it though cut within a line; {len(faults)} tracebacks"
    return Outcome(bool(silent or faults), told)

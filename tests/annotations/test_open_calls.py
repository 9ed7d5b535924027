"""No other module than the safe opening opens, lists, renames or deletes a path of a project."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import store

ROOT: Final = Path(__file__).parents[2]
SAFE: Final = {"annotations/storage/safe_open.py", "annotations/storage/open_folder.py"}

PATH_CALLS: Final = {
    "chmod", "chown", "copyfile", "copytree", "exists", "glob", "hardlink_to", "is_dir", "is_fifo",
    "is_file", "is_symlink", "isdir", "isfile", "islink", "iterdir", "lexists", "link", "listdir",
    "lstat", "makedirs", "mkdir", "mkdtemp", "mkfifo", "mkstemp", "open", "read_bytes", "read_text",
    "readlink", "realpath", "removedirs", "rename", "renames", "rglob", "rmdir", "rmtree", "scandir",
    "stat", "symlink", "symlink_to", "touch", "truncate", "unlink", "utime", "write_bytes",
    "write_text", "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile",
}  # fmt: skip
OF_OS_ALONE: Final = {"access", "copy", "copy2", "move", "remove", "replace", "walk"}

NOT_PATHS: Final = {
    "Project", "cls", "disk", "found", "gzip", "parts", "project", "safe_open", "screen", "self",
    "self._shelf", "self.app", "Shelf(project.root)", "shelf",
}  # fmt: skip
"""What is not a path, though it has a method of such a name."""

ALLOWED: Final = {
    # What a person named: the sources of `add`, the files of `import`, where an export goes.
    "annotations/sources/": "reads the files that a person adds",
    "annotations/formats/": "reads the files that a person imports, and writes exports",
    "annotations/report/page.py": "writes the report where the person said",
    "annotations/cli/console.py": "looks at the paths of the command line",
    "annotations/cli/trail.py": "looks at where a replay is to go",
    "annotations/suggest/training.py": "writes the pipeline where the person said",
    # What the program, the system or the person has outside a project.
    "annotations/cli/fault.py": "writes reports of faults in the person's state folder",
    "annotations/cli/streams.py": "opens the null device",
    "annotations/storage/index.py": "opens the index in the person's cache",
    "annotations/storage/lock.py": "reads the kernel's table of locks",
    "annotations/storage/mount.py": "reads the kernel's table of mounts",
    "annotations/storage/snapshot.py": "reads and writes in the person's cache, without following a link",
    "annotations/storage/unsettled.py": "reads and writes in the person's cache",
    "annotations/suggest/claims/": "reads the program's own word lists and corpora",
    "annotations/suggest/model_sums.py": "reads the program's own list of sums",
    "annotations/suggest/models.py": "reads installed pipelines",
    "annotations/suggest/packages.py": "reads installed pipelines",
    "annotations/suggest/worker.py": "writes to the kernel about its own process",
    "annotations/suggest/trust.py": "reads a pipeline that is asked about, and what is trusted",
    # The project's own folder, which may be reached through a link: nothing in it is opened.
    "annotations/project.py": "looks whether the named folder is there",
    "annotations/storage/project_search.py": "looks for a project and at whose it is",
    "annotations/storage/roster.py": "makes the named folder",
    "tui/__main__.py": "opens the terminal",
    "tui/config.py": "reads the person's settings",
    "tui/place.py": "reads and writes in the person's state folder",
    "tui/skipped.py": "reads and writes in the person's state folder",
}

EXACTLY: Final = {
    "annotations/project.py": {"root.exists", "root.is_dir"},
    "annotations/storage/lock.py": {"Path('/proc/locks').read_text"},
    "annotations/storage/mount.py": {"mounts.read_text", "os.stat"},
    "annotations/storage/roster.py": {"os.access", "root.mkdir"},
    "annotations/cli/trail.py": {"out.is_dir"},
    "annotations/suggest/worker.py": {"open", "os.open"},
}
"""The only calls of a module that also handles paths in a project."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def path_calls(tree: ast.AST) -> Iterator[str]:
    """The calls in a piece of code that look at the file system, each as it is written."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            if node.func.id in PATH_CALLS:
                yield node.func.id
        elif isinstance(node.func, ast.Attribute):
            base, name = ast.unparse(node.func.value), node.func.attr
            if base in NOT_PATHS or "follow_symlinks" in {one.arg for one in node.keywords}:
                continue
            is_path_replace = name == "replace" and len(node.args) == 1 and not node.keywords
            if (
                name in PATH_CALLS
                or is_path_replace
                or (base in {"os", "shutil"} and name in OF_OS_ALONE)
            ):
                yield f"{base}.{name}"


MODULES: Final = [
    path
    for package in ("annotations", "tui")
    for path in sorted((ROOT / package).rglob("*.py"))
    if named(path) not in SAFE
]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_opens_paths_of_a_project_through_the_safe_opening_alone(path: Path) -> None:
    found = set(path_calls(ast.parse(path.read_text(encoding="utf-8"))))
    if named(path) == "annotations/storage/unsafe_files.py":
        found -= {"folder.stat"}  # an open folder's
    if named(path) == "annotations/storage/disk.py":
        found -= {"folder.rename", "folder.stat"}  # an open folder's
    if not any(named(path).startswith(place) for place in ALLOWED):
        assert found == set()
    assert found <= EXACTLY.get(named(path), found)


def test_every_module_that_is_let_off_has_a_reason_to_be() -> None:
    idle = [
        place
        for place in ALLOWED
        if not any(
            set(path_calls(ast.parse(path.read_text(encoding="utf-8"))))
            for path in MODULES
            if named(path).startswith(place)
        )
    ]
    assert idle == []


WATCH: Final = """
import json, os, sys

root, ours, report = sys.argv[1:4]
seen = {"calls": 0, "strangers": []}
EVENTS = {
    "open", "os.listdir", "os.scandir", "os.rename", "os.remove", "os.mkdir", "os.rmdir",
    "os.utime", "os.truncate", "os.link", "os.symlink", "os.chmod", "os.chown", "os.mkfifo",
    "sqlite3.connect", "shutil.copyfile", "shutil.move", "shutil.rmtree",
}
SAFE = (ours + "/annotations/storage/safe_open.py", ours + "/annotations/storage/open_folder.py")


def caller():
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith((ours + "/annotations/", ours + "/tui/")):
            return frame.f_code.co_filename
        frame = frame.f_back
    return ""


def watch(event, arguments):
    if event not in EVENTS:
        return
    module = caller()
    if not module:
        return
    for path in arguments[:2] if event in ("os.rename", "os.link") else arguments[:1]:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        # The current folder is the project: a name alone is one in it.
        if isinstance(path, int) or not isinstance(path, str):
            is_inside = module in SAFE
        else:
            whole = os.path.normpath(os.path.join(root, path))
            is_inside = whole == root or whole.startswith(root + os.sep)
        if is_inside:
            seen["calls"] += 1
            if module not in SAFE:
                seen["strangers"].append([event, str(path), module.removeprefix(ours + "/")])


sys.addaudithook(watch)
"""

COMMANDS: Final = """
import pathlib
from annotations.cli import app
from annotations.cli.console import run
from annotations import changes
from annotations.project import Project
from annotations.records import Action

outside = sys.argv[4]
os.chdir(root)
statuses = []
def purport(*words):
    statuses.append([words[0], int(run(app, ["--annotator", "anna", *words]))])

project = Project.open(pathlib.Path(root), annotator="anna")
first, second = project.order()
for number in range(3):
    suggested = list(project.overlay(first).index)[number]
    project.decide(first, Action.ACCEPT, [changes.accept(suggested)])
project.undo()
project.redo()
project.close()
purport("add", outside + "/new.txt")
purport("status")
purport("show", first)
purport("search", "word1")
purport("export", outside + "/out.jsonl", "--format", "jsonl", "--all")
purport("export", outside + "/out", "--format", "brat", "--all")
purport("import", outside + "/out.jsonl", "--format", "jsonl", "--layer", "theirs")
purport("log")
purport("verify")
purport("seal")
purport("replay", first, "--until", "1", "--as", "then")
purport("report", outside + "/report.html")
purport("redact", second, "--reason", "asked")
purport("verify")
from contextlib import closing
from pathlib import Path
from tui import doctor
list(doctor.examine(lambda: closing(Project.open(Path(root), annotator="anna"))))
seen["statuses"] = statuses
json.dump(seen, open(report, "w"))
"""

CONTROL: Final = """
code = compile("open('purport.toml').close()", ours + "/annotations/elsewhere.py", "exec")
os.chdir(root)
getattr(__builtins__, "exec")(code)
json.dump(seen, open(report, "w"))
"""


def watched(tmp_path: Path, code: str) -> dict[str, object]:
    """What the calls on a project's paths were, in a process of their own."""
    project = store.make(tmp_path / "project", documents=2)
    project.close()
    (tmp_path / "new.txt").write_text("Something new.", encoding="utf-8")
    report = tmp_path / "report.json"
    command = [
        sys.executable, "-P", "-c", WATCH + code, str(project.root), str(ROOT), str(report), str(tmp_path),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert report.exists(), done.stderr
    found: dict[str, object] = json.loads(report.read_bytes())
    return found


def test_what_the_commands_open_in_a_project_goes_through_the_safe_opening(tmp_path: Path) -> None:
    seen = watched(tmp_path, COMMANDS)
    assert [one for one in seen["statuses"] if one[1]] == []  # type: ignore[attr-defined]
    assert seen["strangers"] == []
    assert int(str(seen["calls"])) > 500


def test_a_call_beside_the_safe_opening_is_seen(tmp_path: Path) -> None:
    """The negative control of the test above."""
    seen = watched(tmp_path, CONTROL)
    assert seen["strangers"] == [["open", "purport.toml", "annotations/elsewhere.py"]]

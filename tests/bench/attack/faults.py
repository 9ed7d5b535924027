"""C1 and C7: refused decisions that stay, and locks that do not work."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from attack import forge
from attack.forge import Project
from attack.journals import decided, followed
from attack.sandbox import Outcome, Sandbox, attack, attacks

_SHIM: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
static int on(const char *name) {
    const char *flag = getenv("SHIM_FLAG"), *calls = getenv("SHIM_CALLS");
    return flag && calls && strstr(calls, name) && access(flag, F_OK) == 0;
}
int fsync(int fd) {
    static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync");
    if (on("fsync")) { errno = EIO; return -1; } return real(fd);
}
int fdatasync(int fd) {
    static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    if (on("fsync")) { errno = EIO; return -1; } return real(fd);
}
int ftruncate(int fd, off_t n) {
    static int (*real)(int, off_t); if (!real) real = dlsym(RTLD_NEXT, "ftruncate");
    if (on("ftruncate")) { errno = EIO; return -1; } return real(fd, n);
}
int ftruncate64(int fd, off_t n) {
    static int (*real)(int, off_t); if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
    if (on("ftruncate")) { errno = EIO; return -1; } return real(fd, n);
}
ssize_t write(int fd, const void *data, size_t n) {
    static ssize_t (*real)(int, const void *, size_t); if (!real) real = dlsym(RTLD_NEXT, "write");
    if (on("write") && n > 300 && memmem(data, n, "\"body_sha\"", 10)) {
        if (strstr(getenv("SHIM_CALLS"), "half")) real(fd, data, n / 2);
        errno = EIO; return -1;
    }
    return real(fd, data, n);
}
int flock(int fd, int how) {
    static int (*real)(int, int); if (!real) real = dlsym(RTLD_NEXT, "flock");
    if (on("flock")) return 0; return real(fd, how);
}
"""


def shim(box: Sandbox) -> Path | None:
    """The library that lets calls fail, or None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    source, library = box.folder / "shim.c", box.folder / "shim.so"
    source.write_text(_SHIM, encoding="utf-8")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    done = subprocess.run(command, capture_output=True)
    return library if done.returncode == 0 else None


FAULTS: Final = (
    "fsync",
    "fsync ftruncate",
    "write",
    "write half",
    "write half ftruncate",
    "write half ftruncate fsync",
)


@attacks("C1", "{0} fail while the reader decides; opened again", {name: name for name in FAULTS})
def ghost(box: Sandbox, calls: str) -> Outcome:
    library = shim(box)
    if library is None:
        return Outcome(None, "needs a C compiler")
    project = Project(box.home / "clone")
    document = project.document("Ilse Brandt said that Tomas Vidal took the ferry with Anna Berg.")
    document.model(
        *(document.suggestion(words) for words in ("Ilse Brandt", "Tomas Vidal", "Anna Berg"))
    )
    flag = box.folder / "fail"
    env = {"LD_PRELOAD": str(library), "SHIM_FLAG": str(flag), "SHIM_CALLS": calls}
    with box.reader(project=project.root, **env) as reader:
        reader.sees("ferry", 15)
        reader.idle()
        reader.send("a")
        reader.idle()
        flag.touch()
        reader.send("a")
        reader.idle()
        shown = " ".join(reader.text.split())
        flag.unlink()
        words = reader.quits()
    box.forget()
    kept = len(decided(box, project.root))
    second = len(decided(box, project.root))
    refused = "ot saved" in shown
    unsure = "may be saved" in shown or "may have been saved" in shown
    at = re.search(r"([Nn]ot saved|[Mm]ay be saved)[^│]{0,60}", shown)
    told = f"{at[0] if at else 'said nothing of it'}; {kept} decisions afterwards"
    harm = (refused and not unsure and kept > 1) or kept < 1 or kept != second or bool(words)
    return Outcome(harm, told + (f"; {words}" if words else ""))


_WRITER: Final = r"""
import json, sys
from pathlib import Path
from annotations import changes
from annotations.errors import PurportError
from annotations.project import Project
from annotations.records import Action
project = Project.open(Path(sys.argv[1]), annotator="anna")
document = project.documents()[0].id
said = refused = 0
print("ready", flush=True)
sys.stdin.readline()
suggested = sorted(project.layer(document, "toy-1.0.0"), key=lambda one: one.span.start)
for one in suggested[int(sys.argv[2])::int(sys.argv[3])]:
    try:
        project.decide(document, Action.ACCEPT, [changes.accept(one)])
        said += 1
    except PurportError:
        refused += 1
        if refused > 5:
            break
print(json.dumps([said, refused]))
"""


@attack("C7", "flock does nothing: 4 writers of one annotator, 60 decisions each")
def no_locks(box: Sandbox) -> Outcome:
    library = shim(box)
    if library is None:
        return Outcome(None, "needs a C compiler")
    import sys

    project = Project(box.home / "clone")
    words = [f"word{number}" for number in range(240)]
    document = project.document(" ".join(words) + ".")
    document.model(
        *(
            document.suggestion(f"{word} " if n < 239 else word, id=f"s{n:011d}")
            for n, word in enumerate(words)
        )
    )
    flag = box.folder / "fail"
    flag.touch()
    env = box.env(LD_PRELOAD=str(library), SHIM_FLAG=str(flag), SHIM_CALLS="flock")
    command = [sys.executable, "-P", "-c", _WRITER, str(project.root)]
    writers = [
        subprocess.Popen(
            [*command, str(n), "4"],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    try:
        for one in writers:
            assert one.stdout is not None
            one.stdout.readline()
        results = []
        for one in writers:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        for one in writers:
            out, err = one.communicate(timeout=60)
            results.append(
                json.loads(out.strip().splitlines()[-1]) if out.strip() else [0, err[-200:]]
            )
    finally:
        for one in writers:
            one.kill()
    said = sum(one[0] for one in results)
    lines = (document.folder / "anna.log").read_bytes().split(b"\n")[:-1]
    forked, prev = 0, forge.GENESIS
    for raw in lines:
        try:
            line = json.loads(raw)
        except ValueError:
            forked += 1
            continue
        forked += line["prev"] != prev
        prev = line["hash"]
    tried = followed(box, project.root, document.id)
    kept = len(decided(box, project.root))
    told = f"{said} acknowledged, {kept} can be read, the chain broke {forked} times; followed: {' | '.join(tried)}"
    return Outcome(kept < said, told + f"; refused {[one[1] for one in results]}")


@attack("C7", "flock does nothing: what doctor says of locks")
def no_locks_told(box: Sandbox) -> Outcome:
    library = shim(box)
    if library is None:
        return Outcome(None, "needs a C compiler")
    project = Project(box.home / "clone")
    project.document("The ferry sails.")
    flag = box.folder / "fail"
    flag.touch()
    ran = box.run(
        "doctor",
        project=project.root,
        LD_PRELOAD=str(library),
        SHIM_FLAG=str(flag),
        SHIM_CALLS="flock",
        timeout=60,
    )
    line = next((line for line in ran.text.splitlines() if "locks" in line), "no line on locks")
    return Outcome(line.startswith("ok"), line)

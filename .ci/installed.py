"""Prove an installed wheel: what it ships, its commands, and the reader without a terminal.

    python -I installed.py tui/screens/reader.tcss annotations/py.typed …

The arguments are the files that are not Python and that the packages cannot do without. Run it
with the interpreter of the environment, in a folder outside the project.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from importlib.metadata import files, version
from pathlib import Path

import tui
from annotations.project import Project
from tui.app import PurportApp

TEXT = "Ada Orlen said that no agreement would be signed in Geneva on Friday.\n"


def check_files(needed: list[str]) -> None:
    """Everything needed is in the distribution, and nothing but the two packages."""
    shipped = {file.as_posix() for file in files("purport") or ()}
    missing = set(needed) - shipped
    assert needed and not missing, f"not shipped: {missing}"
    tops = {name.partition("/")[0] for name in shipped if not name.startswith("../")}
    allowed = {"annotations", "tui", f"purport-{version('purport')}.dist-info"}
    assert tops == allowed, f"shipped beside the packages: {tops - allowed}"
    assert "site-packages" in str(tui.__file__), tui.__file__


def purport(*arguments: str, folder: Path) -> str:
    """What the installed command prints."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("purport")), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"purport {' '.join(arguments)}: {done.stderr}"
    return done.stdout


async def read(folder: Path) -> None:
    """Start the reader, see that the document is on the page, and leave with its own key."""
    root = Project.find(folder)
    assert root is not None
    app = PurportApp(Project.open(root, annotator="anna"), suggesting=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Ada Orlen" in app.export_screenshot().replace("&#160;", " ")
        await pilot.press("q")
    assert app.return_code == 0, app.return_code


def main() -> None:
    """Check all of it, and say so in one line."""
    check_files(sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert purport("--version", folder=folder).split() == ["purport", version("purport")]
        (folder / "talks.txt").write_text(TEXT, encoding="utf-8")
        document = purport("add", "talks.txt", folder=folder).split()[0]
        purport("suggest", document, folder=folder)
        shown = purport("show", document, folder=folder)
        assert "PERSON" in shown, shown
        asyncio.run(read(folder))
    print(f"purport {version('purport')} works as installed: {len(sys.argv) - 1} data files")


if __name__ == "__main__":
    main()

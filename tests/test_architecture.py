"""What holds for the code as a whole; the arrows between its rooms are contracts in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "annotations").rglob("*.py"))
TERMINAL = sorted((ROOT / "tui").rglob("*.py"))
MODULES = [*CORE, *TERMINAL]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MOST_LINES = 400
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
EXECUTING_MODULES = {"pickle", "marshal", "shelve", "dill", "joblib"}

# What a layout may draw with: measures and strips of cells, no widget, no app.
DRAWING = {"rich.cells", "rich.segment", "rich.style", "textual.strip"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each module that a piece of code imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and last name of each function that a piece of code calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.lineno, node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.lineno, f".{node.func.attr}"


def loaded_by(module: str) -> set[str]:
    """The top-level packages that importing a module brings into a fresh interpreter."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("annotations.project", {"textual", "rich", "spacy", "numpy", "tui"}),
        ("annotations.sources", {"textual", "rich", "spacy", "numpy", "tui"}),
        ("annotations.formats.export", {"textual", "rich", "spacy", "numpy", "tui"}),
        ("annotations.suggest.run", {"textual", "rich", "spacy", "numpy", "tui"}),
        ("tui.__main__", {"spacy", "numpy"}),
        ("tui.app", {"spacy", "numpy"}),
    ],
)
def test_a_module_loads_nothing_that_it_can_do_without(module: str, unwanted: set[str]) -> None:
    loaded = loaded_by(module)
    assert module.partition(".")[0] in loaded
    assert not loaded & unwanted


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=named)
def test_the_future_import_is_never_hidden_by_the_package(path: Path) -> None:
    # `from __future__ import annotations` gives every module that name already.
    bare = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.partition(".")[0] == "annotations" and not alias.asname
    ]
    assert bare == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_one_noun_of_at_most_400_lines(path: Path) -> None:
    lines = path.read_bytes().count(b"\n")
    assert lines <= MOST_LINES
    assert path.stem not in {"utils", "helpers", "manager", "base", "common", "misc"}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_that_is_read_is_ever_executed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [found for found in calls(tree) if found[1] in FORBIDDEN_CALLS] == []
    assert [
        found for found in imports(tree) if found[1].partition(".")[0] in EXECUTING_MODULES
    ] == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_lines_are_cut_at_line_feeds_only(path: Path) -> None:
    # str.splitlines also cuts at form feed, U+0085 and U+2028, and every later offset is wrong.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [line for line, name in calls(tree) if name == ".splitlines"] == []


@pytest.mark.parametrize("path", CORE, ids=named)
def test_everything_public_in_the_core_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module"
    assert list(_unexplained(tree.body)) == []


def _unexplained(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            yield f"{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef) and not _is_protocol(node):
            yield from _unexplained(node.body)


def _is_protocol(node: ast.ClassDef) -> bool:
    """Whether a class only names what others have: its own docstring speaks for all of it."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


@pytest.mark.parametrize("path", sorted((ROOT / "tui" / "layout").rglob("*.py")), ids=named)
def test_the_layout_draws_with_strips_of_cells_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    drawn = {
        name for _, name in imports(tree) if name.partition(".")[0] in {"textual", "rich", "spacy"}
    }
    assert drawn <= DRAWING


def test_a_screen_has_its_style_sheet_beside_it() -> None:
    sheets = list((ROOT / "tui").rglob("*.tcss"))
    assert sheets
    assert [named(path) for path in sheets if not path.with_suffix(".py").exists()] == []


def test_no_test_folder_shadows_a_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_test_modules_have_names_of_their_own() -> None:
    names = [path.name for path in TESTS if path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))


PRINTERS = {"print", "echo", "secho", "progressbar", "print_exc", "print_exception", "print_stack"}
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
ASKED = {"isatty", "fileno", "encoding"}
"""What may be asked of a stream; what is not here may write to it."""
PRINTING = {
    "annotations/cli/streams.py": "the one way to print",
    "annotations/suggest/claims/__main__.py": "fits the shipped weights, and is no command",
}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_prints_but_through_the_streams_of_the_command_line(path: Path) -> None:
    if named(path) in PRINTING:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    harmless = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ASKED
    } | {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "has_colour"
        for argument in node.args
    }
    found = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and getattr(node.value, "id", "") == "sys"
        and node.attr in STREAMS
        and id(node) not in harmless
    ]
    found += [line for line, name in calls(tree) if name.lstrip(".") in PRINTERS]
    found += [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.alias) and node.name in ("Console", "rich.console", "Traceback")
    ]
    found += [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func) in ("warnings.warn", "logging.StreamHandler")
            or ast.unparse(node).startswith(("os.write(1,", "os.write(2,"))
        )
    ]
    assert found == []

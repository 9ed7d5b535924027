"""The command line itself, which each room of commands adds its own to."""

from __future__ import annotations

from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import typer

from annotations.cli.console import ANNOTATOR_HELP, PROJECT_HELP, put

app = typer.Typer(
    name="purport",
    help="Read documents in the terminal, decide on their entities and claims, keep every decision.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        put(f"purport {installed('purport')}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    project: Annotated[
        Path | None,
        typer.Option("--project", metavar="DIR", envvar="PURPORT_PROJECT", help=PROJECT_HELP),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator", metavar="NAME", envvar="PURPORT_ANNOTATOR", help=ANNOTATOR_HELP
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Take the options that every command has, when they stand before its name."""
    context.obj = (project, annotator)

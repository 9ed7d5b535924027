"""Colours: the app's themes, and how the page shows each label, status and claim.

Nothing is told by colour alone. An entity is told by its tag, its status by the mark in it, a
claim by its underline and its lane; colour only makes them quicker to see. The label colours are
those of Okabe and Ito ("Color Universal Design", 2008), which people with any colour vision can
tell apart, lightened or darkened until each has a contrast of 4.5:1 on its theme's background.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from annotations.records import Status

DARK: Final = "purport-dark"
LIGHT: Final = "purport-light"
ANSI: Final = "purport-ansi"
MONO: Final = "purport-mono"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as Rich and Textual name them; empty is the terminal's own."""

    background: str
    text: str
    muted: str
    labels: tuple[str, ...]
    affirms: str
    denies: str
    cursor: str
    current: str
    match: str
    preview: str
    selection: str


COLOURS: Final = {
    DARK: Colours(
        background="#16191d",
        text="#cdd2d8",
        muted="#868e98",
        labels=(
            "#6cb6eb",
            "#e8a33d",
            "#45c096",
            "#dc93bd",
            "#e3d968",
            "#ea8a5c",
            "#a3aef2",
            "#b9b18c",
        ),
        affirms="#45c096",
        denies="#ea8a5c",
        cursor="#485364",
        current="#2a313b",
        match="#4d4413",
        preview="#1a5563",
        selection="#2f4a6d",
    ),
    LIGHT: Colours(
        background="#faf8f3",
        text="#2a2d31",
        muted="#686d74",
        labels=(
            "#00629b",
            "#8a5300",
            "#006b4c",
            "#8f3f75",
            "#665c00",
            "#a33e05",
            "#4a4fae",
            "#5e5842",
        ),
        affirms="#006b4c",
        denies="#a33e05",
        cursor="#c4ccd6",
        current="#dfe4ea",
        match="#f1e6a0",
        preview="#cbe9ee",
        selection="#c3daf3",
    ),
    ANSI: Colours(
        background="",
        text="",
        muted="dim",
        labels=("cyan", "yellow", "green", "magenta", "blue", "red"),
        affirms="green",
        denies="red",
        cursor="",
        current="",
        match="",
        preview="",
        selection="",
    ),
    MONO: Colours("", "", "", (), "", "", "", "", "", "", ""),
}
"""The colours by theme name; a tint that is empty is drawn with reverse, bold and underline."""

# Pencil and ink: what is only suggested is drawn lightly, what stands is bold.
_TEXT: Final = {
    Status.SUGGESTED: Style(),
    Status.ACCEPTED: Style(bold=True),
    Status.CORRECTED: Style(bold=True),
    Status.ADDED: Style(bold=True),
    Status.REJECTED: Style(strike=True),
}
_TAG: Final = {
    Status.SUGGESTED: Style(),
    Status.ACCEPTED: Style(),
    Status.CORRECTED: Style(bold=True, underline=True),
    Status.ADDED: Style(underline=True),
    Status.REJECTED: Style(),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """How the page shows things; each style is laid over the one below it.

    Attributes:
        name: the name of the theme that it belongs to.
        base: plain text.
        muted: what is there to be found, not read.
        match: a place that the search found.
        preview: a place that the next decision would change.
        cue: a word that led to the current claim.
        selection: what the person has selected.
        cursor: the word that the cursor is on.
        cursor_current: the same, inside the current annotation.
    """

    name: str
    base: Style
    muted: Style
    match: Style
    preview: Style
    cue: Style
    selection: Style
    cursor: Style
    cursor_current: Style
    _labels: tuple[Style, ...]
    _claim: Style
    _stances: dict[str, Style]

    def entity(self, position: int, status: Status, *, current: bool = False) -> Style:
        """The words of an entity whose label has that position in the schema."""
        if status is Status.REJECTED:
            look = self.muted + _TEXT[status]
        elif self._labels:
            look = self._label(position) + _TEXT[status]
        else:  # bold is all there is: the tag has it while it asks, and the words once they stand
            look = _TEXT[status]
        return look + LOUD if current else look

    def tag(self, position: int, status: Status, *, current: bool = False) -> Style:
        """The tag behind those words."""
        if current:
            return self.entity(position, status, current=True)
        look = self._label(position) if status is Status.SUGGESTED else self.muted
        return look + _TAG[status]

    def claim(self, status: Status, *, current: bool = False) -> Style:
        """The words of a claim, below the entities in them."""
        if current:
            return self._claim
        return Style() if status is Status.REJECTED else Style(underline=True)

    def lane(self, stance: str, status: Status, *, current: bool = False) -> Style:
        """A claim's cells in the margin."""
        if status is Status.REJECTED:
            look = self.muted
        else:
            look = self._stances.get(stance, self.muted) + _TEXT[status]
        return look + LOUD if current else look

    def _label(self, position: int) -> Style:
        if not self._labels:
            return Style(bold=True)
        again, colour = divmod(position, len(self._labels))
        style = self._labels[colour]
        return style + Style(italic=True) if again % 2 and self.base.color else style


LOUD: Final = Style(bold=True, reverse=True)
"""The current annotation: seen at once on any terminal."""


def palette(theme: str, *, no_color: bool = False) -> Palette:
    """The palette of a theme; without colour, or for a theme of others, one that suits.

    Args:
        theme: the theme's name; names of other themes are taken as dark.
        no_color: whether the person asked for no colour.
    """
    name = MONO if no_color else theme if theme in COLOURS else DARK
    made = COLOURS[name]
    tinted = bool(made.current)
    return Palette(
        name=name,
        base=_ink(made.text) + _tint(made.background, Style()),
        muted=_ink(made.muted),
        match=_tint(made.match, Style(bold=True, underline=True)),
        preview=_tint(made.preview, Style(bold=True, reverse=True, underline=True)),
        cue=_tint(made.match, Style(reverse=True)),
        selection=_tint(made.selection, Style(reverse=True)),
        cursor=_tint(made.cursor, Style(reverse=True, underline=True)),
        cursor_current=Style(underline=True),
        _labels=tuple(_ink(colour) for colour in made.labels),
        _claim=Style(bold=True, underline=True)
        + (Style(bgcolor=made.current) if tinted else Style()),
        _stances={"affirms": _ink(made.affirms), "denies": _ink(made.denies)},
    )


def _ink(colour: str) -> Style:
    # Bright black is the background itself in some terminals' schemes, so 16 colours have no grey.
    if colour == "dim":
        return Style(dim=True)
    return Style(color=colour) if colour else Style()


def _tint(colour: str, instead: Style) -> Style:
    return Style(bgcolor=colour) if colour else instead


def _theme(name: str, dark: bool) -> Theme:
    made = COLOURS[name]
    return Theme(
        name=name,
        primary=made.labels[0],
        secondary=made.labels[6],
        accent=made.labels[1],
        warning=made.labels[4],
        error=made.labels[5],
        success=made.labels[2],
        foreground=made.text,
        background=made.background,
        surface=made.current,
        panel=made.current,
        dark=dark,
        text_alpha=1.0,
        variables={"text-muted": made.muted, "footer-key-foreground": made.labels[0]},
    )


THEMES: Final = (
    _theme(DARK, dark=True),
    _theme(LIGHT, dark=False),
    replace(BUILTIN_THEMES["ansi-dark"], name=ANSI),
)
"""The themes that the app registers: calm dark, calm light, and the terminal's own colours."""


def choose(color_system: str | None, *, no_color: bool = False, dark: bool = True) -> str:
    """The name of the theme for a terminal.

    Args:
        color_system: as Rich names it: `standard` is 16 colours, None is none.
        no_color: whether `NO_COLOR` is set; only the terminal's own colours can be left out.
        dark: whether the person's background is dark.
    """
    if no_color or color_system in (None, "standard"):
        return ANSI
    return DARK if dark else LIGHT

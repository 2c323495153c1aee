"""Small operations on runs: their plain text, their trimmed form, an address made from a title."""

from __future__ import annotations

import re
import unicodedata

from attrs import evolve

from egide.document.model import Declared, Emphasis, Link, NoteReference, Number, Run, Runs, Strong, Text

_SOURCE = re.compile(r"\s*\((?P<source>[^()]+)\)\s*$")


def plain(runs: Runs) -> str:
    """What is read, without marks: for an anchor, a bookmark, a search index."""
    return "".join(_plain(run) for run in runs)


def _plain(run: Run) -> str:
    match run:
        case Text(text) | Declared(text):
            return text
        case Number(text=text):
            return text
        case Emphasis(runs) | Strong(runs) | Link(runs=runs):
            return plain(runs)
        case NoteReference():
            return ""


def stripped(runs: Runs) -> Runs:
    """Without the blanks at both ends; empty texts go."""
    kept = [run for run in runs if run != Text("")]
    if kept and isinstance(first := kept[0], Text):
        kept[0] = evolve(first, text=first.text.lstrip())
    if kept and isinstance(last := kept[-1], Text):
        kept[-1] = evolve(last, text=last.text.rstrip())
    return tuple(run for run in kept if run != Text(""))


def split_source(runs: Runs) -> tuple[Runs, str]:
    """« label (Source) » cut in two. The source is the last parenthesis; empty when there is none."""
    if runs and isinstance(last := runs[-1], Text) and (match := _SOURCE.search(last.text)):
        return stripped((*runs[:-1], Text(last.text[: match.start()]))), match["source"]
    return stripped(runs), ""


def slug(text: str) -> str:
    """An address: lower case, no accent, hyphens."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "section"

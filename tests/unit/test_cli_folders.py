"""A folder is replaced whole, or stays as it was."""

from __future__ import annotations

import gettext
import os
import re
from pathlib import Path

import pytest

import egide.cli
from egide.cli.caches import DrawingCache, FilesCache
from egide.cli.console import reason
from egide.cli.folders import refuse_foreign, replace_folder
from egide.errors import StoreError
from support.editions import files_of


def test_only_the_new_files_remain(tmp_path):
    replace_folder(tmp_path / "lettre", {"a.txt": b"1", "data/b.txt": b"2"})
    replace_folder(tmp_path / "lettre", {"a.txt": b"3"})
    assert files_of(tmp_path) == {"lettre/a.txt": b"3"}


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(tmp_path):
    replace_folder(tmp_path / "lettre", {"a.txt": b"1"})
    with pytest.raises(OSError):
        replace_folder(tmp_path / "lettre", {"a.txt": b"2", "a.txt/inside": b"3"})
    assert files_of(tmp_path) == {"lettre/a.txt": b"1"}


def test_what_a_stop_between_the_two_renames_left_comes_back_even_when_the_next_write_fails(tmp_path):
    replace_folder(tmp_path / "lettre", {"a.txt": b"1"})
    (tmp_path / "lettre").rename(tmp_path / ".lettre.former")
    with pytest.raises(OSError):
        replace_folder(tmp_path / "lettre", {"a.txt": b"2", "a.txt/inside": b"3"})
    assert files_of(tmp_path) == {"lettre/a.txt": b"1"}


def test_a_link_to_the_folder_still_leads_to_it(tmp_path):
    replace_folder(tmp_path / "lettre-2026", {"a.txt": b"1"})
    (tmp_path / "derniere").symlink_to("lettre-2026")
    replace_folder(tmp_path / "derniere", {"a.txt": b"2"})
    assert (tmp_path / "derniere").is_symlink()
    assert (tmp_path / "lettre-2026" / "a.txt").read_bytes() == b"2"


def test_readers_other_than_the_author_may_read(tmp_path):
    replace_folder(tmp_path / "lettre", {"a.txt": b"1"})
    assert (tmp_path / "lettre" / "a.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("kind", ["absent", "empty", "ours"])
def test_a_folder_of_ours_may_be_replaced(tmp_path, kind):
    folder = tmp_path / "lettre"
    if kind != "absent":
        folder.mkdir()
    if kind == "ours":
        (folder / "trace.json").write_bytes(b"{}")
        (folder / "note.txt").write_bytes(b"")
    refuse_foreign(folder, "trace.json")
    assert folder.exists() == (kind != "absent")


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "these.odt").write_bytes(b"")
    with pytest.raises(StoreError, match="autre chose"):
        refuse_foreign(tmp_path, "trace.json")


# ---------------------------------------------------------------- caches


def test_files_are_made_once_for_each_description(tmp_path):
    made: list[str] = []

    def make(name: str) -> dict[str, bytes]:
        made.append(name)
        return {"b/c.txt": name.encode(), "a.txt": b""}

    cache = FilesCache(tmp_path)
    first = cache.files("un", lambda: make("un"))
    assert cache.files("un", lambda: make("un")) == first == {"b/c.txt": b"un", "a.txt": b""}
    assert made == ["un"]
    cache.files("deux", lambda: make("deux"))
    assert cache.files("un", lambda: make("un")) == first
    assert made == ["un", "deux", "un"]  # only the last is kept
    assert len(list(tmp_path.iterdir())) == 1


def test_an_archive_that_was_damaged_is_made_again(tmp_path):
    cache = FilesCache(tmp_path)
    cache.files("un", lambda: {"a.txt": b"bon" * 100})
    (kept,) = tmp_path.iterdir()
    content = kept.read_bytes()
    for damaged in (b"", content[:50], content.replace(b"bonbon", b"bofbon", 1)):
        kept.write_bytes(damaged)
        assert cache.files("un", lambda: {"a.txt": b"neuf"}) == {"a.txt": b"neuf"}


def test_a_drawing_is_kept_until_its_description_changes(tmp_path):
    chart = {"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}
    draw = DrawingCache(tmp_path)
    first = draw(chart)
    (kept,) = tmp_path.iterdir()
    kept.write_text("gardé", encoding="utf-8")
    assert (draw(chart), draw(chart | {"mark": "bar"}) != first) == ("gardé", True)


# ---------------------------------------------------------------- words


def test_why_the_system_refused_is_said_in_french():
    with pytest.raises(FileNotFoundError) as raised:
        os.open("absent", os.O_RDONLY)
    assert reason(raised.value) == "rien n’existe à cet endroit"
    assert reason(OSError(99999, "odd")) == "le système refuse (odd)"


def test_the_compiled_words_are_those_of_the_readable_file():
    folder = Path(egide.cli.__file__).parent / "locale" / "fr" / "LC_MESSAGES"
    with (folder / "egide.mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    entries = re.findall(
        r'^msgid (".*"(?:\n".*")*)\n(?:msgid_plural .*\nmsgstr\[0\]|msgstr) (".*"(?:\n".*")*)',
        (folder / "egide.po").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    texts = {unquoted(key): unquoted(text) for key, text in entries}
    assert len(texts) > 20
    assert {key: said for key, said in texts.items() if key and in_french(spoken, key) != said} == {}


def unquoted(lines: str) -> str:
    return "".join(line.strip('"') for line in lines.splitlines()).replace(r"\n", "\n").replace(r"\t", "\t")


def in_french(spoken: gettext.GNUTranslations, key: str) -> str:
    said = spoken.gettext(key)
    return said if said != key else spoken.ngettext(key, key, 1)

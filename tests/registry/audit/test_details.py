"""A name cannot slip into the journal."""

from datetime import date, datetime
from uuid import UUID

import pytest

from egide_registry.audit.details import NotACode, canonical_detail
from egide_registry.audit.events import LABELS, READS, Event


def test_details_have_one_way_of_being_written():
    detail = {"on": date(2026, 3, 2), "act": "file", "count": 3, "item": UUID(int=1), "none": None, "yes": True}
    assert canonical_detail(detail) == (
        '{"act":"file","count":3,"item":"00000000-0000-0000-0000-000000000001","on":"2026-03-02","yes":true}'
    )
    assert canonical_detail(dict(reversed(detail.items()))) == canonical_detail(detail)


def test_an_event_and_the_hash_of_a_file_are_codes():
    assert canonical_detail({"event": Event.FILE_READ, "sha256": "a" * 64}) == (
        f'{{"event":"file_read","sha256":"{"a" * 64}"}}'
    )


@pytest.mark.parametrize(
    "value", ["Marie Essai", "Zoé", "a" * 65, "", "a\n", "a\u00a0b", 1.5, ["a"], b"a", datetime(2026, 3, 2)]
)
def test_words_names_and_long_texts_are_refused_without_being_repeated(value: object):
    with pytest.raises(NotACode) as refused:
        canonical_detail({"reason": value, "act": "file"})  # type: ignore[dict-item]
    assert "détail reason\u00a0: attendu un code" in str(refused.value)
    assert "Essai" not in str(refused.value)


def test_every_event_has_french_words():
    assert set(LABELS) == set(Event)
    assert set(Event) >= READS

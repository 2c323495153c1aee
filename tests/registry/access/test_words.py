"""The officer reads the journal in French; identifiers are shortened, codes without a word stay."""

from egide_registry.access.words import NAMES, detail_in_words
from egide_registry.audit.details import canonical_detail


def test_an_entry_is_read_in_french():
    detail = canonical_detail({"act": "grant", "request": "3f9c21ab-0000-4000-8000-000000000000", "strange": 3})
    assert detail_in_words(detail) == "acte\u00a0: Autoriser le parcours, demande\u00a0: 3f9c21ab, strange\u00a0: 3"


def test_an_entry_without_detail_says_nothing():
    assert detail_in_words(canonical_detail({})) == ""


def test_every_name_is_a_word():
    assert all(word and word == word.lower() for word in NAMES.values())

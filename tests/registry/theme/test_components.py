"""Components and French, drawn by the template engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.theme import components, french

MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre"]
MONTHS.append("décembre")

pytestmark = pytest.mark.usefixtures("site")


def drawn(text, **context):
    return Template("{% load registry %}" + text).render(Context(context))


# ---------------------------------------------------------------- French


def test_the_first_of_a_month_is_written_1er_and_the_others_are_not():
    assert drawn("{{ d|date_fr }}", d=date(2026, 8, 1)) == "1er\u00a0août\u00a02026"
    assert drawn("{{ d|date_fr }}", d=date(2026, 12, 31)) == "31\u00a0décembre\u00a02026"


def test_a_date_that_is_not_known_is_not_written():
    assert drawn("[{{ d|date_fr }}{% date_fr d %}{{ d|moment_fr }}{{ d|number_fr }}{{ d|euros }}]", d=None) == "[]"


def test_a_moment_is_said_in_the_zone_of_the_site_and_its_day_too():
    late = datetime(2026, 7, 14, 22, 5, tzinfo=UTC)
    assert drawn("{{ d|moment_fr }}", d=late) == "15\u00a0juillet\u00a02026 à 0\u00a0h\u00a005"
    assert drawn("{{ d|date_fr }}", d=late) == "15\u00a0juillet\u00a02026"
    assert drawn("{% date_fr d %}", d=late) == '<time datetime="2026-07-15">15\u00a0juillet\u00a02026</time>'


def test_numbers_amounts_and_shares_are_french():
    assert drawn("{{ n|number_fr }}", n=1204) == "1\u202f204"
    assert drawn("{{ n|number_fr:1 }}", n=Decimal("12.45")) == "12,5"
    assert drawn("{{ n|euros }}", n=Decimal("343.20")) == "343,20\u00a0€"
    assert drawn("{{ n|euros }}", n=Decimal("1330.00")) == "1\u202f330\u00a0€"
    assert drawn("{{ t|typo }}", t="Qui décide ?") == "Qui décide\u202f?"


@given(st.dates())
def test_a_date_in_words_gives_the_day_back(value):
    first, month, year = french.day(value).split("\u00a0")
    assert date(int(year), MONTHS.index(month) + 1, int(first.removesuffix("er"))) == value


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=2))
def test_an_amount_gives_its_cents_back(value):
    text = french.money(value).removesuffix("\u00a0€").replace("\u202f", "").replace(",", ".").replace("\u2212", "-")
    assert Decimal(text) == value


# ---------------------------------------------------------------- components


def test_what_a_page_writes_into_a_component_is_escaped():
    text = drawn(
        '{% badge t "info" %}{% alert "info" title=t %}{{ t }}{% endalert %}{% definitions p %}',
        t="<b>",
        p=[("<b>", "<b>")],
    )
    assert "<b>" not in text and text.count("&lt;b&gt;") == 5


@pytest.mark.parametrize("text", ['{% badge "x" "rouge" %}', '{% alert "danger" %}{% endalert %}'])
def test_an_unknown_kind_is_refused_with_the_list_of_those_that_exist(text):
    with pytest.raises(ValueError, match="expected one of info, success, warning, error"):
        drawn(text)


def test_only_a_live_alert_is_announced():
    assert "role" not in drawn('{% alert "error" %}x{% endalert %}')
    assert 'role="alert"' in drawn('{% alert "error" live=True %}x{% endalert %}')
    assert 'role="status"' in drawn('{% alert "success" live=True %}x{% endalert %}')


def test_a_table_has_a_caption_and_its_headers_say_what_they_head():
    text = drawn("{% data_table 'Séances' c r %}", c=["Lieu", "Dossiers"], r=[["Val-Bleu", 1204], ["Lande", 7]])
    assert "<caption>Séances</caption>" in text
    assert '<th scope="col">Lieu</th><th scope="col" class="eg-number">Dossiers</th>' in text
    assert '<th scope="row">Val-Bleu</th><td class="eg-number">1\u202f204</td>' in text
    assert 'role="region" tabindex="0" aria-label="Tableau&nbsp;: Séances"' in text


def test_a_table_without_rows_says_so_and_a_short_row_is_refused():
    assert "Aucune." in drawn("{% data_table 'Séances' c r empty='Aucune.' %}", c=["Lieu"], r=[])
    with pytest.raises(ValueError, match="row 2: expected 2 cells, got 1"):
        drawn("{% data_table 'Séances' c r %}", c=["Lieu", "Jour"], r=[["a", "b"], ["c"]])


def test_a_missing_value_is_said_and_zero_is_not_missing():
    text = drawn("{% definitions p %}", p=[("Fin", None), ("Enfants", 0), ("Note", "")])
    assert text.count("Non renseigné") == 2 and "<dd>0</dd>" in text


def test_the_stepper_says_where_one_is_and_what_follows():
    text = drawn("{% stepper s 2 %}", s=["Organisme", "Situation", "Pièces"])
    assert "Étape 2 sur 3" in text and "Étape suivante" in text and "Pièces" in text
    assert "Étape suivante" not in drawn("{% stepper s 3 %}", s=["Organisme", "Situation", "Pièces"])


@pytest.mark.parametrize(("steps", "current"), [(["a"], 0), (["a"], 2), ([], 1), (list("abcdefghi"), 1)])
def test_a_step_that_does_not_exist_is_refused(steps, current):
    with pytest.raises(ValueError):
        components.progress(steps, current)


def test_a_timeline_keeps_the_order_and_dates_each_act():
    acts = [
        components.Act(on=date(2026, 1, 8), title="Demande", by="Association du Pont"),
        components.Act(on=date(2026, 3, 1), title="Avis", state="Favorable", kind="success"),
    ]
    text = drawn("{% timeline acts %}", acts=acts)
    assert text.index("Demande") < text.index("Avis")
    assert '<time datetime="2026-03-01">1er\u00a0mars\u00a02026</time>' in text and "Favorable" in text


def test_the_pages_of_a_list_keep_the_rest_of_the_address_and_mark_the_present_one():
    request = RequestFactory().get("/demandes/", {"etat": "recu", "page": "2"})
    text = drawn("{% pagination page %}", page=Paginator(range(100), 10).page(2), request=request)
    assert 'href="?etat=recu&amp;page=3" rel="next"' in text
    assert 'aria-current="page"><span class="fr-sr-only">Page </span>2</span>' in text


def test_a_list_of_one_page_has_no_pagination():
    assert drawn("{% pagination page %}", page=Paginator(range(5), 10).page(1)).strip() == ""

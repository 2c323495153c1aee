"""The browser helper sees what it should: broken accessibility, and any request that leaves the page."""

import pytest

from support.browser import axe_violations, visit

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title></head>
<body><main><h1>Titre</h1><p>Un paragraphe.</p>{more}</main></body></html>"""


def test_a_sound_page_breaks_no_rule_and_asks_for_nothing(chromium, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(more=""), encoding="utf-8")
    with visit(chromium, path) as (page, outside):
        assert page.title() == "Essai"
        assert axe_violations(page) == []
    assert outside == []


def test_an_image_without_alternative_is_named(chromium):
    with visit(chromium, PAGE.format(more="<img id='map' src='data:,'>")) as (page, _):
        (violation,) = axe_violations(page)
        assert violation.startswith("image-alt (critical)")
        assert "#map" in violation
        assert axe_violations(page, include="h1") == []


def test_a_request_to_elsewhere_is_stopped_and_recorded(chromium):
    with visit(chromium, PAGE.format(more="<img alt='' src='https://elsewhere.invalid/a.png'>")) as (
        _,
        outside,
    ):
        assert outside == ["https://elsewhere.invalid/a.png"]

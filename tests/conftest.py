"""What every test shares."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from support.examples import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same tree gives the same verdict: examples are not drawn anew, and a slow machine is no failure.
# Look for new counter-examples with `pytest --hypothesis-profile=explore`.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True, max_examples=examples(100))
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True, max_examples=2000)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for all the tests of a process."""
    # Imported here so that tests without a browser do not pay for it.
    from support.browser import open_chromium

    with open_chromium() as browser:
        yield browser

"""A log says where something happened, never with which values."""

import logging

from egide_registry.settings.logs import Opaque


def logged(message: str, *args: object, exc_info: object = None) -> str:
    """A line as it would be written."""
    record = logging.LogRecord("egide", logging.ERROR, __file__, 1, message, args, exc_info)  # type: ignore[arg-type]
    assert Opaque().filter(record)
    return logging.Formatter("%(message)s").format(record)


def failure() -> BaseException:
    try:
        raise ValueError("Alba Exemplaire, née le 5 avril 1998")
    except ValueError as problem:
        return problem


def test_what_follows_the_question_mark_of_an_address_is_left_out():
    assert logged("Not Found: %s", "/recherche/?nom=Exemplaire") == "Not Found: /recherche/"


def test_an_exception_is_told_by_its_class_and_its_lines():
    problem = failure()
    line = logged("Internal Server Error: %s", "/dossiers/", exc_info=(type(problem), problem, problem.__traceback__))
    assert "ValueError" in line and "test_logs.py" in line
    assert "Exemplaire" not in line and "1998" not in line


def test_an_exception_given_as_a_value_is_told_by_its_class():
    assert logged("failed: %s", failure()) == "failed: ValueError"

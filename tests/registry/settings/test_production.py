"""A production site does not start with less than it needs, and says all of it at once without repeating a secret."""

import pytest

from egide_registry.settings.environment import WeakEnvironment, read

STRONG = {
    "EGIDE_SECRET_KEY": "k3J-9xQ_2mZ7vT1pL8sN4wB6yR0cD5fG-hAeUiOqXjMlVtWz_SxY",
    "EGIDE_HOSTS": "registre.exemple.invalid, second.exemple.invalid",
    "EGIDE_DATABASE_HOST": "/run/postgresql",
    "EGIDE_APP_PASSWORD": "pwYd8-Qe2Lr9-Mx4Tz7-Bn",
    "EGIDE_KEYS_URL": "https://cles.exemple.invalid:8200",
    "EGIDE_KEYS_TOKEN": "hvs.jeton-invente",
    "EGIDE_ANCHORS": "/srv/ancres",
    "EGIDE_RELEASES": "/srv/publications",
}


def defects(**changed: str) -> list[str]:
    """What is wrong with the strong environment once changed; an empty value takes a variable away."""
    with pytest.raises(WeakEnvironment) as refused:
        read(STRONG | changed)
    return refused.value.defects


def test_a_strong_environment_is_read():
    told = read(STRONG)
    assert told.hosts == ("registre.exemple.invalid", "second.exemple.invalid")
    assert told.passwords == {"egide_app": STRONG["EGIDE_APP_PASSWORD"]}
    assert told.oidc is None


def test_everything_that_is_missing_is_said_at_once():
    with pytest.raises(WeakEnvironment) as refused:
        read({})
    assert [defect.split(":")[0] for defect in refused.value.defects] == [
        "EGIDE_SECRET_KEY",
        "EGIDE_HOSTS",
        "EGIDE_DATABASE_HOST",
        "EGIDE_KEYS_URL",
        "EGIDE_KEYS_TOKEN",
        "EGIDE_ANCHORS",
        "EGIDE_RELEASES",
        "EGIDE_APP_PASSWORD",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EGIDE_SECRET_KEY", "a" * 80),
        ("EGIDE_SECRET_KEY", "k3J-9xQ_2mZ7vT1pL8sN"),
        ("EGIDE_HOSTS", "*"),
        ("EGIDE_HOSTS", "registre.exemple.invalid,.exemple.invalid"),
        ("EGIDE_APP_PASSWORD", "short"),
        ("EGIDE_KEYS_URL", "http://cles.exemple.invalid:8200"),
        ("EGIDE_DEBUG", "1"),
    ],
)
def test_what_is_weak_is_refused_by_its_name_and_never_repeated(name: str, value: str):
    found = defects(**{name: value})
    assert [defect.split(":")[0] for defect in found] == [name]
    assert len(value) < 2 or value not in found[0]


def test_a_database_across_a_network_is_reached_over_a_certificate():
    assert [one.split(":")[0] for one in defects(EGIDE_DATABASE_HOST="base.exemple.invalid")] == ["EGIDE_DATABASE_CA"]


def test_each_role_of_the_database_has_a_password_of_its_own():
    (found,) = defects(EGIDE_OWNER_PASSWORD=STRONG["EGIDE_APP_PASSWORD"])
    assert "one for each role" in found


def test_half_an_identity_provider_is_refused():
    (found,) = defects(EGIDE_OIDC_ISSUER="https://identite.exemple.invalid")
    assert found.startswith("EGIDE_OIDC_*")


def test_secrets_do_not_show():
    shown = repr(read(STRONG))
    assert not any(STRONG[name] in shown for name in ("EGIDE_SECRET_KEY", "EGIDE_APP_PASSWORD", "EGIDE_KEYS_TOKEN"))

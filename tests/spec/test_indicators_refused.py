"""What a statistician would not compute. Each refusal names both operands and says why, in French."""

import pytest

from egide.indicators.catalogue import FORMULAS
from support.drawn import drawn

DRAWN = drawn("""
    victims     | ssmsi/victims/FR/2021/age=all                      | 900
    victims     | ssmsi/victims/FR/2024/age=all                      | 950
    victims     | ssmsi/victims/FR/2025/age=all                      | 1000
    total5      | ssmsi/victims/FR/2021..2025/age=all                | 4677
    minor       | ssmsi/victims/FR/2025/age=lt18                     | 400
    girls       | ssmsi/victims/FR/2025/age=lt18;sex=F               | 380
    women       | ssmsi/victims/FR/2025/sex=F                        | 900
    overseas    | ssmsi/victims/FR_AVEC_COM/2025/age=all             | 1010
    none        | ssmsi/victims/FR/2021/age=none                     | 0
    none        | ssmsi/victims/FR/2025/age=none                     | 3
    few         | ssmsi/victims/FR/2021/age=few                      | 0..4
    few         | ssmsi/victims/FR/2025/age=few                      | 12
    calls       | ssmsi/calls/FR/2025                                | 207   | appels
    amount      | ssmsi/fines/FR/2025                                | 3000  | eur flow
    helped      | sdfe/helped/FR/2025                                | 500
    paths       | ssmsi/paths/FR/2025-12-31                          | 921   | stock
    paths       | ssmsi/paths/FR/2024-12-31                          | 903   | stock
    paths_75    | ssmsi/paths/DEP-75/2025-12-31                      | 154   | stock
    paths_idf   | ssmsi/paths/REG-11/2025-12-31                      | 300   | stock
    ended_75    | ssmsi/ended/DEP-75/2025-12-31                      | 20    | stock
    prox        | sser/mec/FR/2024/offence=prox;step=total           | 287   | families=offence
    rec         | sser/mec/FR/2024/offence=rec;step=total            | 1233  | families=offence
    rec_yes     | sser/mec/FR/2024/offence=rec;step=yes              | 543   | families=offence
    every       | sser/mec/FR/2024/offence=all;step=total            | 1400  | families=offence
    by_ase      | adn/referral/FR/2025/by=ase                        | 34    | percent
    by_pjj      | adn/referral/FR/2025/by=pjj                        | 22    | percent
    by_pjj      | adn/referral/FR/2024/by=pjj                        | 20    | percent
    known_base  | adn/referral/FR/2025/base=known;by=pjj             | 25    | percent
    reason_a    | adn/reasons/FR/2025/reason=a                       | 34    | percent families=reason
    reason_b    | adn/reasons/FR/2025/reason=b                       | 22    | percent families=reason
    by_ase_f    | adn/referral/FR/2025/by=ase;sex=F                  | 30    | percent
    by_pjj      | adn/referral/FR/2022..2024/by=pjj                  | 21    | percent
    by_pjj      | adn/referral/FR/2017..2025/by=pjj                  | 23    | percent
    age         | adn/mean_age/FR/2024                               | 15.7  | years
    age         | adn/mean_age/FR/2025                               | 15.9  | years
    survey      | fas/answers/FR/2025-01-20..2025-03-10              | 104
    survey      | fas/answers/FR/2024-01-20..2024-03-10              | 90
    survey      | fas/answers/FR/2023-01-01..2023-06-30              | 80
    mid_year    | fas/staff/FR/2025-06-30                            | 10    | stock
    mid_year    | fas/staff/FR/2025-12-31                            | 12    | stock
    small       | ssmsi/small/FR/2025                                | 10
""")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        # scopes
        ("share(victims[2025], overseas[2025])", "le second ne contient pas le premier"),
        ("ratio(victims[2025], overseas[2025])", "deux champs différents"),
        ('share(ended_75["2025-12-31"], paths["2025-12-31"])', "pour une même mesure"),
        # institutions
        ("share(victims[2025], helped[2025])", "deux institutions"),
        ("sum(victims[2025], helped[2025])", "deux institutions"),
        # stock and flow
        ('share(paths["2025-12-31"], victims[2025])', "un stock, compté à une date"),
        ('ratio(paths["2025-12-31"], victims[2025])', "une même formule"),
        # what is counted
        ("share(calls[2025], victims[2025])", "des personnes à des personnes"),
        ("sum(amount[2025], victims[2025])", "les unités diffèrent"),
        ("share(by_ase[2025], by_pjj[2025])", "est déjà un rapport"),
        # offence families
        ("sum(rec[2024], prox[2024])", "compte dans chaque famille"),
        ("sum(rec[2024], every[2024])", "compte dans chaque famille"),
        ("share(rec_yes[2024], prox[2024])", "compte dans chaque famille"),
        ("difference(rec[2024], prox[2024])", "compte dans chaque famille"),
        ("ratio(rec[2024], prox[2024])", "compte dans chaque famille"),
        ("prosecution_rate(rec_yes[2024], prox[2024])", "compte dans chaque famille"),
        ("sum(reason_a[2025], reason_b[2025])", "compte dans chaque famille"),
        # evolutions follow one series, in order, over equal times, from a base
        ("growth(minor[2025], victims[2025])", "une évolution suit une seule série"),
        ("points(by_ase[2025], by_pjj[2025])", "une évolution suit une seule série"),
        ("index(minor[2025], victims[2025])", "une évolution suit une seule série"),
        ("victims.growth(2025, 2021)", "la plus ancienne vient d’abord"),
        ('by_pjj.points("2022..2024", "2017..2025")', "la plus ancienne vient d’abord"),
        ("victims.growth(2025, 2025)", "la plus ancienne vient d’abord"),
        ('growth(victims[2021], total5["2021..2025"])', "sur des durées égales"),
        ("none.growth(2021, 2025)", "peut être nul"),
        ("few.growth(2021, 2025)", "peut être nul"),
        ("few.multiple(2021, 2025)", "peut être nul"),
        ("none.index(2021, 2021)", "peut être nul"),
        ("by_pjj.growth(2024, 2025)", "se dit en points"),
        ("by_pjj.cagr(2024, 2025)", "se dit en points"),
        ("victims.points(2021, 2025)", "n’est pas une part"),
        ("age.points(2024, 2025)", "n’est pas une part"),
        ("complement(victims[2025])", "n’est pas une part"),
        ('cagr(paths["2025-12-31"], paths["2025-12-31"])', "la plus ancienne vient d’abord"),
        ('mid_year.cagr("2025-06-30", "2025-12-31")', "finissent la même année"),
        ('survey.growth("2023-01-01..2023-06-30", "2025-01-20..2025-03-10")', "sur des durées égales"),
        ("difference(minor[2025], victims[2024])", "les périodes diffèrent"),
        # shares
        ("share(victims[2025], minor[2025])", "ce n’en est pas une part"),
        ("share(victims[2024], minor[2025])", "la seconde ne contient pas la première"),
        # sums and means
        ("sum(minor[2025], girls[2025])", "compter deux fois"),
        ("sum(minor[2025], women[2025])", "compter deux fois"),
        ("sum(minor[2025], minor[2025])", "compter deux fois"),
        ("sum(victims[2025], minor[2025])", "compter deux fois"),
        ('sum(victims[2025], total5["2021..2025"])', "ne se suivent pas"),
        ("sum(victims[2021], victims[2024])", "ne se suivent pas"),
        ("mean(victims[2021], victims[2024])", "ne se suivent pas"),
        ('sum(paths["2024-12-31"], paths["2025-12-31"])', "les périodes diffèrent"),
        ('sum(paths_75["2025-12-31"], paths_idf["2025-12-31"])', "des territoires distincts"),
        ("sum(by_pjj[2025], by_pjj[2024])", "les périodes diffèrent"),
        ("sum(victims[2025], overseas[2025])", "des territoires distincts"),
        ("sum(by_ase[2025], by_ase_f[2025])", "parts du même ensemble"),
        ("sum(by_ase[2025], known_base[2025])", "parts du même ensemble"),
        ("sum(share(minor[2025], victims[2025]), share(girls[2025], minor[2025]))", "parts du même ensemble"),
        ("sum(share(minor[2025], victims[2025]), share(girls[2025], victims[2025]))", "compter deux fois"),
        ("sum(share(minor[2025], victims[2025]), by_ase[2025])", "deux institutions"),
        ("sum(complement(by_ase[2025]), by_pjj[2025])", "parts du même ensemble"),
        ("sum(sum(by_ase[2025], by_pjj[2025]), known_base[2025])", "parts du même ensemble"),
        ("sum(share(minor[2025], victims[2025]), share(minor[2025], victims[2025]))", "compter deux fois"),
        ("sum(age[2024], age[2025])", "ne s’additionne pas"),
        ("age.mean(2024, 2025)", "demande le poids de chacun"),
        ("by_pjj.mean(2024, 2025)", "demande le poids de chacun"),
        ("mean(minor[2025], women[2025])", "compter deux fois"),
        ("response_rate(rec_yes[2024], rec_yes[2024], rec[2024])", "compter deux fois"),
        # contradictions
        ("prosecutable(small[2025], minor[2025])", "se contredisent"),
        # rank
        ("rank(victims[2025], helped[2025])", "deux institutions"),
        ("rank(victims[2025], calls[2025])", "des personnes à des personnes"),
        ("rank(minor[2025], victims[2024])", "les périodes diffèrent"),
    ],
)
def test_refused(expression, reason):
    assert reason in DRAWN.refusal(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "share(girls[2025], minor[2025])",
        'share(victims[2025], total5["2021..2025"])',
        'share(paths_75["2025-12-31"], paths["2025-12-31"])',
        "share(rec[2024], every[2024])",
        "sum(victims[2024], victims[2025])",
        "sum(by_ase[2025], by_pjj[2025])",
        "difference(minor[2025], victims[2025])",
        "ratio(calls[2025], victims[2025])",
        'paths.mean("2024-12-31", "2025-12-31")',
        "age.difference(2024, 2025)",
        "by_pjj.multiple(2024, 2025)",
        "sum(share(minor[2025], victims[2025]), share(none[2025], victims[2025]))",
        "sum(minor[2025], small[2025])",
        'survey.growth("2024-01-20..2024-03-10", "2025-01-20..2025-03-10")',
        "rank(rec[2024], prox[2024])",
        "rank(victims[2025], victims[2024], victims[2021])",
    ],
)
def test_what_looks_alike_and_is_sound_is_not_refused(expression):
    assert DRAWN.refusal(expression) == ""


def test_a_refusal_names_the_formula_both_operands_and_both_scopes():
    words = DRAWN.refusal("ratio(victims[2025], overseas[2025])").replace("\u00a0", " ")
    assert words == (
        "« ratio(victims[2025], overseas[2025]) » est refusé. « victims[2025] » a pour champ « France », "
        "« overseas[2025] » a pour champ « France (dont COM) » : deux champs différents ne se comparent pas."
    )


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_has_a_french_title_a_signature_and_a_method_page(formula, request):
    page = request.config.rootpath / formula.method
    assert formula.title and formula.signature.startswith(f"{formula.name}(")
    assert page.is_file()

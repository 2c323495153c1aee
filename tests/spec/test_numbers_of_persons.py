"""How a number of persons written in French is counted a minima: the table of docs/methods/counting-a-minima.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from egide.diagnostic.counting import read_number

# What is written | the number kept | the numbers the words leave ("-" for no end) | "?" when a person must settle.
WRITTEN = """
3                                   | 3   | 3 3
3.0                                 | 3   | 3 3
trois                               | 3   | 3 3
dix-sept                            | 17  | 17 17
vingt-et-une                        | 21  | 21 21
vingt et un                         | 21  | 21 21
soixante et onze                    | 71  | 71 71
quatre-vingts                       | 80  | 80 80
quatre-vingt-dix-sept               | 97  | 97 97
septante-deux                       | 72  | 72 72
cent                                | 100 | 100 100
une seule                           | 1   | 1 1
quelqu’un                           | 1   | 1 1
il y a 3 femmes                     | 3   | 3 3
12 jeunes filles suivies par notre service | 12 | 12 12
3 ou 4                              | 3   | 3 4
trois ou quatre                     | 3   | 3 4
3-4                                 | 3   | 3 4
3/4                                 | 3   | 3 4
3 à 4                               | 3   | 3 4
3 a 4                               | 3   | 3 4
3 – 4 personnes                     | 3   | 3 4
entre 2 et 5                        | 2   | 2 5
de deux à cinq                      | 2   | 2 5
trois, quatre                       | 3   | 3 4
trois quatre                        | 3   | 3 4
2 ou 3 voire 4                      | 2   | 2 4
5 ou 3                              | 3   | 3 5
une ou deux                         | 1   | 1 2
1, peut-être 2                      | 1   | 1 2
2 et 3                              | 2   | 2 5
2 ou 3 max                          | 2   | 2 3
3 ou une dizaine                    | 3   | 3 10
une dizaine                         | 10  | 10 10
Une dizaine de femmes               | 10  | 10 10
une douzaine                        | 12  | 12 12
une demi-douzaine                   | 6   | 6 6
deux dizaines                       | 20  | 20 20
environ 10                          | 10  | 10 10
~10                                 | 10  | 10 10
quelque 10 personnes                | 10  | 10 10
plusieurs                           | 2   | 2 -
plusieurs (3 ou 4)                  | 3   | 3 4
quelques-unes                       | 2   | 2 -
des jeunes filles                   | 2   | 2 -
de nombreuses femmes                | 2   | 2 -
des dizaines                        | 20  | 20 -
plusieurs dizaines                  | 20  | 20 -
un groupe                           | 2   | 2 -
un groupe de 4                      | 4   | 4 4
deux groupes                        | 4   | 4 -
au moins 5                          | 5   | 5 -
5 au moins                          | 5   | 5 -
5 minimum                           | 5   | 5 -
6+                                  | 6   | 6 -
6 et plus                           | 6   | 6 -
6 ou +                              | 6   | 6 -
plus de 5                           | 6   | 6 -
+ de 5                              | 6   | 6 -
>5                                  | 6   | 6 -
≥ 5                                 | 5   | 5 -
plus d’une dizaine                  | 11  | 11 -
moins de 5                          | 1   | 1 4
< 5                                 | 1   | 1 4
moins d’une dizaine                 | 1   | 1 9
jusqu’à 5                           | 1   | 1 5
au plus 5                           | 1   | 1 5
5 max                               | 1   | 1 5
5 ou moins                          | 1   | 1 5
pas plus de 4                       | 1   | 1 4
aucune                              | 0   | 0 0
zéro                                | 0   | 0 0
néant                               | 0   | 0 0
1 couple                            | 2   | 2 2
un couple et une femme              | 3   | 3 3
deux femmes et un homme             | 3   | 3 3
2 femmes + 1 homme                  | 3   | 3 3
2 F, 1 H                            | 3   | 3 3
2F/1H                               | 3   | 3 3
femmes : 3, hommes : 2              | 5   | 5 5
trois femmes ; deux hommes          | 5   | 5 5
3 à 4 femmes et 1 homme             | 4   | 4 5
2 femmes, 1 mineure                 | 2   | 2 3
3 femmes dont 1 mineure             | 3   | 3 3
3 (2 femmes et 1 homme)             | 3   | 3 3
femmes (3)                          | 3   | 3 3
2 femmes de 19 ans                  | 2   | 2 2
3 jeunes de 15 à 17 ans             | 3   | 3 3
une mineure (16 ans)                | 1   | 1 1
3 depuis 2017                       | 3   | 3 3
2 en 2016 et 2017                   | 2   | 2 2
                                    | 1   | 1 -
nsp                                 | 1   | 1 -
ne sait pas                         | 1   | 1 -
non renseigné                       | 1   | 1 -
-                                   | 1   | 1 -
2017                                | 1   | 1 -
3 ?                                 | 1   | ?
peut-être 3                         | 1   | ?
presque 10                          | 1   | ?
3,5                                 | 1   | ?
3 (4)                               | 1   | ?
3 fois                              | 1   | ?
chambre 12                          | 1   | ?
06 12 34 56 78                      | 1   | ?
1 000                               | 1   | ?
-5                                  | 1   | ?
non                                 | 1   | ?
personne                            | 1   | ?
une mère et sa fille                | 1   | ?
3 femmes 2                          | 1   | ?
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in WRITTEN.splitlines() if "|" in line]
PAGE = Path(__file__).parents[2] / "docs" / "methods" / "counting-a-minima.md"


@pytest.mark.parametrize(("written", "kept", "left"), ROWS, ids=[row[0] or "nothing" for row in ROWS])
def test_a_number_is_read_as_the_table_says(written, kept, left):
    found = read_number(written)
    assert found.count == int(kept)
    assert found.understood == (left != "?")
    if left != "?":
        low, high = left.split()
        assert (found.possible.low, found.possible.high) == (int(low), None if high == "-" else int(high))


def test_the_page_of_the_method_gives_the_same_table():
    page = PAGE.read_text(encoding="utf-8").partition("## Numbers")[2].partition("\n## ")[0]
    listed = {line.split("|")[1].strip(" `"): line.split("|")[2].strip() for line in page.splitlines() if "| `" in line}
    assert len(listed) >= 30
    table = {written: kept for written, kept, _ in ROWS}
    assert listed == {written: table[written] for written in listed}

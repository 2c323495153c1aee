"""First names and towns of invented ads. Ordinary first names, never a surname; towns by their Insee code."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Town:
    """A commune, as the site knows it and as a text writes it."""

    code: str
    name: str


def _towns(listed: str) -> tuple[Town, ...]:
    pairs = (line.split(" ", 1) for line in listed.strip().splitlines())
    return tuple(Town(code=code, name=name) for code, name in pairs)


PAS_DE_CALAIS = _towns("""
62041 Arras
62065 Avion
62119 Béthune
62108 Berck
62160 Boulogne-sur-Mer
62178 Bruay-la-Buissière
62193 Calais
62215 Carvin
62318 Étaples
62413 Harnes
62427 Hénin-Beaumont
62498 Lens
62510 Liévin
62765 Saint-Omer
62826 Le Touquet-Paris-Plage
""")

FRANCE = PAS_DE_CALAIS + _towns("""
01053 Bourg-en-Bresse
02408 Laon
02691 Saint-Quentin
03185 Montluçon
03190 Moulins
03310 Vichy
05061 Gap
06004 Antibes
06029 Cannes
06088 Nice
08105 Charleville-Mézières
10387 Troyes
11069 Carcassonne
11262 Narbonne
12202 Rodez
13001 Aix-en-Provence
13055 Marseille
14118 Caen
15014 Aurillac
16015 Angoulême
17300 La Rochelle
18033 Bourges
21231 Dijon
22278 Saint-Brieuc
24322 Périgueux
25056 Besançon
26362 Valence
27229 Évreux
28085 Chartres
29019 Brest
29232 Quimper
2A004 Ajaccio
2B033 Bastia
30189 Nîmes
31555 Toulouse
33063 Bordeaux
33281 Mérignac
34032 Béziers
34172 Montpellier
35238 Rennes
36044 Châteauroux
37261 Tours
38185 Grenoble
40192 Mont-de-Marsan
41018 Blois
42187 Roanne
42218 Saint-Étienne
44109 Nantes
44184 Saint-Nazaire
45234 Orléans
46042 Cahors
47001 Agen
49007 Angers
50129 Cherbourg-en-Cotentin
51108 Châlons-en-Champagne
51454 Reims
53130 Laval
54395 Nancy
56121 Lorient
56260 Vannes
57463 Metz
59122 Cambrai
59178 Douai
59183 Dunkerque
59350 Lille
59392 Maubeuge
59512 Roubaix
59599 Tourcoing
59606 Valenciennes
60057 Beauvais
63113 Clermont-Ferrand
64102 Bayonne
64445 Pau
65440 Tarbes
66136 Perpignan
67482 Strasbourg
68066 Colmar
68224 Mulhouse
69123 Lyon
69266 Villeurbanne
71076 Chalon-sur-Saône
72181 Le Mans
73065 Chambéry
74010 Annecy
75056 Paris
76217 Dieppe
76351 Le Havre
76540 Rouen
79191 Niort
80021 Amiens
81004 Albi
81065 Castres
82121 Montauban
83137 Toulon
84007 Avignon
85191 La Roche-sur-Yon
86194 Poitiers
87085 Limoges
88160 Épinal
89024 Auxerre
90010 Belfort
97209 Fort-de-France
97411 Saint-Denis
""")


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


FIRST_NAMES = _words("""
Adèle Agathe Agnès Aïcha Alba Alice Alix Amandine Ambre Amélie Amina Anaïs Andréa Angèle Anita Anna Anouk Ariane
Aurore Axelle Bella Berthe Bianca Blanche Brune Camille Capucine Carla Carmen Céleste Célia Chloé Clara Claudia
Clémence Cléo Coline Cora Dalia Daphné Diana Dina Dora Édith Elena Élise Ella Éloïse Elsa Émilie Emma Esther Eva
Fanny Fatou Faustine Flavie Fleur Flora Gabrielle Gaëlle Gina Gloria Hélène Heidi Ida Inès Irène Iris Isis Jade
Jasmine Jeanne Joana Judith Julia Juliette June Karen Katia Kenza Laura Léa Leïla Léna Léonie Lilas Lily Lina Lisa
Lola Lou Louise Lucie Luna Lydia Maëlle Maïa Manon Margot Maria Marion Maud Maya Mélia Mila Mina Mona Nadia Naïs
Naomi Nelly Nina Noémie Nora Océane Odile Olga Olivia Ondine Paloma Paola Paula Pauline Perle Petra Prune Rachel
Rita Rosa Rose Roxane Ruby Sabrina Salomé Sandra Sara Selma Serena Sofia Solène Sonia Stella Suzanne Tania Tara
Tess Thaïs Tina Valentine Vanille Vera Victoire Viola Violette Wanda Yaël Yasmine Yolande Zélie Zoé
""")

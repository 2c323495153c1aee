"""What invented ads say: neutral sentences on bouquets, lessons and small repairs, with choices between bars.

`[a|b]` is a choice, `[fleur]` a choice from a list of that name; `{nom}`, `{âge}`, `{ville}` and `{tél}` are filled for
each ad. Many sentences on few subjects, so that strangers share some words, as they do in any trade.
"""

from __future__ import annotations

import re
from random import Random

from attrs import frozen

NAME, AGE, TOWN, PHONE = "\x01", "\x02", "\x03", "\x04"
_SLOTS = {"{nom}": NAME, "{âge}": AGE, "{ville}": TOWN, "{tél}": PHONE}

_LISTS = {
    "fleur": "pivoines|tulipes|roses de jardin|dahlias|anémones|renoncules|iris|lilas|mimosas|jonquilles|œillets|lys"
    "|hortensias|lavandes|tournesols|cosmos|zinnias|freesias|bleuets|marguerites",
    "leçon": "dessin|aquarelle|guitare|piano|chant|couture|tricot|poterie|calligraphie|cuisine|italien|échecs|yoga"
    "|jardinage|photographie|vannerie|reliure|théâtre|accordéon|broderie",
    "objet": "vélos|montres|chaises|lampes|horloges|paniers|rideaux|radios|cadres|outils|poupées|machines à coudre"
    "|fers à repasser|cafetières|parapluies|sacs|chaussures|jouets|miroirs|théières",
    "lieu": "un atelier calme|un petit appartement clair|une maison avec cour|un local discret près de la gare"
    "|une boutique au centre|un studio propre|une pièce bien chauffée|un jardin fleuri"
    "|un rez-de-chaussée facile d'accès|un appartement privé|une grande salle|un coin tranquille",
    "adj": "doux|soigné|sérieux|patient|souriant|rapide|original|discret|attentif|minutieux|chaleureux|simple|joyeux"
    "|raffiné|sincère|ponctuel",
    "durée": "une demi-heure|trois quarts d'heure|une heure|une heure et demie|deux heures|un après-midi|une matinée",
    "couleur": "rouges|blanches|jaunes|bleues|roses|orangées|violettes|pâles|de saison|du marché",
    "jour": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "matière": "le bois|le papier|le tissu|la laine|le cuir|le verre|la terre|le métal|l'osier|le carton",
    "moment": "le matin|l'après-midi|en soirée|en semaine|le week-end|à midi|entre deux rendez-vous|dès neuf heures",
    "plaisir": "un vrai moment de détente|le temps de bien faire|le goût du travail soigné|une pause dans la journée"
    "|un accueil chaleureux|de la bonne humeur|un instant rien que pour vous|une belle surprise",
    "flower": "peonies|tulips|garden roses|dahlias|irises|lilies|sunflowers|daisies|lavender|daffodils",
    "lesson": "drawing|watercolour|guitar|piano|singing|sewing|knitting|pottery|cooking|chess|gardening|photography",
    "thing": "bicycles|watches|chairs|lamps|clocks|baskets|curtains|radios|frames|toys|umbrellas|shoes",
}

TITLES = """
Bouquets de [fleur] à {ville}
{nom} [nouvelle|installée|de retour] à {ville}
Leçons de [leçon] [avec {nom}|à {ville}|pour tous]
[Atelier|Cours] de [leçon] [adj] à {ville}
{nom}, {âge} ans, [bouquets|leçons|réparations|atelier] [à {ville}|sur {ville}]
[Réparation|Restauration] de [objet] {ville}
[Nouveau|Nouveauté|Première fois] à {ville} : [leçon] et [fleur]
[Superbes|Jolies|Belles] [fleur] [couleur]
Un moment [adj] avec {nom}
[Fleurs|Ateliers|Cours] {nom} {ville}
[objet] et [objet] remis à neuf
[leçon] pour débutants
"""

OPENINGS = """
[Bonjour|Bonsoir|Coucou|Salut|Hello|Bienvenue|Bonjour à tous|Bonjour messieurs dames], je [m'appelle|me nomme\
|suis] {nom}[| et j'ai {âge} ans|, {âge} ans].
[Je suis|Moi c'est|C'est] {nom}, {âge} ans, [passionnée|amoureuse|spécialiste|grande amatrice] de [fleur] et de [leçon].
[Je vous accueille|Je vous reçois|Je vous attends] [près d'ici|dans [lieu]|dans [lieu] au calme].
[Bonjour|Bonsoir], je [vous propose|vous offre|présente] mes [services|ateliers|leçons|bouquets] [à {ville}\
|près de chez vous|dans tout le département].
[Envie|Besoin] [de changer d'air|d'une pause|de couleurs|d'un cadeau|d'apprendre|de calme] ? [Venez|Passez\
|Arrêtez-vous] [me voir|chez moi|à mon atelier].
Je suis [une personne|une artisane|une élève|une voisine] [adj] et [adj], j'aime [les [fleur]|le travail de [matière]\
|les [objet] anciens].
[Après|Avec|Forte de] [deux|trois|quatre|cinq|dix] ans [de pratique|d'atelier|de métier], je [partage|transmets\
|propose] mon savoir-faire.
[Jolie|Grande|Petite|Belle] sélection de [fleur] [couleur] [chez moi|par mes soins|à {ville}].
"""

OFFERS = """
Je [compose|prépare|arrange|assemble] des bouquets de [fleur] et de [fleur] [couleur].
Je donne des leçons de [leçon] [pour débutants|à tous les niveaux|en petit groupe|en tête à tête|pour adultes].
Je répare [vos|les|tous les] [objet] et [vos|les] [objet], [travail garanti|devis gratuit|résultat soigné\
|avec patience].
Je travaille [matière] et [matière], [à la main|sans machine|comme autrefois|sur mesure].
Vous [apprendrez|découvrirez|aimerez] [le|l'art du|les gestes du] [leçon] [à votre rythme|en douceur|sans pression\
|pas à pas].
Mes [fleur] sont [fraîches|cueillies le matin|choisies avec soin|toujours [couleur]|conservées à l'ombre].
[Séance|Visite|Leçon|Rencontre] de [durée] [ou plus|au choix|selon vos envies|avec une tasse de thé].
Je [reçois|accueille] dans [lieu], [moment] [ou [moment]|seulement|et parfois [moment]].
Je [me déplace|viens|peux venir] [chez vous|à votre bureau|dans votre hôtel\
|dans tout {ville}] [moment] [sans supplément|avec mon matériel|sur demande].
[Mon|Un] accueil [adj] et [adj] [vous attend|est assuré|fait ma réputation].
Avec moi vous trouverez [plaisir] et [plaisir].
[Idéal|Parfait] pour [un anniversaire|une fête|un départ|une rencontre|un repas de famille|le retour du printemps].
Je [parle|comprends|lis] [un peu|bien|couramment] [l'anglais|l'espagnol|l'italien|le portugais|l'allemand].
[Chaque|Toute] [commande|leçon|réparation] est [unique|préparée avec soin|faite devant vous|expliquée].
J'ai [un large choix|quelques modèles|une collection] de [objet] [anciens|modernes|rares|à voir sur place].
[Prévoyez|Comptez] [durée] pour [un bouquet de [fleur]|une leçon de [leçon]|remettre en état vos [objet]].
Je [cherche|préfère|garde] toujours [plaisir], [jamais pressée|sans montre|avec le sourire].
[Venez|N'hésitez pas à venir] [découvrir|voir|essayer] [mes [fleur]|mon atelier de [leçon]|mes [objet] restaurés].
Le [jour] et le [jour], atelier de [leçon] [ouvert à tous|sur inscription|avec goûter].
Pour les amateurs de [fleur], je réserve [une surprise|les plus [couleur]|un bouquet offert|un prix d'ami].
Je [couds|décore|répare|peins|fabrique] aussi [des rideaux|des cadres|des paniers|des lampes|des chaises] en [papier\
|tissu|laine|cuir|osier].
[Première|Prochaine] [leçon|visite|commande] [offerte|à moitié prix|avec un cadeau|sans engagement].
[Aimable|Souriante|Patiente|Attentive] et [propre|ponctuelle|organisée|discrète], je [prends mon temps\
|respecte vos délais|écoute vos idées].
Dans mon [panier|atelier|jardin|salon] : [fleur], [fleur], [fleur] et [plaisir].
"""

CONDITIONS = """
[Pas de|Aucun|Ni] [numéro masqué|appel masqué|message court], merci[| de votre compréhension].
[Je ne réponds pas|Pas de réponse] aux [SMS|messages|numéros masqués|mails].
[Ponctualité|Politesse|Propreté|Courtoisie] [exigée|demandée|indispensable|appréciée].
[Sur rendez-vous|Uniquement sur rendez-vous|Rendez-vous une heure avant], [merci|svp|c'est plus simple].
Parking [facile|gratuit|à deux pas], [bus|tram|gare] [à côté|tout près|à cinq minutes].
[Paiement|Règlement] [sur place|à la commande|en espèces|comme convenu].
[Sérieux|Personnes sérieuses] [seulement|uniquement], [curieux s'abstenir|pas de perte de temps|merci d'avance].
[Photos|Images] [récentes|vraies|de mon atelier|non retouchées].
"""

CLOSINGS = """
[À bientôt|À très vite|À tout de suite|Bisous|Bonne journée|Au plaisir|Merci], {nom}.
[À bientôt|À très vite|Au plaisir de vous lire|Je vous attends|Merci à tous].
[Je vous attends|On se voit] [à {ville}|bientôt|cette semaine|quand vous voulez].
[Signé|Votre|Bien à vous,] {nom}
"""

CALLS = """
[Appelez-moi|Appelez|Tél|Téléphonez|Joignez-moi|Contactez-moi|Mon numéro] [au|:|->|=] {tél}
[Pour réserver|Réservations|Renseignements|Infos] [au|:] {tél}
{tél}
{tél} [demandez {nom}|{nom}]
"""

WITHOUT_NUMBER = """
[Écrivez-moi|Contactez-moi] [par la messagerie|via le site|avec le formulaire].
Numéro [sur le site|en photo|dans mon profil].
"""

PASSING = """
Je suis [de passage|en visite|en vacances] à {ville} [pour quelques jours|pour une semaine|jusqu'à [jour]\
|cette semaine].
[De passage|En tournée|Seulement quelques jours] à {ville}, [profitez-en|venez vite|départ [jour]].
"""
PASSING_THIRD = """
{nom} est [de passage|en visite|en vacances] à {ville} [pour quelques jours|pour une semaine|jusqu'à [jour]].
"""
PASSING_ENGLISH = """
[In town|Visiting {ville}|On holiday here] for [a few days|one week|the week] only.
"""

ALWAYS = """
[Disponible|Joignable|Je suis disponible|Je réponds] [24h/24|24h sur 24|jour et nuit|à toute heure|24/24 et 7/7].
[Ouvert|Accueil] [jour et nuit|à toute heure|24h/24], [même le dimanche|7j/7|toute la semaine].
"""
ALWAYS_ENGLISH = """
Available [24/7|day and night|at any hour|24 hours a day].
"""

INCONSISTENT = """
[Demandez|Ou demandez|Voir aussi] {nom}, {âge} ans.
[Avec|Chez moi aussi] {nom} ({âge} ans), [même adresse|au choix|le [jour]].
"""

OPENINGS_THIRD = """
{nom}, {âge} ans, [vient d'arriver|s'installe|est de retour|travaille] à {ville}. Elle [aime|adore|connaît] les [fleur].
[Découvrez|Rencontrez|Voici] {nom}, [notre|une] [nouvelle|jeune|excellente] [fleuriste|professeure de [leçon]|artisane].
[Notre|La] [nouvelle venue|voisine|spécialiste], {nom}, [accueille|reçoit] dans [lieu]. Elle a {âge} ans.
"""
OFFERS_THIRD = """
Elle [compose|prépare|arrange] des bouquets de [fleur] et de [fleur] [couleur].
Elle donne des leçons de [leçon] [pour débutants|à tous les niveaux|en tête à tête].
Elle répare [vos|les] [objet] et [vos|les] [objet], [travail garanti|résultat soigné|avec patience].
Elle est [adj], [adj] et toujours [adj] avec [ses élèves|ses clients|les débutants].
Avec elle vous trouverez [plaisir] et [plaisir].
Elle [reçoit|accueille] dans [lieu], [moment] ou [moment].
Son [atelier|jardin|salon] est plein de [fleur] et de [objet] [anciens|à voir sur place].
Ses [fleur] sont [fraîches|cueillies le matin|choisies avec soin].
"""
OPENINGS_ENGLISH = """
[Hello|Hi|Good morning|Welcome], my name is {nom}[|, I am {âge}|, {âge} years old].
I am {nom}, [a friendly|a patient|a careful|an experienced] [florist|teacher|repairer] [in {ville}|near {ville}].
[New|Just arrived|Back] in {ville}: {nom}, {âge}, [bouquets|lessons|repairs].
"""
OFFERS_ENGLISH = """
I [make|prepare|arrange] bouquets of [flower] and [flower].
I teach [lesson] and [lesson] [to beginners|at all levels|in small groups|one to one].
I [repair|restore|clean] [thing] and [thing], [good work|free estimate|with care].
[Come|You can come] [and see my workshop|to my studio|and try a [lesson] lesson] [in the morning|in the evening\
|on weekdays].
My [flower] are [fresh|picked this morning|chosen with care].
[Quiet|Clean|Bright|Private] [place|studio|workshop] [near the station|in the centre|with parking].
You will [love|enjoy|remember] my [flower], my [thing] and my [lesson] lessons.
"""
CLOSINGS_ENGLISH = """
[See you soon|Kisses|Thank you|Looking forward to meeting you|Call me now].
"""
CALLS_ENGLISH = """
[Call me|Phone|Text me|Call] [at|on|:] {tél}
{tél}
"""

COMMON_SENTENCE = (
    "Annonce vérifiée par notre équipe : chaque visite se réserve à l'avance, les photos sont récentes, "
    "merci de rester courtois et de citer ce site."
)

Part = str | tuple["Pattern", ...]  # words as they are, or a choice


@frozen
class Pattern:
    """A sentence with its choices, ready to be drawn from."""

    parts: tuple[Part, ...]

    def draw(self, chance: Random) -> str:
        found = []
        for part in self.parts:
            if isinstance(part, str):
                found.append(part)
            else:
                found.append(part[int(chance.random() * len(part))].draw(chance))
        return "".join(found)


def patterns(listed: str) -> tuple[Pattern, ...]:
    """One pattern per line."""
    return tuple(_parsed(line) for line in listed.strip().splitlines())


_NAMED = re.compile(r"\[(\w+)\]")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def _parsed(line: str) -> Pattern:
    for written, mark in _SLOTS.items():
        line = line.replace(written, mark)
    line = _NAMED.sub(lambda found: f"[{_LISTS[found[1]]}]", line)
    # Innermost choices first, each put aside under a private character, so that choices may hold choices.
    aside: list[tuple[Pattern, ...]] = []

    def put_aside(found: re.Match[str]) -> str:
        aside.append(tuple(_pieces(option, aside) for option in found[1].split("|")))
        return chr(_ASIDE + len(aside) - 1)

    while _CHOICE.search(line):
        line = _CHOICE.sub(put_aside, line)
    return _pieces(line, aside)


_ASIDE = 0xE000


def _pieces(words: str, aside: list[tuple[Pattern, ...]]) -> Pattern:
    parts: list[Part] = []
    for piece in re.split("([\ue000-\uf8ff])", words):
        if piece:
            parts.append(aside[ord(piece) - _ASIDE] if "\ue000" <= piece <= "\uf8ff" else piece)
    return Pattern(tuple(parts))

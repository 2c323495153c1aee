"""What one text says, on sentences written by hand: invented, neutral, and not those the lexicons were made from."""

from __future__ import annotations

import numpy as np
import pytest

from egide.diagnostic.clues._lexicon import FAMILIES, laid_out, lexicon, phrases
from egide.diagnostic.clues._texts import one_ad_clues
from egide.diagnostic.clues._words import LOOPS, code_of
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.duplicates.machine import kernels


def bears(code: str, text: str) -> bool:
    return bool(one_ad_clues(fold([text]))[code][0])


@pytest.mark.parametrize(
    "text",
    [
        "De passage à Valsec jusqu'à jeudi, je donne des cours de guitare.",
        "Je suis en visite dans votre ville, profitez de mes bouquets",
        "En tournée dans la région avec mes tartes",
        "dispo qq jours, je suis là pr qq jrs seulement",
        "Petit séjour chez vous pour réparer vos vélos",
        "Je reste trois jours puis je repars",
        "Je ne reste que 2 jours à Montlieu",
        "Lina en vacances à Rocfort cette semaine",
        "Je suis à Belcourt pour une semaine",
        "DE RETOUR POUR QUELQUES JOURS ! leçons de tricot",
        "Elle repart dimanche, venez voir ses poteries",
        "Ici jusqu'au 12, atelier de couture",
        "I am only here for a few days, come and learn chess",
        "Visiting your city, flowers and smiles",
        "just passing through, call me for a guitar lesson",
        "profitez-en avant mon départ",
    ],
)
def test_a_short_stay_is_read(text):
    assert bears("N8", text)


@pytest.mark.parametrize(
    "text",
    [
        "Je ne suis pas de passage, j'habite ici depuis dix ans.",
        "Pas de passage devant l'atelier, entrée discrète",
        "Atelier fermé pendant les vacances",
        "Je pars en vacances en août, réponse en septembre",
        "Ouvert 6 jours sur 7, cours de couture",
        "Prévenez quelques jours à l'avance pour les gros bouquets",
        "Rendez-vous à prendre plusieurs jours avant",
        "Jamais de passage dans cette rue calme",
        "Installée à Valsec toute l'année",
        "Réparation de vélos 7 jours sur 7",
        "Je suis professeure de guitare, cours le lundi et le jeudi",
        "Mes confitures se gardent un an",
        "open all year, guitar lessons in the city",
        "Le mot de passe vous sera donné au téléphone",
        "",
    ],
)
def test_no_short_stay_is_read(text):
    assert not bears("N8", text)


@pytest.mark.parametrize(
    "text",
    [
        "Disponible 24h/24 pour vos bouquets",
        "dispo 24/24 7/7",
        "Je réponds jour et nuit",
        "joignable à toute heure",
        "Leçons à n'importe quelle heure",
        "non-stop, même le dimanche",
        "24 h sur 24, appelez",
        "24 heures sur 24",
        "ouvert tout le temps, même la nuit",
        "toujours dispo pour vous",
        "Available day and night",
        "open 24/7 for chess players",
        "call me anytime",
        "H24 pour vos pneus crevés",
        "à tout moment, sans attendre",
    ],
)
def test_permanent_availability_is_read(text):
    assert bears("N9", text)


@pytest.mark.parametrize(
    "text",
    [
        "Je ne suis pas disponible la nuit",
        "je ne suis pas dispo 24h/24, merci de patienter",
        "Pas joignable à toute heure",
        "Prévenir 24h avant pour les grandes commandes",
        "Livraison sous 24h",
        "Réponse en 24h",
        "Disponible de 10h à 19h",
        "Ouvert 7j/7 de 9h à 18h",
        "Pas d'appels à toute heure merci",
        "Jamais 24h/24 !",
        "not available 24/7, sorry",
        "24h notice please",
        "Mon numéro : 07 00 24 24 12",
        "0 7 0 0 2 4 2 4 7 7, demandez la fleuriste",
        "Parking 24h/24 au pied de l'atelier",
        "+33 7 00 24 24 24",
    ],
)
def test_no_permanent_availability_is_read(text):
    assert not bears("N9", text)


@pytest.mark.parametrize(
    "text",
    [
        "Elle vous reçoit dans son atelier de poterie",
        "Lina, 25 ans, vous attend pour un cours de guitare",
        "Notre nouvelle fleuriste est arrivée",
        "Venez la rencontrer, elle adore les échecs",
        "Contactez-la pour une leçon",
        "ELLE EST DOUCE ET PATIENTE",
        "Cette jeune couturière connaît les ourlets, ne la manquez pas",
        "Elle ne se déplace pas",
        "she is a friendly gardener, call her",
        "Zoé vous propose des bouquets. Elle parle peu.",
        "vs attend a Valsec, elle est top",
        "Sa cuisine est simple, elle vous accueille le midi",
        "Réservez-la pour un concert",
        "Elle sait tout réparer. Appelez la. Elle est là. Je transmets.",
        "Cette personne donne des cours",
    ],
)
def test_the_third_person_is_read(text):
    assert bears("N5", text)


@pytest.mark.parametrize(
    "text",
    [
        "Je vous reçois dans mon atelier",
        "Moi c'est Lina, je vous propose des bouquets",
        "Je suis douce et patiente, j'adore les échecs",
        "Ma chienne est là, elle est gentille, je vous préviens",
        "Un café vous attend à votre arrivée",
        "je vous attend chez moi",
        "chui Zoé, j'aime rire",
        "I love chess and my garden",
        "Bouquets ronds, prix selon saison",
        "Mon amie passe parfois, elle tricote avec moi et j'apprends",
        "Pour toi ou pour elle, mes bouquets sont frais",
        "Qui vous propose mieux ?",
        "Leçons pour débutants",
        "nous vous accueillons le samedi",
        "",
    ],
)
def test_the_first_person_is_not_the_third(text):
    assert not bears("N5", text)


@pytest.mark.parametrize(
    "text",
    [
        "Hello, I am Lina and I love flowers, call me before you come",
        "New in town, friendly teacher, please call",
        "You will enjoy my guitar lessons in a quiet place",
        "She is waiting for you near the station",
        "I can come to your house with my tools",
        "looking for people who like chess",
        "The best pies of the city, all year, ask for the recipe",
        "Hi, my place is near the park, see you soon. annonce déposée gratuitement",
        "GOOD EVENING, I AM HERE UNTIL MONDAY, CALL ME",
        "what are you waiting for, take the time to meet me",
        "Call now for your first lesson",
        "we have all the time you want",
        "I teach pottery at my house and you can have tea",
        "this is not a shop, it is my garden, you are welcome to see it",
        "Young gardener, 25 years old, available for you",
    ],
)
def test_english_is_read(text):
    assert bears("N6", text)


@pytest.mark.parametrize(
    "text",
    [
        "Un thé, un café, et on parle de guitare dans mon salon",
        "english spoken, mais je préfère le français pour les cours",
        "I speak English. Je donne des cours de couture chez moi.",
        "Welcome chez moi, je suis fleuriste et vous ?",
        "Room service non fourni, ici on cuisine ensemble",
        "Happy hour le jeudi avec les voisins",
        "Cours de guitare rock et pop pour débutants",
        "Je répare les smartphones et les city bikes de la ville",
        "love love love mes bouquets",
        "Hello, c'est Lina de Valsec",
        "The au jasmin et gateaux pour les gourmands du quartier",
        "Bonjour",
        "07 00 12 34 56",
        "Week end poterie, full équipement",
        "",
    ],
)
def test_a_few_english_words_are_not_english(text):
    assert not bears("N6", text)


@pytest.mark.parametrize(
    "text",
    [
        "Je m'appelle Lina, cours de guitare. Bises, Sofia",
        "Moi c'est Zoé... à bientôt, Clara",
        "Lina, 25 ans, fleuriste. J'ai 32 ans.",
        "25 ans, patiente. Trente et un ans d'allure, j'ai trente et un ans",
        "Jeune femme 22ans, couture. Elle a 29 ans",
        "My name is Rose, 24 years old. Kisses, Jade",
        "Eva 27 ans vous reçoit, demandez Nora",
        "Je suis Alma. Signé Iris",
        "Maya, 30 ans, puis Maya, 41 ans, la même",
        "c'est Carla, bisous Wendy",
        "Elle s'appelle Dora. Venez découvrir Stella",
        "vingt trois ans et souriante, dans mes 35 ans",
        "Clara ici. Merci, votre Pauline",
        "Je m'appelle Lina et voici Tessa, 33 ans",
        "j'ai 26 ans, bientôt fêtés, déjà 45 ans disent mes élèves",
    ],
)
def test_a_description_that_contradicts_itself_is_read(text):
    assert bears("N7", text)


@pytest.mark.parametrize(
    "text",
    [
        "Je m'appelle Lina, 25 ans, bises, Lina",
        "J'ai 25 ans et dix ans d'expérience",
        "Fleuriste de 30 ans, installée depuis 12 ans",
        "Lina, 25 ans. Cours pour adultes de 20 à 60 ans",
        "Deux amies, Lina et Zoé, bises Zoé. Je m'appelle Lina",
        "Je suis Clara avec ma copine Zoé. À bientôt, Zoé",
        "Lina, 25 ans, ou 26 ans selon le jour",
        "Moi c'est Rose, je vends des roses et du jade. Bisous",
        "Il y a 20 ans que je couds, j'ai 44 ans",
        "plus de 30 ans de métier, 52 ans",
        "Maya 30 ans. Trente ans. 30 printemps !",
        "Réservé aux plus de 18 ans. J'ai 28 ans",
        "Je couds depuis 25 ans, j'ai 44 ans",
        "J'ai 44 ans, 25 ans d'expérience",
        "J'ai 29 ans. 07 00 35 00 40",
        "Bisous à tous, je suis patiente",
        "",
    ],
)
def test_one_name_and_one_age_do_not_contradict_each_other(text):
    assert not bears("N7", text)


def test_an_origin_is_not_read():
    """Hard rule 2: the study counted several labels of origin as a contradiction; here nothing reads them."""
    assert not bears("N7", "Fleuriste bretonne, alsacienne et normande selon les jours")


def test_an_age_below_eighteen_is_not_read():
    """Hard rule 9: a sign of a minor enters no statistic of this part."""
    assert not bears("N7", "J'ai 16 ans. J'ai 25 ans.")


def test_machine_code_and_plain_python_agree():
    texts = ["De passage, dispo 24h/24. Elle vous attend !", "I am new in town, call me", "Lina 25ans, bises Zoé"]
    folded, words = fold(texts), lexicon()
    found = []
    for compiled in (False, True):
        counts = np.zeros((len(texts), len(FAMILIES) + 2), dtype=np.int32)
        kernels(LOOPS, compiled=compiled).read_texts(
            folded.letters, folded.starts, words.slots, words.slot_word, words.flags, words.value, words.column,
            words.edges, words.gain, words.deniable, counts,
        )  # fmt: skip
        found.append(counts.tolist())
    assert found[0] == found[1]
    assert found[0][2][-2:] == [1, 0]


def test_a_word_has_a_code_of_its_own():
    assert len({code_of(word) for word in ("a", "aa", "0", "00", "10", "a0", "zzzzzzzzzzzz", "99999999999z")}) == 8


def test_choices_and_names_of_choices_are_written_out():
    found = dict(phrases(["# a comment", "", "@jour = lundi|mardi", "le (@jour) (soir|)", "- sauf <n> (a|b)"]))
    assert found == {
        "le lundi soir": 1, "le lundi": 1, "le mardi soir": 1, "le mardi": 1, "sauf <n> a": -1, "sauf <n> b": -1,
    }  # fmt: skip


@pytest.mark.parametrize("line", ["l'été", "Majuscule", "anticonstitutionnellement", "deux  (|"])
def test_a_line_that_is_not_a_folded_phrase_is_refused(line):
    with pytest.raises(ValueError, match="not a folded phrase"):
        list(phrases([line]))


def test_the_longest_phrase_takes_its_words_away():
    words = laid_out({"passing": [("de passage", 1), ("lieu de passage", -1)]}, {})
    said = one_ad_clues(fold(["un lieu de passage", "de passage", "lieu de passage de passage"]), words=words)
    assert said["N8"].tolist() == [False, True, True]

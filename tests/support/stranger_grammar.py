"""The sentences of the second generator: a small grammar, far from any real ad (bouquets, lessons, repairs, walks).

A symbol in angle brackets is replaced by one of its alternatives; braces are filled later, ad by ad. Three voices say
the same things: the person ("me"), somebody about the person ("her"), and English ("en").
"""

from __future__ import annotations

TRADES = (
    "bouquets|fleurs séchées|pivoines|un bouquet rond|composition|l'atelier floral",
    "cours de guitare|accords|partitions|une leçon d'essai|arpège|la salle de musique",
    "couture|ourlets|rideaux|une retouche|doublure|l'atelier du fond",
    "promenade de chiens|laisses|chiots|une sortie au parc|friandise|le grand jardin",
    "réparation de vélos|freins|chambres à air|une révision|pédalier|le garage",
    "cuisine de saison|tartes|confitures|un repas simple|veloutés|la petite cuisine",
    "lecture à voix haute|romans|contes|une histoire courte|poème|le salon bleu",
    "jardinage|semis|rosiers|une taille d'hiver|bordures|la serre",
    "poterie|bols|émaux|une tasse tournée|grès|le four du village",
    "photos de paysages|tirages|cadres|une balade au lever du jour|panoramas|la chambre noire",
    "reliure|carnets|papiers marbrés|un livre recousu|tranchefile|la table de presse",
    "échecs|ouvertures|finales|une partie lente|gambits|le club du jeudi",
    "tricot|pelotes|écharpes|un bonnet|mailles|le coin laine",
    "menuiserie|étagères|tabourets|une caisse à outils|rabots|l'établi",
    "soin des plantes|boutures|orchidées|un rempotage|terreau|la véranda",
    "chant choral|gammes|canons|une répétition|solfège|la crypte",
)

WHO = ("messieurs", "voisins", "gourmands", "débutants", "curieux", "habitués", "familles", "passants", "amateurs")

GRAMMAR: dict[str, tuple[str, ...]] = {
    # openings
    "open.me": (
        "<hello> <im> {name}<comma><age.me> <from>",
        "{name} ici<comma><age.me>",
        "<hello> à tous<comma> moi c'est {name}",
        "<new> dans le coin<comma> <im> {name}",
        "<hello><comma> je m'appelle {name} et <does>",
        "<does.cap> <where><comma> <hello.low> de {name}",
        "coucou c'est {name}",
        "<im.cap> <trait> et <trait><comma> <age.me>",
    ),
    "open.her": (
        "{name}<comma> {age} ans<comma> vous attend <where>",
        "venez rencontrer {name}<comma> elle a {age} ans",
        "<hello><comma> notre nouvelle venue {name} est <where>",
        "elle s'appelle {name}<comma> elle est <trait> et <trait>",
        "{name} est enfin là<comma> elle vous reçoit <where>",
    ),
    "open.en": (
        "<hi.en> I am {name}<comma> {age} years old<comma> <tr.en> and <tr.en>",
        "<hi.en> my name is {name} and I <do.en> <where.en>",
        "new in town<comma> {name} is <tr.en> and loves <obj.en>",
        "this is {name}<comma> <tr.en> girl next door with a passion for <obj.en>",
    ),
    "open.two": ("{name} et {friend}<comma> deux amies <where>", "moi {name} et ma collègue {friend}<comma> <does>"),
    "hello": ("bonjour", "bonsoir", "salut", "hello", "bonjour bonjour", "bien le bonjour", "coucou"),
    "hello.low": ("un bonjour", "le salut", "un petit mot"),
    "im": ("je suis", "moi", "je me présente,", "je me nomme", "c'est"),
    "im.cap": ("je suis", "on me dit", "je reste"),
    "comma": (", ", " ", " - ", "… ", ". ", " / "),
    "age.me": ("{age} ans", "j'ai {age} ans", "la {decade}", "{age} printemps", "{age} ans tout juste"),
    "from": (
        "de {town}",
        "près de {district}",
        "tout droit du bord de mer",
        "venue de la campagne",
        "d'un village voisin",
    ),
    "new": ("nouvelle", "toute nouvelle", "fraîchement installée", "arrivée depuis peu", "revenue"),
    "does": (
        "je propose <t0>",
        "je donne de mon temps pour <t0>",
        "je fais <t0>",
        "je partage <t0>",
        "<t0> c'est ma vie",
    ),
    "does.cap": ("<t0> faits maison", "<t0> pour tous", "un moment de <t0>", "<t0> en petit comité"),
    "where": (
        "à {town}",
        "dans {district}",
        "à deux pas {district2}",
        "au calme à {town}",
        "en plein centre",
        "côté {district}",
    ),
    "trait": (
        *("patiente", "souriante", "douce", "ponctuelle", "bavarde", "rieuse", "soigneuse", "rêveuse", "directe"),
        *(
            "curieuse",
            "tranquille",
            "passionnée",
            "discrète",
            "énergique",
            "attentive",
            "gourmande",
            "simple",
            "franche",
        ),
    ),
    # what is offered, in the person's voice
    "say.me": (
        "j'aime <t1> et <t2> <howmuch>",
        "avec moi <t3> devient <adj>",
        "je vous reçois dans <t5> <mood>",
        "<t4> ou <t3>, c'est vous qui <choose>",
        "on prend le temps de <verb> et de <verb>",
        "j'adore <verb> <when> avec des <who>",
        "mes <t1> sont <adj> et mes <t2> <adj> aussi",
        "je n'ai ni <t1> ni <t2> en trop, tout est <adj>",
        "depuis <years> ans je <verb2> sans me lasser",
        "si vous cherchez <t3> <adj>, écrivez moi",
        "je suis du genre à <verb> plutôt qu'à <verb>",
        "pour les <who> qui savent <verb> et <verb>",
        "un <drink> vous sera offert avant <t3>",
        "mon <place2> est <adj> et <adj>",
    ),
    "say.her": (
        "elle aime <t1> et <t2> <howmuch>",
        "avec elle <t3> devient <adj>",
        "elle vous reçoit dans <t5> <mood>",
        "son <place2> est <adj> et <adj>",
        "elle prend le temps de <verb> et de <verb>",
        "ses <t1> sont <adj>, vous ne l'oublierez pas",
        "{name} adore <verb> <when> avec des <who>",
        "elle sait <verb> comme personne",
        "vous serez charmé par sa façon de <verb>",
        "c'est une personne <trait> et <trait> qui <verb2>",
    ),
    "say.en": (
        "I love <obj.en> and <obj.en> <when.en>",
        "you will enjoy <obj.en> with a <drink.en> in a <adj.en> room",
        "my place is <adj.en> and <adj.en> near the <spot.en>",
        "I can also come to your house if it is not too far",
        "please call me before you come and be <tr.en>",
        "looking for <tr.en> people who like <obj.en>",
        "no rush with me, we take all the time you need",
    ),
    "howmuch": (
        "plus que tout",
        "à la folie",
        "depuis toujours",
        "sans chichi",
        "les jours de pluie",
        "et ça se voit",
        "",
    ),
    "adj": (
        *("un plaisir", "tout simple", "lumineux", "chaleureux", "soigné", "unique", "paisible", "original", "léger"),
        *("généreux", "propre", "bien rangé", "parfumé", "coloré", "délicat", "solide", "inattendu", "confortable"),
    ),
    "mood": (
        "en toute simplicité",
        "au calme",
        "avec le sourire",
        "autour d'un <drink>",
        "sans pression",
        "en musique",
    ),
    "choose": ("choisissez", "décidez", "voyez", "dites"),
    "verb": (
        *("discuter", "rire", "apprendre", "goûter", "écouter", "marcher", "réparer", "regarder", "recommencer"),
        *("raconter", "arroser", "ranger", "chanter", "compter", "dessiner", "attendre", "respirer", "comparer"),
    ),
    "verb2": ("partage mon savoir", "continue", "pratique", "enseigne", "progresse", "voyage avec", "cherche"),
    "when": ("le dimanche", "au printemps", "après le marché", "entre deux averses", "le matin", "à l'heure du goûter"),
    "who": WHO,
    "years": ("deux", "trois", "5", "dix", "12", "vingt"),
    "drink": ("thé", "café", "sirop", "chocolat", "jus de pomme", "tilleul"),
    "place2": ("atelier", "appartement", "petit studio", "jardin", "coin salon", "rez de chaussée"),
    # practical lines
    "rule": (
        "pas de <no>, merci",
        "je ne réponds pas aux <no>",
        "<no> s'abstenir",
        "prévenez une heure avant",
        "hygiène et politesse exigées",
        "parking facile",
        "je ne me déplace pas",
        "déplacement possible dans {town}",
        "me joindre de préférence par téléphone",
        "réponse rapide",
        "respect demandé, respect donné",
    ),
    "no": ("numéros masqués", "sms", "curieux", "messages vocaux", "gens pressés", "rendez vous annulés", "impolis"),
    # clues that can be read in one ad, said and denied
    "passing.me": (
        "je suis de passage à {town} <stay>",
        "en visite dans votre ville <stay>",
        "je reste <stay> seulement, profitez en",
        "de retour à {town} pour quelques jours",
        "en vacances chez vous <stay>",
        "je repars {weekday} prochain",
        "petit séjour à {town}",
        "ici jusqu'à {weekday}",
    ),
    "passing.her": (
        "elle est de passage <stay>",
        "elle ne reste que <stay>",
        "en vacances à {town} pour peu de temps",
        "elle repart {weekday}",
    ),
    "passing.en": (
        "only here for a few days",
        "visiting {town} this week",
        "in town until {weekday}",
        "just passing through",
    ),
    "passing.not": (
        "je ne suis pas de passage, j'habite ici",
        "installée à {town} toute l'année",
        "pas de passage devant la maison, c'est discret",
        "fermé pendant les vacances",
        "je pars en vacances en août",
        "rendez vous posés plusieurs jours à l'avance",
    ),
    "stay": (
        "cette semaine",
        "pour quelques jours",
        "trois jours",
        "jusqu'à {weekday}",
        "une semaine",
        "ce week end",
        "2 jours",
    ),
    "always.me": (
        "disponible 24h/24",
        "dispo jour et nuit",
        "je suis joignable à toute heure",
        "7j/7 et 24h sur 24",
        "non stop",
        "libre tout le temps, même la nuit",
        "dispo 24/7",
    ),
    "always.her": ("elle est disponible 24h/24 7j/7", "elle vous attend jour et nuit", "disponible à toute heure"),
    "always.en": ("available 24/7", "available day and night", "call me anytime", "open 24 hours"),
    "always.not": (
        "pas disponible la nuit",
        "disponible de 10h à 19h",
        "je ne suis pas dispo 24h/24",
        "prévenir 24h avant",
        "dispo le soir seulement",
        "ouvert 5 jours sur 7",
        "pas d'appels à toute heure",
    ),
    # English words
    "hi.en": ("hi", "hello", "hey there", "good evening"),
    "tr.en": ("friendly", "gentle", "patient", "polite", "cheerful", "calm", "serious", "kind"),
    "do.en": ("teach", "offer my time", "live", "work", "stay"),
    "where.en": ("in {town}", "near {district}", "in the city center", "close to the station"),
    "obj.en": (
        "flowers",
        "guitar",
        "old books",
        "long walks",
        "home cooking",
        "chess",
        "gardening",
        "bicycles",
        "pottery",
    ),
    "adj.en": ("quiet", "clean", "bright", "cosy", "private", "warm", "lovely"),
    "spot.en": ("station", "park", "old market", "river"),
    "drink.en": ("cup of tea", "coffee", "glass of juice"),
    "when.en": ("on sundays", "all year", "in the morning", "when it rains"),
    # closings
    "close.me": (
        *("à très vite", "je vous attends", "au plaisir", "n'hésitez plus", "à bientôt <where>", "contactez moi vite"),
        *(
            "bises, {name}",
            "bisous {name}",
            "{name}",
            "signé {name}",
            "tendrement, {name}",
            "votre {name}",
            "{name} xx",
        ),
    ),
    "close.her": (
        "appelez la vite",
        "elle n'attend que vous",
        "ne la manquez pas",
        "réservez votre moment avec {name}",
    ),
    "close.en": ("see you soon", "call me now", "kisses, {name}", "love, {name}", "{name} xoxo", "waiting for you"),
}

FOOTERS = (
    "annonce déposée gratuitement, signaler un abus",
    "vu sur le site, merci de le dire à l'annonceur lors de votre appel",
    "ne jamais verser d'argent à l'avance. conseils de prudence en bas de page",
    "© tous droits réservés - conditions d'utilisation - contact",
    "membre depuis plus d'un an * profil vérifié * réponse sous une heure",
    "publiez votre annonce en 2 minutes >>> cliquez ici",
)

SMS = {
    "vous": "vs", "pour": "pr", "je suis": "chui", "pas": "pa", "quelques": "qq", "que": "ke", "bonjour": "bjr",
    "beaucoup": "bcp", "toujours": "tjr", "dans": "ds", "avec": "av", "c'est": "c", "merci": "mci",
    "rendez vous": "rdv", "tout": "tt", "salut": "slt", "numéros": "num", "avant": "av", "jours": "jrs",
}  # fmt: skip

NAMES = (
    *("Lina", "Zoé", "Maya", "Inès", "Clara", "Eva", "Nora", "Lola", "Jade", "Rose", "Alma", "Mila", "Iris", "Lou"),
    *("Anna", "Sofia", "Nina", "Élise", "Louna", "Carla", "Diane", "Romy", "Flora", "Gina", "Salma", "Tessa", "Ambre"),
    *("Océane", "Pauline", "Candice", "Mélissa", "Vanessa", "Jessica", "Barbara", "Estelle", "Katia", "Samira", "Awa"),
    *("Célia", "Dora", "Ophélie", "Priscilla", "Rachel", "Stella", "Thalia", "Victoria", "Wendy", "Yasmine", "Zelda"),
)

DISTRICTS = (
    *("quartier des Tanneurs", "la vieille gare", "le port aux grains", "la place du Beffroi", "les Trois Moulins"),
    *("faubourg Saint Roch", "la citadelle", "le canal", "rue des Tisserands", "la halle aux draps", "les Peupliers"),
)

TOWN_HEADS = ("Val", "Mont", "Roc", "Bel", "Font", "Haute", "Clair", "Pierre", "Riv", "Auber", "Chante", "Bois", "Mar")
TOWN_TAILS = ("vaux", "fort", "merle", "chamy", "laine", "sec", "bourg", "dorge", "lieu", "court", "signy", "brune")

UNITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf"),
)
TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre vingt", "quatre vingt")
EMOJI = ("🌸", "✨", "🎸", "🌿", "☎️", "💐", "🚲", "🍰", "🔥", "👋", "🌞", "📚")
TAGS = ("#atelier", "#fleurs", "#musique", "#faitmain", "#detente", "#week_end", "#nouveau", "#proche", "#passion")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

"""The invented words of the sandbox: a café and a museum that do not exist, and people who talk of them.

Nothing here names a real person, brand, newspaper or place. `{brand}` is the brand's own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tongue = Literal["fr", "en"]
Trade = Literal["café", "museum"]

FIRST_NAMES = (
    "Camille", "Nour", "Élio", "Maïwenn", "Tess", "Anouk", "Basile", "Lilou", "Zoé", "Côme", "Inès", "Malo",
    "Ysée", "Noé", "Salomé", "Titouan", "Awa", "Léonie", "Marius", "Soline", "Idris", "Romy", "Gaspard",
)  # fmt: skip
LAST_NAMES = (
    "Aubépine", "Tamaris", "Bergamote", "Cressonnière", "Douvelle", "Églantine", "Fougeray", "Genévrier",
    "Houblonnet", "Jonquille", "Mirabelle", "Nénuphar", "Oseille", "Pimprenelle", "Quenouille", "Romarin",
    "Serpolet", "Tournesol", "Verveine", "Capucine",
)  # fmt: skip

OUTLETS: Mapping[Tongue, tuple[tuple[str, str], ...]] = {
    "fr": tuple(
        (name, host + ".example")
        for name, host in (
            ("La Gazette des Tilleuls", "gazette-des-tilleuls"), ("Courrier du Vallon", "courrier-du-vallon"),
            ("L’Écho de la Presqu’île", "echo-presquile"), ("Le Petit Rivage", "petit-rivage"),
            ("Matin Bocage", "matin-bocage"), ("La Dépêche imaginaire", "depeche-imaginaire"),
            ("Le Journal des Halles", "journal-des-halles"), ("Radio Marelle", "radio-marelle"),
            ("Bords de Seine fictive", "bords-fictifs"), ("Le Fil des Faubourgs", "fil-des-faubourgs"),
            ("Sorties & Compagnie", "sorties-et-compagnie"), ("Le Canard de papier", "canard-de-papier"),
        )
    ),
    "en": tuple(
        (name, host + ".example")
        for name, host in (
            ("The Linden Gazette", "linden-gazette"), ("Harbour Courier", "harbour-courier"),
            ("The Imaginary Times", "imaginary-times"), ("Morning Hedgerow", "morning-hedgerow"),
            ("Weekend Lantern", "weekend-lantern"), ("The Paper Duck", "paper-duck"),
            ("Riverside Echo", "riverside-echo"), ("The Market Square", "market-square"),
        )
    ),
}  # fmt: skip

AGENCY: Mapping[Tongue, str] = {"fr": "Agence Palissade", "en": "Palisade Wire"}


ASIDES: Mapping[Tongue, tuple[str, ...]] = {
    "fr": (
        "J’étais avec ma sœur et ses deux cousins.", "C’était mardi, juste après le marché.",
        "Un ami me l’avait bien dit.", "Photo floue mais souvenir net.", "On était six autour de la table.",
        "Je passais là par hasard.", "Mon voisin Anselme pense pareil.", "Troisième visite ce mois-ci.",
        "Je précise que je venais de loin.", "Il pleuvait des cordes ce jour-là.",
        "Ma grand-mère, elle, n’a rien dit.", "Et tout ça avant neuf heures du matin.",
    ),
    "en": (
        "I was there with my sister and two cousins.", "It was Tuesday, right after the market.",
        "A friend had told me so.", "Blurry picture, clear memory.", "There were six of us.",
        "I was only passing by.", "My neighbour Anselm agrees.", "Third visit this month.",
        "It was pouring with rain that day.", "Grandmother had nothing to add.",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Parts that combine freely into a post: an opening, what is said, a close."""

    openings: tuple[str, ...]
    said: tuple[str, ...]
    closes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class News:
    """One event as an agency tells it: a title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tale:
    """All the talk about one trade in one language, by mood, its news, and its one bad day."""

    positive: Talk
    neutral: Talk
    negative: Talk
    crisis: Talk
    news: tuple[News, ...]
    scandal: News


_FR_CAFE = Tale(
    positive=Talk(
        openings=(
            "Petit bonheur du matin chez {brand} :",
            "Je recommande {brand} les yeux fermés :",
            "Encore un super moment chez {brand},",
            "Découverte du jour : {brand} !",
            "Merci à toute l’équipe de {brand},",
            "Rien ne vaut {brand} un jour de pluie,",
            "Pause de midi chez {brand},",
            "Ma meilleure adresse du quartier reste {brand} :",
        ),
        said=(
            "le chocolat chaud est une merveille",
            "la tarte aux mirabelles est délicieuse",
            "un accueil adorable du début à la fin",
            "le café est torréfié sur place et ça se sent",
            "la terrasse sous les tilleuls est magnifique",
            "les brunchs sont copieux et vraiment bons",
            "le service est rapide et souriant",
            "la nouvelle carte d’automne est une réussite",
            "les madeleines sortaient tout juste du four",
            "une ambiance chaleureuse, on y reste des heures",
        ),
        closes=(
            "J’y retourne dès demain.",
            "Bravo à eux !",
            "Un vrai coup de cœur.",
            "Allez-y sans hésiter.",
            "Je suis conquise.",
            "On s’y sent comme chez soi.",
            "#cafe #bonneadresse",
            "5 étoiles pour moi.",
            "",
        ),
    ),
    neutral=Talk(
        openings=(
            "Quelqu’un connaît les horaires de {brand} ?",
            "On se retrouve chez {brand} à 18 h ?",
            "Vu en passant devant {brand} :",
            "Question pour les habitués de {brand} :",
            "{brand} cherche un apprenti pâtissier :",
            "Samedi, atelier chez {brand} :",
        ),
        said=(
            "la salle du haut est réservée pour un concours de tricot",
            "il y a du wifi en salle du fond",
            "la carte change le 1er du mois",
            "il faut réserver pour le brunch du dimanche",
            "un concert de clarinette est prévu jeudi",
            "la rue est en travaux jusqu’à vendredi",
            "ils ferment à 19 h en semaine",
            "une exposition de photos est accrochée au mur",
        ),
        closes=("", "Je note.", "À suivre.", "Si quelqu’un sait, je prends.", "#quartier", "Voilà l’info."),
    ),
    negative=Talk(
        openings=(
            "Déçue par {brand} aujourd’hui :",
            "C’était mieux avant, {brand} :",
            "Bon, {brand}, on en parle ?",
            "Premier raté chez {brand} :",
            "Je ne comprends plus {brand} :",
        ),
        said=(
            "quarante minutes d’attente pour deux cafés tièdes",
            "les prix ont encore augmenté, c’est exagéré",
            "le serveur était franchement désagréable",
            "ma commande a été oubliée puis mal servie",
            "la tarte était sèche et l’addition fausse",
            "le bruit rend toute conversation impossible",
        ),
        closes=(
            "Dommage.",
            "Je n’y remettrai pas les pieds de sitôt.",
            "Vraiment déçue.",
            "À ce prix, c’est inadmissible.",
            "",
        ),
    ),
    crisis=Talk(
        openings=(
            "Honte à {brand} !",
            "Je viens d’apprendre pour {brand},",
            "Boycott de {brand} :",
            "{brand}, vous nous devez des explications :",
            "Écœurée par {brand} :",
        ),
        said=(
            "jeter chaque soir trente kilos de nourriture, c’est scandaleux",
            "des invendus aspergés de javel pendant que d’autres ont faim, quelle honte",
            "mentir sur l’anti-gaspillage, c’est se moquer de nous",
            "la vidéo des poubelles est insupportable à regarder",
            "et leur réponse est pire que leur silence",
        ),
        closes=(
            "Plus jamais.",
            "Inadmissible.",
            "#boycott",
            "J’attends des excuses.",
            "Quelle déception.",
            "",
        ),
    ),
    news=(
        News(
            title="{brand} ouvre une deuxième salle sous les halles",
            paragraphs=(
                "{brand} a ouvert jeudi une deuxième salle de quarante couverts sous les halles du Vallon.",
                "L’établissement, qui torréfie lui-même son café, y emploiera huit personnes.",
                "Des ateliers de dégustation y seront donnés chaque premier samedi du mois.",
            ),
        ),
        News(
            title="Une récompense pour la tarte aux mirabelles de {brand}",
            paragraphs=(
                "Le jury du Rouleau d’or imaginaire a distingué la tarte aux mirabelles de {brand}.",
                "Vingt-deux maisons étaient en lice pour cette douzième édition.",
                "La recette, tenue secrète, sera dévoilée lors de la fête des vergers.",
            ),
        ),
        News(
            title="{brand} passe aux tasses consignées",
            paragraphs=(
                "Dès lundi, les boissons à emporter de {brand} seront servies en tasses consignées.",
                "La mesure doit éviter neuf mille gobelets par mois, selon l’établissement.",
                "La consigne est fixée à un euro et rendue dans toutes les boutiques partenaires.",
            ),
        ),
    ),
    scandal=News(
        title="Gaspillage alimentaire : {brand} mis en cause par une vidéo",
        paragraphs=(
            "Une vidéo tournée derrière {brand} montre des invendus jetés puis aspergés de javel.",
            "L’établissement, qui affichait une politique « zéro déchet », dit avoir ouvert une enquête.",
            "Plusieurs associations fictives d’aide alimentaire demandent des explications.",
            "Le mot-clé appelant au boycott a été repris plus de deux mille fois dans la journée.",
        ),
    ),
)

_EN_CAFE = Tale(
    positive=Talk(
        openings=(
            "Small joys at {brand} this morning:",
            "Cannot recommend {brand} enough:",
            "Back at {brand} again,",
            "Found my new favourite place, {brand}:",
            "Thank you to the whole team at {brand},",
            "Rainy day at {brand},",
        ),
        said=(
            "the hot chocolate is wonderful",
            "the plum tart is absolutely delicious",
            "the friendliest welcome in town",
            "they roast their own coffee and you can tell",
            "the terrace under the linden trees is beautiful",
            "brunch is generous and really good",
            "quick service and a smile",
            "the autumn menu is a triumph",
        ),
        closes=("Going back tomorrow.", "Well done!", "Love it.", "Just go.", "#coffee", "Five stars.", ""),
    ),
    neutral=Talk(
        openings=(
            "Does anyone know when {brand} opens?",
            "Meeting at {brand} at six?",
            "Seen at {brand}:",
            "Question for the regulars of {brand}:",
            "Workshop at {brand} on Saturday:",
        ),
        said=(
            "the upstairs room is booked for a knitting contest",
            "there is wifi in the back room",
            "the menu changes on the first of the month",
            "you need to book for Sunday brunch",
            "a clarinet concert is planned on Thursday",
            "the street is closed until Friday",
        ),
        closes=("", "Noted.", "More soon.", "Let me know.", "#neighbourhood"),
    ),
    negative=Talk(
        openings=(
            "Disappointed with {brand} today:",
            "{brand} used to be better:",
            "So, {brand}, can we talk?",
            "First bad time at {brand}:",
        ),
        said=(
            "forty minutes for two lukewarm coffees",
            "prices went up again, it is ridiculous",
            "the waiter was plainly rude",
            "they forgot our order and then got it wrong",
            "the tart was dry and the bill was wrong",
        ),
        closes=("A shame.", "Not coming back any time soon.", "Really disappointing.", ""),
    ),
    crisis=Talk(
        openings=(
            "Shame on {brand}!",
            "Just heard about {brand},",
            "Boycott {brand}:",
            "Disgusted by {brand}:",
        ),
        said=(
            "throwing away thirty kilos of food every night is a scandal",
            "bleach on unsold food while others go hungry, how awful",
            "lying about zero waste is an insult to all of us",
            "the video of the bins is unbearable",
        ),
        closes=("Never again.", "Unacceptable.", "#boycott", "We want an apology.", ""),
    ),
    news=(
        News(
            title="{brand} opens a second room in the old market",
            paragraphs=(
                "{brand} opened a second room with forty seats in the old market on Thursday.",
                "The house, which roasts its own coffee, will employ eight people there.",
                "Tasting workshops will be held on the first Saturday of every month.",
            ),
        ),
        News(
            title="{brand} moves to returnable cups",
            paragraphs=(
                "From Monday, drinks to take away from {brand} will come in returnable cups.",
                "The house expects to save nine thousand paper cups a month.",
                "The deposit is one euro and is returned in every partner shop.",
            ),
        ),
    ),
    scandal=News(
        title="Food waste: {brand} under fire over a video",
        paragraphs=(
            "A video filmed behind {brand} shows unsold food thrown away and covered with bleach.",
            "The house, which advertised a zero waste policy, says it has opened an inquiry.",
            "Several imaginary food charities are asking for an explanation.",
            "The call for a boycott was repeated more than two thousand times during the day.",
        ),
    ),
)

_FR_MUSEUM = Tale(
    positive=Talk(
        openings=(
            "Superbe visite au {brand} :",
            "Sortie en famille au {brand},",
            "Coup de cœur du week-end, le {brand} :",
            "Je sors du {brand} émerveillée :",
            "Si vous hésitez encore, filez au {brand} :",
        ),
        said=(
            "l’exposition sur les cartes imaginaires est splendide",
            "les médiatrices sont passionnantes",
            "les enfants ont adoré l’atelier d’ombres",
            "la nouvelle galerie de verre est magnifique",
            "la scénographie est d’une intelligence rare",
            "le jardin des girouettes vaut le détour à lui seul",
        ),
        closes=("À voir absolument.", "Bravo !", "Un enchantement.", "#musee #expo", "J’y retournerai.", ""),
    ),
    neutral=Talk(
        openings=(
            "Le {brand} annonce :",
            "Bon à savoir sur le {brand} :",
            "Quelqu’un est allé au {brand} ?",
            "Nocturne au {brand} vendredi :",
            "Programme du {brand} :",
        ),
        said=(
            "l’entrée est gratuite le premier dimanche du mois",
            "la galerie sud ferme pour travaux lundi",
            "une conférence sur les horloges a lieu mardi à 19 h",
            "les réservations ouvrent jeudi",
            "le catalogue paraît en décembre",
            "l’exposition est prolongée de trois semaines",
        ),
        closes=("", "Je note.", "#musee", "Pensez à réserver.", "Infos sur place."),
    ),
    negative=Talk(
        openings=("Déception au {brand} :", "Le {brand}, c’est non :", "Dommage pour le {brand} :"),
        said=(
            "deux heures de queue malgré une réservation",
            "des cartels illisibles et une salle étouffante",
            "le billet est devenu hors de prix",
            "la moitié des salles étaient fermées sans prévenir",
            "un gardien très désagréable avec les enfants",
        ),
        closes=("Vraiment dommage.", "Inadmissible à ce tarif.", "Je ne recommande pas.", ""),
    ),
    crisis=Talk(
        openings=("Honte au {brand} !", "Scandalisée par le {brand} :", "Le {brand} doit s’expliquer :"),
        said=(
            "refuser l’entrée à une classe en fauteuil, c’est révoltant",
            "laisser des élèves handicapés dehors sous la pluie, quelle honte",
            "des excuses aussi froides sont une insulte",
            "la photo de ces enfants devant la grille est insupportable",
        ),
        closes=("Inadmissible.", "#honte", "J’attends des excuses publiques.", "Plus jamais.", ""),
    ),
    news=(
        News(
            title="Le {brand} expose cent cartes de pays imaginaires",
            paragraphs=(
                "Le {brand} présente à partir de samedi cent cartes de pays qui n’ont jamais existé.",
                "Les pièces, du dix-septième siècle à nos jours, viennent de collections privées fictives.",
                "Une salle est consacrée aux îles dessinées par des enfants des écoles du Vallon.",
            ),
        ),
        News(
            title="Fréquentation record au {brand}",
            paragraphs=(
                "Le {brand} a reçu douze mille visiteurs en octobre, un record depuis son ouverture.",
                "L’institution l’explique par ses nocturnes et la gratuité du premier dimanche.",
                "Trois médiateurs supplémentaires seront recrutés avant l’été.",
            ),
        ),
    ),
    scandal=News(
        title="Accessibilité : le {brand} sous le feu des critiques",
        paragraphs=(
            "Une classe comptant trois élèves en fauteuil s’est vu refuser l’entrée du {brand} mardi.",
            "La direction invoque une panne d’ascenseur et dit regretter « un défaut d’information ».",
            "Les photos des élèves devant la grille ont été partagées plusieurs milliers de fois.",
            "Un collectif imaginaire de parents demande des excuses publiques.",
        ),
    ),
)

_EN_MUSEUM = Tale(
    positive=Talk(
        openings=(
            "Lovely visit to {brand}:",
            "Family day at {brand},",
            "Left {brand} with stars in my eyes:",
        ),
        said=(
            "the exhibition of imaginary maps is splendid",
            "the guides are brilliant",
            "the children loved the shadow workshop",
            "the new glass gallery is gorgeous",
            "the garden of weathervanes is worth the trip alone",
        ),
        closes=("A must.", "Well done!", "Enchanting.", "#museum", "Will come again.", ""),
    ),
    neutral=Talk(
        openings=("{brand} announces:", "Good to know about {brand}:", "Late opening at {brand} on Friday:"),
        said=(
            "admission is free on the first Sunday",
            "the south gallery closes for works on Monday",
            "a talk about clocks takes place on Tuesday at seven",
            "booking opens on Thursday",
            "the exhibition runs three more weeks",
        ),
        closes=("", "Noted.", "#museum", "Remember to book."),
    ),
    negative=Talk(
        openings=("Let down by {brand}:", "A pity about {brand}:", "{brand}, no:"),
        said=(
            "two hours of queue in spite of a booking",
            "labels nobody can read and a stuffy room",
            "the ticket has become overpriced",
            "half of the rooms were closed without notice",
        ),
        closes=("Such a pity.", "Unacceptable at this price.", "Not recommended.", ""),
    ),
    crisis=Talk(
        openings=("Shame on {brand}!", "Appalled by {brand}:", "{brand} owes us an explanation:"),
        said=(
            "refusing a class with wheelchairs is revolting",
            "leaving disabled pupils outside in the rain is a disgrace",
            "such cold apologies are an insult",
        ),
        closes=("Unacceptable.", "#shame", "We want a public apology.", ""),
    ),
    news=(
        News(
            title="{brand} shows a hundred maps of imaginary countries",
            paragraphs=(
                "From Saturday {brand} shows a hundred maps of countries that never existed.",
                "The pieces, from the seventeenth century to our day, come from fictitious collections.",
                "One room is given to islands drawn by schoolchildren.",
            ),
        ),
    ),
    scandal=News(
        title="Accessibility: {brand} under fire",
        paragraphs=(
            "A class with three pupils in wheelchairs was refused entry to {brand} on Tuesday.",
            "The management speaks of a broken lift and regrets “a lack of information”.",
            "Pictures of the pupils at the gate were shared several thousand times.",
            "An imaginary group of parents asks for a public apology.",
        ),
    ),
)

TALES: Mapping[tuple[Trade, Tongue], Tale] = {
    ("café", "fr"): _FR_CAFE,
    ("café", "en"): _EN_CAFE,
    ("museum", "fr"): _FR_MUSEUM,
    ("museum", "en"): _EN_MUSEUM,
}

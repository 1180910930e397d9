"""The invented words of the sandbox: a café and a museum that do not exist, and people who talk of them.

Nothing here names a real person, brand, newspaper or place. `{brand}` is the brand's own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tongue = Literal["fr", "en"]
Trade = Literal["café", "museum"]
Mood = Literal["positive", "neutral", "negative", "crisis"]

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


def _each(words: str) -> tuple[str, ...]:
    """Parts written one after the other, a bar between them."""
    return tuple(" ".join(part.split()) for part in words.split("|"))


@dataclass(frozen=True, kw_only=True)
class Talk:
    """How one speaks in one mood: an opening with `{brand}`, what is claimed of a thing, a close."""

    openings: tuple[str, ...]
    claims: tuple[str, ...]
    closes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class News:
    """One event as an agency tells it: a title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tale:
    """What there is to talk about in one trade: its things, what is done on the bad day, its news."""

    things: tuple[str, ...]
    outrages: tuple[str, ...]
    news: tuple[News, ...]
    scandal: News


COLON: Mapping[Tongue, str] = {"fr": "\u00a0:", "en": ":"}

LEADS: Mapping[Tongue, tuple[str, ...]] = {
    "fr": _each("""
        Ce midi | Hier soir | Avec les collègues | En coup de vent | Pour mon anniversaire | Un mardi gris |
        Après la pluie | Entre deux trains | Dimanche matin | En famille | Seule avec un livre | Juste avant
        la fermeture | Première visite | Comme chaque jeudi | Au retour du marché | Sur un coup de tête | À
        la sortie de l’école | Pendant la grève | Avec mon vieux professeur | Un soir de match | Au premier
        rayon de soleil | Entre voisins | Pour changer d’air | En attendant Basile | Chose promise | Vers
        dix heures | Avec trois valises | Le jour de la foire
    """),
    "en": _each("""
        At noon | Last night | With colleagues | In a hurry | For my birthday | One grey Tuesday | After the
        rain | Between two trains | Sunday morning | With the family | Alone with a book | Right before
        closing time | First visit | As every Thursday | On the way from the market | On a whim | After
        school | During the strike | With my old teacher | On match night | First ray of sun | Among
        neighbours | For a change of air | While waiting for Basil | As promised | Around ten | With three
        suitcases | On the day of the fair
    """),
}

ASIDES: Mapping[Tongue, tuple[str, ...]] = {
    "fr": _each("""
        J’étais avec ma sœur et ses deux cousins. | C’était mardi, juste après le marché. | Un ami me
        l’avait bien dit. | Photo floue mais souvenir net. | On était six autour de la table. | Je passais
        là par hasard. | Mon voisin Anselme pense pareil. | Troisième visite ce mois-ci. | Je précise que je
        venais de loin. | Il pleuvait des cordes ce jour-là. | Ma grand-mère, elle, n’a rien dit. | Et tout
        ça avant neuf heures du matin. | Les enfants en reparlent encore. | J’avais une heure à tuer avant
        le train. | Le chien attendait dehors. | On fêtait les quarante ans de Prune. | Le tramway était en
        panne, encore. | Pour une fois j’avais réservé.
    """),
    "en": _each("""
        I was there with my sister and two cousins. | It was Tuesday, right after the market. | A friend had
        told me so. | Blurry picture, clear memory. | There were six of us. | I was only passing by. | My
        neighbour Anselm agrees. | Third visit this month. | It was pouring with rain that day. |
        Grandmother had nothing to add. | The children keep talking about it. | I had an hour before my
        train. | The dog waited outside. | We were celebrating Prune’s fortieth. | The tram had broken down
        again. | For once I had booked.
    """),
}

TALKS: Mapping[tuple[Tongue, Mood], Talk] = {
    ("fr", "positive"): Talk(
        openings=_each("""
            Petit bonheur du matin, {brand} : | Je recommande {brand} les yeux fermés : | Encore un beau
            moment, {brand} : | Découverte du jour, {brand} : | Merci à l’équipe, {brand}, vraiment, | Rien
            ne vaut {brand} un jour de pluie, | {brand}, on ne s’en lasse pas : | Mon adresse préférée reste
            {brand} : | Vous hésitiez encore ? {brand}, foncez, | Soyons justes avec {brand} : | Dimanche
            parfait, {brand} au programme : | {brand} a gagné une fidèle : | Coup de chapeau, {brand} : | Je
            sors de {brand} le sourire aux lèvres :
        """),
        claims=_each("""
            est une merveille | vaut le détour à lui seul | est un régal | m’a mise en joie pour la semaine
            | fait l’unanimité chez nous | est encore mieux que dans mon souvenir | mérite toutes les
            étoiles du ciel | est d’une gentillesse rare | a tout pour plaire | réconcilie avec le lundi |
            m’a fait rire et rêver | tient toutes ses promesses | est magnifique, tout simplement | m’a émue
            aux larmes | est la meilleure idée de l’année | ferait fondre un glacier | me donne envie de
            déménager à côté | est un pur bonheur | est superbe et ne coûte rien | a ravi petits et grands
        """),
        closes=_each("""
            J’y retourne dès demain. | Bravo ! | Un vrai coup de cœur. | Allez-y sans hésiter. | Je suis
            conquise. | On s’y sent bien. | #bonneadresse | Cinq étoiles. | Merci pour tout. | | |
        """),
    ),
    ("fr", "neutral"): Talk(
        openings=_each("""
            Quelqu’un connaît {brand} ? Il paraît que | On se retrouve à {brand} à 18 h ? Attention, | Vu en
            passant, {brand} : | Question aux habitués de {brand} : | Programme de {brand} : | Bon à savoir,
            {brand} : | Information reçue de {brand} : | Petite annonce, {brand} : | Pour ceux qui vont à
            {brand} : | Agenda, {brand}  : | Selon la page de {brand}, | {brand}, mode d’emploi :
        """),
        claims=_each("""
            rouvre jeudi à dix heures | ferme à 19 h en semaine | accueille un atelier samedi | change
            d’horaire le premier du mois | demande une réservation | passe à l’heure d’hiver | est à voir
            jusqu’en décembre | est en travaux jusqu’à vendredi | reçoit une chorale mardi soir | se trouve
            au fond à gauche | sera en photo dans le bulletin du quartier | ne coûte rien le premier
            dimanche | déménage au premier étage | cherche un apprenti | a désormais son propre compte |
            fait l’objet d’un sondage
        """),
        closes=_each("""
            Je note. | À suivre. | Si quelqu’un sait, je prends. | #quartier | Voilà l’info. | Je transmets.
            | | | | |
        """),
    ),
    ("fr", "negative"): Talk(
        openings=_each("""
            Déçue par {brand} aujourd’hui : | C’était mieux avant, {brand} : | Bon, {brand}, on en parle ? |
            Premier raté pour {brand} : | Je ne comprends plus {brand} : | {brand}, c’est non : | Dommage
            pour {brand} : | Grosse déception, {brand} : | Je ne recommande plus {brand} : | Sérieusement,
            {brand} ? | Mauvaise surprise à {brand} :
        """),
        claims=_each("""
            est une vraie déception | coûte désormais bien trop cher | m’a gâché la journée | ne vaut pas la
            moitié du tarif | a viré à la catastrophe | est d’une tristesse infinie | m’a fait attendre
            quarante minutes | est indigne de la maison | sent le manque de soin | m’a mise en colère | fait
            un bruit à fuir | était un désastre du début à la fin | n’a plus rien d’accueillant | m’a
            laissée sur ma faim | est pénible d’un bout à l’autre | frôle l’arnaque
        """),
        closes=_each("""
            Dommage. | Je n’y remettrai pas les pieds. | Vraiment déçue. | À ce prix, c’est inadmissible. |
            Plus jamais un samedi. | À éviter. | | |
        """),
    ),
    ("fr", "crisis"): Talk(
        openings=_each("""
            Honte à {brand} ! | Je viens d’apprendre pour {brand}, | Boycott de {brand} : | {brand}, vous
            nous devez des explications : | Écœurée par {brand} : | Alors comme ça, {brand}, | Affaire
            {brand} : | J’aimais {brand}. Mais | Qu’on ne me parle plus de {brand} : | Scandale {brand} : |
            {brand} vient de perdre une cliente :
        """),
        claims=_each("""
            est une honte | est un scandale | me révolte | est inadmissible | dépasse les bornes | me donne
            la nausée | ne s’oubliera pas | est d’un mépris total | mérite des excuses publiques | est
            indigne | me met hors de moi | est une insulte
        """),
        closes=_each("""
            Plus jamais. | Inadmissible. | #boycott | J’attends des excuses. | Quelle déception. | Partagez.
            | On ne lâchera rien. | | |
        """),
    ),
    ("en", "positive"): Talk(
        openings=_each("""
            Small joys this morning, {brand}: | Cannot recommend {brand} enough: | Back at {brand} again, |
            Found my new favourite, {brand}: | Thank you all at {brand}, truly, | Rainy day well spent,
            {brand}: | Let us be fair to {brand}: | {brand} has won me over: | If you still hesitate about
            {brand}, | Hats off to {brand}: | Perfect Sunday with {brand}, | Smiling all the way home from
            {brand}:
        """),
        claims=_each("""
            is wonderful | is worth the trip alone | is an absolute delight | made my whole week | is even
            better than I remembered | deserves every star there is | is beautiful, plain and simple | moved
            me to tears of joy | has everything going for it | keeps all its promises | is the best idea of
            the year | would melt a glacier | makes me want to move next door | pleased young and old | is
            lovely and costs next to nothing | makes Mondays bearable
        """),
        closes=_each("""
            Going back tomorrow. | Well done! | Love it. | Just go. | Five stars. | Thank you for
            everything. | | |
        """),
    ),
    ("en", "neutral"): Talk(
        openings=_each("""
            Does anyone know {brand}? I hear that | Meeting at {brand} at six? Mind that | Seen at {brand}:
            | Question for the regulars of {brand}: | Programme of {brand}: | Good to know about {brand}: |
            Notice from {brand}: | For those going to {brand}: | According to the page of {brand},
        """),
        claims=_each("""
            reopens on Thursday at ten | closes at seven on weekdays | hosts a workshop on Saturday |
            changes its hours next month | needs a booking | is open until December | is under repair until
            Friday | welcomes a choir on Tuesday night | is at the back on the left | is free on the first
            Sunday | moves upstairs | is looking for an apprentice | now has its own page | is the subject
            of a survey
        """),
        closes=_each("""
            Noted. | More soon. | Let me know. | #neighbourhood | Passing it on. | | | |
        """),
    ),
    ("en", "negative"): Talk(
        openings=_each("""
            Disappointed with {brand} today: | {brand} used to be better: | So, {brand}, can we talk? |
            First bad time at {brand}: | A pity about {brand}: | {brand}, no: | Seriously, {brand}? | Bad
            surprise at {brand}:
        """),
        claims=_each("""
            is a real letdown | has become overpriced | ruined my day | is not worth half the money | turned
            into a disaster | is as sad as can be | kept me waiting for forty minutes | is poorly kept |
            made me angry | is so noisy I fled | was awful from start to end | is no longer welcoming |
            feels like a rip-off | is annoying and badly thought out
        """),
        closes=_each("""
            A shame. | Not coming back soon. | Really disappointing. | Avoid. | Never on a Saturday. | | |
        """),
    ),
    ("en", "crisis"): Talk(
        openings=_each("""
            Shame on {brand}! | Just heard about {brand}, | Boycott {brand}: | Disgusted by {brand}: |
            {brand} owes us an explanation: | I used to love {brand}. But | Do not mention {brand} again: |
            The {brand} affair:
        """),
        claims=_each("""
            is a disgrace | is a scandal | is revolting | is unacceptable | goes too far | makes me sick |
            will not be forgotten | is an insult | calls for a public apology | is shameful
        """),
        closes=_each("""
            Never again. | Unacceptable. | #boycott | We want an apology. | Share this. | | |
        """),
    ),
}


_FR_CAFE = Tale(
    things=_each("""
        le chocolat chaud | la tarte aux mirabelles | l’accueil du matin | le café torréfié sur place | la
        terrasse sous les tilleuls | le brunch du dimanche | le service du midi | la nouvelle carte | le
        banc près du poêle | la vitrine des gâteaux | le sirop de sureau | la soirée de contes | le petit
        salon du fond | l’ardoise du jour | le pain aux noix | la musique du jeudi | le coin des enfants |
        la soupe de potiron | le comptoir en zinc | l’atelier de latte art | le plat végétarien | la brioche
        feuilletée | le thé fumé | la file d’attente
    """),
    outrages=_each("""
        jeter trente kilos de nourriture par soir | asperger les invendus de javel | mentir sur le zéro
        déchet | remplir des bennes pendant que des gens ont faim | répondre par un communiqué creux | faire
        taire le serveur qui a filmé | fermer les commentaires un jour pareil | accuser les associations du
        quartier | cette vidéo des poubelles
    """),
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
    things=_each("""
        the hot chocolate | the plum tart | the morning welcome | the house roast | the terrace under the
        lindens | Sunday brunch | lunch service | the new menu | the bench by the stove | the cake display |
        the elderflower cordial | the storytelling night | the back room | the dish of the day | the walnut
        bread | Thursday’s music | the children’s corner | the pumpkin soup | the zinc counter | the latte
        art class | the smoked tea | the queue at the door
    """),
    outrages=_each("""
        throwing away thirty kilos of food every night | pouring bleach on unsold bread | lying about zero
        waste | filling skips while people go hungry | answering with an empty statement | silencing the
        waiter who filmed it | closing the comments on such a day | that video of the bins
    """),
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
    things=_each("""
        l’exposition sur les cartes imaginaires | la visite guidée du matin | l’atelier d’ombres | la
        galerie de verre | le jardin des girouettes | la nocturne du vendredi | l’audioguide | la salle des
        horloges | le catalogue | la boutique | le parcours des enfants | la conférence de mardi |
        l’escalier en spirale | le café du musée | la maquette du port | le cabinet de curiosités |
        l’affiche de la saison | la collection de sifflets | le planétarium de poche | la file d’attente |
        l’application de visite | le vestiaire | la signalétique | la verrière
    """),
    outrages=_each("""
        refuser l’entrée à une classe en fauteuil | laisser des élèves dehors sous la pluie | parler de
        panne quand l’ascenseur marche | présenter des excuses aussi froides | cette photo des enfants
        devant la grille | promettre l’accessibilité puis fermer la porte | renvoyer la faute à
        l’enseignante | effacer les messages des parents
    """),
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
    things=_each("""
        the exhibition of imaginary maps | the morning tour | the shadow workshop | the glass gallery | the
        garden of weathervanes | the Friday late opening | the audio guide | the clock room | the catalogue
        | the shop | the children’s trail | Tuesday’s talk | the spiral staircase | the museum café | the
        model of the harbour | the cabinet of curiosities | the season poster | the whistle collection | the
        pocket planetarium | the queue | the visit app | the cloakroom
    """),
    outrages=_each("""
        refusing a class with wheelchairs | leaving pupils out in the rain | blaming a lift that works |
        such a cold apology | that picture of children at the gate | promising access and then closing the
        door | blaming the teacher | deleting the parents’ messages
    """),
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

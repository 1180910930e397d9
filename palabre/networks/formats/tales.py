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
    """How one speaks in one mood: an opening with `{brand}`, what is claimed of a thing, an aside, a close.

    Clear cases on purpose: in a demo nobody should wonder at a tone.
    """

    openings: tuple[str, ...]
    claims: tuple[str, ...]
    closes: tuple[str, ...]
    asides: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class News:
    """One event as an agency tells it: a title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tale:
    """What there is to talk about in one trade: its things, those that are asked about rather than judged,
    what is done on the bad day, its news."""

    things: tuple[str, ...]
    matters: tuple[str, ...]
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

TALKS: Mapping[tuple[Tongue, Mood], Talk] = {
    ("fr", "positive"): Talk(
        openings=_each("""
            Petit bonheur du matin, {brand} : | Je recommande {brand} les yeux fermés : | Encore un
            beau moment, {brand} : | Belle découverte, {brand} : | Merci à toute l’équipe, {brand},
            merci, | Quel plaisir, {brand} : | J’adore {brand}, vraiment : | Mon adresse préférée
            reste {brand} : | Bravo {brand}, bravo : | Dimanche parfait, {brand} au programme : |
            {brand} a gagné une fidèle heureuse : | Coup de chapeau, {brand} : | Le sourire aux
            lèvres, {brand} :
        """),
        claims=_each("""
            est une merveille | est un vrai régal | m’a mise en joie | est excellent | est encore
            meilleur que dans mon souvenir | est d’une grande gentillesse | est magnifique | est
            parfait | est un pur bonheur | est superbe | a ravi toute la famille | est formidable |
            est une belle réussite | est génial | est délicieux de bout en bout | est tout
            simplement sublime | est un vrai coup de cœur | est adorable | est extra | a rendu ma
            journée merveilleuse
        """),
        closes=_each("""
            J’adore ! | Bravo et merci ! | Un vrai coup de cœur. | Que du bonheur ! | Je suis ravie.
            | Quel plaisir ! | Merci, c’était parfait. | Merci beaucoup ! | Une excellente adresse.
        """),
        asides=_each("""
            Ma sœur a adoré. | Toute la famille était ravie. | Un ami me l’avait conseillé, merci à
            lui. | Superbe souvenir. | Les enfants sont heureux. | Mon voisin Anselme adore aussi. |
            Merci encore pour ce beau moment. | Ma grand-mère était enchantée. | On a passé un
            excellent moment. | Très belle ambiance. | Équipe charmante et souriante. | Quelle belle
            journée ! | Bonheur partagé avec Prune.
        """),
    ),
    ("fr", "neutral"): Talk(
        openings=_each("""
            On se retrouve à 18 h à {brand} ? | Je passe devant {brand} ce soir. | Vu à {brand} ce
            matin. | Cette semaine à {brand} : | On va à {brand} ce week-end ? | Qui va à {brand}
            demain ? | Demain à {brand} : | Arrivée à {brand} à 10 h. | Info {brand} : | Je vais à
            {brand} demain.
        """),
        claims=_each("""
            aura lieu demain à 18 h 30 | aura lieu mercredi de 14 h à 16 h | aura lieu samedi 28
            novembre | aura lieu la semaine prochaine | aura lieu ce soir à 19 h | commence à 19 h
            vendredi | aura lieu samedi de 9 h à 18 h | aura lieu à 10 h demain | aura lieu vendredi
            soir | commence demain à 18 h
        """),
        closes=_each("""
            Où se garer ? | RDV à 18 h. | Tu viens ? | On y va ? | Qui sera là ? | #samedi |
            #quartier | Quelqu’un sait ? | À ce soir. | Vous y serez ?
        """),
        asides=_each("""
            Demain, 18 h 30. | Quelqu’un y va samedi ? | Qui y sera lundi ? | Je rentre à 20 h. | On
            se voit là-bas. | Basile passe à 15 h. | Anselme y va aussi. | On part à 9 h. | Prune
            arrive à 11 h.
        """),
    ),
    ("fr", "negative"): Talk(
        openings=_each("""
            Déçue par {brand} aujourd’hui : | C’était bien mieux avant, {brand} : | Bon, {brand}, on
            en parle ? | Premier raté pour {brand} : | Je ne comprends plus {brand} : | {brand},
            c’est non : | Quelle déception, {brand} : | Je ne recommande plus {brand} : | Nul,
            {brand}, vraiment nul : | Mauvaise surprise à {brand} :
        """),
        claims=_each("""
            est une vraie déception | coûte bien trop cher pour ce que c’est | m’a gâché la journée
            | est nul | a viré à la catastrophe | est d’une tristesse infinie | est vraiment mauvais
            | est raté | est sale et mal tenu | m’a énervée | est insupportable | était un désastre
            du début à la fin | est devenu médiocre | est décevant | est pénible d’un bout à l’autre
            | est une arnaque
        """),
        closes=_each("""
            Vraiment dommage. | Je n’y remettrai pas les pieds. | Vraiment déçue. | C’est nul. |
            Plus jamais. | À éviter absolument. | Quelle déception. | Inadmissible à ce prix. | Je
            suis en colère.
        """),
        asides=_each("""
            Quarante minutes d’attente pour rien. | Personne pour s’excuser. | Ma sœur est déçue
            aussi. | Une heure perdue. | Accueil désagréable. | C’était sale en plus. | Mes cousins
            étaient furieux. | On nous a ignorés. | Je regrette d’avoir réservé. | Quelle perte de
            temps. | Et personne ne répond au téléphone. | On est repartis fâchés.
        """),
    ),
    ("fr", "crisis"): Talk(
        openings=_each("""
            Honte à {brand} ! | Je viens d’apprendre pour {brand}, quelle honte, | Boycott de
            {brand} : | {brand}, vous nous devez des explications : | Écœurée par {brand} : | Alors
            comme ça, {brand}, | Scandale à {brand} : | J’aimais {brand}, mais là c’est honteux : |
            Qu’on ne me parle plus de {brand} : | {brand} vient de perdre une cliente :
        """),
        claims=_each("""
            est une honte | est un scandale | me révolte | est inadmissible | est scandaleux | me
            dégoûte | est honteux | est d’un mépris total | est inacceptable | est lamentable | me
            met en colère | est une insulte
        """),
        closes=_each("""
            Plus jamais. | Inadmissible. | Quelle honte. | C’est scandaleux. | Quelle déception. |
            Lamentable. | On ne lâchera rien. | Je suis furieuse. | C’est minable.
        """),
        asides=_each("""
            Ma sœur est écœurée aussi. | Tout le quartier est en colère. | Aucune excuse, rien. |
            C’est révoltant. | Personne n’ose répondre. | Quel mépris. | J’en suis malade. | Et ils
            se taisent, honteux. | Mon voisin Anselme est furieux. | On se moque de nous.
        """),
    ),
    ("en", "positive"): Talk(
        openings=_each("""
            Small joys this morning, {brand}: | I love {brand}, truly: | So happy at {brand} again,
            | Found my new favourite, {brand}: | Thank you all at {brand}, thank you, | Lovely rainy
            day at {brand}: | Great memories of {brand}: | {brand} is the best: | What a wonderful
            time at {brand}: | Hats off to {brand}, amazing: | Perfect Sunday with {brand}, |
            Smiling all the way home from {brand}:
        """),
        claims=_each("""
            is wonderful | is amazing | is an absolute delight | made me so happy | is even better
            than I remembered, love it | is the best in town | is beautiful | is awesome | is so
            good | is fantastic | is excellent | is lovely | is perfect | was a great surprise | is
            brilliant | made my whole week happy | is great fun | is delightful
        """),
        closes=_each("""
            Love it! | So happy! | Thank you so much! | Love this place! | Can’t wait to go back! |
            The best! | Thank you for everything. | Amazing day. | Great job!
        """),
        asides=_each("""
            My sister loved it. | The kids had so much fun. | Happy family today. | Such nice
            people. | Great memories. | My neighbour Anselm loves it too. | Best birthday ever for
            Prune. | Beautiful day. | Thanks to a friend for the great idea. | What a lovely team. |
            We had a great time. | Good vibes all day.
        """),
    ),
    ("en", "neutral"): Talk(
        openings=_each("""
            Does anyone know the hours of {brand}? | Meeting at {brand} at six? | Seen at {brand}
            this morning. | Question for the regulars of {brand}. | Programme of {brand}. | Notice
            from {brand}. | Going to {brand} on Tuesday, who else? | According to the page of
            {brand}.
        """),
        claims=_each("""
            reopens on Thursday at ten | closes at seven on weekdays | is at 12 Harbour Street |
            changes its hours in December | needs a booking by Friday | is open until December | is
            on the first floor | starts at 7 pm on Tuesday | is at the back on the left | moves
            upstairs on Monday | is from 2 pm to 4 pm | is scheduled for 3 December
        """),
        closes=_each("""
            Who is coming? | More on Thursday. | What time? | #neighbourhood | #programme | See you
            at six. | Who will be there? | Any idea? |
        """),
        asides=_each("""
            Tomorrow at 6:30 pm. | Tuesday at three. | The number 3 tram stops next door. | Next
            date is 12 December. | Where do you park? | Is it open on Monday? | Looking for the
            December hours. | I will be there around ten. | Doors at seven. | Booking on the page.
        """),
    ),
    ("en", "negative"): Talk(
        openings=_each("""
            So disappointed with {brand} today: | {brand} used to be better, now it is bad: | So,
            {brand}, can we talk? | First bad time at {brand}: | What a shame, {brand}: | {brand},
            no, just awful: | Seriously, {brand}? | Bad surprise at {brand}: | Worst visit ever to
            {brand}:
        """),
        claims=_each("""
            is a huge disappointment | is terrible | ruined my day | is awful | turned into a
            disaster | is so bad | is horrible | is dirty and badly kept | made me angry | is
            annoying and noisy | was awful from start to end | is the worst in town | is a rip-off,
            so disappointed | is a complete mess | is disgusting | was a terrible waste of money
        """),
        closes=_each("""
            What a shame. | Never again. | Really disappointed. | Avoid, it is awful. | So angry. |
            Terrible service. | Worst day. | I hate this. | So sad.
        """),
        asides=_each("""
            Forty minutes of waiting, terrible. | Nobody said sorry. | My sister was angry. | What a
            waste of time. | So rude. | It was dirty too. | The children were crying. | I regret
            going. | They ignored us, how rude. | Nobody answers the phone, useless. | Bad mood all
            day. | We left angry.
        """),
    ),
    ("en", "crisis"): Talk(
        openings=_each("""
            Shame on {brand}! | Just heard about {brand}, disgusting, | Boycott {brand}: | So
            disgusted by {brand}: | {brand} owes us an explanation, shameful: | I used to love
            {brand}. Now I am angry: | Do not mention {brand} again, awful: | {brand} is a disgrace:
        """),
        claims=_each("""
            is a disgrace | is a scandal | is revolting | is unacceptable and wrong | is disgusting
            | makes me sick | is horrible | is an insult | is terrible | is shameful | is awful |
            makes me so angry
        """),
        closes=_each("""
            Never again. | Unacceptable. | Disgusting. | Shame on them. | So angry. | What a
            disgrace. | Awful people. | This is sick. | Terrible.
        """),
        asides=_each("""
            My sister is disgusted too. | The whole street is angry. | Not even an apology,
            shameful. | It is revolting. | How rude. | I feel sick. | They say nothing, what a
            shame. | My neighbour Anselm is furious. | They are lying to us. | So sad and angry.
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
        feuilletée | le thé fumé
    """),
    matters=_each("""
        le brunch | le concert | la réunion de quartier | le cours de torréfaction | l’atelier de
        cuisine | la soirée de contes | le café des voisins | le petit déjeuner | l’atelier du soir
        | le goûter
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
        art class | the smoked tea
    """),
    matters=_each("""
        Sunday brunch | lunch service | the storytelling night | the back room | Thursday’s concert
        | the children’s corner | the latte art class | the takeaway counter | the roasting course |
        the neighbourhood meeting | the terrace | the breakfast service
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
    matters=_each("""
        la nocturne | la conférence | l’atelier de dessin | l’atelier d’ombres | le concert | la
        rencontre du soir | l’atelier de modelage | la lecture du soir | la projection | la réunion
        des bénévoles
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
        pocket planetarium | the visit app | the cloakroom
    """),
    matters=_each("""
        the morning tour | the shadow workshop | the glass gallery | the Friday late opening | the
        clock room | the shop | the children’s trail | Tuesday’s talk | the museum café | the ticket
        desk | the cloakroom | the drawing class
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

"""What there is to talk about in the sandbox: each trade has its things, its news and its bad day."""

from collections.abc import Mapping

from palabre.networks.sandbox.invented.shape import News, Tale, Tongue, Trade, each

_FR_CAFE = Tale(
    things=each("""
        le chocolat chaud | la tarte aux mirabelles | l’accueil du matin | le café torréfié sur place | la
        terrasse sous les tilleuls | le brunch du dimanche | le service du midi | la nouvelle carte | le
        banc près du poêle | la vitrine des gâteaux | le sirop de sureau | la soirée de contes | le petit
        salon du fond | l’ardoise du jour | le pain aux noix | la musique du jeudi | le coin des enfants |
        la soupe de potiron | le comptoir en zinc | l’atelier de latte art | le plat végétarien | la brioche
        feuilletée | le thé fumé
    """),
    matters=each("""
        le brunch | le concert | la réunion de quartier | le cours de torréfaction | l’atelier de
        cuisine | la soirée de contes | le café des voisins | le petit déjeuner | l’atelier du soir
        | le goûter
    """),
    outrages=each("""
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
    things=each("""
        the hot chocolate | the plum tart | the morning welcome | the house roast | the terrace under the
        lindens | Sunday brunch | lunch service | the new menu | the bench by the stove | the cake display |
        the elderflower cordial | the storytelling night | the back room | the dish of the day | the walnut
        bread | Thursday’s music | the children’s corner | the pumpkin soup | the zinc counter | the latte
        art class | the smoked tea
    """),
    matters=each("""
        Sunday brunch | lunch service | the storytelling night | the back room | Thursday’s concert
        | the children’s corner | the latte art class | the takeaway counter | the roasting course |
        the neighbourhood meeting | the terrace | the breakfast service
    """),
    outrages=each("""
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
    things=each("""
        l’exposition sur les cartes imaginaires | la visite guidée du matin | l’atelier d’ombres | la
        galerie de verre | le jardin des girouettes | la nocturne du vendredi | l’audioguide | la salle des
        horloges | le catalogue | la boutique | le parcours des enfants | la conférence de mardi |
        l’escalier en spirale | le café du musée | la maquette du port | le cabinet de curiosités |
        l’affiche de la saison | la collection de sifflets | le planétarium de poche | la file d’attente |
        l’application de visite | le vestiaire | la signalétique | la verrière
    """),
    matters=each("""
        la nocturne | la conférence | l’atelier de dessin | l’atelier d’ombres | le concert | la
        rencontre du soir | l’atelier de modelage | la lecture du soir | la projection | la réunion
        des bénévoles
    """),
    outrages=each("""
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
    things=each("""
        the exhibition of imaginary maps | the morning tour | the shadow workshop | the glass gallery | the
        garden of weathervanes | the Friday late opening | the audio guide | the clock room | the catalogue
        | the shop | the children’s trail | Tuesday’s talk | the spiral staircase | the museum café | the
        model of the harbour | the cabinet of curiosities | the season poster | the whistle collection | the
        pocket planetarium | the visit app | the cloakroom
    """),
    matters=each("""
        the morning tour | the shadow workshop | the glass gallery | the Friday late opening | the
        clock room | the shop | the children’s trail | Tuesday’s talk | the museum café | the ticket
        desk | the cloakroom | the drawing class
    """),
    outrages=each("""
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

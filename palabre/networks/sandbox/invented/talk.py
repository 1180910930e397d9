"""How people talk in the sandbox, in each tongue and mood."""

from collections.abc import Mapping

from palabre.networks.sandbox.invented.shape import Mood, Talk, Tongue, each

COLON: Mapping[Tongue, str] = {"fr": "\u00a0:", "en": ":"}

LEADS: Mapping[Tongue, tuple[str, ...]] = {
    "fr": each("""
        Ce midi | Hier soir | Avec les collègues | En coup de vent | Pour mon anniversaire | Un mardi gris |
        Après la pluie | Entre deux trains | Dimanche matin | En famille | Seule avec un livre | Juste avant
        la fermeture | Première visite | Comme chaque jeudi | Au retour du marché | Sur un coup de tête | À
        la sortie de l’école | Pendant la grève | Avec mon vieux professeur | Un soir de match | Au premier
        rayon de soleil | Entre voisins | Pour changer d’air | En attendant Basile | Chose promise | Vers
        dix heures | Avec trois valises | Le jour de la foire
    """),
    "en": each("""
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
        openings=each("""
            Petit bonheur du matin, {brand} : | Je recommande {brand} les yeux fermés : | Encore un
            beau moment, {brand} : | Belle découverte, {brand} : | Merci à toute l’équipe, {brand},
            merci, | Quel plaisir, {brand} : | J’adore {brand}, vraiment : | Mon adresse préférée
            reste {brand} : | Bravo {brand}, bravo : | Dimanche parfait, {brand} au programme : |
            {brand} a gagné une fidèle heureuse : | Coup de chapeau, {brand} : | Le sourire aux
            lèvres, {brand} :
        """),
        claims=each("""
            est une merveille | est un vrai régal | m’a mise en joie | est excellent | est encore
            meilleur que dans mon souvenir | est d’une grande gentillesse | est magnifique | est
            parfait | est un pur bonheur | est superbe | a ravi toute la famille | est formidable |
            est une belle réussite | est génial | est délicieux de bout en bout | est tout
            simplement sublime | est un vrai coup de cœur | est adorable | est extra | a rendu ma
            journée merveilleuse
        """),
        closes=each("""
            J’adore ! | Bravo et merci ! | Un vrai coup de cœur. | Que du bonheur ! | Je suis ravie.
            | Quel plaisir ! | Merci, c’était parfait. | Merci beaucoup ! | Une excellente adresse.
        """),
        asides=each("""
            Ma sœur a adoré. | Toute la famille était ravie. | Un ami me l’avait conseillé, merci à
            lui. | Superbe souvenir. | Les enfants sont heureux. | Mon voisin Anselme adore aussi. |
            Merci encore pour ce beau moment. | Ma grand-mère était enchantée. | On a passé un
            excellent moment. | Très belle ambiance. | Équipe charmante et souriante. | Quelle belle
            journée ! | Bonheur partagé avec Prune.
        """),
    ),
    ("fr", "neutral"): Talk(
        openings=each("""
            On se retrouve à 18 h à {brand} ? | Je passe devant {brand} ce soir. | Vu à {brand} ce
            matin. | Cette semaine à {brand} : | On va à {brand} ce week-end ? | Qui va à {brand}
            demain ? | Demain à {brand} : | Arrivée à {brand} à 10 h. | Info {brand} : | Je vais à
            {brand} demain.
        """),
        claims=each("""
            aura lieu demain à 18 h 30 | aura lieu mercredi de 14 h à 16 h | aura lieu samedi 28
            novembre | aura lieu la semaine prochaine | aura lieu ce soir à 19 h | commence à 19 h
            vendredi | aura lieu samedi de 9 h à 18 h | aura lieu à 10 h demain | aura lieu vendredi
            soir | commence demain à 18 h
        """),
        closes=each("""
            Où se garer ? | RDV à 18 h. | Tu viens ? | On y va ? | Qui sera là ? | #samedi |
            #quartier | Quelqu’un sait ? | À ce soir. | Vous y serez ?
        """),
        asides=each("""
            Demain, 18 h 30. | Quelqu’un y va samedi ? | Qui y sera lundi ? | Je rentre à 20 h. | On
            se voit là-bas. | Basile passe à 15 h. | Anselme y va aussi. | On part à 9 h. | Prune
            arrive à 11 h.
        """),
    ),
    ("fr", "negative"): Talk(
        openings=each("""
            Déçue par {brand} aujourd’hui : | C’était bien mieux avant, {brand} : | Bon, {brand}, on
            en parle ? | Premier raté pour {brand} : | Je ne comprends plus {brand} : | {brand},
            c’est non : | Quelle déception, {brand} : | Je ne recommande plus {brand} : | Nul,
            {brand}, vraiment nul : | Mauvaise surprise à {brand} :
        """),
        claims=each("""
            est une vraie déception | coûte bien trop cher pour ce que c’est | m’a gâché la journée
            | est nul | a viré à la catastrophe | est d’une tristesse infinie | est vraiment mauvais
            | est raté | est sale et mal tenu | m’a énervée | est insupportable | était un désastre
            du début à la fin | est devenu médiocre | est décevant | est pénible d’un bout à l’autre
            | est une arnaque
        """),
        closes=each("""
            Vraiment dommage. | Je n’y remettrai pas les pieds. | Vraiment déçue. | C’est nul. |
            Plus jamais. | À éviter absolument. | Quelle déception. | Inadmissible à ce prix. | Je
            suis en colère.
        """),
        asides=each("""
            Quarante minutes d’attente pour rien. | Personne pour s’excuser. | Ma sœur est déçue
            aussi. | Une heure perdue. | Accueil désagréable. | C’était sale en plus. | Mes cousins
            étaient furieux. | On nous a ignorés. | Je regrette d’avoir réservé. | Quelle perte de
            temps. | Et personne ne répond au téléphone. | On est repartis fâchés.
        """),
    ),
    ("fr", "crisis"): Talk(
        openings=each("""
            Honte à {brand} ! | Je viens d’apprendre pour {brand}, quelle honte, | Boycott de
            {brand} : | {brand}, vous nous devez des explications : | Écœurée par {brand} : | Alors
            comme ça, {brand}, | Scandale à {brand} : | J’aimais {brand}, mais là c’est honteux : |
            Qu’on ne me parle plus de {brand} : | {brand} vient de perdre une cliente :
        """),
        claims=each("""
            est une honte | est un scandale | me révolte | est inadmissible | est scandaleux | me
            dégoûte | est honteux | est d’un mépris total | est inacceptable | est lamentable | me
            met en colère | est une insulte
        """),
        closes=each("""
            Plus jamais. | Inadmissible. | Quelle honte. | C’est scandaleux. | Quelle déception. |
            Lamentable. | On ne lâchera rien. | Je suis furieuse. | C’est minable.
        """),
        asides=each("""
            Ma sœur est écœurée aussi. | Tout le quartier est en colère. | Aucune excuse, rien. |
            C’est révoltant. | Personne n’ose répondre. | Quel mépris. | J’en suis malade. | Et ils
            se taisent, honteux. | Mon voisin Anselme est furieux. | On se moque de nous.
        """),
    ),
    ("en", "positive"): Talk(
        openings=each("""
            Small joys this morning, {brand}: | I love {brand}, truly: | So happy at {brand} again,
            | Found my new favourite, {brand}: | Thank you all at {brand}, thank you, | Lovely rainy
            day at {brand}: | Great memories of {brand}: | {brand} is the best: | What a wonderful
            time at {brand}: | Hats off to {brand}, amazing: | Perfect Sunday with {brand}, |
            Smiling all the way home from {brand}:
        """),
        claims=each("""
            is wonderful | is amazing | is an absolute delight | made me so happy | is even better
            than I remembered, love it | is the best in town | is beautiful | is awesome | is so
            good | is fantastic | is excellent | is lovely | is perfect | was a great surprise | is
            brilliant | made my whole week happy | is great fun | is delightful
        """),
        closes=each("""
            Love it! | So happy! | Thank you so much! | Love this place! | Can’t wait to go back! |
            The best! | Thank you for everything. | Amazing day. | Great job!
        """),
        asides=each("""
            My sister loved it. | The kids had so much fun. | Happy family today. | Such nice
            people. | Great memories. | My neighbour Anselm loves it too. | Best birthday ever for
            Prune. | Beautiful day. | Thanks to a friend for the great idea. | What a lovely team. |
            We had a great time. | Good vibes all day.
        """),
    ),
    ("en", "neutral"): Talk(
        openings=each("""
            Does anyone know the hours of {brand}? | Meeting at {brand} at six? | Seen at {brand}
            this morning. | Question for the regulars of {brand}. | Programme of {brand}. | Notice
            from {brand}. | Going to {brand} on Tuesday, who else? | According to the page of
            {brand}.
        """),
        claims=each("""
            reopens on Thursday at ten | closes at seven on weekdays | is at 12 Harbour Street |
            changes its hours in December | needs a booking by Friday | is open until December | is
            on the first floor | starts at 7 pm on Tuesday | is at the back on the left | moves
            upstairs on Monday | is from 2 pm to 4 pm | is scheduled for 3 December
        """),
        closes=each("""
            Who is coming? | More on Thursday. | What time? | #neighbourhood | #programme | See you
            at six. | Who will be there? | Any idea? |
        """),
        asides=each("""
            Tomorrow at 6:30 pm. | Tuesday at three. | The number 3 tram stops next door. | Next
            date is 12 December. | Where do you park? | Is it open on Monday? | Looking for the
            December hours. | I will be there around ten. | Doors at seven. | Booking on the page.
        """),
    ),
    ("en", "negative"): Talk(
        openings=each("""
            So disappointed with {brand} today: | {brand} used to be better, now it is bad: | So,
            {brand}, can we talk? | First bad time at {brand}: | What a shame, {brand}: | {brand},
            no, just awful: | Seriously, {brand}? | Bad surprise at {brand}: | Worst visit ever to
            {brand}:
        """),
        claims=each("""
            is a huge disappointment | is terrible | ruined my day | is awful | turned into a
            disaster | is so bad | is horrible | is dirty and badly kept | made me angry | is
            annoying and noisy | was awful from start to end | is the worst in town | is a rip-off,
            so disappointed | is a complete mess | is disgusting | was a terrible waste of money
        """),
        closes=each("""
            What a shame. | Never again. | Really disappointed. | Avoid, it is awful. | So angry. |
            Terrible service. | Worst day. | I hate this. | So sad.
        """),
        asides=each("""
            Forty minutes of waiting, terrible. | Nobody said sorry. | My sister was angry. | What a
            waste of time. | So rude. | It was dirty too. | The children were crying. | I regret
            going. | They ignored us, how rude. | Nobody answers the phone, useless. | Bad mood all
            day. | We left angry.
        """),
    ),
    ("en", "crisis"): Talk(
        openings=each("""
            Shame on {brand}! | Just heard about {brand}, disgusting, | Boycott {brand}: | So
            disgusted by {brand}: | {brand} owes us an explanation, shameful: | I used to love
            {brand}. Now I am angry: | Do not mention {brand} again, awful: | {brand} is a disgrace:
        """),
        claims=each("""
            is a disgrace | is a scandal | is revolting | is unacceptable and wrong | is disgusting
            | makes me sick | is horrible | is an insult | is terrible | is shameful | is awful |
            makes me so angry
        """),
        closes=each("""
            Never again. | Unacceptable. | Disgusting. | Shame on them. | So angry. | What a
            disgrace. | Awful people. | This is sick. | Terrible.
        """),
        asides=each("""
            My sister is disgusted too. | The whole street is angry. | Not even an apology,
            shameful. | It is revolting. | How rude. | I feel sick. | They say nothing, what a
            shame. | My neighbour Anselm is furious. | They are lying to us. | So sad and angry.
        """),
    ),
}

"""Words everybody says, folded: they tell nothing of what a period speaks of (French and English)."""

_FRENCH = """
alors apres aucun aussi autre autres avait avant avec avoir beaucoup bien bonne bonjour cela celle celles
celui cependant ceux chaque chez chose comme comment contre dans demain depuis derniere dernier deux devant
devait dire disait dois doit donc dont elle elles encore enfin entre envers etaient etais etait etant etre
faire fait faites fois font grand grande hier ici ils jamais jour jours juste leur leurs lors lorsque lui
mais malgre mauvais merci mettre mieux moins mois monde notre nous nouveau nouvelle parce parfois parler
parmi partout pendant personne petit petite peut peuvent peux plein plus plusieurs plutot pour pourquoi
pourtant premier premiere prendre presque puis quand quel quelle quelles quelque quelques quels quoi rien
sans sauf savoir selon sera serait serez seront seul seule seulement sinon soir sommes sont sous souvent
suis sujet super sur surtout tant tard tellement temps tels tenir toujours tous tout toute toutes trop trois
trouve trouver tres vais vers veut veux vient voila voir voire vont votre vous vraiment
"""
_ENGLISH = """
about above after again against almost also although always among another anybody anyone anything around
away back became because been before being below best better between both came cannot come could does doing
done down during each either else even ever every everyone everything from gave give goes going gone good
great have having here hers herself himself into itself just keep kept knew know known last least less like
little long look made make many maybe might more most much must myself near need never next none nothing
often once only other others ourselves over part people perhaps please quite rather really right said same
says seem seen several shall should since some somebody someone something sometimes somewhere soon still such
take taken than thank thanks that their theirs them themselves then there these they thing things think this
those though through time today together told took toward under until upon used using very want wants week
well went were what when where whether which while whole whose will with within without would year years yes
yesterday your yours yourself
"""

_SHORT = """
ah ai ait amp an and any are aren't as at au aujourd'hui autour aux bah bcp bon but by bye ca can can't cant
car ce ces cest cet cette ceux cf ci com couldn't da day de des devrais devrait did didn't didnt dirait dit
does doesn't doesnt doit don don't dont du eh elle en end ere es est et etc ete etes eu eut eux fait fallait
faut few fin fois font for from ga gens get gonna got gotta gros had hais has hasn't hasnt haven't havent
he's hein hello her heure heures hey hier him his hop how html http https i'll i'm i've ici if ill ils in ira
is isn't isnt it it's its ive jai jour jusqu la laquelle las le lequel les lesquels let let's lets leur lol
lot lui ma mal man may mdr me men mes met mets mettent minute minutes mis mme mmm moi mois mon mot mr mrs my
na ne neuf new nez ni no non nor nos not now nul on ont or ou oui our out own par pas pense pensent penser
peu peuvent plu pour pq pr pres ptdr puisse put qu que qui rt sa sais sait saute savent say se sens sera
serait ses set she she's shes shouldn't si sinon six so soi sois soit son sont sur ta tas te tel tes that's
thats the there's theres they're theyre too tot tu two un une url us use user va vas vaut venir via vie vient
vite voi voient vois voit vont vos voulait vu wanna was wasn't wasnt way we we're werent what's whats who
who's why with won't wont wouldn't wouldnt wow www ya ye yeah yep yes yet you you'll you're you've your youre
youve
"""

STOPWORDS = frozenset((_FRENCH + _ENGLISH + _SHORT).split())

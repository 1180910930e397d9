"""Words that insult, by how surely: what the trainer knows of toxicity before it has seen a post.

Used by tools/train_enrichment.py alone; nothing of it is shipped but weights of hashed features. The public
corpora were sampled by a few keywords, so that a model taught by them alone does not know that “you half-wit”
is an insult. Written from general knowledge of both languages, not from any corpus. `*` stands for any end
of the word, looked up in the training texts.

`STRONG` words are insults and obscenities wherever they stand; `PLAIN` ones are mostly meant to hurt;
`SHARP` ones belong to angry talk, and count for little.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Insults:
    """The words of a language, by strength; words are separated by spaces."""

    strong: str
    plain: str
    sharp: str


ENGLISH = Insults(
    strong="fuck* motherfuck* shit* bullshit ass asses asshole* arsehole* dumbass* jackass* bitch* bastard*"
    " dick dickhead* cunt* whore* slut* twat* wanker* idiot* moron* retard* stupid dumb imbecile* scum*"
    " faggot* fag fags nigger* nigga* stfu gtfo crap jerk jerks douche* pussy pussies prick pricks piss*"
    " loser losers trash scumbag* degenerate* pedo* hoe hoes skank* thot thots dyke* tranny bollocks"
    " tosser* halfwit* nitwit* dimwit* dipshit* turd* cretin*",
    plain="pathetic liar liars disgusting disgrace* ignorant fool fools foolish clown clowns coward cowards"
    " hypocrit* hypocrisy suck sucks evil traitor traitors racist racists nazi nazis thug thugs pig pigs"
    " ugly crazy insane delusional corrupt criminal criminals garbage vile hell wtf damn goddamn creep"
    " creeps creepy rapist* lying psycho* nasty hate shut brainwashed lunatic* filthy brainless"
    " worthless useless shameful cuck* libtard* vermin swine hag fatass fatty perv pervert* weirdo*"
    " freak freaks nutjob* wacko* lowlife* inbred redneck* deranged demented unhinged savage savages",
    sharp="kill* die joke puppet* snake snakes rat rats snowflake* commie* communist* fascist* terrorist*"
    " sheep troll trolls bigot* bully bullies predator* nut nuts crook crooks crooked fraud* scam* phony"
    " thief thieves cheat* devil demon* monster* animals cow witch dirty rotten sick stink* lame cringe"
    " awful terrible worst despise shame shameless embarrass* ridiculous nonsense senile mentally"
    " incompetent clueless uneducated illiterate screw bs sucked blah dammit hated hates hating",
)

FRENCH = Insults(
    strong="connard* connasse* con cons conne connes conard* salope* salaud* salopard* pute putes putain*"
    " enculé* encule* enculer ntm fdp tg ftg pd pédé* pédale* tapette* tarlouze* gouine* batard* bâtard*"
    " merde* merdique* merdeu* chier chiant* chiotte* emmerd* bite bites couille* couillon* branleur*"
    " branle* crétin* abruti* débile* imbécile* idiot* idiote* attardé* mongol* mongole mongols"
    " trisomique* gogol* bougnoul* bicot* youpin* négro* negro* nègre* négresse* bamboula* raclure*"
    " ordure* enfoiré* pétasse* pouffiasse* poufiasse* grognasse* trainée* traînée* racaille* sous-merde"
    " bouffon* trouduc* déchet* niquer nique* niqué* foutre gueule gueules crève crevard* crevure*"
    " charogne* clochard* cassos",
    plain="nul nulle nuls nulles honte honteux honteuse pourri* pourriture* minable* lâche lâches menteur*"
    " menteuse* hypocrite* voleur* voleuse* escroc* raciste* nazi* facho* fasciste* fachos islamo*"
    " collabo* traître* traitre* ignare* ignorant* inculte* stupide* bête bêtes ridicule* dégueulasse*"
    " dégueu dégoûtant* dégoutant* dégueulass* moche* laid laide grosse gros porc porcs truie chien"
    " chiens chienne* vermine* parasite* cafard* rat rats singe* macaque* guenon* sauvage* monstre*"
    " malade* taré* folle fou cinglé* guignol* clown* charlatan* incapable* bon-à-rien pitoyable*"
    " lamentable* pathétique* haine hais déteste vomir vomi gerbe gerber ferme pauvre type bande espèce"
    " sale sales",
    sharp="assassin* criminel* corrompu* vendu* dictateur* terroriste* bandit* crapule* fumier* mafieux"
    " magouille* mensonge* mentir scandale* scandaleux scandaleuse inadmissible* arnaque* foutage"
    " moutons mouton dégage* barre casse tue tuer mort crever",
)

OTHERS = Insults(
    strong="puta putas puto putos mierda* gilipollas cabrón cabron* coño joder pendejo* imbécil imbeciles"
    " idiota* estúpid* estupid* zorra maricón maricon* hijueputa hdp merda* caralho* foda* foder porra"
    " viado* vadia* cretino* cretina* stronz* cazzo* vaffanculo troia puttana* coglion* bastardo*"
    " bastarda* scemo* scheiß* scheiss* scheisse arschloch* arsch hurensohn* fotze* wichser* idiot* dumm"
    " dumme dummer schlampe* missgeburt* penner schwuchtel* deficiente* imbecille* babaca* otário*"
    " otario* corno",
    plain="asco asqueros* basura* nojo lixo ridícul* ridicol* schifo vergogna* vergüenza* vergonha* ladrón"
    " ladrones ladrão ladrões ladro ladri mentiros* bugiard* lügner* lügen verräter* nazi nazis fascist*"
    " facha* corrupt* pack dreck* ekelhaft* widerlich*",
    sharp="odio ódio hass hasse odeio muere morir tonto tonta burro burra schwein* cerdo* porco* maiale",
)

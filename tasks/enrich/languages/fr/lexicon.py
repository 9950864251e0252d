"""French: the subject follows the verb behind a quotation, and a pronoun hangs on it: "a-t-il dit"."""

import re

from newsmill.tasks.enrich.entities.names import folded
from newsmill.tasks.enrich.languages.language import WordOrder, endings, words

_REPORTING = """
    indign excus agac emport exclam étonn enflamm enthousiasm qualifi trait présent nomm décri accueill renvoy interpell
    vant ironis dénigr enrag désol alarm offusqu insurg énerv amus émerveill
    expliqu affirm assur ajout soulign précis estim rappel indiqu not annonc confirm dénonc regrett lanc insist expliqu
    témoign racont résum déclar tranch observ argument avou critiqu réagi alert martel ironis plaid poursuiv confi jug
    constat reconnaî comment signal relat rétorqu répliqu gliss clam proclam exhort exig demand accus menac félicit
    remarqu ajout nuanc complét détaill développ évoqu mentionn murmur cri hurl pest grond soupir plaisant rassur
    conseill recommand suggér propos préconis revendiqu réclam fustig salu condamn déplor lament commenc
    interrog questionn analys appréci dévoil révél rapport cit admet considér pens espèr redout illustr insinu justifi
    object contest désapprouv approuv gliss renchéri expos énonc
"""
_PLAIN_STEMS = """
    expliqu affirm assur ajout soulign précis estim rappel rappell indiqu annonc confirm dénonc regrett insist
    témoign racont résum déclar argument critiqu alert martel ironis confi jug constat comment signal relat rétorqu
    répliqu clam proclam remarqu nuanc détaill murmur plaisant déplor considér pens espèr redout justifi rapport révél
    réclam fustig accus exig suggér préconis exhort
"""


def _forms(stems: str) -> frozenset[str]:
    return frozenset(
        (stem[:-1] + "ç" if stem[-1] == "c" and ending[0] in "aâ" else stem) + ending
        for stem in stems.split()
        for ending in endings("e ent ait aient a èrent")
    )


def _participles(stems: str) -> frozenset[str]:
    return frozenset(stem + ending for stem in stems.split() for ending in endings("é ée és ées"))


_IRREGULAR = words("""
    dit disent disait dirent écrit écrivait écrivent répond répondait répondit répondent soutient soutenait soutiennent
    prévient prévenait reconnaît reconnait reconnaissait reconnaissent promet promettait conclut concluait poursuit
    poursuivait admet admettait croit croient croyait veut sait lit lisait reprend reprenait défend défendait réagit
    réagissait avertit avertissait renchérit ajoutent appelle appelait craint craignait décrit décrivait maintient
    maintenait convient convenait avance avançait fait surenchérit plaint réjouit inquiète félicite émeut rit sourit
    applaudit
""")
_PARTICIPLES = words("""
    dit écrit répondu soutenu prévenu reconnu promis conclu poursuivi admis cru repris défendu réagi averti renchéri
    décrit maintenu convenu dite dits fait fustigé savoir félicité félicitée indigné indignée réjoui réjouie emporté
    exclamé exclamée ému émue inquiété inquiétée inquiète réjouit plaint étonné étonnée agacé amusé défendue plaint
    appelé martelé lancé
""")

_HE_NAMES = folded("""
    alain alexandre alexis andré antoine arnaud aurélien baptiste benoît bernard bertrand bruno charles christian
    christophe claude clément cyril cédric damien daniel david denis didier dominique emmanuel fabien fabrice florent
    florian franck françois frédéric gabriel gaël georges gilles grégoire grégory guillaume guy gérald gérard henri
    hervé hubert hugo jacques jean jean-claude jean-françois jean-jacques jean-louis jean-luc jean- marc jean-marie
    jean-michel jean-paul jean-philippe jean-pierre jean-yves joseph joël jules julien jérémie jérôme laurent lionel
    louis loïc luc lucas ludovic léo léon marc marcel martin mathieu matthieu maurice maxime michel mickaël nicolas noël
    olivier pascal patrice patrick paul philippe pierre quentin raphaël raymond renaud rené richard robert roger roland
    romain régis rémi rémy samuel serge simon stéphane sylvain sébastien thibault thierry thomas théo tristan valentin
    victor vincent william xavier yann yannick yohann yves yvon édouard éric étienne
""")
_SHE_NAMES = folded("""
    adèle agathe agnès alice aline amélie anaïs andréa andrée angélique anne anne-laure anne-marie anne-sophie annick
    annie ariane armelle audrey aurore aurélie bernadette brigitte béatrice bénédicte camille carine carole caroline
    catherine chantal charlotte chloé christelle christiane christine claire clara clémence clémentine colette coralie
    corinne cécile céline danielle delphine denise diane emma emmanuelle estelle eva fabienne fanny fatima florence
    françoise frédérique gaëlle geneviève ghislaine gwenaëlle hélène inès irène isabelle jacqueline jeanne jennifer
    jocelyne josiane joëlle julie juliette justine karine laetitia laure laurence liliane lise louise lucie lydie léa
    madeleine magali manon margaux marguerite marie marie-christine marie- claude marie-france marie-hélène marie-pierre
    marine marion marlène martine mathilde maud maëlle michèle mireille monique morgane muriel myriam mélanie nadia
    nadine nathalie nicole nolwenn noémie noëlle océane odile pascaline patricia pauline perrine rachida renée rosalie
    roxane régine sabine sandrine sarah simone solange solène sonia sophie stéphanie suzanne sylvaine sylvie ségolène
    séverine thérèse valérie vanessa virginie viviane véronique yvette yvonne zoé édith élisabeth élise élodie éléonore
    évelyne
""")

ORDER = WordOrder(
    plain=_forms(_PLAIN_STEMS)
    | (
        _IRREGULAR
        - words("""
        fait veut sait lit rit sourit appelle appelait avance avançait croit
    """)
    ),
    surest=_forms("expliqu affirm déclar annonc précis indiqu soulign assur ajout rappel estim") | words("dit écrit"),
    loose=_forms(_REPORTING) | _IRREGULAR,
    auxiliaries=words("a ont avait avaient est sont était étaient aurait fut veut"),
    participles=_participles(_REPORTING) | _PARTICIPLES,
    passives=words("été"),
    plural=re.compile(r"\w+(?:ent|èrent)|ont"),
    agents=words("par"),
    according=re.compile(
        r"(?P<told>(?:d['’]après|selon|suivant|à en croire|aux dires de|de l['’]avis de|aux yeux de)\s+)"
        r"|(?P<bare>pour\s+)",
        re.IGNORECASE,
    ),
    postposed=frozenset(),
    impersonal=re.compile(
        r"(?:peut-on lire|lit-on|indique-t-on|apprend-on|précise-t-on|explique-t-on)\s+(?:dans|sur|chez|à|au)\s+"
    ),
    that=words("que qu' qu’"),
    determiners=words("""
        le la les l' l’ un une des ce cet cette ces son sa ses leur leurs notre nos mon ma plusieurs certains
        certaines deux trois quatre quelques tous chaque
    """),
    oblique=frozenset(),
    indefinite=words("""
        un une des plusieurs certains certaines deux trois quatre quelques chaque
    """),
    she_determiners=words("la une cette"),
    he_determiners=words("le un ce cet"),
    prepositions=words("""
        de d' d’ du à au aux en dans par pour sur sous avec sans chez entre vers contre depuis pendant avant après
        devant derrière lors dès jusque jusqu' jusqu’ malgré selon parmi hors outre face auprès près comme que qu'
        qu’
    """),
    opening=words("comme que"),
    extending=words("de d' d’ du des à au aux en pour chargé chargée dans"),
    fillers=words("""
        se s' s’ y en lui leur leurs aussi également encore toutefois notamment ensuite ainsi alors déjà hier lundi
        mardi mercredi jeudi vendredi samedi dimanche plus tard n' n’ ne pas d'abord enfin puis même récemment
        simplement immédiatement aujourd'hui vivement fermement nous vous me m' m’ l' l’ le la
    """),
    reflexives=words("s' s’ se"),
    he=words("il lui celui-ci ce dernier"),
    she=words("elle celle-ci"),
    they=words("ils elles on nous je j' j’ qui"),
    he_names=_HE_NAMES,
    she_names=_SHE_NAMES,
    roles_he=words("""
        roi prince empereur père fils frère oncle mari homme garçon directeur acteur chanteur écrivain sénateur
        ambassadeur procureur gouverneur chercheur entraîneur sélectionneur footballeur joueur infirmier policier
        conseiller chancelier avocat adjoint député élu président candidat habitant commerçant agriculteur éleveur
        rédacteur fondateur dirigeant opposant militant général colonel historien musicien comédien informaticien
        physicien romancier banquier ouvrier pompier magistrat délégué coordinateur patron syndicaliste vigneron
        fermier boulanger berger maçon professeur instituteur préfet évêque cardinal pape imam rabbin curé pasteur
        entrepreneur éditeur réalisateur producteur animateur chroniqueur consultant expert intendant navigateur
    """),
    roles_she=words("""
        reine princesse mère fille sœur tante femme épouse directrice actrice chanteuse sénatrice ambassadrice
        procureure gouverneure chercheuse entraîneuse joueuse infirmière policière conseillère chancelière avocate
        adjointe députée élue présidente candidate habitante commerçante agricultrice éleveuse rédactrice fondatrice
        dirigeante opposante militante générale historienne musicienne comédienne physicienne romancière ouvrière
        magistrate déléguée coordinatrice patronne professeure institutrice préfète pasteure réalisatrice
        productrice animatrice experte voisine bergère vigneronne fermière boulangère navigatrice écrivaine autrice
        mairesse
    """),
    roles=words("""
        ministre maire chef cheffe porte-parole secrétaire juge journaliste médecin maître artiste économiste
        analyste spécialiste responsable membre représentant représentante eurodéputé eurodéputée commissaire
        capitaine premier première vice-président vice-présidente témoin victime propriétaire pilote géologue
        sociologue politologue astronome biologiste climatologue peintre poète architecte guide pharmacien
        pharmacienne collègue cadre notaire garagiste bibliothécaire photographe garde gérant gérante
    """),
    titles_he=words("m. monsieur sir lord mgr frère père"),
    titles_she=words("mme mme. mlle madame mademoiselle lady sœur"),
    titles=words("dr dr. pr me"),
    bodies=words("""
        gouvernement ministère police gendarmerie parquet préfecture mairie commission conseil parlement sénat
        assemblée armée parti syndicat association organisation ong entreprise société groupe banque agence journal
        quotidien hebdomadaire magazine chaîne radio tribunal cour université institut fédération ligue club équipe
        église vatican élysée matignon kremlin rapport communiqué lettre texte étude tribune document note enquête
        comité union ambassade collectif direction rectorat compagnie fondation autorité collectivité région
        département ville opposition majorité coalition site livre jugement arrêt pancarte affiche banderole message
    """),
    speaking=words("""
        réponse message slogan devise inscription titre motto phrase loi article contrat panneau
    """),
    people=words("""
        experts spécialistes autorités manifestants habitants riverains syndicats médecins chercheurs scientifiques
        observateurs analystes critiques opposants partisans supporters témoins parents élus députés avocats
        enquêteurs journalistes sources responsables militants voisins proches agriculteurs ouvriers enseignants
        étudiants
    """),
    no_names=words("""
        mais et ou donc car puis alors ensuite enfin ainsi aussi cependant toutefois pourtant néanmoins selon pour
        dans sur sous avec sans après avant depuis pendant hier demain aujourd'hui ici là quand lorsque si comme que
        qui quoi où il elle ils elles on nous vous je ce cela ça celui celle le la les un une des de du au aux en à
        par son sa ses leur leurs cette ces tout tous toutes beaucoup interrogé interrogée oui non bien très plus
        moins même déjà encore malgré face lors outre parmi d’après quant l' d' s' c' j' qu' l’ d’ s’ c’ j’ qu’ deux
        trois quatre plusieurs certains certaines quelques chaque
    """),
    particles=words("de d' d’ du des la le van von der den bin ben al el da di del"),
    denials=words("jamais"),
    supposing=words("si aurait auraient pourrait pourraient"),
    joining=words("et ou"),
    works=words(
        "livres romans films albums chansons pièces séries poèmes nouvelles titres œuvres expositions ouvrages"
    ),
    naming=endings("""
        film livre roman titre titré titrée intitulé intitulée album chanson série émission magazine journal
        opération baptisé baptisée appelé appelée dit dite projet collectif surnommé surnommée nommé nommée
        quotidien hebdomadaire mensuel revue spectacle exposition association programme pièce site concept mot terme
        expression
    """),
    in_words=re.compile(r"\b(?:en ces termes|par ces mots|avec ces mots)\s*:?\s*$"),
    governing=words("maire préfet préfète gouverneur gouverneure"),
    quotation=words("citation"),
    cited=words("cité citée cités citées"),
    subjunctive=frozenset(),
    elisions=re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE),
    openers=re.compile(r"[\w-]+ment|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|interrogé[es]{0,2}|selon"),
    inverted=re.compile(r"([a-zàâçéèêëîïôûù]+?)(?:-t)?-(il|elle|ils|elles|on)"),
    parenthetical=True,
    adjective_endings=re.compile(
        r"[\w-]+(?:enne|éenne|éen|ienne|ien|ale|al|ique|ise|ais|aise|ain|aine|ée|aire|if|ive|iste|ois|oise)"
    ),
    role_endings_he=("-président",),
    role_endings_she=("-présidente",),
)

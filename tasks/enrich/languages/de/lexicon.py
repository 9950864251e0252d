"""German: the verb stands second, nouns have capitals, and what is reported stands in the subjunctive."""

import re

from newsmill.tasks.enrich.entities.names import folded
from newsmill.tasks.enrich.languages.language import WordOrder, endings, words

_WEAK = """
    sag erklär kommentier versicher frag antwort erwider ergänz beton bemerk kritisier bekräftig unterstreich
    konstatier skandier schilder erläuter begründ forder verkünd beklag bedauer bemängel warn meld bericht
    erinner beteuer bestätig äußer resümier urteil vermut behaupt prognostizier argumentier präzisier betont
    mein mahn jubel schimpf spott scherz witzel zitier präsentier formulier appellier raun murmel ruf
    entgegn stell kündig teil füg führ räum lehn protestier monier moser klag verlang empfehl bilanzier fass mutmaß
    dementier offenbar enthüll plauder seufz ätz ärger freu wunder rechtfertig gesteh
    begrüß würdig lob rüg bezichtig attackier twitter post notier signalisier versicher zeig
    pranger charakterisier prophezei schwärm lamentier schlussfolger folger flüster brüll knurr murr fluch hak assistier
    pflicht stimm deut erkundig insistier statuier proklamier postulier definier interpretier skizzier tadel verspott
    verlautbar erwähn merk wiegel wink titulier deklarier geißel rühm wehr antworte beantwort diagnostizier versprech
    überleg bejah vernein bezweifel akzentuier nörgel posaun bescheinig attestier charakterisier kolportier
    rekapitulier konkretisier thematisier problematisier relativier dank gratulier kondolier bekund
    wetter frohlock poch frotzel erzähl spekulier orakel philosophier
"""
_WEAK_FORMS = frozenset(
    form
    for stem in _WEAK.split()
    for form in (
        stem + ("e" if stem[-1] in "td" else "") + "t",
        stem + ("e" if stem[-1] in "td" else "") + "te",
        stem + ("e" if stem[-1] in "td" else "") + "ten",
        stem + "en" if stem[-2:] not in {"er", "el"} else stem + "n",
    )
)
_STRONG = words("""
    schrieb schreibt schrieben schreiben sprach spricht sprachen sprechen rief ruft riefen hieß heißt hießen gab gibt
    gaben geben ließ lässt liessen ließen lassen stand steht bat bittet baten riet rät rieten wies weist wiesen lautet
    lautete versprach verspricht versprachen gestand gesteht wandte wendet wandten entgegnete empfahl empfiehlt
    empfahlen schloss schließt schlossen fuhr fährt fügte fügt führte führt räumte räumt teilte teilt stellte stellt
    kündigte kündigt nahm nimmt hob hebt legte legt wirft warf warfen werfen las liest unterstrich unterstreicht
    unterstrichen widersprach widerspricht sieht sah sahen erwog befand befindet weiß wusste denkt dachte dachten glaubt
    glaubte glaubten hofft hoffte hofften findet fand fanden hält hielt hielten geht ging gingen bezeichnet bezeichnete
    bezeichneten nennt nannte nannten beschreibt beschrieb beschrieben charakterisierte charakterisiert würdigte
    verurteilte verurteilt verurteilten feierte feierten lobte begründete begründet begründeten beschloss entschied
    entschieden bestreitet bestritt bestritten vertritt vertrat sicherte sichert gratulierte plädiert plädierte
    plädierten wertete wertet werteten bewertete bewertet fürchtet fürchtete befürchtet befürchtete beschuldigte
    beschuldigt droht drohte drohten schlug schlägt schätzte schätzt lehnte lehnt forderte fordert forderten verlangte
    verlangt verlangten verteidigte verteidigt begann beginnt zitierte zitiert zitieren zieht zog bekannte bekennt
    resümierte bescheinigte bescheinigt unterstellte unterstellt beobachtete kontert konterte bilanzierte legt drückte
    drückt tönte tönt verriet verrät gewann gibt beteiligte stufte strich streicht verglich vergleicht pries preist
    schwor schwört umriss beschwor beschwört verriss vertraut vertraute machte macht machten kam kommt kamen brachte
    bringt setzte setzt wandt lag bedankte bedankt entschuldigte entschuldigt reagierte reagiert zeigte zeigten zeigt
    äußert äußerte äußerten
""")
_PLAIN = words("""
    sagt sagte sagten sagen erklärt erklärte erklärten erklären meint meinte meinten betont betonte betonten schrieb
    schreibt schrieben berichtet berichtete berichteten teilte teilten kommentierte kommentiert antwortete antwortet
    erwiderte entgegnete ergänzte ergänzt bekräftigte bekräftigt versicherte versichert warnte warnt warnten behauptet
    behauptete behaupteten kritisierte kritisiert kritisierten äußerte äußert äußerten fügte konstatierte bemerkte
    unterstrich unterstreicht verkündete verkündeten bestätigte bestätigt bestätigten forderte fordert forderten
    begründete begründet begründeten mahnte mahnt erläuterte erläutert schilderte schildert erzählte erzählt beklagte
    beklagt vermutete vermutet räumte kündigte fragte fragt rief hofft hoffte meldet meldete meldeten glaubt glaubte
    hieß heißt gab gaben stellte argumentiert argumentierte sprach spricht sprachen befürchtet befürchtete appellierte
    appelliert bezeichnet bezeichnete bezeichneten nennt nannte nannten beschreibt beschrieb dementierte versprach
    verspricht bezweifelt bezweifelte lautet lautete plädierte plädiert verwies verweist wies zitiert zitierte findet
    fand hält hielt sieht sah geht ging fürchtet fürchtete würdigte lobte verurteilte verlangte verlangt empfiehlt
    empfahl bestreitet bestritt urteilte wertete wertet feierte vertritt vertrat drohte beteuerte bemängelte bemängelt
    widersprach widerspricht werfen warfen gestand bedauerte bedauert begrüßte begrüßt führte wirft warf
""")
_CONJUNCTIVE = words("""
    sei seien habe hätten hätte werde würden würde könne könnten könnte müsse müssten müsste solle sollten wolle wollten
    dürfe dürften gebe gäbe gehe komme kämen käme bleibe stehe stünden stehe liege lägen mache brauche bräuchten wisse
    nehme sehe lasse ließen bestehe handele handle gelte trage zeige finde fehle führe bedeute biete erhalte bekomme
    halte spreche gehöre drohe laufe wäre wären bestünde bestünden arbeite lebe stelle werfe treffe sitze setze bringe
    verstehe glaube denke hoffe erwarte fordere befinde verfüge betreffe leide diene reiche befänden hielten entspreche
    ergebe betrage steige sinke unterstütze freue bedauere benötige
""")

_HE_NAMES = folded("""
    achim albrecht alfred alois anton armin arne arno axel benjamin bernd bernhard björn boris burkhard carsten cem
    christian christoph claus daniel detlef dieter dirk eberhard ekkehard ernst frank friedrich fritz gerd gerhard
    günter günther hans hartmut hauke heiko heiner heinz helge helmut henning hermann holger horst ingo jens jochen
    josef julius jörg jörn jürgen karl karsten kevin klaus kurt lars lothar ludger ludwig lutz maik malte manfred marcel
    marco marcus mario markus matthias maximilian michael mirko moritz niels nils norbert olaf onno oskar otto patrick
    paul peter philipp rainer ralf raphael reiner reinhard robert roland rolf rudolf rüdiger sascha sebastian siegfried
    sigmar simon stefan steffen stephan sven sönke theo thilo thomas thorsten till tilman timo tobias torsten udo ulf
    ulli ulrich uwe veit viktor volker walter werner wilfried wilhelm willi willy winfried wolfgang wolfram xaver
""")
_SHE_NAMES = folded("""
    alina almut andrea angela angelika anja anke anna annalena annegret anneliese annette antje barbara beate bettina
    birgit brigitte britta bärbel carola charlotte christa christel christiane christine claudia cornelia dagmar doris
    edith elfriede elisabeth elke erika eva franziska frauke friederike gabriele gerda gesa gesine gisela gudrun
    hannelore heidemarie heidi heike helga henriette hildegard ilse ines inge ingrid irene irmgard jana johanna judith
    juliane jutta karin karla katarina katharina kathrin katja katrin kerstin kirsten kristina lena leonie lisa lotte
    luise maike manuela mareike margarete margit margot marianne marie marion marlene martina mathilde meike melanie
    miriam mona monika nadine nicole nina nora patricia petra regina regine renate rike rita rosa rosemarie roswitha
    ruth sabine sabrina sandra saskia sibylle sigrid sigrun silke simone sonja sophie stefanie steffi susanne svenja
    tanja thea tina ulla ulrike ursula uta ute vera verena veronika viktoria waltraud wiebke yvonne
""")
_LIGHT = words("""
    gab gibt gaben geben ließ machte macht machten kam kommt kamen brachte bringt setzte setzt lag hak hakt wehr wehrt
    merk stimm stimmt deut deutet wink winkt vertraut vertraute dank dankt überlegt pflicht ließ lässt ließen lassen
    liessen stand steht nahm nimmt hob hebt legte legt ging geht gingen fuhr fährt zeigte zeigten zeigt begann beginnt
    schlug schlägt zog zieht gewann stufte teil teilt las liest fing stellt führt füg räum kündig lehn denkt dachte
    dachten weiß wusste schloss schließt befand befindet riet warf drückt drückte beteiligte reagierte reagiert fass
    fasst klagte klagt stell steh meld zeigen führen füllen stellen teilen räumen melden fassen klagen ruf rufen freuen
    wundern leg poch pochen beobachtete meinen
""")
"""Verbs that mostly do something else, and report right beside a quotation alone."""

ORDER = WordOrder(
    plain=_PLAIN | (_WEAK_FORMS | _STRONG) - _LIGHT,
    surest=words("""
        sagt sagte sagten erklärt erklärte erklärten meint meinte meinten betont betonte betonten schrieb schreibt
        schrieben berichtet berichtete berichteten teilte teilten antwortete antwortet erwiderte entgegnete warnte
        warnt warnten kritisierte kritisiert kritisierten behauptet behauptete forderte fordert forderten
        kommentierte kommentiert lautet lautete verkündete meldet meldete heißt hieß äußerte äußerten bezeichnete
        bezeichneten nannte
    """),
    loose=_WEAK_FORMS | _STRONG | _PLAIN,
    auxiliaries=words("""
        hat hatte haben hatten habe will wollte muss musste kann konnte soll sollte darf ist war wird wurde wollen
    """),
    participles=words("""
        gesagt erklärt geschrieben mitgeteilt betont kritisiert geäußert angekündigt bestätigt gefordert gewarnt
        bekanntgegeben bekräftigt versichert behauptet berichtet eingeräumt hinzugefügt bezeichnet genannt
        beschrieben gemeint geantwortet zugesagt abgelehnt begründet dementiert verkündet festgestellt ausgesagt
        erhofft zurückgewiesen einräumen vorgeworfen geheißen gesprochen beklagt erzählt kommentiert gerufen
        verlangt gemeldet veröffentlicht hingewiesen gedroht versprochen vorgeschlagen verteidigt verurteilt gelobt
        geurteilt zitiert wissen
    """),
    passives=words("wurde wird wurden werden worden"),
    plural=re.compile(r"\w+(?:ten|en)"),
    agents=words("von vom"),
    according=re.compile(
        r"(?P<told>(?:nach|laut|gemäß)\s+(?:(?:eigenen|ersten|neuesten|bisherigen|offiziellen|den|der|einer|"
        r"übereinstimmenden|weiteren|jüngsten)\s+)*(?:Angaben?|Aussagen?|Auskunft|Ansicht|Auffassung|Meinung|"
        r"Darstellung|Einschätzung|Überzeugung|Worten|Informationen|Berichten|Einschätzungen|Erkenntnissen|"
        r"Mitteilung)\s+(?:(?:von|vom|aus|durch)\s+)?)|(?:laut|gemäß)\s+|(?P<bare>so\s+)(?:auch\s+)?"
        r"|(?P<his>seiner\s+(?:Ansicht|Meinung|Auffassung|Einschätzung|Überzeugung|Darstellung)\s+nach\b|ihm\s+zufolge\b)"
        r"|(?P<hers>ihrer\s+(?:Ansicht|Meinung|Auffassung|Einschätzung|Überzeugung|Darstellung)\s+nach\b|ihr\s+zufolge\b)",
        re.IGNORECASE,
    ),
    impersonal=re.compile(r"(?:heißt|hieß)\s+es\s+(?:\w+\s+){0,2}?(?:in|im|aus|auf|von|vom|seitens|bei|beim)\s+"),
    postposed=words("zufolge"),
    that=words("dass daß ob"),
    determiners=words("""
        der die das ein eine kein keine dieser diese dieses jener jene sein seine ihr ihre unser unsere mehrere
        viele einige alle beide zwei drei zahlreiche manche dessen deren jeder jede einer eines
    """),
    oblique=words("""
        den dem des einen einem keinen keinem keiner diesen diesem seinen seinem seiner seines ihren ihrem ihrer
        ihres unserem unseren unserer jenem jenen allen beiden vielen einigen mehreren
    """),
    indefinite=words("""
        ein eine einer einem einen eines kein keine mehrere viele einige zahlreiche manche
    """),
    she_determiners=frozenset(),
    he_determiners=frozenset(),
    prepositions=words("""
        in im an am auf aus bei beim durch für gegen gegenüber mit nach neben ohne seit über um unter von vom vor zu
        zum zur zwischen während wegen trotz laut gemäß ab bis hinter ins ans aufgrund angesichts innerhalb
        außerhalb anlässlich seitens statt per pro samt infolge entgegen als wie
    """),
    opening=words("als wie"),
    extending=words("""
        des der eines einer von vom im in für beim bei aus zur zum am an gegen auf ihres seines ihrer
    """),
    fillers=words("""
        sich auch dazu dabei dann jedoch aber weiter weiterhin zudem ferner außerdem noch wiederum daraufhin später
        gestern heute am zuvor bereits schon nun jetzt unterdessen indes hingegen dagegen allerdings wörtlich
        abschließend anschließend erneut gleichzeitig zugleich damals kürzlich schließlich darüber hierzu davon
        deutlich nur nicht es ihm ihr ihnen uns deshalb daher einst stets etwa gerade mehrfach öffentlich offiziell
        einmal vorher nochmals kurz knapp darauf inzwischen mittlerweile so hinaus selbst
    """),
    reflexives=frozenset(),
    he=words("er"),
    she=words("sie"),
    they=words("""
        ich wir man dieser diese dieses jener jene letzterer letztere wer der
    """),
    he_names=_HE_NAMES,
    she_names=_SHE_NAMES,
    roles_he=words("""
        mann präsident kanzler minister sprecher chef vorsitzender vorsitzende direktor leiter bürgermeister papst könig
        prinz kaiser general oberst hauptmann polizist richter anwalt rechtsanwalt staatsanwalt verteidiger
        professor lehrer arzt autor journalist schriftsteller sänger schauspieler regisseur trainer spieler kapitän
        manager unternehmer gründer geschäftsführer abgeordneter abgeordnete senator gouverneur botschafter
        kommissar generalsekretär sekretär politiker experte forscher wissenschaftler historiker ökonom astronom
        physiker bischof erzbischof kardinal pfarrer priester imam rabbiner vater sohn bruder onkel mann ehemann
        junge schüler student mitarbeiter kollege nachfolger vorgänger stellvertreter kandidat gegner anführer zeuge
        augenzeuge verfasser veranstalter organisator ermittler beamter beamte bewohner anwohner besitzer betreiber
        händler landwirt bauer pilot fahrer kommandeur offizier soldat admiral diplomat berater beauftragter
        beauftragte gutachter analyst meteorologe koordinator vertreter funktionär obmann parlamentarier
        fraktionschef parteichef premier premierminister außenminister regierungschef staatschef emir scheich
        ayatollah intendant künstler musiker komponist torwart stürmer sieger weltmeister dezernent rektor dekan
        demonstrant teilnehmer sponsor opfer augenzeuge generalanwalt patriarch hausbesitzer chefredakteur redakteur
        korrespondent kolumnist blogger aktivist gewerkschafter landrat stadtrat oberbürgermeister superintendent
        notarzt feuerwehrmann kameramann staatsmann landsmann
    """),
    roles_she=words("""
        präsidentin kanzlerin ministerin sprecherin chefin direktorin leiterin bürgermeisterin königin prinzessin
        richterin anwältin staatsanwältin professorin lehrerin ärztin autorin journalistin sängerin schauspielerin
        regisseurin trainerin spielerin managerin gründerin geschäftsführerin senatorin gouverneurin botschafterin
        kommissarin sekretärin politikerin expertin forscherin wissenschaftlerin historikerin bischöfin pfarrerin
        mutter tochter schwester tante frau ehefrau witwe schülerin studentin mitarbeiterin kollegin nachfolgerin
        kandidatin zeugin ermittlerin beamtin bewohnerin anwohnerin vertreterin oppositionsführerin aktivistin
    """),
    roles=words("""
        kind leute person mitglied angehöriger angehörige deutsche deutscher
    """),
    titles_he=words("herr herrn sir lord pater bruder"),
    titles_she=words("frau lady dame schwester"),
    titles=words("dr dr. prof prof. privatdozent pd dipl.-ing. graf freiherr baron"),
    bodies=words("""
        regierung bundesregierung polizei ministerium gericht partei behörde behörden gewerkschaft verband konzern
        unternehmen firma agentur zeitung magazin sender kommission rat parlament bundestag bundesrat senat fraktion
        opposition armee militär bank institut universität stiftung organisation kirche vatikan verein botschaft
        staatsanwaltschaft bundesanwaltschaft bundeswehr feuerwehr amt bericht studie erklärung mitteilung text
        brief schreiben urteil begründung plakat transparent homepage webseite website blatt medien presse stadt
        land kreml nachrichtenagentur tageszeitung rundfunk fernsehen gruppe bündnis initiative union koalition
        zentrale bund gesellschaft allianz weiße haus blog papier resolution gutachten pressemitteilung fazit
        kernaussage meldung
    """),
    speaking=words("""
        antwort aussage botschaft parole motto inschrift aufschrift begründung kommentar schlagzeile anklage vertrag
        artikel gesetz entwurf papier protokoll interview rede appell aufruf forderung frage slogan empfehlung
        stellungnahme bericht text titel
    """),
    people=words("""
        experten kritiker beobachter forscher wissenschaftler demonstranten augenzeugen anwohner politiker ärzte
        ermittler behörden medien gewerkschaften juristen richter vertreter mitglieder eltern bürger befürworter
        gegner anhänger fans zeugen analysten händler sprecher organisatoren veranstalter richter grüne grünen linke
        sozialdemokraten kanadier amerikaner russen deutsche musikkenner umweltschützer datenschützer journalisten
        historiker rebellen aufständische taliban islamisten unbekannte viele einige andere
    """),
    no_names=words("""
        montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar jänner februar märz april mai
        juni juli august september oktober november dezember ende anfang mitte doch auch dann aber und oder denn so
        wie als wenn weil da dabei dazu damit daher deshalb dennoch trotzdem zudem außerdem ferner weiter weiterhin
        bereits schon noch nun jetzt heute gestern morgen dort hier hierzu dagegen hingegen allerdings jedoch
        inzwischen mittlerweile unterdessen zuvor danach später ob dass daß was wer wo warum wann wovor wofür
        worauf womit wodurch weshalb wieso welche welcher obwohl sollte nicht nie mit nach
        bei von vor für gegen über unter durch ohne zum zur im am in an auf aus um seit während wegen trotz laut es
        man ich wir ihr sie er beide alle viele einige mehrere zwei drei vier fünf nur zwar entsprechend weder
        sowohl statt anschließend daraufhin schließlich zuletzt zunächst erst vielmehr sondern somit demnach
        angeblich offenbar wörtlich zitat der die das den dem des ein eine einer eines einem einen dies diese dieser
        dieses jener uhr euro dollar prozent jahr jahre jahren tag tage woche monat anlass grund frage antwort ihm
        ihnen sein seine seinen kein keine ja nein frage mehr weniger wenige manche etliche zahlreiche sämtliche weitere
        weiterer andere anderer erste erster erstes zweite zweiter zweites dritte dritter drittes nächste nächster
    """),
    particles=words("""
        von van de der den zu zum del di da le la al bin ibn ben el du dos ten ter
    """),
    denials=words("nicht nie niemals keineswegs niemand"),
    supposing=words("""
        wenn falls würde würden hätte hätten könnte könnten ob sofern solle sollte müsste
    """),
    joining=words("und oder sowie"),
    works=words(
        "bücher romane filme alben lieder songs stücke serien gedichte erzählungen singles titel werke podcasts"
    ),
    naming=endings("""
        film buch titel song lied album magazin zeitung überschrift auszeichnung name namen organisation projekt
        programm gesetz gesetzes stück roman serie sendung reihe wettbewerb preis orden medaille studie band gruppe
        operation schiff partei bündnis initiative stiftung zeitschrift tageszeitung blatt nachrichtenagentur verein
        aktion projekts projektes produktion folge show pakt artikel kampagne datei datenbank tagung konferenz podcast
        newsletter kapitel rubrik doku dokumentation reportage kolumne blog kanal app studio café laden marke label
        gesellschaft spiel software thema festival ausstellung werk oper hotel restaurant benannt namens genannte
        genannten genannter begriff wort stichwort
    """),
    in_words=re.compile(r"\bmit\s+(?:den|diesen|folgenden|seinen|ihren)\s+(?:\w+\s+)?Worten:?\s*$"),
    governing=words(
        "bürgermeister bürgermeisterin oberbürgermeister oberbürgermeisterin landrat gouverneur gouverneurin"
    ),
    quotation=words("zitat aussage"),
    cited=words("zitiert zitierte zitieren zitierten"),
    subjunctive=_CONJUNCTIVE,
    role_endings_he=endings("""
        minister präsident kanzler sprecher chef vorsitzender vorsitzende direktor leiter meister sekretär politiker
        experte forscher anwalt richter kommissar trainer führer vertreter berater manager beauftragter beauftragte
        abgeordneter abgeordnete senator botschafter fachmann landsmann ehemann vertrauensmann obmann
        kameramann feuerwehrmann geschäftsmann staatsmann kaufmann gewährsmann
        inspekteur rat dezernent gründer redakteur professor arzt
        bischof wissenschaftler unternehmer general händler mitarbeiter leitender vorstand spieler sieger star legende
        delegierter ator ologe iker journalist aktivist polizist terrorist ökonom eur kommentator anführer initiator
        händler künstler autor bauer wirt schützer kandidat diplomat student präsidiumsmitglied mitglied
        schriftsteller gewerkschafter
    """),
    role_endings_she=endings("""
        ministerin präsidentin kanzlerin sprecherin chefin direktorin leiterin meisterin sekretärin politikerin
        expertin forscherin anwältin richterin kommissarin trainerin führerin vertreterin beraterin managerin
        senatorin botschafterin frau gründerin professorin ärztin bischöfin wissenschaftlerin unternehmerin
        mitarbeiterin spielerin rätin atorin ologin ikerin istin künstlerin autorin schützerin kandidatin diplomatin
        studentin schriftstellerin gewerkschafterin
    """),
    body_endings=endings("""
        ministerium amt gericht gerichtshof behörde verband partei zeitung agentur kommission regierung polizei
        institut universität gesellschaft konzern unternehmen fraktion bank rat bund verein werk schaft bericht
        dienst rundfunk stiftung union organisation anstalt gruppe komitee ausschuss gremium kammer team klub club
        kreise büro liga bewegung front kabinett spitze leitung redaktion jury forum netzwerk kongress stelle
        zentrale gemeinde kirche vertretung anwaltschaft abteilung wehr verlag portal presse magazin blatt sender
        firma hochschule zentrum akademie
    """),
    openers=re.compile(
        r"[\w-]*(?:end|isch|lich|ig|weise|ell|bar|sam|haft|iv|mals?|falls|wegs|dings|maßen|hin|seits)|insbesondere|ähnlich|"
        r"aktuell|gegenüber|darüber|ebenso|gleichzeitig|vor allem|hierbei|deutlich|konkret|offen|direkt|kurz|scharf|"
        r"rund|dar\w{1,3}|hier\w{1,3}|etwa|fast|sogar|gerade|genau|besonders|unklar|klar|wirklich|leider|immerhin|tatsächlich"
    ),
    agent_endings=re.compile(r".{3,}(?:er|in|or|ist|ant|ent|rat|rätin|wart|loge|chef|experte|beauftragte)"),
    people_endings=re.compile(
        r".{3,}(?:oren|isten|anten|enten|ologen|iker|innen|sprecher|vertreter|politiker|anwälte|experten|forscher|"
        r"schützer|führer|gegner|anhänger|befürworter|angehörige|angehörigen|beamte|beamten|kreise|gewerkschafter|"
        r"wissenschaftler|mediziner|ärzte|richter|ermittler|abgeordnete|minister|chefs|räte|mitglieder|fahrer|bewohner)"
    ),
    noun_endings=re.compile(
        r".{3,}(?:er|or|ist|ent|ant|eur|at)in|.{2,}(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|sion|sionen|ismus|tät|täten|nis|nisse|"
        r"tum|ik|iken|enz|enzen|anz|anzen|ment|mente|ium|ien|ur|uren|age|agen|ling|linge|chen|lein|stunden?|zeit|zeiten|"
        r"recht|rechte|politik|arbeit|wort|worte|wörter|plan|pläne|fall|fälle|zahl|zahlen|kraft|kräfte|teil|teile)",
    ),
    compounds=re.compile(
        r".*-(?:haus|häuser|projekt|team|chef|liga|spiel|show|partei|gruppe|plan|fall|test|studie|krise|programm)"
        r"|.*(?:krankenhaus|kaufhaus|rathaus|gala|informationen|pressemitteilung|mitteilung|stunden|minuten|tagen|wochen|"
        r"monate|jahre|beitrag|beiträge|vorgehen|verfahren|ergebnis|ergebnisse|unternehmen|leben|thema|themen|gesetz|gesetze|verordnung|bericht|berichte)"
    ),
    feminine=re.compile(
        r".{2,}(?:ung|heit|keit|schaft|tion|sion|tät|enz|anz|agentur|behörde|presse|rundschau|erin|orin|istin|partei|polizei)"
        r"|post|bild|welt|zeit|faz|sz|taz|mopo|dpa|afp|apa|sda|presse|polizei|partei|fdp|spd|cdu|csu|afd|zeitung"
    ),
    nouns_have_capitals=True,
    verb_second=True,
    ordinal_stops=True,
)

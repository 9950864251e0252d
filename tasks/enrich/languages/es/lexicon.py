"""Spanish: the subject follows the verb behind a quotation, and a pronoun need not be there at all."""

import re

from newsmill.tasks.enrich.entities.names import folded
from newsmill.tasks.enrich.languages.language import WordOrder, endings, words

_FIRST = """
    afirm asegur declar explic señal indic inform coment anunci critic denunci destac subray confirm recalc manifest
    expres argument alert acus lament celebr apunt aclar relat narr contest replic exclam pregunt agreg revel enfatiz
    reiter opin consider sentenci zanj remat ironiz bromea murmur grit proclam not reclam exig record cont cit
    detall puntualiz resalt matiz justific cuestion rechaz conden valor precis plante analiz vaticin pronostic
    confes ratific avanz concret recomend aconsej solicit reproch objet alab elogi felicit agradec pens
    dict estim reconoc quej pregunt lament salud arremet insinu resum
"""
_PLAIN_FIRST = """
    afirm asegur declar explic señal indic inform coment anunci critic denunci destac subray confirm recalc manifest
    argument alert lament apunt aclar relat contest replic exclam agreg revel enfatiz reiter opin consider sentenci
    ironiz puntualiz resalt matiz record precis vaticin pronostic confes ratific detall reproch
"""
_ENDINGS = endings("a an ó aron aba aban")
_PLAIN_OTHERS = words("""
    quejó queja quejaron quejan preguntó pregunta preguntaba dijo dice dicen dijeron decía decían escribió escribe
    escribieron respondió responde respondieron advirtió advierte advirtieron sostuvo sostiene sostuvieron sostienen
    añadió añade añadieron insistió insiste insistieron admitió admite admitieron reconoció reconoce reconocieron
    sugirió sugiere concluyó concluye expuso expone cuenta cuentan recuerda recuerdan relata defendió defiende
    defendieron prometió promete predijo predice reconocía repitió repite aseveró asevera negó niega negaron considera
    cree creen creía teme temen espera esperan piensa expresó
""")
_LOOSE_OTHERS = words("""
    pidió pide pidieron propuso propone espetó espeta soltó suelta agradeció agradece apostilló apostilla recoge recogió
    leyó lee puso pone hizo hace describió describe definió define tildó calificó califica tachó tacha llamó llama rió
    sonrió siguió sigue prosiguió prosigue continuó continúa terminó empezó comenzó intervino interviene terció arguyó
    arguye suspiró aplaudió aplaude maldijo bromeó bromea reza rezaba
""")

_HE_NAMES = folded("""
    adolfo adrián agustín alberto alejandro alfonso alfredo andoni andrés antonio arturo asier aurelio benito carlos
    claudio cristian cristóbal césar daniel david diego eduardo emilio enrique ernesto esteban eugenio federico felipe
    fermín fernando fidel francisco félix gabriel gerardo germán gonzalo gregorio guillermo gustavo hernán hugo héctor
    ignacio ismael iván iñaki jaime javier jesús joan joaquín jordi jorge josep josé juan juanma julio julián leonardo
    león lorenzo lucas luis manuel marcelo marcos mariano mario martín mateo mauricio maximiliano miguel nicolás octavio
    pablo paco pascual patricio pedro pepe rafael ramiro ramón raúl ricardo roberto rodolfo rodrigo rogelio rubén
    salvador samuel santiago sebastián sergio simón teodoro tomás toni vicente víctor xabier xavi xavier álvaro ángel
    óscar
""")
_SHE_NAMES = folded("""
    adela adriana agustina ainhoa alba alejandra alicia amaia amparo ana andrea antonia aurora beatriz begoña belén
    berta blanca camila carla carmen carolina catalina cecilia celia clara claudia concepción consuelo cristina daniela
    diana dolores elena elisa elsa elvira emilia esperanza estela ester eugenia eva fernanda florencia francisca fátima
    gabriela gloria graciela guadalupe inmaculada inés irene isabel jimena josefina juana julia laura leire leonor
    leticia lidia lola lorena lourdes lucía luisa luz magdalena manuela marcela margarita mariana maribel marina marisa
    marta martina maría matilde mercedes montserrat mónica natalia nerea nieves noelia nuria olga paloma patricia paula
    paulina pilar raquel rebeca rocío rosa rosalía rosario ruth sandra sara silvia sofía soledad sonia susana teresa
    valentina valeria vanesa verónica victoria virginia yolanda ángela
""")

ORDER = WordOrder(
    plain=frozenset(stem + ending for stem in _PLAIN_FIRST.split() for ending in _ENDINGS) | _PLAIN_OTHERS,
    surest=words("""
        dijo dice dijeron afirmó afirma aseguró explicó señaló indicó informó anunció declaró añadió reza
    """),
    loose=frozenset(stem + ending for stem in _FIRST.split() for ending in _ENDINGS) | _PLAIN_OTHERS | _LOOSE_OTHERS,
    auxiliaries=words("ha han había habían habrá fue fueron"),
    participles=frozenset(stem + "ado" for stem in _FIRST.split())
    | words("""
        dicho escrito respondido advertido sostenido añadido insistido admitido reconocido sugerido concluido
        expuesto defendido prometido pedido calificado tildado tachado propuesto agradecido descrito definido
        predicho negado repetido
    """),
    passives=words("sido"),
    agents=words("por"),
    according=re.compile(
        r"(?P<told>(?:según|de acuerdo con|de acuerdo a|a juicio de|a juicio del|en opinión de|en opinión del|"
        r"en palabras de|en palabras del|a decir de)\s+)|(?P<bare>para\s+)",
        re.IGNORECASE,
    ),
    postposed=frozenset(),
    impersonal=re.compile(r"(?:se lee|se puede leer|puede leerse|se afirma|se señala)\s+(?:en|sobre)\s+"),
    that=words("que"),
    determiners=words("""
        el la los las un una unos unas este esta estos estas ese esa su sus nuestro nuestra mi varios varias algunos
        algunas dos tres cuatro muchos muchas ambos ambas
    """),
    oblique=frozenset(),
    indefinite=words("""
        un una unos unas varios varias algunos algunas dos tres cuatro muchos muchas
    """),
    she_determiners=words("la una esta esa"),
    he_determiners=words("el un este ese"),
    prepositions=words("""
        a al de del en con por para sin sobre bajo ante contra desde hasta hacia entre tras durante mediante según
        como que
    """),
    opening=words("como que"),
    extending=words("de del en para al y e"),
    fillers=words("""
        se le les lo la me nos también además después luego ayer hoy ya entonces así incluso todavía aún antes lunes
        martes miércoles jueves viernes sábado domingo no hace esta este mañana tarde igualmente finalmente
    """),
    reflexives=words("se"),
    he=words("él éste este último"),
    she=words("ella ésta"),
    they=words("ellos ellas yo nosotros quien quienes"),
    he_names=_HE_NAMES,
    she_names=_SHE_NAMES,
    roles_he=words("""
        presidente ministro rey príncipe emperador padre hijo hermano tío marido hombre director actor cantante
        escritor senador embajador gobernador investigador entrenador seleccionador futbolista jugador enfermero
        consejero canciller abogado diputado concejal alcalde candidato vecino comerciante agricultor ganadero
        fundador general coronel historiador músico físico novelista banquero obrero bombero magistrado delegado
        coordinador patrón profesor maestro obispo cardenal papa imán rabino cura empresario editor productor
        secretario subsecretario comisario médico arquitecto biólogo sociólogo politólogo químico ingeniero pescador
        panadero doctor fiscal capitán técnico consultor opositor mandatario exministro expresidente vicepresidente
        lehendakari
    """),
    roles_she=words("""
        presidenta ministra reina princesa madre hija hermana tía esposa mujer directora actriz escritora senadora
        embajadora gobernadora investigadora entrenadora jugadora enfermera consejera cancillera abogada diputada
        concejala alcaldesa candidata vecina agricultora ganadera fundadora historiadora música física obrera
        bombera magistrada delegada coordinadora profesora maestra empresaria editora productora secretaria
        subsecretaria comisaria médica arquitecta bióloga socióloga politóloga química ingeniera pescadora panadera
        doctora opositora mandataria exministra expresidenta vicepresidenta portavoza capitana técnica
    """),
    roles=words("""
        portavoz jefe jefa juez jueza líder artista economista analista especialista responsable miembro
        representante testigo víctima piloto geólogo geóloga astrónomo astrónoma poeta guía periodista activista
        dirigente agente sindicalista taxista residente estudiante cronista gerente premier vocero vocera
    """),
    titles_he=words("don señor sr sr. d. sir lord fray"),
    titles_she=words("doña señora sra sra. señorita lady sor"),
    titles=words("dr dr. dra dra."),
    bodies=words("""
        gobierno ministerio policía guardia fiscalía ayuntamiento comisión consejo parlamento senado congreso
        asamblea ejército partido sindicato asociación organización ong empresa compañía grupo banco agencia diario
        periódico semanario revista cadena radio tribunal corte universidad instituto federación liga club equipo
        iglesia vaticano moncloa kremlin informe comunicado carta texto estudio documento nota comité unión embajada
        colectivo dirección fundación autoridad junta generalitat xunta alcaldía defensoría contraloría sentencia
        cartel pancarta mensaje oposición coalición web libro fondo patronal cámara confederación hospital
        observatorio sala
    """),
    speaking=words("""
        respuesta mensaje lema consigna inscripción titular frase ley artículo contrato letrero
    """),
    people=words("""
        expertos especialistas autoridades manifestantes vecinos médicos investigadores científicos observadores
        analistas críticos opositores partidarios testigos padres diputados abogados fuentes responsables activistas
        agricultores obreros profesores estudiantes familiares allegados
    """),
    no_names=words("""
        le les lo se me te nos ahora había hubo posteriormente también era fue pero y o pues luego entonces
        finalmente así también además sin embargo según para en
        con por tras ante desde hasta durante ayer hoy mañana aquí allí cuando si como que quien donde él ella ellos
        ellas nosotros yo esto eso aquello el la los las un una unos unas de del al a su sus este esta estos estas
        ese esa todo todos todas mucho muchos sí no muy más menos aún ya preguntado preguntada consultado consultada
        dos tres cuatro varios varias algunos algunas cada sobre entre mientras aunque porque
    """),
    particles=words("de del la las los y van von der den bin ben al el da di dos"),
    denials=words("nunca jamás"),
    supposing=words("si habría habrían podría podrían diría"),
    joining=words("y e o u"),
    works=words("libros novelas películas álbumes canciones obras series poemas cuentos títulos discos exposiciones"),
    naming=endings("""
        película libro novela titulado titulada título álbum canción serie programa revista diario periódico
        operación llamado llamada denominado denominada proyecto colectivo apodado apodada alias obra exposición
        semanario asociación pieza web concepto palabra término expresión
    """),
    in_words=re.compile(r"\b(?:con estas palabras|en estos términos)\s*:?\s*$"),
    governing=words("alcalde alcaldesa intendente intendenta gobernador gobernadora"),
    quotation=words("cita"),
    cited=words("citado citada citados citadas"),
    subjunctive=frozenset(),
    openers=re.compile(
        r"[\w-]+mente|lunes|martes|miércoles|jueves|viernes|sábado|domingo|preguntad[oa]s?|consultad[oa]s?"
    ),
    adjective_endings=re.compile(
        r"[\w-]+(?:ano|ana|eña|eño|ense|esa|és|al|ales|ivo|iva|ario|aria|ico|ica|ista|ión|ional)"
    ),
    drops_subject=True,
    plural=re.compile(r"\w+(?:aron|ieron|eron|ían|aban|an|en)|han"),
)

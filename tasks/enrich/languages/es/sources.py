"""What Spanish calls the sources that it names by a noun alone."""

from newsmill.tasks.enrich.languages.es.lexicon import ORDER
from newsmill.tasks.enrich.languages.language import SourceNouns, words

_DOCUMENTS = words("""
        informe estudio comunicado declaración texto carta sentencia fallo cartel pancarta documento nota
        artículo ley proyecto mensaje tuit encuesta libro título
""")

SOURCES = SourceNouns(
    crowds=words("""
        multitud manifestantes vecinos seguidores electores público hinchas lectores usuarios habitantes
        residentes asistentes clientes estudiantes padres aficionados
    """),
    documents=_DOCUMENTS,
    bodies=ORDER.bodies - _DOCUMENTS,
    people=words("""
        expertos críticos observadores investigadores científicos testigos funcionarios médicos jueces
        representantes analistas diplomáticos fuentes especialistas
    """),
    roles=ORDER.roles | ORDER.roles_he | ORDER.roles_she,
    definite=words("el la los las este esta estos estas su sus"),
)

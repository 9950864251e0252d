"""What French calls the sources that it names by a noun alone."""

from newsmill.tasks.enrich.languages.fr.lexicon import ORDER
from newsmill.tasks.enrich.languages.language import SourceNouns, words

_DOCUMENTS = words("""
        rapport étude communiqué déclaration texte lettre arrêt jugement affiche banderole document note
        article loi projet message tweet sondage enquête témoignage livre titre
""")

SOURCES = SourceNouns(
    crowds=words("""
        foule manifestants manifestantes habitants supporters électeurs public spectateurs lecteurs riverains
        passants militants clients usagers étudiants parents élèves
    """),
    documents=_DOCUMENTS,
    bodies=ORDER.bodies - _DOCUMENTS,
    people=words("""
        experts critiques observateurs chercheurs scientifiques témoins responsables médecins enquêteurs juges
        représentants analystes diplomates sources spécialistes
    """),
    roles=ORDER.roles | ORDER.roles_he | ORDER.roles_she,
    definite=words("le la l les ce cet cette ces son sa ses leur leurs"),
)

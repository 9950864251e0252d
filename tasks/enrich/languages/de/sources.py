"""What German calls the sources that it names by a noun alone."""

from newsmill.tasks.enrich.languages.de.lexicon import ORDER
from newsmill.tasks.enrich.languages.language import SourceNouns, words

_DOCUMENTS = words("""
        bericht studie erklärung mitteilung text brief schreiben urteil begründung plakat transparent papier
        resolution gutachten pressemitteilung meldung antwort botschaft inschrift aufschrift schlagzeile
        vertrag artikel gesetz entwurf protokoll aufruf stellungnahme titel tweet post beitrag kommentar
""")

SOURCES = SourceNouns(
    crowds=words("""
        menge demonstranten demonstrierenden anwohner anhänger fans publikum bürger wähler zuschauer leser
        besucher kunden eltern schüler studenten teilnehmer nutzer einwohner nachbarn gegner
    """),
    documents=_DOCUMENTS,
    bodies=ORDER.bodies - _DOCUMENTS,
    people=words("""
        experten kritiker beobachter forscher wissenschaftler augenzeugen politiker ärzte ermittler juristen
        richter vertreter zeugen analysten händler diplomaten beamte insider kreise
    """),
    roles=ORDER.roles | ORDER.roles_he | ORDER.roles_she,
    definite=words("der die das dieser diese dieses sein seine ihr ihre"),
)

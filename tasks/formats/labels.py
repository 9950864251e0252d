"""The labels of the archives' fields, in the languages of their interfaces, and what each stands for."""

import re
from typing import NamedTuple

_LABELS = {
    "title": "headline title titre titel überschrift schlagzeile kop titulo título titolo rubrik-titel titular "
    "overskrift otsikko rubrik1",
    "subhead": "highlight subhead subtitle untertitel sous-titre subtítulo subtitulo sottotitolo encart chapeau "
    "kurzfassung zusammenfassung abstract resumen résumé resume riassunto samenvatting lead vorspann ingress teaser",
    "byline": "byline author authors autor autoren auteur auteurs autore autori by-line signature name verfasser "
    "von autores redacteur journalist anchors anchor reporters forfatter författare kirjoittaja",
    "section": "section rubrique rubrik rubriek sección seccion sezione seção secao sectie sektion ressort kategorie "
    "osasto categorie",
    "length": "length longueur länge laenge lengte longitud extensión extension lunghezza comprimento duración längd "
    "længde pituus lengde umfang omvang",
    "dateline": "dateline ortszeile origine datum-ort lieu dagtekening origen provenienza location-line",
    "body": "body text texte article artikel texto testo tekst hauptteil volltext inhalt corps cuerpo corpo haupttext "
    "fulltext full-text brödtext brødtekst teksti",
    "language": "language langue sprache taal idioma lingua língua språk sprog kieli",
    "load": "load-date update date-chargement ladedatum laad-datum fecha-carga data-caricamento laddat laddningsdatum "
    "fecha-de-carga data-di-caricamento data-de-carregamento date-de-chargement uploaddatum indlæst upload-date "
    "aktualisierung lade-datum datum-laden cargar-fecha",
    "subject": "subject sujet thema thema's onderwerp asunto tema soggetto assunto subjects schlagwörter themen "
    "materia term terms stichwörter ämne emne",
    "place": "geographic localisation-geo geographie geografisch region city state country stadt ville land pays "
    "ciudad estado país paese città staat geografie géographique geográfico geografico land-region geographisch "
    "geographischer-begriff zona-geografica zona-geográfica localidad",
    "type": "publication-type type-publication pub-type publikationstyp publicatie-type tipo-de-publicación "
    "tipo-di-pubblicazione document-type pub-subject type-de-publication zeitungstyp typ publikationsart "
    "tipo-publicación tipo-publicacion publication-subtype type-document dokumenttyp quellentyp",
    "series": "series serie série show program sendung programme transcript guests column columna edition ausgabe",
    "graphic": "graphic graphics grafik graphique illustration photo photos afbeelding gráfico grafico foto bild "
    "bildtext légende illustrations",
    "url": "url view original page volltext-url link internet-adresse",
    "other": "journal-code code-revue company société societe entreprise gesellschaft bedrijf compañía azienda firma "
    "organization organisation organización organizzazione organisatie person personne personen persona persoon "
    "industry branche industrie secteur-activite secteur-activité secteur ticker symbole-boursier tickersymbol "
    "acc-no cite correction correction-date notes note distribution isin copyright doi issn isbn tag tags "
    "cusip product facility event publication-date media-type dominio symbol tickers unternehmen börsenkürzel "
    "zeitschriftencode journalcode bolsa sic naics download-date bio firmen wirtschaftszweig personnes "
    "number-of-pages accession-number industria empresa sociedad ereignis produkt "
    "correction-appended series-list disclaimer",
}
MEANING = {name: key for key, names in _LABELS.items() for name in names.split()}
MEANING |= {"view original page": "url", "accession number": "other", "load date": "load", "publication type": "type"}
MEANING |= {"journal code": "other", "type de publication": "type", "date de chargement": "load"}

_HEAD = frozenset({"title", "subhead", "byline", "section", "length", "dateline", "series", "url"})
"""Labels that may stand ahead of the text."""

_LABEL = re.compile(r"([^\W\d_][\w' /&-]{1,30}?)\s?:(?:[\s\u00a0]+|$)(.*)", re.DOTALL)


class Field(NamedTuple):
    """A labelled paragraph."""

    key: str
    value: str

    @property
    def is_head(self) -> bool:
        """Whether it may stand ahead of the text; the others begin what stands behind it."""
        return self.key in _HEAD


def field_of(paragraph: str, *, upper: bool) -> Field | None:
    """The field that a paragraph is: a known label, a colon and a value.

    ``upper``: labels are in capitals, as those of Nexis until 2018, so that no sentence of the text is taken for one.
    """
    found = _LABEL.match(paragraph)
    if not found:
        return None
    label = found[1].strip()
    if upper and label != label.upper():
        return None
    if not upper and not label[:1].isupper():
        return None
    key = MEANING.get(label.lower().replace("\u00a0", " ")) or MEANING.get(label.lower().replace(" ", "-"))
    return Field(key, found[2].strip()) if key else None


_WORDS = (
    r"(?:words?|w(?:oe|ö)rter|worte?|mots?|woorden|palabras|parole|palavras|ord|sanaa|слова?|字|个字|個字|語|単語|단어)"
)
LENGTH = re.compile(rf"^\s*(\d[\d.,\u00a0\u202f ']{{0,15}})\s{{0,5}}{_WORDS}\.?\s*$", re.IGNORECASE)
"""A line that is the length of the article: ``808 words``."""

COPYRIGHT = re.compile(
    r"^\W*(?:copyright\b|©|\(c\)\s|\(copyright\)|alle? rechte vorbehalten|all rights reserved|tous droits réservés)",
    re.IGNORECASE,
)
RIGHTS = re.compile(
    r"^\W*(?:all rights? reserved|alle rechte vorbehalten|tous droits réservés|alle rechten voorbehouden|"
    r"todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados)\W*$",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://\S+")
SIGNED = re.compile(r"[a-z]{2,4}(?:[/-][a-z]{2,4}){1,5}|dpa(?: \w{1,4}){1,6}")
"""The initials of those who wrote an agency's message, which close it."""

"""Titles of people, which are no part of a person's key in any language.

One list for all, so that a person has one identity whatever language an article is in.
"""

from newsmill.tasks.enrich.languages.language import words

TITLES_HE = words("mr mr. sir lord king prince monsieur herr señor father brother")
TITLES_SHE = words("mrs mrs. ms ms. miss lady dame queen princess madame madam")
TITLES = (
    TITLES_HE
    | TITLES_SHE
    | words("""
        councilman councilwoman councillor alderman assemblyman assemblywoman
        dr dr. prof prof. professor president minister secretary senator sen sen. rep rep. gov gov. governor rev rev.
        reverend gen gen. general col col. colonel lt lt. lieutenant capt capt. captain maj maj. major sgt sgt. sergeant
        adm adm. admiral judge justice mayor chancellor premier prime pm king queen prince princess sheikh shaikh sheik
        ayatollah pope cardinal archbishop bishop imam hon hon. chief chairman chairwoman ambassador congressman
        congresswoman sheriff officer detective speaker attorney commissioner deputy vice former foreign defence
        defense interior finance spokesman spokeswoman director commander doctor md aunty
        di dci dsi cllr cllr. supt supt.
        """)
)

"""Formats of the trade: what agencies send, what archives export and what corpora look like, read into items.

    recognise   what a file is, by its first bytes
    reading     the reader of each format: bytes in, items and faults out, one at a time
    items       what every format gives
    exports     the archives: nexis, factiva, proquest, europresse, mediargus, defacto
    agency      nitf, newsml, ninjs, wire (IPTC 7901 and ANPA 1312), mail
    documents   office, rtf, pdf; tables
    ninjs_out   an article as ninjs, for others to read

Pure: no clock, no network, no state. A reader raises nothing but what reading its stream raises.
"""

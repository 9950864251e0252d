"""Bounds of what is read: beyond them an input is a bomb or a mistake, and is rejected unread."""

MAX_ARTICLE = 20_000_000
"""Characters of one article of an export, with its markup."""
MAX_DOCUMENT = 64_000_000
"""Bytes of a file that has to be read whole: agency JSON, PDF, mail."""
MAX_FORGIVEN = 8_000_000
"""Bytes of XML that are parsed at once, so that mistakes of it can be forgiven; more is read as a stream."""
MAX_MEMBER = 2_000_000_000
"""Bytes of one unpacked member of a ZIP archive."""
MAX_RATIO = 200
"""Times that a member may unpack to more than it takes, above ``FREE_SIZE``."""
FREE_SIZE = 10_000_000
MAX_MEMBERS = 20_000
MAX_DEPTH = 200
"""Groups within groups of RTF, elements of XML, parts of mail."""
MAX_PARTS = 500
"""Parts of a mail, texts of an agency's item."""
MAX_PAGES = 5_000
"""Pages of a PDF."""

"""The formats networks speak, read from bytes to plain values: feeds, OPML, sitemaps, pages, mails."""

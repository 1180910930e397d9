"""A small site on loopback for the tests: pages and feeds that can change while it runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

ENTRY = """<item><guid>{guid}</guid><link>{base}/{guid}</link><title>{title}</title>
<description>{text}</description><pubDate>{date}</pubDate></item>"""


class Site:
    """`pages` maps a path to (content type, body); unknown paths are 404."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, tuple[str, str]] = {}
        self.asked: list[str] = []

    def publish(self, title: str, entries: list[tuple[str, str, str, str]], path: str = "/feed.xml") -> None:
        """Serve an RSS feed of (guid, title, text, RFC 822 date), and a home page that names it."""
        items = "".join(
            ENTRY.format(guid=guid, base=self.url, title=escape(name), text=escape(text), date=date)
            for guid, name, text, date in entries
        )
        feed = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>{escape(title)}</title><link>{self.url}/</link><description>{escape(title)}</description>{items}</channel></rss>"""
        self.pages[path] = ("application/rss+xml; charset=utf-8", feed)
        link = f'<link rel="alternate" type="application/rss+xml" title="{escape(title)}" href="{path}">'
        head = f"<title>{escape(title)}</title>{link}"
        home = f"<!doctype html><html><head>{head}</head><body><p>…</p></body></html>"
        self.pages["/"] = ("text/html; charset=utf-8", home)


@contextmanager
def running_site() -> Iterator[Site]:
    """A site on a free port, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            site.asked.append(path)
            kind, body = site.pages.get(path, ("text/plain", ""))
            content = body.encode()
            self.send_response(200 if path in site.pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""TLS and HTTP/2 over connections of our own: the name stays in SNI, certificate and Host, whatever number it has."""

import asyncio
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from newsmill.tasks.fetch.client import Fetched, Fetcher, FetchLimits, Reach
from newsmill.tasks.fetch.network import Guard, network
from newsmill.tasks.fetch.polite import Politeness

HOST = "news.example"
BODY = b"<html><p>Over TLS.</p></html>"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the host that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


class SecureSite:
    """Speaks HTTP/2 where it is offered, else HTTP/1.1; ``seen`` has SNI, protocol and Host of each request."""

    def __init__(self, folder: Path, protocols: list[str]) -> None:
        self.certificate, key = certificate(folder)
        self.seen: list[tuple[str | None, str, str]] = []
        self._sni: str | None = None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, key)
        context.set_alpn_protocols(protocols)
        context.sni_callback = self._note_sni
        self.loop = asyncio.new_event_loop()
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        self.port: int = server.sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def _note_sni(self, _socket: object, name: str | None, _context: object) -> None:
        self._sni = name

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        try:
            if protocol == "h2":
                await self._serve_h2(reader, writer)
            else:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
                self.seen.append((self._sni, "http/1.1", host))
                # It says that it closes, or the next request may meet the closing connection.
                writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _serve_h2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = H2Connection(config=H2Configuration(client_side=False, header_encoding=None))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while received := await reader.read(65_536):
            for event in connection.receive_data(received):
                if isinstance(event, RequestReceived):
                    headers = dict(event.headers or ())
                    self.seen.append((self._sni, "h2", headers[b":authority"].decode()))
                    stream = event.stream_id or 1
                    connection.send_headers(stream, [(":status", "200"), ("content-type", "text/html")])
                    connection.send_data(stream, BODY, end_stream=True)
            writer.write(connection.data_to_send())
            await writer.drain()


def get(site: SecureSite, *urls: str, tls: ssl.SSLContext | None) -> list[Fetched]:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> list[Fetched]:
        async with Fetcher(
            agent="test",
            limits=FetchLimits(attempts=1, total_seconds=30.0),
            politeness=Politeness(delay_seconds=0.0, obey_robots=False),
            reach=Reach(guard=Guard(allowed=(network("127.0.0.1"),)), resolve=resolve, tls=tls),
        ) as fetcher:
            return [await fetcher.get(url) for url in urls]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("protocols", "expected", "version"), [(["h2", "http/1.1"], "h2", "HTTP/2"), (["http/1.1"], "http/1.1", "HTTP/1.1")]
)
def test_the_name_stays_what_it_was(protocols: list[str], expected: str, version: str, tmp_path: Path) -> None:
    site = SecureSite(tmp_path, protocols)
    urls = [f"https://{HOST}:{site.port}/{number}" for number in range(3)]

    found = get(site, *urls, tls=ssl.create_default_context(cafile=str(site.certificate)))

    assert [(fetched.exchanges[0].body, fetched.exchanges[0].version) for fetched in found] == [(BODY, version)] * 3
    assert site.seen == [(HOST, expected, f"{HOST}:{site.port}")] * 3


@pytest.mark.parametrize(("host", "trusts"), [("other.example", True), (HOST, False)])
def test_a_certificate_that_is_not_good_for_the_host_ends_it(host: str, trusts: bool, tmp_path: Path) -> None:
    site = SecureSite(tmp_path, ["http/1.1"])
    tls = ssl.create_default_context(cafile=str(site.certificate)) if trusts else None

    (fetched,) = get(site, f"https://{host}:{site.port}/", tls=tls)

    assert fetched.problem is not None
    assert fetched.problem.detail.startswith("TLS: ")
    assert site.seen == []

"""Network: connections to addresses that may be connected to, and to no others.

A page, a feed or a redirect may name any address, and a name server may answer with any. So the check stands where the
connection is made: a name is resolved once, each of its addresses is judged, and the one judged is the one connected
to. A second answer of the name server (DNS rebinding) never comes into it.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore

type Network = IPv4Network | IPv6Network
type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to the addresses to try, in order; raises OSError for a name that has none."""

_MAX_ADDRESSES = 4
"""Of one host that are tried in turn."""

_RESOLVING_THREADS = 64
"""The system's resolver blocks, for seconds where a name server is silent."""

_LAST_PORT = 65_535

_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0:0/96"))
"""NAT64 (RFC 6052) and its stateless kin (RFC 2765): the last four bytes are the IPv4 address that is meant."""

_SPECIAL = tuple(
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
"""What IANA's special-purpose registries (iana-ipv4-special-registry, iana-ipv6-special-registry) have for other ends
than the public internet, with multicast: their rows as of RFC 9780 of April 2025. An interpreter knows
those of its own age.

Blocks that are set aside for protocols are here whole, though single addresses in them can be reached: no site has one.
"""

_UNICAST = IPv6Network("2000::/3")
"""All that IANA gives out for the public internet (ipv6-unicast-address-assignments); the rest is not in use."""

_CLOUD_HOST = IPv4Address("168.63.129.16")
"""Of Azure: public by its number, but it answers virtual machines with what concerns them alone."""


class UnsafeAddress(Exception):
    """A host has no address that may be connected to."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides what may be connected to: public addresses at ``ports``, and ``allowed`` networks at any port."""

    allowed: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443})

    def permits(self, address: str, port: int) -> bool:
        """Whether a numeric address may be connected to at a port."""
        try:
            number = ip_address(address)
        except ValueError:
            return False
        if not 0 < port <= _LAST_PORT:
            # A link may name any number, at which the system would raise what is no OSError.
            return False
        if any(number in network for network in self.allowed):
            return True
        return port in self.ports and is_public(number)


def network(text: str) -> Network:
    """A network or single address, ``10.0.0.0/8`` or ``::1``; raises ValueError."""
    return ip_network(text, strict=False)


def is_public(number: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet, as is every IPv4 address that it carries inside."""
    if isinstance(number, IPv4Address):
        return number != _CLOUD_HOST and _is_ordinary(number)
    if number.scope_id is not None:
        return False
    carried = list(_carried(number))
    if carried:
        return all(is_public(inner) for inner in carried)
    return number in _UNICAST and _is_ordinary(number)


def _is_ordinary(number: IPv4Address | IPv6Address) -> bool:
    """Whether neither IANA nor the interpreter, whichever knows more, has an address for a special purpose."""
    return number.is_global and not any(number in block for block in _SPECIAL)


def _carried(number: IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for by one of the transition mechanisms."""
    if number.ipv4_mapped is not None:
        yield number.ipv4_mapped
    if number.sixtofour is not None:
        yield number.sixtofour
    if number.teredo is not None:
        yield from number.teredo
    # Also the compatible addresses of old, ::a.b.c.d, and ISATAP's interfaces (RFC 5214).
    is_isatap = (int(number) >> 32) & 0xFFFF_FFFF in (0x0000_5EFE, 0x0200_5EFE)
    if is_isatap or int(number) >> 32 == 0 or any(number in translated for translated in _TRANSLATED):
        yield IPv4Address(int(number) & 0xFFFF_FFFF)


class SystemResolver:
    """The system's resolver, asked in threads, so that silent name servers do not hold up the other hosts."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVING_THREADS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _resolved, host, port)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _resolved(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """How the HTTP client connects: by name, to an address that the guard permits."""

    def __init__(self, guard: Guard, resolve: Resolve) -> None:
        self._guard = guard
        self._resolve = resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Raises UnsafeAddress where none of the host's addresses is permitted."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("the host's name was not resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        permitted = [address for address in addresses if self._guard.permits(address, port)]
        if addresses and not permitted:
            raise UnsafeAddress(f"{addresses[0]} port {port} is not asked: fetch.allow names no such network")
        refusal: Exception | None = None
        for address in permitted[:_MAX_ADDRESSES]:
            try:
                async with asyncio.timeout(timeout):
                    reader, writer = await asyncio.open_connection(address, port)
            except TimeoutError as error:
                refusal = httpcore.ConnectTimeout(str(error))
            except OSError as error:
                refusal = httpcore.ConnectError(str(error))
                refusal.__cause__ = error
            else:
                return _Stream(reader, writer)
        raise refusal or httpcore.ConnectError("the host has no address")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout("silence") from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        try:
            self._writer.write(buffer)
            async with asyncio.timeout(timeout):
                await self._writer.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout("the host does not listen") from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        # Dropped, not shut down in order: a host that keeps its end open would be waited for.
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            self._writer.transport.abort()
            raise httpcore.ConnectTimeout("no TLS in time") from error
        except (OSError, ValueError) as error:
            # ValueError: the host's name cannot stand in a certificate.
            self._writer.transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            # Of a connection that rests: the host has closed it.
            return self._reader.at_eof() or self._writer.transport.is_closing()
        name = {"server_addr": "peername", "client_addr": "sockname"}.get(info, info)
        return self._writer.get_extra_info(name)

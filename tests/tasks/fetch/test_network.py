"""What must never be connected to, however it is written, redirected to or resolved."""

import asyncio
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.client import Fetched, Fetcher, FetchLimits, Reach
from newsmill.tasks.fetch.network import Guard, SystemResolver, is_public, network
from newsmill.tasks.fetch.polite import Politeness
from tests.site import Answer, Site

UNSAFE_HOSTS = {
    # One address in all the ways that inet_aton reads it.
    "127.0.0.1": "127.0.0.1",
    "127.1": "127.0.0.1",
    "127.0.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0x7f.1": "127.0.0.1",
    "0x7f.0.0.1": "127.0.0.1",
    "0x7F.0x0.0x0.0x1": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "0177.1": "127.0.0.1",
    "017700000001": "127.0.0.1",
    "127.0.0.01": "127.0.0.1",
    "127.255.255.254": "127.255.255.254",
    "0": "0.0.0.0",
    "0.0.0.0": "0.0.0.0",
    "0.0.0.1": "0.0.0.1",
    # Written with letters and dots that a name may be normalised from.
    "①②⑦.⓪.⓪.①": None,
    "127。0。0。1": None,
    "127.0.0.1.": None,
    "localhost": "127.0.0.1",
    "LOCALHOST": "127.0.0.1",
    "localhost.": "127.0.0.1",
    # Private, shared, link-local, metadata, test, multicast and reserved networks.
    "10.0.0.1": "10.0.0.1",
    "10.255.255.255": "10.255.255.255",
    "167772161": "10.0.0.1",
    "172.16.0.1": "172.16.0.1",
    "172.31.255.255": "172.31.255.255",
    "192.168.0.1": "192.168.0.1",
    "0xc0a80001": "192.168.0.1",
    "100.64.0.1": "100.64.0.1",
    "100.100.100.200": "100.100.100.200",
    "169.254.169.254": "169.254.169.254",
    "2852039166": "169.254.169.254",
    "0xa9fea9fe": "169.254.169.254",
    "0251.0376.0251.0376": "169.254.169.254",
    "169.254.43518": "169.254.169.254",
    "168.63.129.16": "168.63.129.16",
    "192.0.0.192": "192.0.0.192",
    "192.0.2.1": "192.0.2.1",
    "198.18.0.1": "198.18.0.1",
    "198.51.100.1": "198.51.100.1",
    "203.0.113.1": "203.0.113.1",
    "224.0.0.1": "224.0.0.1",
    "239.255.255.250": "239.255.255.250",
    "240.0.0.1": "240.0.0.1",
    "255.255.255.255": "255.255.255.255",
    # IPv6, and IPv4 inside it.
    "[::1]": "::1",
    "[0:0:0:0:0:0:0:1]": "::1",
    "[::]": "::",
    "[::127.0.0.1]": "::127.0.0.1",
    "[::ffff:127.0.0.1]": "::ffff:127.0.0.1",
    "[::ffff:7f00:1]": "::ffff:127.0.0.1",
    "[::ffff:a9fe:a9fe]": "::ffff:169.254.169.254",
    "[::ffff:0:10.0.0.1]": "::ffff:0:10.0.0.1",
    "[64:ff9b::127.0.0.1]": "64:ff9b::7f00:1",
    "[64:ff9b::a9fe:a9fe]": "64:ff9b::a9fe:a9fe",
    "[64:ff9b:1::a00:1]": "64:ff9b:1::a00:1",
    "[2002:7f00:1::]": "2002:7f00:1::",
    "[2002:a9fe:a9fe::1]": "2002:a9fe:a9fe::1",
    "[2001:0:7f00:1:0:0:80ff:fffe]": "2001:0:7f00:1:0:0:80ff:fffe",
    "[2606:4700::200:5efe:10.0.0.1]": "2606:4700::200:5efe:a00:1",
    "[fe80::1]": "fe80::1",
    "[fec0::1]": "fec0::1",
    "[fc00::1]": "fc00::1",
    "[fd00:ec2::254]": "fd00:ec2::254",
    "[ff02::1]": "ff02::1",
    "[2001:db8::1]": "2001:db8::1",
    "[100::1]": "100::1",
    "[fe80::1%25eth0]": "fe80::1%eth0",
    "[::ffff:0a00:0001]": "::ffff:10.0.0.1",
    "[0000:0000:0000:0000:0000:ffff:c0a8:0101]": "::ffff:192.168.1.1",
    "[64:ff9b::10.0.0.1]": "64:ff9b::a00:1",
    "[2002:c0a8:101::]": "2002:c0a8:101::",
    "[::1%25lo]": "::1%lo",
    # Written so that another host is read in them.
    "news.example@127.0.0.1": "127.0.0.1",
    "93.184.216.34:80@127.0.0.1": "127.0.0.1",
    "127.0.0.1:80": "127.0.0.1",
    "%31%32%37.0.0.1": None,
    "127.0.0.1%00.news.example": None,
    "127.0.0.1%2f.news.example": None,
    "127.0.0.1\\@news.example": None,
    "127。0.0.1": None,
    "１２７.0.0.1": None,
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ": None,
    # Names that lead there.
    **(NAMES := {"127.0.0.1.names.example": "127.0.0.1", "metadata.example": "169.254.169.254", "news": "10.1.2.3"}),
}
"""Each host with the address that a resolver may give for it, None where the name alone is for the resolver to read."""

EAGER = FetchLimits(attempts=1, connect_seconds=2.0, total_seconds=3.0)
HURRIED = Politeness(delay_seconds=0.0, obey_robots=False)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of all connections that are begun; those beyond loopback then fail."""
    begun: list[str] = []
    connect = asyncio.open_connection

    async def record(host: str, port: int, **more: Any) -> Any:
        begun.append(host)
        if not host.startswith("127."):
            raise OSError("no way out of the tests")
        return await connect(host, port, **more)

    monkeypatch.setattr(asyncio, "open_connection", record)
    return begun


def get(url: str, *answers: list[str], guard: Guard | None = None) -> Fetched:
    """Fetch with a name server that gives one answer after the other, the last one again and again."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    async def run() -> Fetched:
        resolver = resolve if answers else SystemResolver()
        async with Fetcher(
            agent="test", limits=EAGER, politeness=HURRIED, reach=Reach(guard=guard or Guard(), resolve=resolver)
        ) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(run())


def reason(fetched: Fetched) -> Reason | None:
    return fetched.problem.reason if fetched.problem else None


def test_there_are_enough_hosts() -> None:
    assert len(UNSAFE_HOSTS) >= 80


@pytest.mark.parametrize("port_is_allowed", [False, True])
def test_who_listens_on_loopback_hears_of_nobody(port_is_allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site(lambda _: Answer(b"secret")) as site:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{site.port}")
        guard = Guard(ports=frozenset({80, 443, site.port})) if port_is_allowed else Guard()
        loopback = [host for host, address in UNSAFE_HOSTS.items() if host not in NAMES and address == "127.0.0.1"]
        found = [get(f"http://{host.removesuffix(':80')}:{site.port}/", guard=guard) for host in loopback]
        found.append(get("http://rebind.example/", ["10.0.0.1"], guard=guard))

    assert {reason(fetched) for fetched in found} <= {Reason.UNSAFE_ADDRESS, Reason.BAD_URL, Reason.FETCH_FAILED}
    assert (site.requests, site.bytes_sent, site.most_open) == ([], 0, 0)


@pytest.mark.parametrize("host", UNSAFE_HOSTS)
def test_an_unsafe_host_is_not_connected_to(host: str, connected: list[str]) -> None:
    address = UNSAFE_HOSTS[host]
    # Read by the system's own resolver, but for names that it would ask a name server for; and by one made up.
    attempts = [] if host in NAMES else [get(f"http://{host}/")]
    attempts += [get(f"http://{host}/", [address])] if address else []

    for fetched in attempts:
        assert reason(fetched) in {Reason.UNSAFE_ADDRESS, Reason.BAD_URL, Reason.FETCH_FAILED}
        assert fetched.exchanges == ()
    assert connected == []


@pytest.mark.parametrize("host", [host for host, address in UNSAFE_HOSTS.items() if address])
def test_an_unsafe_redirect_is_not_followed(host: str, connected: list[str]) -> None:
    # The start is let through by its own address; what it redirects to must not profit from that.
    addresses = {"start.example": "127.0.0.77", host.strip("[]"): UNSAFE_HOSTS[host]}
    guard = Guard(allowed=(network("127.0.0.77/32"),))

    async def resolve(name: str, _port: int) -> list[str]:
        return [str(addresses[name])] if name in addresses else ["10.9.9.9"]

    async def run(port: int) -> Fetched:
        async with Fetcher(
            agent="test", limits=EAGER, politeness=HURRIED, reach=Reach(guard=guard, resolve=resolve)
        ) as fetcher:
            return await fetcher.get(f"http://start.example:{port}/")

    redirect = Answer(status=302, headers=(("Location", f"http://{host}/"),))
    with Site(lambda _: redirect, address="127.0.0.77") as site:
        fetched = asyncio.run(run(site.port))

    assert [exchange.status for exchange in fetched.exchanges] == [302]
    assert reason(fetched) in {Reason.UNSAFE_ADDRESS, Reason.BAD_URL}
    assert connected == ["127.0.0.77"]


@pytest.mark.parametrize(
    "location",
    ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:70/", "javascript:alert(1)", "http://[", "data:,a"],
)
def test_a_redirect_to_another_scheme_is_not_followed(location: str, connected: list[str]) -> None:
    redirect = Answer(status=302, headers=(("Location", location),))
    with Site(lambda _: redirect) as site:
        fetched = get(site.url("start.example", "/"), ["127.0.0.1"], guard=Guard(allowed=(network("127.0.0.1"),)))

    assert reason(fetched) == Reason.BAD_URL
    assert connected == ["127.0.0.1"]


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://10.0.0.1/robots.txt", "http://[::1]/"])
def test_a_robots_txt_that_redirects_inside_is_not_followed(target: str, connected: list[str]) -> None:
    async def resolve(name: str, _port: int) -> list[str]:
        return ["127.0.0.77"] if name == "start.example" else [name]

    async def run(port: int) -> Fetched:
        async with Fetcher(
            agent="test",
            limits=EAGER,
            politeness=Politeness(delay_seconds=0.0),
            reach=Reach(guard=Guard(allowed=(network("127.0.0.77/32"),)), resolve=resolve),
        ) as fetcher:
            return await fetcher.get(f"http://start.example:{port}/a")

    with Site(lambda _: Answer(status=302, headers=(("Location", target),)), address="127.0.0.77") as site:
        fetched = asyncio.run(run(site.port))

    assert reason(fetched) == Reason.UNSAFE_ADDRESS
    assert connected == ["127.0.0.77"]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 3306])
def test_only_the_ports_of_the_web_are_connected_to(port: int, connected: list[str]) -> None:
    assert reason(get(f"http://news.example:{port}/", ["93.184.216.34"])) == Reason.UNSAFE_ADDRESS
    assert connected == []


def test_a_name_that_changes_its_address_gains_nothing(connected: list[str]) -> None:
    # The check asks once and the connection takes what was checked: a second answer never comes into it.
    get("http://rebind.example/", ["93.184.216.34"], ["127.0.0.1"])

    assert connected == ["93.184.216.34"]
    assert reason(get("http://rebind.example/", ["127.0.0.1"], ["93.184.216.34"])) == Reason.UNSAFE_ADDRESS
    assert connected == ["93.184.216.34"]


def test_of_a_mixed_answer_only_the_public_addresses_are_tried(connected: list[str]) -> None:
    get("http://mixed.example/", ["10.0.0.1", "93.184.216.34", "::1"])

    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize("port", [65_536, 99_999, 10**30])
def test_a_port_that_there_is_none_of_is_refused_in_allowed_networks_too(port: int, connected: list[str]) -> None:
    guard = Guard(allowed=(network("127.0.0.0/8"),))
    redirect = Answer(status=302, headers=(("Location", f"http://intranet:{port}/"),))

    with Site(lambda _: redirect) as site:
        fetched = get(site.url("start.example", "/"), ["127.0.0.1"], guard=guard)

    assert reason(fetched) in {Reason.UNSAFE_ADDRESS, Reason.BAD_URL}
    assert connected == ["127.0.0.1"]


def test_allowed_networks_are_reached_at_any_port(connected: list[str]) -> None:
    guard = Guard(allowed=(network("127.0.0.0/8"),))

    with Site(lambda _: Answer(b"inside")) as site:
        fetched = get(site.url("intranet", "/"), ["127.0.0.1"], guard=guard)

    assert fetched.answer is not None
    assert fetched.answer.body == b"inside"
    assert connected == ["127.0.0.1"]


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_the_system_resolver_gives_each_address_once() -> None:
    found = asyncio.run(SystemResolver()("localhost", 80))

    assert set(found) <= {"127.0.0.1", "::1"}
    assert len(found) == len(set(found)) > 0


@pytest.mark.parametrize(
    "block",
    [
        # Of 2024 and 2025, which interpreters in use do not know: documentation, segment routing, dummies.
        *("3fff::/20", "5f00::/16", "100:0:0:1::/64"),
        # The rest of the registries' rows that are not globally reachable.
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29"),
        *("192.0.0.8/32", "192.0.0.170/31", "192.0.2.0/24", "192.168.0.0/16", "198.51.100.0/24", "203.0.113.0/24"),
        *("255.255.255.255/32", "::/128", "::1/128", "::ffff:0:0/96", "2001::/23", "2001::/32"),
        *("fc00::/7", "fe80::/10"),
        # Set aside long ago, deprecated, or given to nobody.
        *("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        *(
            "100::/64",
            "2001:2::/48",
            "2001:10::/28",
            "2001:db8::/32",
            "64:ff9b:1::/48",
            "4000::/3",
            "fec0::/10",
            "ff00::/8",
        ),
    ],
)
def test_a_block_for_a_special_purpose_is_not_public(block: str) -> None:
    whole = ip_network(block)

    assert not is_public(whole[0])
    assert not is_public(whole[-1])


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "192.175.48.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::5db8:d70e"]
)
def test_what_sites_have_is_public(address: str) -> None:
    assert is_public(ip_address(address))

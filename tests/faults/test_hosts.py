"""Several machines: each host has its own network, name and worker; the servers are elsewhere."""

import os
from collections.abc import Callable, Iterator, Sequence

import pytest
import redis
from campaigns import frozen_campaign, real, send
from pytest_socket import socket_allow_hosts

from dispatcher.crew import live_workers
from dispatcher.rules.moves import Status
from faults.hosts import Host, Network
from faults.own_servers import OwnRedis
from faults.scene import MakeScene, Scene, Times
from faults.worker import Worker
from houses import migrate
from servers.postgres import start_postgres

_DOMAIN = "people.internal"  # a relay that isn't on loopback gets no addresses of example.org
_PROCESSES = 2  # a host
_WARM = 3.0  # seconds until every host is at work

Anywhere = Callable[..., Scene]


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


@pytest.fixture
def scene_over(network: Network, scene_with: MakeScene) -> Iterator[Anywhere]:
    """Make a scene whose servers every host reaches by the network's gateway."""
    here = f"127.0.0.1,{network.gateway}"
    postgres = start_postgres(os.getpid(), listen_addresses=here)
    with (postgres.folder / "data" / "pg_hba.conf").open("a") as who_may_log_in:
        who_may_log_in.write(f"host all all {network.addresses} trust\n")
    postgres.run("SELECT pg_reload_conf()")
    migrated = postgres.template("migrated", migrate)
    socket_allow_hosts(["127.0.0.1", network.gateway], allow_unix_socket=True)
    with OwnRedis() as ours, postgres.database(migrated) as database:
        with redis.Redis.from_url(ours.url) as client:
            client.config_set("bind", here.replace(",", " "))
            client.config_set("protected-mode", "no")

        def make(**given: object) -> Scene:
            addresses = {"database_url": database, "redis_url": ours.url}
            over = {name: url.replace("127.0.0.1", network.gateway) for name, url in addresses.items()}
            return scene_with(**over, relay_host=network.gateway, **given)

        yield make


def _open(scene: Scene, people: int) -> None:
    scene.add(people, domain=_DOMAIN)
    send(scene.house, real(frozen_campaign()))


def _workers(scene: Scene, hosts: Sequence[Host]) -> list[Worker]:
    return [scene.worker(_PROCESSES, host.program("-m", "workers")) for host in hosts]


def _until_taken(scene: Scene, number: int) -> None:
    scene.until(lambda: len(scene.taken()) >= number, f"{number} messages at the provider")


def _fullest_second(moments: Sequence[float]) -> int:
    """The most of the sorted moments that any second holds, wherever it begins."""
    most = first = 0
    for nth, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, nth - first + 1)
    return most


def test_workers_on_three_hosts_keep_one_limit_together(
    network: Network, scene_over: Anywhere, times: Times
) -> None:
    rate, seconds = 100, times(8, 60)
    scene = scene_over(rate_email=f"{rate}/s", delay=0.1, lease_seconds=20)
    _open(scene, rate * (seconds + round(2 * _WARM)))
    hosts = [network.host(name) for name in ("north", "south", "west")]
    _workers(scene, hosts)
    scene.until_more(round(rate * _WARM))
    assert {worker.host for worker in live_workers(scene.house.settings)} == {host.name for host in hosts}
    before = [host.sent for host in hosts]
    for number in range(0, scene.people, rate * 10):
        _until_taken(scene, number)
    scene.settle()

    sent = [host.sent - earlier for host, earlier in zip(hosts, before, strict=True)]
    assert min(sent) > sum(sent) / 10, f"one host did nearly nothing: {sent} bytes"
    moments = [taken.at for taken in scene.taken()]
    begin = moments[0] + _WARM
    inside = sum(begin <= moment < begin + seconds for moment in moments)
    # Percent. A busy machine stands still for a moment now and then, and all three hosts with it.
    least, most = times(90, 98), times(125, 105)
    assert least * rate / 100 <= round(inside / seconds, 1) <= rate
    assert _fullest_second(moments) <= most * rate / 100
    scene.judge(uncertain=0)


def test_a_host_that_loses_its_network_costs_nobody_a_message(network: Network, scene_over: Anywhere) -> None:
    scene = scene_over(delay=0.1)
    _open(scene, 900)
    lost, stays = network.host("lost"), network.host("stays")
    _workers(scene, [lost, stays])
    scene.until_more(100)
    lost.pull_the_plug()
    scene.killed = _PROCESSES  # as far as anybody can tell
    scene.until(lambda: scene.count(Status.UNCERTAIN), "somebody to give up what the lost host holds")
    scene.until_more(100)
    lost.plug_in_again()  # what it had on the wire may arrive only now
    scene.settle()
    # What it had not handed over in time fails: it is certain that it didn't go.
    scene.judge(failed=_PROCESSES * scene.provider.connections)

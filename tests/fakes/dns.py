"""A DNS server on loopback, over UDP, that knows the TXT records it is given."""

import socket
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT

from dispatcher.name_server import NameServer

_PIECE = 255  # octets of one string


class DnsServer:
    """`with DnsServer({"tenants.example": ["v=spf1 -all"]}) as dns:`, then `dns.name_server`.

    `failing` names are answered with SERVFAIL.
    """

    def __init__(self, texts: Mapping[str, Sequence[str]] | None = None, failing: Sequence[str] = ()) -> None:
        self.texts = dict(texts or {})
        self.asked: list[str] = []
        self._failing = set(failing)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="name server", daemon=True)

    @property
    def name_server(self) -> NameServer:
        return NameServer("127.0.0.1", self._socket.getsockname()[1])

    def _serve(self) -> None:
        while True:
            octets, client = self._socket.recvfrom(4096)
            if not octets:  # our own, at the end
                return
            self._socket.sendto(self._answer(dns.message.from_wire(octets)).to_wire(), client)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        asked = query.question[0].name
        name = asked.to_text(omit_final_dot=True)
        self.asked.append(name)
        if name in self._failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif name in self.texts:
            records = [_record(text) for text in self.texts[name]]
            if records:
                reply.answer.append(dns.rrset.from_rdata_list(asked, 60, records))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()


def _record(text: str) -> TXT:
    octets = text.encode()
    pieces = [octets[start : start + _PIECE] for start in range(0, len(octets), _PIECE)]
    return TXT(dns.rdataclass.IN, dns.rdatatype.TXT, pieces)

"""Run Python on another host of the tests: `python on_host.py NAMESPACE HOSTNAME ARGUMENTS...`.

The process stays the same one: who started it can still signal it by its number.
"""

import ctypes
import os
import socket
import sys

_NETWORK, _HOST_NAME = 0x40000000, 0x04000000  # CLONE_NEWNET and CLONE_NEWUTS of <linux/sched.h>


def move_to(namespace: str, host_name: str) -> None:
    """Have this process, and what it becomes, on that network and under that name."""
    libc = ctypes.CDLL(None, use_errno=True)  # os.setns is Python 3.12's
    with open(f"/run/netns/{namespace}") as network:  # noqa: PTH123 - a name of the kernel's, no file
        _must(libc.setns(network.fileno(), _NETWORK))
    _must(libc.unshare(_HOST_NAME))
    socket.sethostname(host_name)


def _must(answer: int) -> None:
    if answer:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    _, namespace, host_name, *arguments = sys.argv
    move_to(namespace, host_name)
    os.execv(sys.executable, [sys.executable, "-P", *arguments])  # noqa: S606 - what a test gave it

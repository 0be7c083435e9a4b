"""Confinement: what a worker may no longer do once it serves.

In: limits. Out: a process without network, without new programs, with bounded memory and files, that ends when its
parent ends. The engine's wheel contains an HTTP client that cannot be switched off, so the kernel is asked to refuse:
seccomp filters on Linux, x86-64 and AArch64. Where there is no seccomp, the guard's refusal of SERVICE stands alone.
"""

import ctypes
import errno
import platform
import resource
import signal
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker may use: bytes of memory on top of what it starts with, and bytes of one file."""

    memory_bytes: int
    file_bytes: int


# System call numbers: linux/arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_REFUSED: Final = MappingProxyType(
    {
        "x86_64": {
            "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "execve": 59, "ptrace": 101,
            "accept4": 288, "execveat": 322, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
        },
        "aarch64": {
            "socket": 198, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "execve": 221, "ptrace": 117,
            "accept4": 242, "execveat": 281, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
        },
    }
)  # fmt: skip
_AUDIT_ARCH: Final = MappingProxyType({"x86_64": 0xC000003E, "aarch64": 0xC00000B7})
_X32_BIT: Final = 0x40000000

_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 1, 22, 38, 2


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def can_refuse_network() -> bool:
    """Whether this platform's kernel can be asked to refuse network calls."""
    return sys.platform == "linux" and platform.machine() in _REFUSED


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, where the kernel can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine(limits: Limits) -> None:
    """Give up what a worker does not need; there is no way back.

    Raises:
        OSError: the kernel knows seccomp but did not take the filter.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write over the limit is EFBIG instead of death
    _lower(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
    if sys.platform == "linux":
        # The kernel's out-of-memory killer shall take a worker before anything else of ours.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if can_refuse_network():
        _install_filter(_filter(platform.machine()))


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))


def _address_space() -> int:
    """The process's address space in bytes; without /proc its peak memory, which is less than that."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _filter(machine: str) -> bytes:
    """A BPF program over `struct seccomp_data`: the call's number at offset 0, the architecture at 4."""
    refused = sorted(_REFUSED[machine].values())
    to_refusal = len(refused)  # the first jump stands this many instructions before "refuse", less one
    program = [
        _statement(_LOAD_WORD, 4),
        _statement(_JUMP_EQUAL, _AUDIT_ARCH[machine], when=1),
        _statement(_RETURN, _KILL),
        _statement(_LOAD_WORD, 0),
        _statement(_JUMP_AT_LEAST, _X32_BIT, when=to_refusal + 1),
    ]
    program += [_statement(_JUMP_EQUAL, call, when=to_refusal - place) for place, call in enumerate(refused)]
    program += [_statement(_RETURN, _ALLOW), _statement(_RETURN, _REFUSE)]
    return b"".join(program)


def _statement(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when, otherwise, value)


def _install_filter(program: bytes) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    memory = ctypes.create_string_buffer(program, len(program))
    filter_program = _FilterProgram(len(program) // 8, ctypes.addressof(memory))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0
    ):
        code = ctypes.get_errno()
        raise OSError(code, "the kernel did not take the seccomp filter")

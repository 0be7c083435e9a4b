import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kg.bench.measuring import require_proc, run_measured, tree_cpu_seconds
from kg.errors import KgError

BUSY = "import time\nwhile time.process_time() < {seconds}: pass\n"

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc")


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_cpu_time_of_a_busy_command_is_counted_and_waiting_is_not(tmp_path: Path) -> None:
    environment = dict(os.environ)
    busy = run_measured(python(BUSY.format(seconds=0.3)), tmp_path / "log", environment)
    waiting = run_measured(python("import time; time.sleep(0.3)"), tmp_path / "log", environment)
    assert 0.3 <= busy.cpu_seconds < 0.7
    assert waiting.cpu_seconds < 0.2
    assert waiting.wall_seconds >= 0.3
    assert busy.wall_seconds >= 0.25


def test_cpu_time_of_children_is_counted(tmp_path: Path) -> None:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY.format(seconds=0.3)!r}])"
    usage = run_measured(python(child), tmp_path / "log", dict(os.environ))
    assert 0.3 <= usage.cpu_seconds < 0.8


def test_peak_memory_is_counted(tmp_path: Path) -> None:
    # Linux lets a new program keep the peak of the process that started it, so more than that is taken.
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    usage = run_measured(python(f"x = b'x' * ({before + 100} << 20)"), tmp_path / "log", dict(os.environ))
    assert before + 100 < usage.peak_mb < before + 200


def test_failed_command_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"status 3 .*the disk is full"):
        run_measured(python("import sys; print('the disk is full'); sys.exit(3)"), tmp_path / "log", dict(os.environ))


TREE = f"""
import subprocess, sys
busy = {BUSY!r}
subprocess.run([sys.executable, "-c", busy.format(seconds=0.2)])  # ended and reaped
living = subprocess.Popen([sys.executable, "-c", busy.format(seconds=0.2) + "print(flush=True)\\ninput()"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE)
living.stdout.readline()
print("done", flush=True)
sys.stdin.readline()
living.communicate(b"\\n")
"""


def test_tree_counts_living_and_reaped_descendants_but_nothing_else() -> None:
    before = tree_cpu_seconds(os.getpid())
    with subprocess.Popen(python(TREE), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        used = tree_cpu_seconds(process.pid)
        ours = tree_cpu_seconds(os.getpid())
        process.communicate(b"\n")
    assert 0.4 <= used < 1.0
    assert ours - before >= used, "a tree holds those of its branches"


def test_idle_process_uses_no_cpu_time() -> None:
    program = "print(flush=True); input()"
    with subprocess.Popen(python(program), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = tree_cpu_seconds(process.pid)
        assert tree_cpu_seconds(process.pid) - first <= 0.001
        process.communicate(b"\n")


def test_process_that_is_gone_is_an_error() -> None:
    with subprocess.Popen(python("")) as process:
        pass
    with pytest.raises(KgError, match="a server ended"):
        tree_cpu_seconds(process.pid)


def test_proc_is_required_only_where_it_is_missing() -> None:
    require_proc()

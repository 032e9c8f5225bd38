"""What a command takes of the processor and of memory."""
import collections
import os
import subprocess
import sys
import tempfile

# A small process between this one and the command: a child begins with the memory of who starts it, and this one may have eaten.
BETWEEN = """
import os, sys
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
os.write(int(sys.argv[1]), f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss}".encode())
"""

# Exit status (negative: a signal), seconds of the processor, peak resident bytes.
Taken = collections.namedtuple("Taken", "status seconds memory")


def start(command, **options):
    """Starts it, `options` as Popen has them: its process, and a call that gives what it took once that has ended."""
    told, tell = os.pipe()
    process = subprocess.Popen([sys.executable, "-ISc", BETWEEN, str(tell), *map(str, command)], pass_fds=[tell], **options)
    os.close(tell)

    def taken():
        with os.fdopen(told) as pipe:
            status, seconds, memory = pipe.read().split() or (-9, 0, 0)  # killed with the process between
        return Taken(int(status), float(seconds), int(memory) << 10)

    return process, taken


def run(command, **options):
    """What it took, start to end."""
    process, taken = start(command, **options)
    process.wait()
    return taken()


def output_and_peak(command, **options):
    """(standard output, peak resident bytes) of a command that must not fail."""
    with tempfile.TemporaryFile() as output:
        status, _, memory = run(command, stdout=output, **options)
        if status != 0:
            raise SystemExit(f"exit {status}: {' '.join(map(str, command))}")
        output.seek(0)
        return output.read().decode(), memory

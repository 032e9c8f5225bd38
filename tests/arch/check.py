"""Checks one rule of the house: check.py RULE PROJECT. Prints every problem; exit 1 when there is one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import house


def formatted(root):
    """clang-format 14, the one of Debian 12, would change nothing."""
    program = shutil.which("clang-format-14")
    if not program:
        return ["clang-format-14 is not installed (apt-get install clang-format-14)"]
    paths = [str(path) for path in house.sources(root)]
    halves = [paths[i::2] for i in range(2) if paths[i::2]]
    runs = [subprocess.Popen([program, "--dry-run", "--Werror", "--style=file", *half], stderr=subprocess.PIPE, text=True)
            for half in halves]
    output = "".join(run.communicate()[1] for run in runs)
    strangers = sorted({line.split(": error: ")[0].rsplit(":", 2)[0] for line in output.split("\n") if ": error: " in line})
    return [f"{os.path.relpath(path, root)}: run clang-format-14 -i on it" for path in strangers]


RULES = house.RULES | {"formatted": formatted}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in RULES:
        sys.exit(f"usage: check.py {'|'.join(RULES)} PROJECT")
    problems = RULES[sys.argv[1]](Path(os.path.realpath(sys.argv[2])))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()

"""The rules of the house: who may know whom, and what no file may hold.

Every rule is a function from the project's folder to a list of problems, each "path:line: what".
"""

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Who may include whom. A folder may always include itself.
_BELOW_PIPELINES = ("core/base core/pickle core/image core/checkpoint core/configs core/request core/tensor core/weights core/text "
                    "core/kernels core/nn core/models core/schedulers core/adapters").split()
_RUNNER = [*_BELOW_PIPELINES, "core/engine", "core/inspect", "core/pipelines", "core/training", "core/synth", "core/library",
           "core/model_library"]
_UI_MODEL = "core/base core/image core/checkpoint core/request core/text core/engine core/imageio core/library core/model_library".split()
_UI_PARTS = [*_UI_MODEL, "ui", "ui/model", "ui/widgets"]
MAY_INCLUDE = {
    "core/base": [],
    "core/image": ["core/base"],
    "core/pickle": ["core/base"],
    "core/checkpoint": ["core/base", "core/pickle"],
    "core/configs": ["core/base"],
    "core/request": ["core/base", "core/image", "core/checkpoint"],
    "core/engine": ["core/base", "core/image", "core/request"],
    "core/inspect": "core/base core/image core/pickle core/checkpoint core/configs core/request core/text".split(),
    "core/model_library": "core/base core/image core/pickle core/checkpoint core/request core/inspect".split(),
    "core/tensor": ["core/base", "core/image", "core/kernels"],
    "core/weights": ["core/base", "core/pickle", "core/checkpoint", "core/tensor"],
    "core/text": ["core/base"],
    "core/kernels": ["core/base"],
    "core/nn": ["core/base", "core/tensor", "core/weights", "core/kernels"],
    "core/models": ["core/base", "core/configs", "core/tensor", "core/weights", "core/nn"],
    "core/schedulers": ["core/base", "core/tensor", "core/weights", "core/nn"],
    "core/adapters": ["core/base", "core/checkpoint", "core/configs", "core/request", "core/tensor", "core/weights", "core/nn", "core/models"],
    "core/pipelines": _BELOW_PIPELINES,
    "core/training": [*_BELOW_PIPELINES, "core/pipelines"],
    "core/synth": ["core/base", "core/image"],
    "core/runner": _RUNNER,
    "core/imageio": ["core/base", "core/image", "core/request"],
    "core/library": ["core/base", "core/image", "core/request"],
    "ui/model": _UI_MODEL,
    "ui/widgets": [*_UI_MODEL, "ui", "ui/model"],
    "ui/canvas": _UI_PARTS,
    "ui/panels": [*_UI_PARTS, "ui/canvas"],
    "ui": [*_UI_PARTS, "ui/canvas", "ui/panels"],
}
STANDARD_ONLY = ("core/base core/pickle core/image core/checkpoint core/configs core/request core/engine core/text core/synth "
                 "core/inspect core/model_library core/imageio core/library").split()
WITH_TORCH = ("core/tensor core/weights core/nn core/models core/schedulers core/adapters core/pipelines "
              "core/training core/runner app app/cli app/starter").split()
WITHOUT_WINDOW = ["app/cli", "app/starter"]

TORCH = re.compile(r"(torch|ATen|c10)/")
QT = re.compile(r"Q[A-Z]|Qt[A-Z]")
WIDGETS = re.compile(r"QtWidgets|Q(?!Core)\w*(Widget|Window|Dialog|Button|Layout|Slider|SpinBox|ComboBox|Label|LineEdit|TextEdit"
                     r"|ScrollArea|Splitter|Menu|ToolBar|DockWidget|Application)$")

SOURCE_FOLDERS = ["app", "core", "ui", "tests"]
CODE_ENDINGS = {".cpp", ".h", ".py", ".sh", ".cmake", ".qss"}
LINES = 800
FILE_BYTES = 16_000_000
STARTER_BYTES = 32_000_000

EMPTY_WORDS = {"manager", "helper", "helpers", "util", "utils", "handler", "service", "context", "info", "data", "common",
               "misc"}
# What cross-attention attends to: the field's own word for it.
EMPTY_WORDS_ALLOWED = {"attention_context.h", "AttentionContext"}

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "app", "core", "ui", "resources", "tests", "installer", "README.md",
             "LICENSE", "NOTICE"}
MADE_HERE = {"build", "__pycache__"}


@dataclass(frozen=True)
class Line:
    """One line of code, its comments and the insides of its strings blanked out where `code` is wanted."""

    number: int
    text: str
    code: str


_TOKENS = re.compile(r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<raw> R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)" )
  | (?P<string> "(?:\\.|[^"\\\n])*" )
  | (?P<number> (?<![\w])\d[\w']* )
  | (?P<character> '(?:\\.|[^'\\\n])+' )
""", re.VERBOSE | re.DOTALL)


def without_comments_and_strings(text):
    """C++ with the same lines, where comments are blank and strings are empty."""

    def blank(match):
        if match["number"]:
            return match[0]
        return ('""' if match["string"] or match["raw"] else " ") + "\n" * match[0].count("\n")

    return _TOKENS.sub(blank, text)


@lru_cache(maxsize=None)
def lines_of(path):
    text = path.read_text(encoding="utf-8")
    return [Line(number, line, code) for number, (line, code) in
            enumerate(zip(text.split("\n"), without_comments_and_strings(text).split("\n")), 1)]


@lru_cache(maxsize=None)
def files(root):
    """Every file of the project, without what was built in it."""
    found = []
    for folder, names, file_names in os.walk(root):
        names[:] = sorted(n for n in names if n not in MADE_HERE and not n.startswith("."))
        found += [Path(folder) / name for name in sorted(file_names)]
    return tuple(found)


def sources(root, *endings):
    wanted = endings or (".cpp", ".h")
    return [path for path in files(root)
            if path.suffix in wanted and path.relative_to(root).parts[0] in SOURCE_FOLDERS]


def folder_of(root, path):
    """The row of the table that a file belongs to: core/nn, ui/panels, ui, app/cli, tests."""
    parts = path.relative_to(root).parts[:-1]
    return parts[0] if parts[0] == "tests" else "/".join(parts[:2])


def at(root, path, line, what):
    return f"{path.relative_to(root)}:{line}: {what}"


_INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def includes_in(path):
    """(line number, own header or None, foreign header or None) of every include that is not commented out."""
    for line in lines_of(path):
        match = _INCLUDE.match(line.text) if re.match(r"\s*#\s*include", line.code) else None
        if match:
            yield line.number, match[1], match[2]


def _own_include_problem(root, folder, path, header):
    if header.endswith(".moc") and header == path.stem + ".moc":
        return None
    target = root / header
    if header.split("/")[0] not in SOURCE_FOLDERS:
        return f'"{header}": headers of the project are named from its top, others stand in <>'
    if not target.is_file():
        return f'"{header}" is not there'
    other = folder_of(root, target)
    if folder == "tests" or other == folder:
        return None
    if folder.startswith("app"):
        if other == "tests" or (folder in WITHOUT_WINDOW and other.startswith("ui")):
            return f"{folder} may not know {other}"
        return None
    if folder not in MAY_INCLUDE:
        return f"{folder} has no row in the table of tests/arch/house.py"
    return None if other in MAY_INCLUDE[folder] else f"{folder} may not know {other}"


def _foreign_include_problem(folder, header):
    if folder == "tests":
        return None
    if TORCH.match(header) and folder not in WITH_TORCH:
        return f"{folder} may not know libtorch"
    if QT.match(header) and (folder.startswith("core") or folder in WITHOUT_WINDOW):
        return f"{folder} may not know Qt"
    if WIDGETS.match(header) and folder == "ui/model":
        return "ui/model may not know Qt Widgets"
    if header.startswith("OpenImageIO/") and folder != "core/imageio":
        return "only core/imageio knows OpenImageIO"
    if header == "sqlite3.h" and folder != "core/library":
        return "only core/library knows SQLite"
    return None


def includes(root):
    """Every include stays within the table."""
    problems = []
    for path in sources(root):
        folder = folder_of(root, path)
        for number, own, foreign in includes_in(path):
            problem = _own_include_problem(root, folder, path, own) if own else _foreign_include_problem(folder, foreign)
            if problem:
                problems.append(at(root, path, number, problem))
    return problems


def boundaries(root):
    """No header without libtorch speaks of it, and core does not speak of Qt."""
    torch = re.compile(r"\btorch\b|\bat::|\bc10::")
    qt = re.compile(r"\bQ(t?[A-Z][a-z])\w*|\bQ_[A-Z]+\b")
    problems = []
    for path in sources(root):
        folder = folder_of(root, path)
        plain_header = path.suffix == ".h" and (folder in STANDARD_ONLY or folder.startswith("ui"))
        for line in lines_of(path):
            if plain_header and torch.search(line.code):
                problems.append(at(root, path, line.number, f"a header of {folder} speaks of libtorch"))
            if folder.startswith("core") and qt.search(line.code):
                problems.append(at(root, path, line.number, f"{folder} speaks of Qt"))
    return problems


def headers(root):
    """Costly headers stay behind their doors, and every header is guarded."""
    problems = []
    for path in sources(root):
        folder = folder_of(root, path)
        for number, _, foreign in includes_in(path):
            header = foreign or ""
            if header in ("torch/torch.h", "torch/all.h") or re.match(r"torch/(csrc/api/include/torch/)?nn\b", header):
                problems.append(at(root, path, number, f"<{header}> costs every file 15 seconds; take ATen's narrow headers"))
            # A kernel of our own in core/nn brings its gradient along.
            own_gradient = (folder, header, path.suffix) == ("core/nn", "torch/csrc/autograd/custom_function.h", ".cpp")
            if (re.match(r"torch/(optim|autograd|csrc/autograd)\b", header) and folder not in ("core/training", "tests")
                    and not own_gradient):
                problems.append(at(root, path, number, f"<{header}> belongs to core/training"))
        if path.suffix == ".h" and not any(line.code.strip() == "#pragma once" for line in lines_of(path)):
            problems.append(at(root, path, 1, "no #pragma once"))
    return problems


def sizes(root):
    """No code file over 800 lines, no file over 16 MB, the starter within 32 MB."""
    problems, starter = [], 0
    for path in files(root):
        size = path.stat().st_size
        if path.is_relative_to(root / "resources" / "starter"):
            starter += size
        if size > FILE_BYTES:
            problems.append(at(root, path, 1, f"{size} bytes; a file has at most {FILE_BYTES}"))
        elif path.suffix in CODE_ENDINGS or path.name == "CMakeLists.txt":
            count = len(lines_of(path)) - 1
            if count > LINES:
                problems.append(at(root, path, LINES, f"{count} lines; a file has at most {LINES}: two things in one room"))
    if starter > STARTER_BYTES:
        problems.append(f"resources/starter: {starter} bytes; it has at most {STARTER_BYTES}")
    return problems


def names(root):
    """Words that say nothing are no names of files and types."""
    declared = re.compile(r"\b(?:class|struct|union|enum(?:\s+class)?|concept)\s+(\w+)(?!\w|\s*;)|\busing\s+(\w+)\s*=")
    problems = []

    def check(path, number, name, words):
        empty = sorted(EMPTY_WORDS & {word.lower() for word in words})
        if empty and name not in EMPTY_WORDS_ALLOWED:
            problems.append(at(root, path, number, f"{name}: '{empty[0]}' says nothing; name the thing"))

    for path in files(root):
        if path.suffix in CODE_ENDINGS:
            check(path, 1, path.name, re.split(r"[_.\-]", path.name))
    for path in sources(root):
        for line in lines_of(path):
            for match in declared.finditer(line.code):
                name = match[1] or match[2]
                check(path, line.number, name, re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name))
    return problems


def threads(root):
    """One worker, in core/engine; the window neither waits nor runs a loop in a loop."""
    made = re.compile(r"\bstd::(jthread|thread(?!::(id|hardware_concurrency))|async)\b")
    let_go = re.compile(r"\bdetach\s*\(") # of a thread; where there is libtorch it is a tensor's word
    waiting = re.compile(r"\bBlockingQueuedConnection\b|\bprocessEvents\b|\bQEventLoop\b")
    problems = []
    for path in sources(root):
        folder = folder_of(root, path)
        if folder == "tests":
            continue
        for line in lines_of(path):
            own = made.search(line.code) or (folder not in WITH_TORCH and let_go.search(line.code))
            if own and folder != "core/engine":
                problems.append(at(root, path, line.number, "threads are made in core/engine only"))
            if waiting.search(line.code):
                problems.append(at(root, path, line.number, "the window does not wait: make it a signal"))
    return problems


_FOREACH = re.compile(r"foreach\(\s*(\w+)\s+([^)]*)\)(.*?)endforeach\(\)", re.DOTALL)


def _listed_in(root, cmake):
    """The .cpp files that a CMakeLists.txt names, its plain loops written out."""
    code = "\n".join(line.split("#")[0] for line in cmake.read_text(encoding="utf-8").split("\n"))
    code = _FOREACH.sub(lambda loop: " ".join(loop[3].replace("${" + loop[1] + "}", value) for value in loop[2].split()), code)
    code = code.replace("${CMAKE_SOURCE_DIR}", str(root)).replace("${CMAKE_CURRENT_SOURCE_DIR}", str(cmake.parent))
    return {os.path.normpath(cmake.parent / name) for name in re.findall(r"[\w./-]+\.cpp", code)}


def listed(root):
    """Every .cpp is compiled by somebody: a CMakeLists.txt names it."""
    known = set()
    for path in files(root):
        if path.name == "CMakeLists.txt":
            known |= _listed_in(root, path)
    return [at(root, path, 1, "in no CMakeLists.txt, so nobody compiles it")
            for path in sources(root, ".cpp") if str(path) not in known]


def unfinished(root):
    """Nothing is left for later, and nothing of one machine is written down."""
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    machine = re.compile(r"(?<![\w.])/(work|root|farm)/|pypi\.org|pythonhosted|deb\.debian\.org")
    problems = []
    for path in files(root):
        if path.suffix not in CODE_ENDINGS | {".md", ".txt", ".json"} or path.is_relative_to(root / "tests" / "arch"):
            continue
        if path.stat().st_size > 1_000_000 or path.is_relative_to(root / "resources" / "starter"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if marks.search(line):
                problems.append(at(root, path, number, "left for later: finish it"))
            if machine.search(line):
                problems.append(at(root, path, number, "a path of one machine or a host of a registry"))
    return problems


def top_level(root):
    """The top folder holds what it should hold, and nothing else."""
    there = {path.name for path in root.iterdir() if not path.name.startswith(".")} - MADE_HERE
    problems = [f"{name}: does not belong at the top" for name in sorted(there - TOP_LEVEL)]
    return problems + [f"{name}: missing" for name in sorted(TOP_LEVEL - there)]


RULES = {rule.__name__: rule for rule in
         (includes, boundaries, headers, sizes, names, threads, listed, unfinished, top_level)}

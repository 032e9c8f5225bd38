"""Every rule can fail: it is quiet about a sound little house, and names what is planted into it."""

import shutil
import tempfile
import unittest
from pathlib import Path

import check
import house

HEADER = "#pragma once\n\nnamespace likeness {}\n"
SOUND = {
    "CMakeLists.txt": "add_subdirectory(core)\n",
    "CMakePresets.json": "{}\n",
    "README.md": "# A house\n",
    "LICENSE": "",
    "NOTICE": "",
    ".clang-format": "BasedOnStyle: LLVM\nColumnLimit: 100\nIndentWidth: 4\n",
    "app/CMakeLists.txt": "likeness_program(likeness SOURCES cli/main.cpp)\n",
    "app/cli/main.cpp": '#include "core/runner/torch_runner.h"\n\n#include <ATen/core/Tensor.h>\n',
    "core/base/error.h": HEADER,
    "core/base/CMakeLists.txt": "likeness_library(likeness_base SOURCES error.cpp)\n",
    "core/base/error.cpp": '#include "core/base/error.h"\n\n#include <string>\n',
    "core/tensor/tensor.h": "#pragma once\n\n#include <ATen/core/Tensor.h>\n",
    "core/engine/engine.h": "#pragma once\n\n#include <thread>\n\nstruct Engine {\n    std::jthread worker_;\n};\n",
    "core/runner/torch_runner.h": '#pragma once\n\n#include "core/engine/engine.h"\n#include "core/tensor/tensor.h"\n',
    "core/imageio/load.h": "#pragma once\n\n#include <OpenImageIO/imageio.h>\n",
    "ui/main_window.h": '#pragma once\n\n#include "ui/panels/prompt_panel.h"\n\n#include <QMainWindow>\n',
    "ui/panels/prompt_panel.h": '#pragma once\n\n#include "core/base/error.h"\n',
    "ui/model/engine_client.h": '#pragma once\n\n#include "core/engine/engine.h"\n\n#include <QObject>\n',
    "resources/starter/MODEL_CARD.md": "small\n",
    "tests/core/test_error.cpp": '#include "core/base/error.h"\n\n#include <QTest>\n',
    "tests/CMakeLists.txt": "likeness_test(core/error SOURCES core/test_error.cpp)\n",
    "installer/run.sh": "true\n",
}


class House(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="likeness-house-"))
        self.addCleanup(shutil.rmtree, self.root)
        for path, text in SOUND.items():
            self.plant(path, text)

    def plant(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def problems(self, rule):
        house.files.cache_clear()
        house.lines_of.cache_clear()
        return check.RULES[rule](self.root)

    def assert_found(self, rule, path, what):
        """Exactly one problem, in that file and about that."""
        problems = self.problems(rule)
        self.assertEqual(len(problems), 1, problems)
        self.assertTrue(problems[0].startswith(path), problems)
        self.assertIn(what, problems[0])

    def test_a_sound_house_has_no_problems(self):
        for rule in check.RULES:
            with self.subTest(rule):
                self.assertEqual(self.problems(rule), [])

    def test_includes_against_the_arrows(self):
        strangers = {
            "core/base/a.h": ('"core/engine/engine.h"', "core/base may not know core/engine"),
            "core/engine/a.h": ('"core/tensor/tensor.h"', "core/engine may not know core/tensor"),
            "core/text/a.h": ("<ATen/core/Tensor.h>", "may not know libtorch"),
            "core/request/a.h": ("<c10/core/Device.h>", "may not know libtorch"),
            "core/tensor/a.h": ("<QString>", "may not know Qt"),
            "core/runner/a.h": ('"core/imageio/load.h"', "core/runner may not know core/imageio"),
            "core/image/a.h": ("<OpenImageIO/imageio.h>", "only core/imageio"),
            "core/base/b.h": ("<sqlite3.h>", "only core/library"),
            "ui/panels/a.h": ('"core/tensor/tensor.h"', "ui/panels may not know core/tensor"),
            "ui/model/a.h": ('"ui/panels/prompt_panel.h"', "ui/model may not know ui/panels"),
            "ui/model/b.h": ("<QLineEdit>", "Qt Widgets"),
            "ui/widgets/a.h": ("<torch/types.h>", "may not know libtorch"),
            "app/cli/a.h": ('"ui/main_window.h"', "app/cli may not know ui"),
            "app/starter/a.h": ("<QApplication>", "may not know Qt"),
            "core/novelty/a.h": ('"core/base/error.h"', "no row in the table"),
            "core/nn/a.h": ('"layers.h"', "named from its top"),
            "core/nn/b.h": ('"core/nn/gone.h"', "is not there"),
        }
        for path, (header, what) in strangers.items():
            with self.subTest(path):
                self.plant(path, f"#pragma once\n#include {header}\n")
                self.assert_found("includes", path + ":2", what)
                (self.root / path).unlink()

    def test_an_include_in_a_comment_is_none(self):
        self.plant("core/base/a.h", '#pragma once\n// #include <QString>\n/*\n#include "ui/main_window.h"\n*/\n')
        self.assertEqual(self.problems("includes"), [])

    def test_boundaries(self):
        for path, code, what in [
            ("core/request/a.h", "void run(const at::Tensor& t);", "speaks of libtorch"),
            ("ui/panels/a.h", "namespace torch {}", "speaks of libtorch"),
            ("core/tensor/a.h", "class QImage;", "speaks of Qt"),
            ("core/runner/a.cpp", "Q_EMIT done();", "speaks of Qt"),
        ]:
            with self.subTest(path):
                self.plant(path, f"#pragma once\n{code}\n")
                self.assert_found("boundaries", path + ":2", what)
                (self.root / path).unlink()

    def test_boundaries_leave_words_alone(self):
        self.plant("core/request/a.h", '#pragma once\n// as torch draws it, 1\'000 times\nint QKV = 1; // QImage\n'
                                       'auto s = "c10::Device";\nauto r = R"x(QString\n)x";\n')
        self.assertEqual(self.problems("boundaries"), [])

    def test_costly_headers(self):
        for path, header in [("core/nn/a.h", "torch/torch.h"), ("core/training/a.h", "torch/nn.h"),
                             ("core/training/b.h", "torch/nn/functional.h"), ("core/nn/b.h", "torch/optim.h"),
                             ("core/models/a.h", "torch/autograd.h"), ("core/nn/c.h", "torch/csrc/autograd/variable.h")]:
            with self.subTest(header):
                self.plant(path, f"#pragma once\n#include <{header}>\n")
                self.assert_found("headers", path + ":2", header)
                (self.root / path).unlink()
        self.plant("core/training/c.h", "#pragma once\n#include <torch/optim.h>\n")
        self.plant("core/nn/kernel.cpp", "#include <torch/csrc/autograd/custom_function.h>\n")
        self.assertEqual(self.problems("headers"), [])
        self.plant("core/base/unguarded.h", "struct Unguarded {};\n")
        self.assert_found("headers", "core/base/unguarded.h", "#pragma once")

    def test_sizes(self):
        self.plant("core/base/error.cpp", "\n" * 800)
        self.assertEqual(self.problems("sizes"), [])
        self.plant("core/base/error.cpp", "\n" * 801)
        self.assert_found("sizes", "core/base/error.cpp", "801 lines")

    def test_bytes(self):
        with open(self.root / "resources/large.bin", "wb") as out:
            out.truncate(16_000_001)
        self.assert_found("sizes", "resources/large.bin", "16000001 bytes")
        (self.root / "resources/large.bin").unlink()
        for part in "abc":
            with open(self.root / f"resources/starter/{part}.bin", "wb") as out:
                out.truncate(11_000_000)
        self.assert_found("sizes", "resources/starter", "it has at most 32000000")

    def test_empty_names(self):
        for path, text in [("core/base/job_manager.h", HEADER), ("installer/common.sh", "true\n"),
                           ("core/base/a.h", "#pragma once\nclass RequestHandler {};\n"),
                           ("core/base/b.h", "#pragma once\nenum class Misc { a };\n"),
                           ("core/base/c.h", "#pragma once\nstruct ModelInfo {};\n"),
                           ("core/base/d.h", "#pragma once\nusing Util = int;\n")]:
            with self.subTest(path):
                self.plant(path, text)
                self.assert_found("names", path, "says nothing")
                (self.root / path).unlink()

    def test_names_that_only_look_empty(self):
        self.plant("core/models/attention_context.h", "#pragma once\nstruct AttentionContext {};\n"
                                                    "struct Database {};\nclass QMimeData;\n")
        self.assertEqual(self.problems("names"), [])

    def test_threads(self):
        for path, code in [("core/runner/a.cpp", "std::thread t;"), ("ui/a.cpp", "auto f = std::async(g);"),
                           ("core/base/a.cpp", "worker.detach();"), ("app/a.cpp", "std::jthread t(run);"),
                           ("ui/panels/a.cpp", "QEventLoop loop;"), ("ui/b.cpp", "app->processEvents();")]:
            with self.subTest(path):
                self.plant(path, f"{code}\n")
                self.assert_found("threads", path + ":1", "")
                (self.root / path).unlink()
        self.plant("core/training/a.cpp", "const auto loss = value.detach();\nstd::thread::id who;\n")
        self.plant("tests/core/a.cpp", "std::thread t;\n")
        self.assertEqual(self.problems("threads"), [])

    def test_unlisted(self):
        self.plant("core/base/hash.cpp", "\n")
        self.assert_found("listed", "core/base/hash.cpp", "nobody compiles it")
        self.plant("core/base/CMakeLists.txt", "likeness_library(likeness_base SOURCES error.cpp # hash.cpp\n)\n")
        self.assert_found("listed", "core/base/hash.cpp", "nobody compiles it")
        self.plant("core/base/CMakeLists.txt", "likeness_library(likeness_base SOURCES error.cpp rehash.cpp)\n")
        self.assert_found("listed", "core/base/hash.cpp", "nobody compiles it")
        self.plant("core/base/CMakeLists.txt", "likeness_library(likeness_base SOURCES error.cpp ../text/hash.cpp)\n")
        self.assert_found("listed", "core/base/hash.cpp", "nobody compiles it")
        self.plant("core/base/CMakeLists.txt", "foreach(f read write)\n  likeness_test(${f} SOURCES error.cpp ${f}.cpp)\nendforeach()\n")
        self.assert_found("listed", "core/base/hash.cpp", "nobody compiles it")
        self.plant("tests/CMakeLists.txt", 'set(it "${CMAKE_SOURCE_DIR}/core/base/hash.cpp" core/test_error.cpp)\n')
        self.assertEqual(self.problems("listed"), [])
        self.plant("tests/CMakeLists.txt", SOUND["tests/CMakeLists.txt"])
        self.plant("core/base/CMakeLists.txt", "foreach(f hash error)\n  likeness_test(${f} SOURCES ${f}.cpp)\nendforeach()\n")
        self.assertEqual(self.problems("listed"), [])

    def test_unfinished(self):
        for path, text in [("core/base/error.cpp", "// TODO: more\n"), ("installer/run.sh", "# FIXME\n"),
                           ("tests/CMakeLists.txt", "set(x /root/x)\nlikeness_test(core/error SOURCES core/test_error.cpp)\n"),
                           ("README.md", "see /work/shared\n")]:
            with self.subTest(path):
                self.plant(path, text)
                self.assert_found("unfinished", path + ":1", "")
                self.plant(path, SOUND[path])

    def test_top_level(self):
        self.plant("notes.md", "\n")
        self.plant("build/release/x.txt", "\n")
        self.plant(".ci/run", "\n")
        self.assert_found("top_level", "notes.md", "does not belong")
        (self.root / "notes.md").unlink()
        (self.root / "NOTICE").unlink()
        self.assert_found("top_level", "NOTICE", "missing")

    def test_formatting(self):
        self.plant("core/base/error.cpp", "int  a;\nint  b;\n")
        self.assert_found("formatted", "core/base/error.cpp", "clang-format")


if __name__ == "__main__":
    unittest.main()

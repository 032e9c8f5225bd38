#include "app/log.h"

#include <QString>
#include <QtGlobal>

#include <memory>

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace likeness {

namespace {

constexpr std::size_t kBytes = 2U << 20U;
constexpr std::size_t kFiles = 5;

// What Qt said before goes on being said; a warning is kept as well.
QtMessageHandler before = nullptr;

// Without a file nothing is kept: spdlog's own default would write to the terminal.
std::shared_ptr<spdlog::logger> file;

void keepWarning(QtMsgType type, const QMessageLogContext& context, const QString& text) {
    if (type != QtDebugMsg && type != QtInfoMsg) {
        file->warn("Qt: {}", text.toStdString());
    }
    if (before != nullptr) {
        before(type, context, text);
    }
}

} // namespace

void openLog(const std::filesystem::path& folder) {
    try {
        std::filesystem::create_directories(folder);
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
            (folder / "likeness-studio.log").string(), kBytes, kFiles - 1);
        file = std::make_shared<spdlog::logger>("likeness", std::move(sink));
        file->flush_on(spdlog::level::info);
        before = qInstallMessageHandler(keepWarning);
    } catch (const std::exception&) { // spdlog_ex, filesystem_error: the program works without
        file.reset();
    }
}

void logLine(const std::string& line) {
    if (file) {
        file->info("{}", line);
    }
}

void logError(const std::string& what, const std::string& detail) {
    if (file) {
        file->error("{}{}{}", what, detail.empty() ? "" : ": ", detail);
    }
}

} // namespace likeness

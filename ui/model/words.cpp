#include "ui/model/words.h"

#include "core/base/error.h"
#include "core/base/wording.h"

#include <QCoreApplication>

#include <filesystem>
#include <new>

namespace likeness {

QString inWords(const Message& message) {
    return QString::fromStdString(message.text([](const std::string& words) {
        return QCoreApplication::translate("core", words.c_str()).toStdString();
    }));
}

QString inWords(const Problem& problem) {
    return QString::fromStdString(problem.field) + ' ' + inWords(problem.message);
}

QString reasonOf(const std::function<void()>& work) {
    try {
        work();
        return {};
    } catch (const Error& error) {
        return inWords(error.message);
    } catch (const std::bad_alloc&) {
        return inWords(message("Memory ran out."));
    } catch (const std::filesystem::filesystem_error& error) {
        return inWords(message("{} could not be read: {}.", in_quotes(error.path1().string()),
                               system_words(error.code())));
    } catch (const std::exception& error) {
        qWarning("%s", error.what());
        return inWords(message("The program made a mistake. Its details are in the log."));
    }
}

} // namespace likeness

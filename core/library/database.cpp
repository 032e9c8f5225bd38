#include "core/library/database.h"

#include "core/base/error.h"

#include <sqlite3.h>

namespace likeness {

namespace {

constexpr int kBusyMilliseconds = 5000; // another window of ours may be writing

[[noreturn]] void refuse(sqlite3* database) {
    const int code = sqlite3_errcode(database);
    const char* file = sqlite3_db_filename(database, nullptr);
    const std::string name = file != nullptr ? file : "";
    const std::string detail = sqlite3_errmsg(database);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        throw Error(ErrorCode::file_damaged, message("{} is damaged.", name), detail);
    }
    if (code == SQLITE_NOMEM) {
        throw Error(ErrorCode::out_of_memory, message("Memory ran out while {} was read.", name),
                    detail);
    }
    throw Error(ErrorCode::write_failed,
                message("{} could not be read or written ({}). Look whether the disk "
                        "is full or the folder is read-only.",
                        name, detail),
                detail);
}

void check(sqlite3* database, int result) {
    if (result != SQLITE_OK) {
        refuse(database);
    }
}

} // namespace

void Database::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

Database::Database(const std::filesystem::path& path) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(
        path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
        nullptr);
    handle_.reset(opened);
    if (opened == nullptr) {
        throw Error(ErrorCode::out_of_memory,
                    message("Memory ran out while {} was opened.", path.string()));
    }
    check(opened, result);
    sqlite3_busy_timeout(opened, kBusyMilliseconds);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
}

void Database::run(const std::string& sql) {
    check(handle(), sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::last_row() const {
    return sqlite3_last_insert_rowid(handle());
}

void move_aside(const std::filesystem::path& file) {
    for (const char* part : {"", "-wal", "-shm"}) {
        auto from = file, to = file;
        from += part;
        to += std::string(".damaged") + part;
        std::error_code missing; // most often there is no log
        std::filesystem::rename(from, to, missing);
    }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Statement::Statement(const Database& database, std::string_view sql) {
    sqlite3_stmt* made = nullptr;
    check(database.handle(), sqlite3_prepare_v2(database.handle(), sql.data(),
                                                static_cast<int>(sql.size()), &made, nullptr));
    statement_.reset(made);
}

Statement& Statement::bind(int place, std::int64_t number) {
    check(sqlite3_db_handle(statement_.get()), sqlite3_bind_int64(statement_.get(), place, number));
    return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
    check(sqlite3_db_handle(statement_.get()),
          sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(), SQLITE_TRANSIENT,
                              SQLITE_UTF8));
    return *this;
}

bool Statement::step() {
    const int result = sqlite3_step(statement_.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        refuse(sqlite3_db_handle(statement_.get()));
    }
    return result == SQLITE_ROW;
}

void Statement::finish() {
    while (step()) {
    }
    reset();
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const auto* bytes = static_cast<const char*>(
        static_cast<const void*>(sqlite3_column_text(statement_.get(), column)));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
}

Transaction::Transaction(Database& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (open_) {
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Transaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

} // namespace likeness

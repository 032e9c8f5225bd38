#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace likeness {

// One SQLite file, opened for reading and writing. Every failure is an Error: write_failed where
// the disk or a permission is at fault, file_damaged where the file is.
class Database {
public:
    // Opens or makes the file; write-ahead log, every commit synced.
    explicit Database(const std::filesystem::path& path);

    // Statements without results; several may stand in one text.
    void run(const std::string& sql);

    std::int64_t last_row() const; // of the last INSERT

    sqlite3* handle() const { return handle_.get(); }

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };

    std::unique_ptr<sqlite3, Close> handle_;
};

// Moves a damaged file, with its log, to "<file>.damaged", over an older one.
void move_aside(const std::filesystem::path& file);

// A prepared statement: bind, step, read, and again after reset(). Places and columns as SQLite
// counts them: places from 1, columns from 0.
class Statement {
public:
    Statement(const Database& database, std::string_view sql);

    Statement& bind(int place, std::int64_t number);
    Statement& bind(int place, std::string_view text);

    bool step();   // false: there is no further row
    void finish(); // steps to the end and resets, for statements without rows
    void reset();

    std::int64_t number(int column) const;
    std::string text(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Everything until commit(), or nothing.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction(); // rolls back what was not committed
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Database& database_;
    bool open_ = true;
};

} // namespace likeness

// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <system_error>

#include "sim/metrics/output_file.h"
#include "sim/sweep/result_store.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

[[noreturn]] void fail(const fs::path& file, sqlite3* database) {
  throw OutputError(fmt::format("cannot write {}: {}; the CSV files have the same rows", file.string(),
                                database != nullptr ? sqlite3_errmsg(database) : "out of memory"));
}

/** An open database file that knows its name for messages. */
class Writer {
 public:
  explicit Writer(const fs::path& file) : file_(file), database_(nullptr, sqlite3_close) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open(file.c_str(), &opened);
    database_.reset(opened);
    check(result == SQLITE_OK);
    run("PRAGMA journal_mode = OFF");
    run("BEGIN");
  }

  void add(const ResultTable& table);

  void commit() { run("COMMIT"); }

 private:
  void check(bool fine) const {
    if (!fine) {
      fail(file_, database_.get());
    }
  }
  void run(const std::string& sql) const {
    check(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  void insert(sqlite3_stmt* statement, const std::vector<Cell>& row) const;

  fs::path file_;
  Database database_;
};

std::string quoted(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) {
    result.append(c == '"' ? 2 : 1, c);
  }
  return result + '"';
}

int bind(sqlite3_stmt* statement, int at, const Cell& cell) {
  if (const auto* value = std::get_if<double>(&cell)) {
    return sqlite3_bind_double(statement, at, *value);
  }
  if (const auto* value = std::get_if<std::int64_t>(&cell)) {
    return sqlite3_bind_int64(statement, at, *value);
  }
  if (const auto* text = std::get_if<std::string>(&cell)) {
    return sqlite3_bind_text(statement, at, text->c_str(), -1, SQLITE_TRANSIENT);
  }
  return sqlite3_bind_null(statement, at);
}

void Writer::insert(sqlite3_stmt* statement, const std::vector<Cell>& row) const {
  for (std::size_t i = 0; i < row.size(); ++i) {
    check(bind(statement, static_cast<int>(i) + 1, row[i]) == SQLITE_OK);
  }
  check(sqlite3_step(statement) == SQLITE_DONE);
  sqlite3_reset(statement);
}

void Writer::add(const ResultTable& table) {
  std::string columns, places;
  for (const std::string& column : table.columns) {
    columns += (columns.empty() ? "" : ", ") + quoted(column);
    places += places.empty() ? "?" : ", ?";
  }
  run(fmt::format("CREATE TABLE {} ({})", quoted(table.name), columns));
  sqlite3_stmt* prepared = nullptr;
  const std::string sql = fmt::format("INSERT INTO {} VALUES ({})", quoted(table.name), places);
  check(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr) == SQLITE_OK);
  const Statement statement(prepared, sqlite3_finalize);
  for (const std::vector<Cell>& row : table.rows) {
    insert(statement.get(), row);
  }
}

}  // namespace

void write_sqlite(const fs::path& file, const std::vector<ResultTable>& tables) {
  fs::path temporary = file;
  temporary += ".tmp";
  std::error_code error;
  fs::remove(temporary, error);
  {
    Writer writer(temporary);
    for (const ResultTable& table : tables) {
      writer.add(table);
    }
    writer.commit();
  }
  fs::rename(temporary, file);
}

}  // namespace gbsim

// What tests of small stores do again and again.
#pragma once

#include <catch2/catch.hpp>

#include <sqlite3.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/limits.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/history/history_export.hpp"
#include "storage/history/history_import.hpp"
#include "storage/verify/verify.hpp"
#include "tests/support/files.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::storage {

using support::TestStore;

inline Instant instant(std::string_view text) {
  return *parse_instant(text);
}

inline Verdict use(Driver& driver, Instant at, const std::string& customer, const std::string& key,
                   std::int64_t tokens = 10, const std::string& operation = "chat") {
  Verdict verdict;
  UsageRequest request;
  request.usage.operation = operation;
  request.usage.idempotency_key = key;
  request.usage.tokens = tokens;
  const StoreStatus failed = driver.usage(at, customer, request, verdict);
  INFO((failed ? failed->detail : ""));
  REQUIRE_FALSE(failed);
  return verdict;
}

inline void commit(Driver& driver) {
  const CommitResult done = driver.commit();
  INFO((done.error ? done.error->detail : ""));
  REQUIRE(done.committed());
}

inline void sql(const std::string& path, const std::string& text) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const int result = sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr);
  INFO(text << ": " << sqlite3_errmsg(db));
  REQUIRE(result == SQLITE_OK);
  sqlite3_close(db);
}

inline VerifyReport verified(Store& store, bool at_rest = true) {
  VerifyOptions options;
  options.at_rest = at_rest;
  auto report = verify_store(store, options);
  INFO((report.ok() ? "" : report.error().detail));
  REQUIRE(report.ok());
  return *report;
}

inline std::string shown(const VerifyReport& report) {
  std::string out;
  for (const Damage& damage : report.damages) out += damage.where + ": " + damage.what + "\n";
  return out;
}

inline std::string exported(Store& store) {
  std::string lines;
  REQUIRE(export_history(store,
                         [&](std::string_view part) { return lines += part, Status(Done{}); }, {})
              .ok());
  return lines;
}

inline void import(Driver& driver, const std::string& lines) {
  HistoryImport import(driver, {});
  support::each_line(lines, [&](std::string_view line) {
    const auto taken = import.line(line);
    INFO((taken.ok() ? "" : taken.error().detail));
    REQUIRE(taken.ok());
  });
  REQUIRE(import.finish().ok());
}

inline void change(Store& store, const std::function<void(Batch&)>& fill) {
  REQUIRE_FALSE(store.lock("a test", false));
  std::vector<ShardState> states;
  REQUIRE_FALSE(store.take_epochs(states));
  Batch batch;
  batch.claim(0, states[0].epoch, states[0].last_sequence);
  fill(batch);
  REQUIRE_FALSE(store.commit(0, batch));
}

inline const Instant kAt = instant("2026-03-01T00:00:00Z");

}  // namespace reckoner::storage

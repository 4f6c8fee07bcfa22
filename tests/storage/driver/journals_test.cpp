// A history in which customers are set aside, through crashes at every place: the report is
// replay's, and verify finds nothing.
#include <atomic>
#include <map>
#include <thread>

#include "storage/history/history_export.hpp"
#include "storage/history/history_import.hpp"
#include "storage/verify/verify.hpp"
#include "tests/storage/driver/mixed_lines.hpp"
#include "tests/storage/driver/stand.hpp"
#include "tests/support/store.hpp"

namespace reckoner {
namespace {

using namespace support;

std::vector<std::string> lines_with_faults(std::uint64_t seed) {
  std::vector<std::string> lines =
      mixed_lines({.seed = seed, .lines = 120, .customers = 6, .most_seconds = 400'000});
  // The first line is a book: the dearest there is.
  const std::string prices =
      R"~("prices":{"plans":[{"id":"free","name":"f","product_ids":["cortex_free"],"price_)~"
      R"~(usd":"0","tokens_per_month":1,"rate_limit":1,"pricing":{"model":"per_unit","unit)~"
      R"~(_price_usd":"1000000"}},{"id":"starter","name":"f","product_ids":["cortex_starte)~"
      R"~(r"],"price_usd":"0","tokens_per_month":1,"rate_limit":1,"pricing":{"model":"per_)~"
      R"~(unit","unit_price_usd":"900000"}},{"id":"professional","name":"f","product_ids":)~"
      R"~(["cortex_professional"],"price_usd":"0","tokens_per_month":1,"rate_limit":1,"pri)~"
      R"~(cing":{"model":"per_unit","unit_price_usd":"900000"}},{"id":"enterprise","name":)~"
      R"~("f","product_ids":["cortex_enterprise"],"price_usd":"0","tokens_per_month":1,"ra)~"
      R"~(te_limit":1,"pricing":{"model":"per_unit","unit_price_usd":"900000"}}]},"setting)~"
      R"~(s")~";
  lines[0].replace(lines[0].find("\"settings\""), 10, prices);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out.push_back(lines[i]);
    if (i % 23 != 22) continue;
    const std::string at = lines[i].substr(0, lines[i].find("\",\"kind\""));
    out.push_back(at + R"(","kind":"usage","customer_id":"c)" + std::to_string(i % 4) +
                  R"(","tokens":1000000000000,"operation":"chat","idempotency_key":"huge)" +
                  std::to_string(i) + "\"}");
  }
  return out;
}

std::string found_by_verify(const TestStore& store) {
  storage::VerifyOptions options;
  options.at_rest = true;
  const auto opened = store.open_store();
  const auto report = storage::verify_store(*opened, options);
  REQUIRE(report.ok());
  std::string out;
  for (const storage::Damage& damage : report->damages)
    out += damage.where + ": " + damage.what + "\n";
  return out;
}

}  // namespace

TEST_CASE("journals: customers who are set aside, through crashes") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const std::vector<std::string> lines = lines_with_faults(seed);
    const std::string expected = replayed_report(lines);
    for (const std::size_t batch : {1, 5, 17})
      for (const int every : {1, 3, 7}) {
        INFO("seed " << seed << ", batches of " << batch << ", every " << every);
        const TestStore store("memory", 2);
        Sender::Options options = in_batches(batch);
        int number = 0;
        options.between = [&](std::size_t) {
          ++number;
          if (number % every != 0) return Sender::Interruption::none;
          return number / every % 3 == 0   ? Sender::Interruption::write
                 : number / every % 3 == 1 ? Sender::Interruption::crash
                                           : Sender::Interruption::close;
        };
        Sender sender(lines, opener(store), options);
        sender.send_all();
        CHECK(found_by_verify(store) == "");
        const std::string found = report_of(store, lines);
        std::size_t at = 0;
        while (at < found.size() && at < expected.size() && found[at] == expected[at]) ++at;
        const std::size_t from = at < 80 ? 0 : at - 80;
        CHECK(found.substr(from, 300) == expected.substr(from, 300));
        sender.send_all_again();
        sender.only_open_and_close();
        CHECK(found_by_verify(store) == "");
      }
  }
}

// Exported, imported, exported again: the same lines, and the same state.
TEST_CASE("journals: any can be exported and imported") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    std::vector<std::string> lines =
        seed % 2 == 0 ? lines_with_faults(seed)
                      : mixed_lines({.seed = seed,
                                     .lines = 150,
                                     .customers = 6,
                                     .most_seconds = seed % 3 == 0 ? 3 : 90'000});
    lines[0].insert(lines[0].find(",\"kind\""), ",\"opening\":true");
    lines.push_back(lines.back().substr(0, lines.back().find("\",\"kind\"")) +
                    R"(","kind":"usage","customer_id":"c0","tokens":1,"operation":"chat"})");
    for (const bool reject : {false, true}) {
      if (reject)
        for (std::string& line : lines)
          if (const auto at = line.find("\"settings\":{\"polar.link_by_email\"");
              at != std::string::npos)
            line.insert(at + 12, R"("usage.unknown_customer":")" +
                                     std::string(at % 2 == 0 ? "reject" : "register") + "\",");
      INFO("seed " << seed);
      const auto fill = [](const TestStore& store, const std::vector<std::string>& from) {
        auto driver = store.open({});
        storage::HistoryImport import(*driver, {std::nullopt, 13});
        for (const std::string& line : from) {
          const auto taken = import.line(line);
          INFO(line << (taken.ok() ? "" : taken.error().detail));
          REQUIRE(taken.ok());
        }
        REQUIRE(import.finish().ok());
        Ledger ledger{Books()};
        const auto report = import.report(ledger);
        REQUIRE(report.ok());
        return report->state_hash;
      };
      const auto exported = [](const TestStore& store) {
        std::string out;
        const auto opened = store.open_store();
        REQUIRE(storage::export_history(
                    *opened, [&](std::string_view part) { return out += part, Status(Done{}); }, {})
                    .ok());
        std::vector<std::string> split;
        for (std::size_t at = 0; at < out.size();) {
          const std::size_t end = out.find('\n', at);
          split.push_back(out.substr(at, end - at));
          at = end + 1;
        }
        return split;
      };
      const TestStore one("memory", 3), two("memory", 3), three("memory", 7);
      const std::string hash = fill(one, lines);
      const std::vector<std::string> first = exported(one);
      CHECK(fill(two, first) == hash);
      CHECK(exported(two) == first);
      CHECK(fill(three, first) == hash);
      CHECK(found_by_verify(three) == "");
    }
  }
}

// With the clock's entries, which an import passes over, and crashes.
TEST_CASE("journals: one with the clock's entries comes to the same state without them") {
  const auto hash_of = [](const TestStore& store) {
    storage::VerifyOptions options;
    options.at_rest = true;
    const auto opened = store.open_store();
    const auto report = storage::verify_store(*opened, options);
    REQUIRE(report.ok());
    CHECK(report->holds());
    return report->state_hash + " at " + format_instant(report->at);
  };
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    std::vector<std::string> lines =
        seed % 2 == 0
            ? lines_with_faults(seed)
            : mixed_lines({.seed = seed, .lines = 150, .customers = 6, .most_seconds = 600'000});
    const std::string one_more =
        R"(","kind":"usage","customer_id":"c0","tokens":1,"operation":"chat"})";
    lines.insert(lines.begin(), R"({"at":"2026-01-28T21:59:59Z)" + one_more);
    lines.push_back(lines.back().substr(0, lines.back().find("\",\"kind\"")) + one_more);
    const TestStore one("memory", 3), two("memory", 5);
    Sender::Options options = in_batches(7);
    int number = 0;
    options.between = [&](std::size_t) {
      return ++number % 4 == 0 ? Sender::Interruption::crash : Sender::Interruption::none;
    };
    Sender sender(lines, opener(one), options);
    sender.send_all();
    std::string out;
    {
      const auto opened = one.open_store();
      REQUIRE(storage::export_history(
                  *opened, [&](std::string_view part) { return out += part, Status(Done{}); }, {})
                  .ok());
    }
    auto driver = two.open({});
    storage::HistoryImport import(*driver, {std::nullopt, 13});
    for (std::size_t at = 0; at < out.size();) {
      const std::size_t end = out.find('\n', at);
      const auto taken = import.line(out.substr(at, end - at));
      INFO((taken.ok() ? "" : taken.error().detail));
      REQUIRE(taken.ok());
      at = end + 1;
    }
    REQUIRE(import.finish().ok());
    REQUIRE(driver->close().committed());
    driver.reset();
    CHECK(hash_of(two) == hash_of(one));
  }
}

TEST_CASE("journals: verify beside a living owner finds nothing") {
  std::vector<std::string> lines = lines_with_faults(3);
  for (std::uint64_t seed = 1; lines.size() < 60'000; ++seed) {
    // More usage, at the time of the last line.
    const std::string at = lines.back().substr(0, lines.back().find("\",\"kind\""));
    lines.push_back(at + R"(","kind":"usage","customer_id":"u)" + std::to_string(seed % 37) +
                    R"(","tokens":1,"operation":"chat","idempotency_key":"b)" +
                    std::to_string(seed) + "\"}");
  }
  const TestStore store("sqlite", 3);
  std::atomic<bool> ended = false;
  storage::DriverOptions driving = restless_options();
  driving.key_log.own_thread = true;
  Sender::Options options = in_batches(7);
  int number = 0;
  options.between = [&](std::size_t) {
    ++number;
    return number % 300 == 0  ? Sender::Interruption::crash
           : number % 37 == 0 ? Sender::Interruption::write
                              : Sender::Interruption::none;
  };
  Sender sender(lines, opener(store, driving), options);
  REQUIRE(sender.open());
  std::thread owner([&] {
    sender.send_all();
    ended = true;
  });
  int verified = 0;
  std::map<std::string, int> found;
  while (!ended) {
    storage::StoreOptions reading = store.options();
    reading.read_only = true;
    std::unique_ptr<storage::Store> beside;
    if (const auto failed = storage::open_store(reading, beside)) {
      ++found["open: " + failed->code];
      continue;
    }
    const auto report = storage::verify_store(*beside, {});
    if (!report.ok()) ++found["error: " + report.error().detail];
    if (report.ok())
      for (const storage::Damage& damage : report->damages)
        ++found[damage.where.substr(0, 40) + ": " + damage.what];
    ++verified;
  }
  owner.join();
  std::string all;
  for (const auto& [what, count] : found) all += std::to_string(count) + " x " + what + "\n";
  INFO(verified << " times");
  CHECK(all == "");
}

}  // namespace reckoner

// Repeats that come many at a time, whether threads read what they are compared with or not.
#include <memory>
#include <string>
#include <vector>

#include "storage/faults/faulty_store.hpp"
#include "tests/storage/driver/stand.hpp"
#include "tests/support/store.hpp"

namespace reckoner {
namespace {

using namespace support;
using Kind = storage::Verdict::Kind;
constexpr std::uint32_t kShards = 3;
constexpr int kInBatch = 50, kBatches = 100;

// Event `number` of a stream, and what it was made of.
struct Sent {
  std::string customer, key;
  std::int64_t tokens;
};
Sent event(int number) {
  return {"customer-" + std::to_string(number % 7), "key-" + std::to_string(number), number};
}

class ManyAtOnce {
 public:
  ManyAtOnce(const TestStore& store, std::uint32_t threads,
             const std::shared_ptr<storage::Faults>& faults = {}) {
    storage::DriverOptions options;
    options.owner = "a test";
    options.fetching_threads = threads;
    std::unique_ptr<storage::Store> opened = store.open_store();
    if (faults) opened = std::make_unique<storage::FaultyStore>(std::move(opened), faults);
    REQUIRE_OK(storage::Driver::open(std::move(opened), std::move(options), driver_));
  }

  std::vector<Kind> send(const std::vector<Sent>& sent) {
    std::vector<storage::UsageEvent> events;
    for (const Sent& each : sent) {
      UsageRequest request;
      request.usage.operation = "chat";
      request.usage.idempotency_key = each.key;
      request.usage.tokens = each.tokens;
      events.push_back({each.customer, request});
    }
    std::vector<storage::Verdict> verdicts;
    REQUIRE_OK(driver_->usage(*parse_instant("2026-03-01T00:00:00Z"), events, verdicts));
    REQUIRE(driver_->commit().committed());
    std::vector<Kind> out;
    for (const storage::Verdict& verdict : verdicts) out.push_back(verdict.kind);
    return out;
  }

  void fill() {
    for (int batch = 0; batch < kBatches; ++batch) {
      std::vector<Sent> sent;
      for (int i = 0; i < kInBatch; ++i) sent.push_back(event(batch * kInBatch + i));
      REQUIRE(send(sent) == std::vector<Kind>(sent.size(), Kind::accepted));
    }
  }

 private:
  std::unique_ptr<storage::Driver> driver_;
};

// Old ones and new ones, some with other content, some twice.
struct Mixed {
  std::vector<Sent> sent;
  std::vector<Kind> expected;

  void add(int number, Kind kind) {
    sent.push_back(event(number));
    if (kind == Kind::conflict) ++sent.back().tokens;
    expected.push_back(kind);
  }
};
Mixed mixed(int new_from) {
  Mixed out;
  for (int i = 0; i < kInBatch; ++i) {
    const int old = i * 2'311 % (kInBatch * kBatches);
    out.add(old, i % 5 == 0 ? Kind::conflict : Kind::duplicate);
    out.add(new_from + i, Kind::accepted);
    out.add(new_from + i, Kind::duplicate);
    if (i % 3 == 0) out.add(old, Kind::duplicate);
  }
  return out;
}

}  // namespace

TEST_CASE("repeats are told in whatever order they come, with threads that read and without") {
  for (const std::string& scheme : store_schemes())
    for (const std::uint32_t threads : {0U, 3U}) {
      INFO(scheme << ", threads: " << threads);
      const TestStore store(scheme, kShards);
      ManyAtOnce sender(store, threads);
      sender.fill();
      for (int round = 0; round < 3; ++round) {
        const Mixed batch = mixed(1'000'000 + round * kInBatch);
        CHECK(sender.send(batch.sent) == batch.expected);
      }
      // A batch that is sent again as it was.
      std::vector<Sent> again;
      for (int i = 0; i < kInBatch; ++i) again.push_back(event(17 * kInBatch + i));
      CHECK(sender.send(again) == std::vector<Kind>(again.size(), Kind::duplicate));
    }
}

TEST_CASE("readers that were put away for want of repeats are there again") {
  const TestStore store("sqlite", kShards);
  ManyAtOnce sender(store, 2);
  sender.fill();
  CHECK(sender.send(mixed(1'000'000).sent) == mixed(1'000'000).expected);
  for (int i = 0; i < 80; ++i) CHECK(sender.send({event(2'000'000 + i)})[0] == Kind::accepted);
  CHECK(sender.send(mixed(3'000'000).sent) == mixed(3'000'000).expected);
}

TEST_CASE("what a thread could not read is read by the caller") {
  for (const storage::StoreCall call :
       {storage::StoreCall::open_reader, storage::StoreCall::scan_journal}) {
    INFO(storage::store_call_name(call));
    const TestStore store("memory", kShards);
    const auto faults = std::make_shared<storage::Faults>();
    ManyAtOnce sender(store, 1, faults);
    sender.fill();
    faults->plan({.nth = 1, .only = call, .fault = storage::FaultKind::retry});
    const Mixed batch = mixed(1'000'000);
    CHECK(sender.send(batch.sent) == batch.expected);
    CHECK(faults->fired());
  }
}

}  // namespace reckoner

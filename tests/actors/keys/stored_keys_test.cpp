#include "actors/keys/stored_keys.hpp"

#include <catch2/catch.hpp>

#include <functional>

#include "actors/keys/api_key.hpp"
#include "storage/faults/faulty_store.hpp"
#include "storage/format/records.hpp"
#include "tests/support/store.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::keys {
namespace {

using storage::Batch;
using storage::Store;
using storage::StoreCall;
using storage::Table;
using support::TestStore;

// As long as it takes, within reason.
bool comes_true(const std::function<bool()>& condition) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < patience) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

void put(Store& store, const ApiKey& key, std::uint8_t scopes, bool revoked = false) {
  storage::ApiKeyRecord record;
  record.scopes = scopes;
  record.secret_hash = secret_hash(key.secret);
  if (revoked) record.revoked = Instant{1};
  Batch batch;
  batch.put(Table::api_keys, key.id, encode_record(key.id, record));
  REQUIRE_OK(store.commit_beside(batch));
}

StoredKeysOptions often() {
  StoredKeysOptions options;
  options.every = std::chrono::milliseconds(5);
  return options;
}

std::string scopes(const KeyRing& ring, const std::string& key) {
  const auto found = ring.scopes_of(key);
  return found ? scopes_text(*found) : "none";
}

// What was told, from whichever thread.
struct Told {
  std::mutex mutex;
  std::vector<std::string> lines;

  StoredKeysOptions options() {
    StoredKeysOptions out = often();
    out.on_trouble = [this](const storage::StoreError& error) { add(error.code); };
    out.on_recovery = [this] { add("recovered"); };
    return out;
  }
  void add(const std::string& line) {
    const std::lock_guard hold(mutex);
    lines.push_back(line);
  }
  std::vector<std::string> all() {
    const std::lock_guard hold(mutex);
    return lines;
  }
};
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("stored keys: those that are there count at once; others are none") {
  for (const std::string& scheme : support::store_schemes()) DYNAMIC_SECTION(scheme) {
      const TestStore place(scheme);
      const auto store = place.open_store();
      const ApiKey one = make_api_key(), two = make_api_key(), gone = make_api_key();
      put(*store, one, 1);
      put(*store, two, 6);
      put(*store, gone, 7, true);
      const StoredKeys ring(*store, {});
      CHECK(scopes(ring, one.text()) == "usage");
      CHECK(scopes(ring, two.text()) == "read,admin");
      CHECK(scopes(ring, gone.text()) == "none");
      CHECK(scopes(ring, make_api_key().text()) == "none");
      CHECK(scopes(ring, ApiKey{one.id, two.secret}.text()) == "none");
      CHECK(scopes(ring, "") == "none");
      CHECK(scopes(ring, one.secret) == "none");
      std::string changed = one.text();
      changed.back() = changed.back() == 'a' ? 'b' : 'a';
      CHECK(scopes(ring, changed) == "none");
    }
}

TEST_CASE("stored keys: what another handle makes and revokes is seen") {
  for (const std::string& scheme : support::store_schemes()) DYNAMIC_SECTION(scheme) {
      const TestStore place(scheme);
      const auto store = place.open_store(), other = place.open_store();
      REQUIRE_OK(store->lock("an engine", false));
      const StoredKeys ring(*store, often());
      const ApiKey key = make_api_key();
      CHECK(scopes(ring, key.text()) == "none");
      put(*other, key, 3);
      CHECK(comes_true([&] { return scopes(ring, key.text()) == "usage,read"; }));
      put(*other, key, 4);
      CHECK(comes_true([&] { return scopes(ring, key.text()) == "admin"; }));
      put(*other, key, 4, true);
      CHECK(comes_true([&] { return scopes(ring, key.text()) == "none"; }));
    }
}

TEST_CASE("stored keys: while the store cannot be read the last ones count, and it is told once") {
  const TestStore place("memory");
  const auto other = place.open_store();
  const ApiKey key = make_api_key(), later = make_api_key();
  put(*other, key, 1);
  const auto faults = std::make_shared<storage::Faults>();
  storage::FaultyStore store(place.open_store(), faults);
  Told told;
  const StoredKeys ring(store, told.options());
  faults->plan({.nth = 1, .only = StoreCall::open_reader, .from_then_on = true});
  CHECK(comes_true([&] { return !told.all().empty(); }));
  put(*other, later, 2);
  const std::uint64_t calls = faults->calls();
  CHECK(comes_true([&] { return faults->calls() > calls + 5; }));
  CHECK(scopes(ring, key.text()) == "usage");
  CHECK(scopes(ring, later.text()) == "none");
  CHECK(told.all() == Lines{"injected"});
  faults->plan({.nth = 3, .only = StoreCall::scan});
  CHECK(comes_true([&] { return scopes(ring, later.text()) == "read"; }));
  CHECK(comes_true([&] { return told.all().size() == 4; }));
  CHECK(told.all() == Lines{"injected", "recovered", "injected", "recovered"});
}

TEST_CASE("stored keys: a damaged record counts as none, the others as they are") {
  const TestStore place("memory");
  const auto store = place.open_store();
  const ApiKey good = make_api_key(), bad = make_api_key();
  put(*store, good, 1);
  put(*store, bad, 1);
  Told told;
  const StoredKeys ring(*store, told.options());
  CHECK(scopes(ring, bad.text()) == "usage");
  Batch batch;
  batch.put(Table::api_keys, bad.id, "no record");
  REQUIRE_OK(store->commit_beside(batch));
  CHECK(comes_true([&] { return scopes(ring, bad.text()) == "none"; }));
  CHECK(scopes(ring, good.text()) == "usage");
  CHECK(comes_true([&] { return told.all() == Lines{"damaged"}; }));
  put(*store, bad, 2);
  CHECK(comes_true([&] { return scopes(ring, bad.text()) == "read"; }));
  CHECK(comes_true([&] { return told.all() == Lines{"damaged", "recovered"}; }));
}

TEST_CASE("stored keys: an empty store at the start has none, and trouble there is told, too") {
  const TestStore place("memory");
  const auto faults = std::make_shared<storage::Faults>();
  storage::FaultyStore store(place.open_store(), faults);
  faults->plan({.nth = 1, .only = StoreCall::open_reader});
  Told told;
  StoredKeysOptions options = told.options();
  options.every = std::chrono::hours(1);
  {
    const StoredKeys ring(store, options);
    CHECK(told.all() == Lines{"injected"});
    CHECK(scopes(ring, make_api_key().text()) == "none");
  }  // and ends at once
}

}  // namespace reckoner::keys

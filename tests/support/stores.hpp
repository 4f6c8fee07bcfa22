// Stores to test with: each plugin, by its scheme, opened again and again at one place.
#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "storage/driver/driver.hpp"
#include "storage/memory/memory_plugin.hpp"
#include "storage/store/loader.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::support {

inline std::vector<std::string> store_schemes() {
  return {"memory", "sqlite"};
}

// Whether the long tests are asked for (`./dev test --all`).
inline bool long_tests() {
  return std::getenv("RECKONER_LONG_TESTS") != nullptr;
}

// A store that is new, and gone with this.
class TestStore {
 public:
  explicit TestStore(const std::string& scheme, std::uint32_t shards = storage::kDefaultShards)
      : scheme_(scheme), shards_(shards) {
    static int number = 0;
    name_ = "test-" + std::to_string(++number);
  }
  ~TestStore() {
    if (scheme_ == "memory") storage::forget_memory_store(name_);
  }

  std::string path() const { return folder_.file("store.db"); }
  std::string url() const {
    return scheme_ == "memory" ? "memory:" + name_ : scheme_ + ":" + path();
  }

  storage::StoreOptions options() const {
    storage::StoreOptions options;
    options.url = url();
    options.plugin_dir = storage::default_plugin_dir();
    options.create = true;
    options.shards = shards_ + 1;
    return options;
  }
  std::unique_ptr<storage::Store> open_store() const {
    std::unique_ptr<storage::Store> store;
    const storage::StoreStatus failed = storage::open_store(options(), store);
    INFO((failed ? failed->detail : ""));
    REQUIRE_FALSE(failed);
    return store;
  }
  std::unique_ptr<storage::Driver> open(const Book& book,
                                        storage::CustomersOptions customers = {}) const {
    storage::DriverOptions options;
    options.book = book;
    options.owner = "a test";
    options.customers = customers;
    std::unique_ptr<storage::Driver> driver;
    const storage::StoreStatus failed =
        storage::Driver::open(open_store(), std::move(options), driver);
    INFO((failed ? failed->detail : ""));
    REQUIRE_FALSE(failed);
    return driver;
  }

 private:
  std::string scheme_, name_;
  std::uint32_t shards_;
  TemporaryFolder folder_;
};

}  // namespace reckoner::support

// A store in memory of which tests read and change the key log, and whose calls they make fail.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "engine/basics/check.hpp"
#include "storage/faults/faulty_store.hpp"
#include "storage/store/loader.hpp"

namespace reckoner::storage {

class LogStore {
 public:
  LogStore() {
    std::unique_ptr<Store> inner;
    StoreOptions options;
    options.url = "memory:";
    options.create = true;
    options.shards = 16;
    RECKONER_CHECK(!open_store(options, inner), "no store in memory");
    RECKONER_CHECK(!inner->lock("a test", false), "the store is held");
    store_ = std::make_unique<FaultyStore>(std::move(inner), faults_);
  }

  operator Store&() { return *store_; }
  Faults& faults() { return *faults_; }

  std::unique_ptr<Reader> reader() {
    std::unique_ptr<Reader> reader;
    RECKONER_CHECK(!store_->open_reader(reader), "no reader");
    return reader;
  }

  std::map<std::string, std::string> rows() {
    std::map<std::string, std::string> out;
    const StoreStatus status =
        reader()->scan(Table::key_log, "", [&](std::string_view key, std::string_view value) {
          return out.emplace(key, value).second;
        });
    RECKONER_CHECK(!status, "the store cannot be read");
    return out;
  }
  void put(const std::string& key, const std::string& value) {
    Batch batch;
    batch.put(Table::key_log, key, value);
    RECKONER_CHECK(!store_->commit_aside(batch), "the store cannot be written");
  }
  void erase(const std::string& key) {
    Batch batch;
    batch.erase(Table::key_log, key);
    RECKONER_CHECK(!store_->commit_aside(batch), "the store cannot be written");
  }

  // The next aside commit.
  void fail_next(FaultKind fault) {
    faults_->plan({.nth = 1, .only = StoreCall::commit_aside, .fault = fault});
  }
  void fail_no_more() { faults_->plan({}); }
  std::uint64_t aside_commits() const { return faults_->calls(StoreCall::commit_aside); }

 private:
  std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
  std::unique_ptr<Store> store_;
};

}  // namespace reckoner::storage

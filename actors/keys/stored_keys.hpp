// The keys that a store holds, as they are now: a thread of its own looks several times a second,
// for they are made and revoked by other processes (`reckoner keys`).
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "actors/keys/key_ring.hpp"
#include "engine/basics/sha256.hpp"
#include "storage/store/store.hpp"

namespace reckoner::keys {

struct StoredKeysOptions {
  std::chrono::milliseconds every{250};
  // The table cannot be read, or a record in it is damaged; and: all is well again. Each once for
  // a while of trouble, on the thread that looks (the first time in the constructor). May be empty.
  std::function<void(const storage::StoreError&)> on_trouble;
  std::function<void()> on_recovery;
};

class StoredKeys final : public KeyRing {
 public:
  // Looks once, and starts the thread. The store outlives it; open_reader is all that it calls.
  StoredKeys(storage::Store& store, StoredKeysOptions options);
  ~StoredKeys() override;
  StoredKeys(const StoredKeys&) = delete;
  StoredKeys& operator=(const StoredKeys&) = delete;

  // While the table cannot be read: as it was last. A damaged record counts as none.
  std::optional<Scopes> scopes_of(std::string_view key) const override;

 private:
  struct Known {
    Digest secret_hash;
    Scopes scopes;
  };
  using KnownKeys = std::map<std::string, Known, std::less<>>;  // by id; without revoked ones

  void work();
  void look();
  storage::StoreStatus read_rows(std::string& rows);
  storage::StoreStatus take_in(const std::string& rows);
  void report(const storage::StoreStatus& status);

  storage::Store& store_;
  const StoredKeysOptions options_;
  // Of the thread alone (and of the constructor).
  std::string rows_;  // of the table, as last taken in
  bool taken_in_ = false;
  storage::StoreStatus damage_;  // of these rows
  std::string trouble_;          // as last told

  mutable std::mutex mutex_;  // of what follows; held for moments
  std::shared_ptr<const KnownKeys> known_ = std::make_shared<const KnownKeys>();
  bool ending_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace reckoner::keys

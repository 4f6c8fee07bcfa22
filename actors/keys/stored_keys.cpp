#include "actors/keys/stored_keys.hpp"

#include <utility>
#include <vector>

#include "actors/keys/api_key.hpp"
#include "engine/basics/bytes.hpp"
#include "storage/format/records.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::keys {

using storage::StoreStatus;
using storage::Table;

StoredKeys::StoredKeys(storage::Store& store, StoredKeysOptions options)
    : store_(store), options_(std::move(options)) {
  look();
  thread_ = std::thread([this] { work(); });
}

StoredKeys::~StoredKeys() {
  {
    const std::lock_guard hold(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::optional<Scopes> StoredKeys::scopes_of(std::string_view key) const {
  const auto parts = split_api_key(key);
  if (!parts) return std::nullopt;
  const std::shared_ptr<const KnownKeys> known = [this] {
    const std::lock_guard hold(mutex_);
    return known_;
  }();
  const auto found = known->find(parts->id);
  if (found == known->end()) return std::nullopt;
  if (!same_digest(found->second.secret_hash, secret_hash(parts->secret))) return std::nullopt;
  return found->second.scopes;
}

void StoredKeys::work() {
  std::unique_lock hold(mutex_);
  while (!wake_.wait_for(hold, options_.every, [this] { return ending_; })) {
    hold.unlock();
    look();
    hold.lock();
  }
}

void StoredKeys::look() {
  std::string rows;
  if (StoreStatus failed = read_rows(rows)) return report(failed);
  if (!taken_in_ || rows != rows_) {
    damage_ = take_in(rows);
    rows_ = std::move(rows);
    taken_in_ = true;
  }
  report(damage_);
}

// By a reader that is gone afterwards: one that kept its snapshot until the next look would keep
// the database from reusing its log.
StoreStatus StoredKeys::read_rows(std::string& rows) {
  std::unique_ptr<storage::Reader> reader;
  if (StoreStatus failed = store_.open_reader(reader)) return failed;
  Encoder all;
  StoreStatus failed =
      reader->scan(Table::api_keys, {}, [&](std::string_view key, std::string_view value) {
        all.text(key);
        all.text(value);
        return true;
      });
  rows = all.take();
  return failed;
}

StoreStatus StoredKeys::take_in(const std::string& rows) {
  StoreStatus damage;
  auto known = std::make_shared<KnownKeys>();
  for (Decoder in(rows); !in.rest().empty();) {
    const std::string_view id = in.text(), value = in.text();
    const auto record = storage::decode_api_key(id, value);
    if (!record) damage = storage::damaged(Table::api_keys, id);
    if (record && !record->revoked)
      known->emplace(id, Known{record->secret_hash, scopes_of_bits(record->scopes)});
  }
  const std::lock_guard hold(mutex_);
  known_ = std::move(known);
  return damage;
}

void StoredKeys::report(const StoreStatus& status) {
  const std::string trouble = status ? status->code + status->detail : "";
  if (trouble == trouble_) return;
  trouble_ = trouble;
  if (status && options_.on_trouble) options_.on_trouble(*status);
  if (!status && options_.on_recovery) options_.on_recovery();
}

}  // namespace reckoner::keys

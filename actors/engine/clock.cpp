#include "actors/engine/clock.hpp"

#include <utility>

#include "engine/customer/apply.hpp"
#include "engine/customer/state_encoding.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::actors {
namespace {

using storage::StoreStatus;
using storage::Table;

// The first key that is greater.
std::string behind(std::string_view key) {
  std::string next(key);
  next.push_back('\0');
  return next;
}

}  // namespace

StoreStatus Clock::start() {
  std::optional<std::string> value;
  if (StoreStatus failed = reader_.get(Table::meta, storage::kBooksSweptKey, value)) return failed;
  const auto swept =
      value ? storage::decode_mark(storage::kBooksSweptKey, *value) : storage::Mark{1};
  sweeping_ = !swept || swept->applied < surroundings_.books.all().size();
  return std::nullopt;
}

StoreStatus Clock::due(Instant now, std::size_t most, std::vector<std::string>& due, bool& more) {
  before_ = {due_after_, swept_after_, sweeping_};
  const std::size_t before = due.size();
  due_awake(now, most, due);
  StoreStatus failed = due_asleep(now, most, due);
  if (!failed && sweeping_) failed = due_by_new_book(now, most, due);
  more = sweeping_ || !due_after_.empty() || due.size() - before >= most;
  return failed;
}

void Clock::due_awake(Instant now, std::size_t most, std::vector<std::string>& due) {
  std::atomic<std::int64_t>& soonest = surroundings_.soonest_due;
  if (soonest > now.micros) return;
  // Whoever lowers it from now on is not overwritten; whoever did before is seen below.
  soonest = kDistantFuture.micros;
  std::int64_t earliest = kDistantFuture.micros;
  surroundings_.directory.each([&](const SlotPtr& slot) {
    const std::int64_t at = slot->signs->due;
    // It has been told, and has not come to it yet.
    if (at <= slot->told_at.micros) return;
    if (at > now.micros || due.size() >= most) {
      earliest = std::min(earliest, at);
      return;
    }
    due.push_back(slot->customer_id);
  });
  std::int64_t known = soonest;
  while (earliest < known && !soonest.compare_exchange_weak(known, earliest)) {
  }
}

// Nobody was told: all of it is looked at again.
void Clock::not_written() {
  surroundings_.soonest_due = kDistantPast.micros;
  due_after_.clear();
  if (sweeping_ != before_.sweeping || swept_after_ != before_.swept_after) {
    sweeping_ = before_.sweeping;
    swept_after_ = before_.swept_after;
    write_swept_ = false;
  }
}

// Goes through the rows in one direction, so that those who were just told, and whose rows are not
// written yet, are not looked at again and again.
StoreStatus Clock::due_asleep(Instant now, std::size_t most, std::vector<std::string>& due) {
  std::size_t looked_at = 0;
  bool stopped = false;
  StoreStatus failed =
      reader_.scan(Table::due, due_after_.empty() ? std::string() : behind(due_after_),
                   [&](std::string_view key, std::string_view) {
                     if (storage::due_of_key(key) > now) return false;
                     if (looked_at++ == most) return !(stopped = true);
                     due_after_ = key;
                     const std::string_view customer = storage::customer_of_due_key(key);
                     if (surroundings_.directory.find(customer) == nullptr)
                       due.emplace_back(customer);
                     return true;
                   });
  if (!stopped) due_after_.clear();
  return failed;
}

StoreStatus Clock::due_by_new_book(Instant now, std::size_t most, std::vector<std::string>& due) {
  std::size_t looked_at = 0;
  bool stopped = false;
  const auto look = [&](std::string_view key, std::string_view value) {
    if (looked_at++ == most) return !(stopped = true);
    swept_after_ = key;
    if (surroundings_.directory.find(key) != nullptr) return true;
    const auto record = storage::decode_customer_record(key, value);
    CustomerState state;
    if (!record || !decode_snapshot(record->snapshot, surroundings_.books, state)) {
      surroundings_.events.alarm("store_damaged", storage::damaged(Table::customers, key).detail);
      return true;
    }
    if (next_due(state, surroundings_.books) <= now) due.emplace_back(key);
    return true;
  };
  StoreStatus failed = reader_.scan(
      Table::customers, swept_after_.empty() ? std::string() : behind(swept_after_), look);
  if (failed) return failed;
  if (!stopped) {
    sweeping_ = false;
    swept_after_.clear();
    write_swept_ = true;
  }
  return std::nullopt;
}

void Clock::add_rows(storage::Batch& batch) {
  if (!write_swept_) return;
  const std::string key(storage::kBooksSweptKey);
  batch.put(Table::meta, key,
            storage::encode_record(key, storage::Mark{surroundings_.books.all().size()}));
}

}  // namespace reckoner::actors

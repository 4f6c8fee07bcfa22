#include "storage/customers/customers.hpp"

#include <utility>

#include "storage/customers/waking.hpp"
#include "storage/format/keys.hpp"

namespace reckoner::storage {

Customers::Customers(FreshReader& reader, const Books& books, std::uint32_t shards,
                     CustomersOptions options)
    : reader_(reader), books_(books), options_(options), shards_(shards) {}

void Customers::start_shard(std::uint32_t shard, std::uint64_t mark) {
  shards_[shard].applied = shards_[shard].marked = mark;
}

// --- waking and applying --------------------------------------------------------------------

// Null where there is no such customer.
StoreStatus Customers::wake(std::string_view customer_id, LiveCustomer*& customer) {
  customer = awake_.find(customer_id);
  if (customer != nullptr) return std::nullopt;
  std::unique_ptr<LiveCustomer> found;
  if (StoreStatus failed = wake_customer(reader_, books_, customer_id, found)) return failed;
  if (found == nullptr) return std::nullopt;
  if (found->set_aside()) ++set_aside_;
  customer = awake_.add(std::move(found));
  return std::nullopt;
}

StoreStatus Customers::registered(std::string_view customer_id, bool& is) {
  LiveCustomer* customer = nullptr;
  StoreStatus failed = wake(customer_id, customer);
  is = customer != nullptr;
  return failed;
}

StoreStatus Customers::apply(std::uint32_t shard, std::uint64_t sequence,
                             const CustomerEntry& entry, Effects& effects,
                             const LiveCustomer*& customer) {
  effects.clear();
  LiveCustomer* awake = nullptr;
  if (StoreStatus failed = wake(entry.customer_id, awake)) return failed;
  customer = awake;
  Shard& of = shards_[shard];
  if (sequence > of.applied) of.applied = sequence;
  if (awake == nullptr) {
    effects.unknown_charge = !std::holds_alternative<Clock>(entry.body);
    if (!LiveCustomer::registers(entry)) return std::nullopt;
    effects.unknown_charge = false;
    customer = awake = awake_.add(std::make_unique<LiveCustomer>(entry, books_));
  }
  if (sequence <= awake->position()) return std::nullopt;
  const bool was_written = awake->unwritten_since() == 0;
  const bool was_set_aside = awake->set_aside();
  awake->apply(sequence, entry, books_, effects);
  if (was_written) of.unwritten.push_back(awake);
  if (!was_set_aside && awake->set_aside()) ++set_aside_;
  return std::nullopt;
}

void Customers::prefetch(std::span<const CustomerEntry> entries) {
  hashes_.clear();
  for (const CustomerEntry& entry : entries) {
    hashes_.push_back(AwakeCustomers::hash(entry.customer_id));
    awake_.prefetch(hashes_.back());
  }
  for (const std::uint64_t hash : hashes_) awake_.prefetch_customer(hash);
  for (const std::uint64_t hash : hashes_) awake_.prefetch_rows(hash);
}

// --- writing --------------------------------------------------------------------------------

// The mark once so many from the front are written.
std::uint64_t Customers::mark_after(const Shard& shard, std::size_t written) const {
  if (written == shard.unwritten.size()) return shard.applied;
  return shard.unwritten[written]->unwritten_since() - 1;
}

std::uint64_t Customers::mark(std::uint32_t shard) const {
  return mark_after(shards_[shard], 0);
}

StoreStatus Customers::write(Batch& batch, bool all, std::size_t most, bool& any) {
  any = false;
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    if (StoreStatus failed = write_shard(shard, batch, all, most, any)) return failed;
  return std::nullopt;
}

StoreStatus Customers::write_shard(std::uint32_t number, Batch& batch, bool all, std::size_t& left,
                                   bool& any) {
  Shard& shard = shards_[number];
  const auto is_due = [&](const LiveCustomer& customer) {
    return all || customer.unwritten_since() + options_.entries_unwritten <= shard.applied;
  };
  while (left > 0 && shard.writing < shard.unwritten.size() &&
         is_due(*shard.unwritten[shard.writing])) {
    LiveCustomer& customer = *shard.unwritten[shard.writing];
    if (StoreStatus failed = customer.write(batch, reader_, books_)) return failed;
    ++shard.writing;
    --left;
  }
  const std::uint64_t mark = mark_after(shard, shard.writing);
  if (shard.writing == 0 && !(all && mark > shard.marked)) return std::nullopt;
  const std::string key = number_key(number);
  batch.put(Table::marks, key, encode_record(key, Mark{mark}));
  shard.marking = mark;
  any = true;
  return std::nullopt;
}

void Customers::written() {
  for (Shard& shard : shards_) {
    for (; shard.writing > 0; --shard.writing) {
      LiveCustomer* customer = shard.unwritten.front();
      shard.unwritten.pop_front();
      customer->written();
      if (awake_.size() > options_.awake && !customer->set_aside()) awake_.erase(customer);
    }
    shard.marked = std::max(shard.marked, shard.marking);
    shard.marking = 0;
  }
}

void Customers::not_written() {
  for (Shard& shard : shards_) shard.writing = shard.marking = 0;
}

bool Customers::is_set_aside(std::string_view customer_id) const {
  const LiveCustomer* known = awake_.find(customer_id);
  return known != nullptr && known->set_aside();
}

std::vector<std::unique_ptr<LiveCustomer>> Customers::release() {
  for (Shard& shard : shards_) shard = {};
  return awake_.release();
}

void Customers::each(const std::function<void(const LiveCustomer&)>& visit) const {
  awake_.each(visit);
}

}  // namespace reckoner::storage

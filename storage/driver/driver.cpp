#include "storage/driver/driver.hpp"

#include <algorithm>
#include <utility>

#include "storage/driver/loading.hpp"
#include "storage/driver/writing.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::storage {
namespace {

constexpr std::size_t kNoLimit = SIZE_MAX;
// Customers to whom a clock speaks in one batch.
constexpr std::size_t kWokenAtOnce = 10'000;

}  // namespace

Driver::~Driver() = default;

StoreStatus Driver::open(std::unique_ptr<Store> store, DriverOptions options,
                         std::unique_ptr<Driver>& driver) {
  OpenedStore opened;
  if (StoreStatus failed = open_store_to_work(std::move(store), std::move(options), opened))
    return failed;
  driver = std::make_unique<Driver>(std::move(opened));
  return std::nullopt;
}

Driver::Driver(OpenedStore opened)
    : intake_(std::move(opened.intake)),
      customers_(std::move(opened.customers)),
      counts_(opened.counts) {
  intake_->ask_who_is_registered([this](std::string_view customer_id, bool& is) {
    return customers_->registered(customer_id, is);
  });
}

// --- into the batch -------------------------------------------------------------------------

StoreStatus Driver::usage(Instant at, std::string_view customer_id, const UsageRequest& request,
                          Verdict& verdict) {
  return intake_->usage(at, {customer_id, request}, verdict);
}

StoreStatus Driver::usage(Instant at, std::span<const UsageEvent> events,
                          std::vector<Verdict>& verdicts) {
  verdicts.resize(events.size());
  return intake_->usage(at, events, verdicts);
}

StoreStatus Driver::customer(Instant at, const CustomerLine& line) {
  Heard heard;
  return intake_->customer(at, line, heard);
}

StoreStatus Driver::webhook(Instant at, const Webhook& webhook, Verdict& verdict) {
  Heard heard;
  return intake_->webhook(at, webhook, verdict, heard);
}

StoreStatus Driver::settlement(Instant at, std::string_view customer_id,
                               const Settlement& settlement) {
  intake_->entry({at, customer_id, settlement});
  return std::nullopt;
}

StoreStatus Driver::operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) {
  intake_->entry({at, customer_id, act});
  return std::nullopt;
}

StoreStatus Driver::clock(Instant at) {
  std::vector<std::string> due;
  customers_->each([&](const LiveCustomer& customer) {
    if (due.size() < kWokenAtOnce && customer.state().own_due <= at && !customer.set_aside())
      due.push_back(customer.state().id.str());
  });
  StoreStatus error =
      intake_->reader().scan(Table::due, {}, [&](std::string_view key, std::string_view) {
        if (due_of_key(key) > at || due.size() >= kWokenAtOnce) return false;
        // Whoever is awake may be further than the row says.
        const std::string_view customer = customer_of_due_key(key);
        if (!customers_->is_awake(customer)) due.emplace_back(customer);
        return true;
      });
  if (error) return failed(std::move(*error));
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  for (const std::string& customer : due) intake_->entry({at, customer, Clock{}});
  return std::nullopt;
}

StoreStatus Driver::failed(StoreError error) {
  intake_->drop();
  return error;
}

// --- committing -----------------------------------------------------------------------------

CommitResult Driver::commit(const OnApplied& on_applied) {
  bool any = false;
  CommitResult result = commit_with_rows(*intake_, *customers_, false, kNoLimit, any);
  if (!result.committed()) return result;
  if (StoreStatus error = apply_blocks(on_applied))
    result = {CommitResult::Outcome::dead, std::move(error)};
  intake_->lane().clear();
  return result;
}

// Applies exactly what was written. An error is fatal: entries are durable that are not applied.
StoreStatus Driver::apply_blocks(const OnApplied& on_applied) {
  for (const WrittenBlock& written : intake_->lane().blocks())
    if (written.shard != intake_->lane().identity_shard())
      if (StoreStatus error = apply_block(written, on_applied)) {
        intake_->lane().die();
        return error;
      }
  return std::nullopt;
}

StoreStatus Driver::apply_block(const WrittenBlock& written, const OnApplied& on_applied) {
  BlockReader block(written.bytes);
  applied_entries_.resize(block.header().entries);
  for (CustomerEntry& entry : applied_entries_) block.next(entry);
  RECKONER_CHECK(block.ended(), "a block that was just written cannot be read");
  customers_->prefetch(applied_entries_);
  std::uint64_t sequence = written.first_sequence;
  for (const CustomerEntry& entry : applied_entries_) {
    const LiveCustomer* customer = nullptr;
    if (StoreStatus error = customers_->apply(written.shard, sequence++, entry, effects_, customer))
      return error;
    if (on_applied) on_applied(entry, effects_, customer);
  }
  return std::nullopt;
}

StoreStatus Driver::begin_with(const Book& book, std::optional<Error>& invalid) {
  return intake_->begin_with(book, invalid);
}

StoreStatus Driver::change_book(Instant from, const Book& book, std::optional<Error>& invalid) {
  invalid.reset();
  if (CommitResult done = commit(); !done.committed()) return std::move(done.error);
  return intake_->change_book(from, book, invalid);
}

CommitResult Driver::write_all() {
  if (CommitResult done = commit(); !done.committed()) return done;
  return storage::write_all(*intake_, *customers_);
}

CommitResult Driver::close() {
  CommitResult done = write_all();
  if (!done.committed()) return done;
  if (StoreStatus error = intake_->flush_key_log())
    return {CommitResult::Outcome::rolled_back, std::move(error)};
  return done;
}

CommitResult Driver::begin_import() {
  const std::string key(kUnfinishedKey);
  intake_->rows().put(Table::meta, key, seal(Table::meta, key, {}));
  return commit();
}

CommitResult Driver::end_import() {
  if (CommitResult done = write_all(); !done.committed()) return done;
  intake_->rows().erase(Table::meta, std::string(kUnfinishedKey));
  if (CommitResult done = commit(); !done.committed()) return done;
  // The key log is derived: without it the next start only takes longer.
  static_cast<void>(intake_->flush_key_log());
  return {};
}

// --- everybody ------------------------------------------------------------------------------

StoreStatus Driver::load(Ledger& ledger, ClosedRows& closed) {
  return load_everybody(intake_->reader(), books(), *customers_, ledger, closed);
}

}  // namespace reckoner::storage

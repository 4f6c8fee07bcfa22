#include "storage/faults/faulty_store.hpp"

#include <string>
#include <utility>

namespace reckoner::storage {
namespace {

constexpr std::string_view kNames[] = {
    "lock",         "take_epochs", "commit",  "commit_aside", "commit_beside",
    "shard_state",  "open_reader", "refresh", "get",          "scan",
    "scan_journal", "info",        "migrate", "check"};
static_assert(std::size(kNames) == kStoreCalls);

StoreError error_of(FaultKind kind, StoreCall call) {
  const std::string why = "injected into " + std::string(store_call_name(call));
  switch (kind) {
    case FaultKind::full:
      return {Fault::full, "disk_full", why};
    case FaultKind::retry:
      return {Fault::retry, "busy", why};
    case FaultKind::fenced:
      return {Fault::fenced, "fenced", why};
    case FaultKind::in_doubt_done:
    case FaultKind::in_doubt_not_done:
      return {Fault::in_doubt, "in_doubt", why};
    case FaultKind::fatal:
      break;
  }
  return {Fault::fatal, "injected", why};
}

// Fails the call, or does it. One that fails by itself says its own error.
template <class Do>
StoreStatus failing(std::optional<FaultKind> fault, StoreCall call, Do todo) {
  if (!fault) return todo();
  if (*fault == FaultKind::in_doubt_done)
    if (StoreStatus status = todo()) return status;
  return error_of(*fault, call);
}

}  // namespace

std::string_view store_call_name(StoreCall call) {
  return kNames[static_cast<std::size_t>(call)];
}

void Faults::plan(const FaultPlan& plan) {
  const std::lock_guard guard(mutex_);
  plan_ = plan;
  towards_plan_ = 0;
  fired_.reset();
  broken_ = false;
}

std::optional<Faults::Fired> Faults::fired() const {
  const std::lock_guard guard(mutex_);
  return fired_;
}

std::uint64_t Faults::calls() const {
  const std::lock_guard guard(mutex_);
  return calls_;
}

std::uint64_t Faults::calls(StoreCall call) const {
  const std::lock_guard guard(mutex_);
  return calls_by_kind_[static_cast<std::size_t>(call)];
}

std::optional<FaultKind> Faults::next(StoreCall call) {
  std::uint64_t number = 0;
  std::optional<FaultKind> out;
  {
    const std::lock_guard guard(mutex_);
    number = ++calls_;
    ++calls_by_kind_[static_cast<std::size_t>(call)];
    if (!plan_.only || *plan_.only == call) {
      if (broken_) {
        out = plan_.fault == FaultKind::in_doubt_done ? FaultKind::in_doubt_not_done : plan_.fault;
      } else if (++towards_plan_ == plan_.nth) {
        out = plan_.fault;
        fired_ = Fired{call, number};
        broken_ = plan_.from_then_on;
      }
    }
  }
  if (before_call_) before_call_(call, number);
  return out;
}

void Faults::reopened() {
  const std::lock_guard guard(mutex_);
  broken_ = false;
}

class FaultyReader : public Reader {
 public:
  FaultyReader(std::unique_ptr<Reader> inner, std::shared_ptr<Faults> faults)
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  StoreStatus refresh() override {
    return with(StoreCall::refresh, [&] { return inner_->refresh(); });
  }
  StoreStatus get(Table table, std::string_view key, std::optional<std::string>& value) override {
    return with(StoreCall::get, [&] { return inner_->get(table, key, value); });
  }
  StoreStatus scan(Table table, std::string_view from, const OnRow& on_row) override {
    return with(StoreCall::scan, [&] { return inner_->scan(table, from, on_row); });
  }
  StoreStatus scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                           const OnBlock& on_block) override {
    return with(StoreCall::scan_journal,
                [&] { return inner_->scan_journal(shard, from_sequence, on_block); });
  }

 private:
  template <class Do>
  StoreStatus with(StoreCall call, Do todo) {
    return failing(faults_->next(call), call, todo);
  }

  std::unique_ptr<Reader> inner_;
  std::shared_ptr<Faults> faults_;
};

FaultyStore::FaultyStore(std::unique_ptr<Store> inner, std::shared_ptr<Faults> faults)
    : inner_(std::move(inner)), faults_(std::move(faults)) {
  faults_->reopened();
}

StoreStatus FaultyStore::lock(std::string_view owner, bool take_over) {
  return failing(faults_->next(StoreCall::lock), StoreCall::lock,
                 [&] { return inner_->lock(owner, take_over); });
}

StoreStatus FaultyStore::take_epochs(std::vector<ShardState>& states) {
  return failing(faults_->next(StoreCall::take_epochs), StoreCall::take_epochs,
                 [&] { return inner_->take_epochs(states); });
}

StoreStatus FaultyStore::commit(std::uint32_t lane, const Batch& batch) {
  return failing(faults_->next(StoreCall::commit), StoreCall::commit,
                 [&] { return inner_->commit(lane, batch); });
}

StoreStatus FaultyStore::commit_aside(const Batch& batch) {
  return failing(faults_->next(StoreCall::commit_aside), StoreCall::commit_aside,
                 [&] { return inner_->commit_aside(batch); });
}

StoreStatus FaultyStore::commit_beside(const Batch& batch) {
  return failing(faults_->next(StoreCall::commit_beside), StoreCall::commit_beside,
                 [&] { return inner_->commit_beside(batch); });
}

StoreStatus FaultyStore::shard_state(std::uint32_t shard, ShardState& state) {
  return failing(faults_->next(StoreCall::shard_state), StoreCall::shard_state,
                 [&] { return inner_->shard_state(shard, state); });
}

StoreStatus FaultyStore::open_reader(std::unique_ptr<Reader>& reader) {
  return failing(faults_->next(StoreCall::open_reader), StoreCall::open_reader,
                 [&]() -> StoreStatus {
                   std::unique_ptr<Reader> opened;
                   if (StoreStatus status = inner_->open_reader(opened)) return status;
                   reader = std::make_unique<FaultyReader>(std::move(opened), faults_);
                   return {};
                 });
}

StoreStatus FaultyStore::info(StoreInfo& info) {
  return failing(faults_->next(StoreCall::info), StoreCall::info,
                 [&] { return inner_->info(info); });
}

StoreStatus FaultyStore::migrate(const OnProgress& on_progress) {
  return failing(faults_->next(StoreCall::migrate), StoreCall::migrate,
                 [&] { return inner_->migrate(on_progress); });
}

StoreStatus FaultyStore::check(const OnDamage& on_damage) {
  return failing(faults_->next(StoreCall::check), StoreCall::check,
                 [&] { return inner_->check(on_damage); });
}

}  // namespace reckoner::storage

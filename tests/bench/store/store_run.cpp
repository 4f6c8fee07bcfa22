#include "tests/bench/store/store_run.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "storage/store/loader.hpp"
#include "storage/verify/verify.hpp"

namespace reckoner::bench {
namespace {

using storage::CommitResult;
using storage::Driver;
using storage::StoreStatus;

void require(const StoreStatus& failed) {
  if (!failed) return;
  fmt::print(stderr, "store_bench: {}: {}\n", failed->code, failed->detail);
  std::exit(1);
}
void require(const CommitResult& done) {
  require(done.error);
}

// A token costs a millionth of a dollar: an event of a thousand tokens a tenth of a cent, and a
// customer owes a charge, of a dollar, after a thousand events. With prices at which every event
// is a charge, what is measured would be charges.
Book book() {
  Book out;
  for (Plan& plan : out.prices.plans) plan.pricing = {PerUnit{Money{kPicoPerUsd / 1'000'000}}, 0};
  return out;
}

// Watches an opening's progress to tell its parts apart.
class OpeningWatch {
 public:
  void operator()(std::string_view what) {
    if (what == "keys") keys_ = watch_.seconds();
    if (what != "keys" && folding_from_ == 0) folding_from_ = watch_.seconds();
  }
  void store_is_open() { store_ = keys_ = watch_.seconds(); }
  Opened ended() const {
    Opened out;
    out.total = watch_.seconds();
    const double folding_from = folding_from_ == 0 ? out.total : folding_from_;
    out.store = store_;
    out.keys = keys_ - store_;
    out.tail = folding_from - keys_;
    out.folding = out.total - folding_from;
    return out;
  }

 private:
  Stopwatch watch_;
  double store_ = 0, keys_ = 0, folding_from_ = 0;
};

}  // namespace

double Stretch::longest() const {
  return commits.empty() ? 0 : *std::max_element(commits.begin(), commits.end());
}

double Stretch::percentile_99() const {
  if (commits.empty()) return 0;
  std::vector<double> sorted = commits;
  std::sort(sorted.begin(), sorted.end());
  return sorted[(sorted.size() - 1) * 99 / 100];
}

// --- opening --------------------------------------------------------------------------------

std::unique_ptr<storage::Store> StoreRun::open_store() const {
  storage::StoreOptions options;
  options.url = "sqlite:" + (folder_ / "store.db").string();
  options.create = true;
  options.shards = storage::kDefaultShards + 1;
  std::unique_ptr<storage::Store> store;
  require(storage::open_store(reckoner_storage_plugin_v1, options, store));
  return store;
}

Opened StoreRun::open(Measured measured) {
  measured_ = measured;
  OpeningWatch watch;
  std::unique_ptr<storage::Store> store = open_store();
  watch.store_is_open();
  storage::DriverOptions driver;
  driver.book = book();
  driver.owner = "a benchmark";
  driver.fetching_threads = fetching_threads_;
  driver.on_progress = [&](auto, auto, std::string_view what) { watch(what); };
  if (measured == Measured::journal_and_keys) driver.customers.entries_unwritten = UINT32_MAX;
  require(Driver::open(std::make_unique<WatchedStore>(std::move(store), seen_), std::move(driver),
                       driver_));
  Opened out = watch.ended();
  out.counts = driver_->opening();
  out.resident = resident_bytes();
  if (out.counts.created) register_customers();
  return out;
}

void StoreRun::register_customers() {
  for (std::uint32_t rank = 0; rank < kActiveCustomers; ++rank) {
    CustomerLine line;
    line.customer_id = EventMaker::customer_id(rank);
    line.polar_customer_id = fmt::format("0b1c2d3e-4f50-4617-8293-{:012}", rank);
    require(driver_->customer(EventMaker::start(), line));
  }
  require(driver_->write_all());
}

void StoreRun::close() {
  require(driver_->close());
  driver_.reset();
}

Verified StoreRun::verify() const {
  const std::unique_ptr<storage::Store> store = open_store();
  require(store->lock("a benchmark", false));
  storage::VerifyOptions options;
  options.at_rest = true;
  options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const Stopwatch watch;
  const auto report = storage::verify_store(*store, options);
  const double seconds = watch.seconds();
  if (!report)
    require(storage::StoreError{storage::Fault::fatal, report.error().code, report.error().detail});
  return {report->entries, report->damages_found + !report->holds(), seconds};
}

// --- events ---------------------------------------------------------------------------------

Stretch StoreRun::take(std::uint64_t count, std::size_t batch) {
  Stretch out = take_from(next_, count, batch);
  next_ += count;
  return out;
}

Stretch StoreRun::take_from(std::uint64_t first, std::uint64_t count, std::size_t batch) {
  Stretch out;
  const std::uint64_t rows = seen_.rows, written = bytes_written(), read = bytes_read();
  for (std::uint64_t at = first; at < first + count; at += batch)
    take_batch(at, std::min<std::uint64_t>(batch, first + count - at), out);
  out.rows = seen_.rows - rows;
  out.bytes_written = bytes_written() - written;
  out.bytes_read = bytes_read() - read;
  out.load = load();
  return out;
}

void StoreRun::take_batch(std::uint64_t first, std::size_t count, Stretch& stretch) {
  maker_.make(first, count, made_);
  // Events that are sent again come to a clock that has gone on.
  made_.at = std::max(made_.at, driver_->last_at());
  settle_charges();
  const double used_before = thread_seconds();
  const Stopwatch watch;
  require(driver_->usage(made_.at, made_.events, verdicts_));
  const double judging = watch.seconds();
  stretch.processor += thread_seconds() - used_before;
  stretch.judging += judging;
  stretch.seconds += judging;
  stretch.events += count;
  check_verdicts(stretch);
  commit(stretch);
}

void StoreRun::commit(Stretch& stretch) {
  const double stored_before = seen_.seconds, recorded_before = seen_.recording_seconds;
  const double used_before = thread_seconds();
  double applying_from = 0;
  const Stopwatch watch;
  require(driver_->commit([&](const CustomerEntry& entry, const Effects& effects, const auto*) {
    if (applying_from == 0) applying_from = watch.seconds();
    for (const Charge& charge : effects.charges)
      if (charge.status == ChargeStatus::pending)
        owed_.push_back({std::string(entry.customer_id), charge.number});
  }));
  const double took = watch.seconds();
  const double applying = applying_from == 0 ? 0 : took - applying_from;
  const double recording = seen_.recording_seconds - recorded_before;
  const double counted = took - recording - (measured_ == Measured::whole_driver ? 0 : applying);
  stretch.processor += thread_seconds() - used_before - recording;
  stretch.commits.push_back(counted);
  stretch.seconds += counted;
  stretch.storing += seen_.seconds - stored_before;
  stretch.applying += applying;
}

void StoreRun::check_verdicts(Stretch& stretch) const {
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    stretch.wrong += verdicts_[i].kind != made_.expected[i];
    stretch.accepted += verdicts_[i].accepted();
    stretch.repeats += made_.expected[i] != storage::Verdict::Kind::accepted;
  }
}

// Every charge is paid with the next batch: nobody piles up open ones.
void StoreRun::settle_charges() {
  for (const Owed& each : owed_)
    require(driver_->settlement(
        made_.at, each.customer_id,
        {each.charge, ChargeStatus::paid, each.customer_id + "/" + std::to_string(each.charge)}));
  owed_.clear();
}

}  // namespace reckoner::bench

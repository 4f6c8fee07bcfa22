#include "storage/lane/block_fetcher.hpp"

namespace reckoner::storage {
namespace {

constexpr std::uint64_t kCommitsUnused = 64;

}  // namespace

BlockFetcher::BlockFetcher(Store& store, std::uint32_t threads) : store_(store), places_(threads) {
  for (Place& place : places_) threads_.emplace_back([this, &place] { work(place); });
}

BlockFetcher::~BlockFetcher() {
  {
    const std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  begun_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BlockFetcher::fetch(std::vector<Wanted>& wanted) {
  used_ = commits_;
  has_readers_ = true;
  await_idle();
  begin(wanted);
  await_idle();
}

void BlockFetcher::committed() {
  ++commits_;
  if (!has_readers_ || !is_idle()) return;
  if (commits_ - used_ < kCommitsUnused) return begin(nothing_);
  for (Place& place : places_) place.reader.reset();
  has_readers_ = false;
}

void BlockFetcher::begin(std::vector<Wanted>& wanted) {
  const std::lock_guard hold(mutex_);
  wanted_ = &wanted;
  next_ = 0;
  working_ = places_.size();
  at_commit_ = commits_;
  ++round_;
  begun_.notify_all();
}

void BlockFetcher::await_idle() {
  std::unique_lock hold(mutex_);
  ended_.wait(hold, [this] { return working_ == 0; });
}

bool BlockFetcher::is_idle() {
  const std::lock_guard hold(mutex_);
  return working_ == 0;
}

void BlockFetcher::work(Place& place) {
  std::unique_lock hold(mutex_);
  for (std::uint64_t round = 0;;) {
    begun_.wait(hold, [&] { return stopping_ || round_ != round; });
    if (stopping_) return;
    round = round_;
    hold.unlock();
    catch_up(place);
    while (Wanted* const wanted = next_wanted()) fetch_one(place, *wanted);
    hold.lock();
    if (--working_ == 0) ended_.notify_one();
  }
}

void BlockFetcher::catch_up(Place& place) {
  if (place.reader == nullptr || place.seen == at_commit_) return;
  place.seen = at_commit_;
  if (place.reader->refresh()) place.reader.reset();
}

BlockFetcher::Wanted* BlockFetcher::next_wanted() {
  const std::lock_guard hold(mutex_);
  return next_ == wanted_->size() ? nullptr : &(*wanted_)[next_++];
}

void BlockFetcher::fetch_one(Place& place, Wanted& wanted) {
  if (place.reader == nullptr) {
    place.seen = at_commit_;
    if (store_.open_reader(place.reader)) return place.reader.reset();
  }
  const auto keep = [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
    if (first <= wanted.sequence && wanted.sequence - first < count) wanted.block = block;
    return false;
  };
  if (place.reader->scan_journal(wanted.shard, wanted.sequence, keep)) wanted.block.clear();
}

}  // namespace reckoner::storage

#include "plugins/sqlite/checkpointer.hpp"

namespace reckoner::storage::sqlite {
namespace {

// Each pass leaves what was committed during it; so it soon is little.
constexpr int kMostPasses = 6;
constexpr std::uint32_t kLittle = 200;

}  // namespace

Checkpointer::Checkpointer(const std::string& path, std::shared_ptr<WalWatch> watch, Health& health)
    : db_(path, Access::read_write), watch_(std::move(watch)), health_(health) {
  db_.run("PRAGMA synchronous=FULL");
  thread_ = std::thread([this] { work(); });
}

Checkpointer::~Checkpointer() {
  watch_->end();
  thread_.join();
}

void Checkpointer::work() {
  while (watch_->await_work()) {
    bool complete = false;
    try {
      complete = round();
    } catch (const sdk::Failure& failure) {
      // No room and busy pass; what could not be synced does not.
      if (failure.status == RECKONER_FATAL) health_.fail(failure);
    }
    watch_->round_ended(complete);
  }
}

bool Checkpointer::round() {
  Progress last;
  for (int i = 0; i < kMostPasses; ++i) {
    const Progress now = pass();
    if (i > 0 && now.copied == last.copied) return false;  // a reader is in the way
    last = now;
    if (watch_->frames() <= static_cast<std::uint32_t>(now.copied) + kLittle) break;
  }
  const WalWatch::Pause pause(*watch_);
  last = pass();
  return last.frames == last.copied;
}

Checkpointer::Progress Checkpointer::pass() {
  Progress out;
  const int result = sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               &out.frames, &out.copied);
  if (result != SQLITE_OK) db_.fail(result);
  return out;
}

}  // namespace reckoner::storage::sqlite

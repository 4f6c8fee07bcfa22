// Reads the store for whoever asks, beside the lane, on a thread of its own. Each reading sees what
// was committed when it began. A reader that is not used for a while is closed: an old snapshot
// keeps a store from tidying up.
#pragma once

#include <caf/event_based_actor.hpp>
#include <memory>

#include "actors/engine/messages.hpp"
#include "actors/engine/surroundings.hpp"

namespace reckoner::actors {

class ReaderActor final : public caf::event_based_actor {
 public:
  ReaderActor(caf::actor_config& config, Surroundings& surroundings, storage::Store& store)
      : caf::event_based_actor(config), surroundings_(surroundings), store_(store) {}

  caf::behavior make_behavior() override {
    return {
        [this](const Read& message) { read(message); },
        [this](Tick) { close_unused(); },
    };
  }
  void on_exit() override { reader_.reset(); }
  const char* name() const override { return "reader"; }

 private:
  void read(const Read& message) noexcept {
    storage::StoreStatus failed;
    if (reader_ == nullptr) {
      failed = store_.open_reader(reader_);
      if (!failed && !surroundings_.options.deterministic)
        delayed_send(this, std::chrono::seconds(1), Tick{});
    } else {
      failed = reader_->refresh();
    }
    used_ = true;
    message.read(failed, failed ? nullptr : reader_.get());
    if (surroundings_.options.deterministic || failed) reader_.reset();
  }

  void close_unused() {
    if (!std::exchange(used_, false)) return reader_.reset();
    delayed_send(this, std::chrono::seconds(1), Tick{});
  }

  Surroundings& surroundings_;
  storage::Store& store_;
  std::unique_ptr<storage::Reader> reader_;
  bool used_ = false;
};

}  // namespace reckoner::actors

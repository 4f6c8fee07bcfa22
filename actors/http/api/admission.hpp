// How much may be in flight behind the front door. What goes beyond is told to come again, before
// it costs anything: queues behind the door stay bounded.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace reckoner::http::api {

// From any thread.
class Admission {
 public:
  struct Bounds {
    std::size_t items = 0, bytes = 0;
  };

  // What was let in, until it is let go.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), held_(other.held_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      release();
      admission_ = std::exchange(other.admission_, nullptr);
      held_ = other.held_;
      return *this;
    }
    ~Ticket() { release(); }

    void release() {
      if (Admission* admission = std::exchange(admission_, nullptr)) admission->leave(held_);
    }

   private:
    friend class Admission;
    Ticket(Admission* admission, Bounds held) : admission_(admission), held_(held) {}

    Admission* admission_ = nullptr;
    Bounds held_;
  };

  explicit Admission(Bounds most) : most_(most) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Nothing, if it is too much. Alone, anything is let in: no request is too large for ever.
  std::optional<Ticket> admit(std::size_t items, std::size_t bytes) {
    const std::size_t items_before = items_.fetch_add(items),
                      bytes_before = bytes_.fetch_add(bytes);
    const bool alone = items_before == 0 && bytes_before == 0;
    if (alone || (items_before + items <= most_.items && bytes_before + bytes <= most_.bytes))
      return Ticket(this, {items, bytes});
    leave({items, bytes});
    return std::nullopt;
  }
  // Whether there is no room at all: to be asked before a body is read.
  bool is_full() const { return items_ >= most_.items || bytes_ >= most_.bytes; }

 private:
  void leave(Bounds held) {
    items_ -= held.items;
    bytes_ -= held.bytes;
  }

  const Bounds most_;
  std::atomic<std::size_t> items_{0}, bytes_{0};
};

}  // namespace reckoner::http::api

// The requests that the service is measured with, as whole bytes. Usage is the stream of events
// that the store is measured with (store/event_maker.hpp), without times: it happened now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/polar/signature.hpp"
#include "tests/bench/store/event_maker.hpp"

namespace reckoner::bench {

struct Prepared {
  std::string bytes;
  std::uint32_t events = 1;
  std::uint32_t accepted = 1;  // of them, if all were sent in order
};

enum class Kind { single, batch, lines, webhook };

class Traffic {
 public:
  // `next`: the first event of the stream that is not stored yet.
  Traffic(std::string api_key, std::uint64_t next);

  // The next ones. A batch has `in_batch` events, as JSON or as lines.
  std::vector<Prepared> make(Kind kind, std::size_t count, std::size_t in_batch = 1'000);
  // Goes back to behind the events that were sent.
  std::uint64_t next() const { return next_; }
  void go_on_from(std::uint64_t next) { next_ = next; }
  // Whether a request of that customer's may go ahead.
  std::string authorize(const std::string& customer_id) const;

 private:
  Prepared usage(Kind kind, std::size_t events);
  Prepared webhook(std::uint64_t number);

  std::string api_key_;
  std::uint64_t next_, webhooks_ = 0;
  EventMaker maker_;
  MadeEvents made_;
  polar::HmacKey key_;
};

// Of the customer of that rank, linked by StoreRun.
std::string polar_customer_id(std::uint32_t rank);

}  // namespace reckoner::bench

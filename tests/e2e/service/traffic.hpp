// A sender of everything, over HTTP, that knows what was acknowledged: from several threads at
// once, to an engine that may die at any moment. What had no answer is sent again, under the same
// key.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/service/stand.hpp"

namespace reckoner::e2e {

// How often something is to be found in the journal.
enum class Sent : std::uint8_t {
  waiting,       // not acknowledged: once at most; to be sent again, if that can be
  doubtful,      // it cannot be sent again, and may have arrived: once at most
  acknowledged,  // exactly once
  refused,       // not at all
};

struct SentUsage {
  std::string customer;
  std::int64_t tokens = 0;
  Sent sent = Sent::waiting;
};

struct Known {
  std::map<std::string, SentUsage> by_key;     // idempotency key
  std::map<std::string, SentUsage> by_marker;  // usage without a key: the name of its operation
  std::map<std::string, Sent> webhooks;
  std::map<std::string, Sent> customers;    // registered by a call of their own
  std::map<std::string, std::string> acts;  // charge → "release", "write-off": acknowledged ones
  std::vector<std::string> wrong;           // answers that no engine should give
  std::uint64_t answered = 0, refused = 0;  // requests
};

class Traffic {
 public:
  explicit Traffic(std::uint64_t seed) : seed_(seed) {}
  ~Traffic() { end(); }

  // Each round has, beside those of all rounds, customers of its own, who never come back.
  void begin(const Stand& stand, unsigned threads, int round);
  // Nothing more is sent; what is under way ends.
  void end();
  // Until all is acknowledged that can be sent again. False: something is refused for good.
  bool send_again(const Stand& stand);

  // Between begin and end it changes.
  const Known& known() const { return known_; }
  std::uint64_t answered() const { return answered_; }

 private:
  struct Request {
    enum class Kind : std::uint8_t { keyed, keyless, batch, webhook, customer } kind;
    std::string path, body;
    std::vector<std::string> ids;  // keys, the marker, the webhook's, the customer's
  };
  class Thread;

  void note(const Request& request, const Answer& answer);
  void set(const Request& request, Sent sent);
  Sent told(const Request& request, const Answer& answer);
  Answer send(Caller& caller, const Request& request) const;
  void complain(const Request& request, const Answer& answer);

  const std::uint64_t seed_;
  std::string url_, key_;
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> answered_ = 0, number_ = 0;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  Known known_;
  std::vector<Request> again_;
};

}  // namespace reckoner::e2e

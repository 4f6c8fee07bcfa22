// The engine's HTTP interface in front of a replay: what drive is tested against. Each request is
// stamped and folded as it comes; between that and the answer, faults happen.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/polar/signature.hpp"
#include "sim/replay/replayer.hpp"

namespace reckoner::sim {

class LedgerEngine {
 public:
  struct Request {
    std::string method, target, body;
    std::map<std::string, std::string> headers;  // names in lower case
    std::size_t connection;                      // in order of being accepted
  };
  struct Response {
    unsigned status = 200;
    std::string body;
    std::string headers;  // further ones, each with its line break
  };
  enum class Fault : std::uint8_t {
    none,
    too_many,         // 429 with Retry-After
    unavailable,      // 503 with Retry-After
    lost_request,     // the connection breaks before anything is done
    lost_answer,      // it breaks after it was done
    last_on_its_own,  // Connection: close
    miscounted,       // usage counts twice
  };
  // Asked for each request but GETs, with its number.
  using Faults = std::function<Fault(std::size_t number, const Request& request)>;

  explicit LedgerEngine(Faults faults = {}, Book book = {});
  ~LedgerEngine();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // As they came, but GETs.
  std::vector<Request> requests() const;
  std::size_t connections() const { return accepted_; }
  std::string money_hash();
  // What GET /api/v1/charges says of pending ones, so many times; then there are none.
  void charges_pending(int times) { charges_pending_ = times; }
  // Further charges at the sandbox that it is, too.
  void strange_charge(const std::string& id) { strange_charges_.push_back(id); }

  static constexpr const char* kApiKey = "rk_test";
  static constexpr const char* kSecret = "whsec_c2VjcmV0IG9mIGEgdGVzdA==";

 private:
  void accept();
  void serve(int socket, std::size_t connection);
  bool answer(int socket, Request request);
  Response handle(const Request& request);
  Response usage(const Request& request, bool twice);
  Response batch(const Request& request);
  Response webhook(const Request& request);
  Response get(const Request& request);
  Response sandbox_state();
  // Folds a line of a history, stamped; what became of it: accepted, duplicate … or a code.
  std::string fold(const std::string& kind, const std::string& members);
  std::string report_text();

  Faults faults_;
  Replayer replayer_;
  polar::SignatureVerifier verifier_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  Instant last_;
  std::atomic<int> charges_pending_{0};
  std::vector<std::string> strange_charges_;

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> accepted_{0};
  std::vector<int> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace reckoner::sim

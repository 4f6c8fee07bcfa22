// Polar as the guide knows it, without I/O: a request comes in, an answer and webhooks come out.
// Charges are taken once for each Idempotency-Key.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/http/message.hpp"
#include "sim/sandbox/deliveries.hpp"
#include "sim/sandbox/fields.hpp"
#include "sim/sandbox/holdings.hpp"

namespace reckoner::sim::sandbox {

struct ModelOptions {
  std::string api_key;  // empty: any bearer key will do
  bool strict = false;  // what strict means is in docs/simulator.md
  std::uint64_t seed = 1;
};

struct Outcome {
  http::Response response;
  std::vector<Webhook> webhooks;              // in the order in which they happened
  std::optional<std::uint32_t> taken_charge;  // a new one, by number
};

// {"error":…,"detail":…}, as Polar answers.
http::Response error_response(unsigned status, std::string_view error, std::string_view detail);

// Not for use by two threads at once.
class Model {
 public:
  explicit Model(ModelOptions options) : options_(std::move(options)), held_(options_.seed) {}

  // Any path but the sandbox's own. `now` is the time that objects and events bear.
  Outcome answer(const http::Request& request, Instant now);

  // A charge that was taken is paid (invoice.paid), or not (invoice.payment_failed). Empty where
  // that is settled already, or there is no such charge.
  std::optional<Webhook> settle(std::uint32_t charge, bool paid, Instant now);

  std::string new_event_id() { return held_.new_id("evt"); }
  const Holdings& holdings() const { return held_; }
  // Forgets everything but which ids were given.
  void clear() { held_.clear(); }

 private:
  // One request on its way.
  struct Call {
    const http::Request& request;
    Instant now;
    std::string collection, id;  // of the path: "charges", and "ch_1" or nothing
    Outcome out;

    void say(unsigned status, std::string body) {
      out.response.status = status;
      out.response.body = std::move(body);
    }
    void refuse(unsigned status, std::string_view error, std::string_view detail) {
      out.response = error_response(status, error, detail);
    }
    void refuse_field(std::string_view detail) { refuse(422, "RequestValidationError", detail); }
  };
  struct AskedCharge {
    Charge charge;
    std::string customer_id;
  };

  void route(Call& call);
  void post_customer(Call& call);
  void get_customer(Call& call);
  void post_subscription(Call& call);
  void patch_subscription(Call& call);
  void post_charge(Call& call);
  void repeat_charge(Call& call, std::uint32_t number, const AskedCharge& asked);
  void get_charge(Call& call);
  void list_charges(Call& call);

  bool is_authorized(const http::Request& request) const;
  // Each is empty where something is wrong; then the call is answered.
  std::optional<Fields> read_body(Call& call, std::initializer_list<std::string_view> known) const;
  std::optional<AskedCharge> read_charge(Call& call) const;

  void cancel_active(Call& call, const Customer& customer);
  void set_status(Call& call, Subscription& subscription, std::string_view status);
  void send(Call& call, std::string_view type, std::string_view data) {
    call.out.webhooks.push_back(event(type, data, call.now));
  }
  Webhook event(std::string_view type, std::string_view data, Instant now);

  const ModelOptions options_;
  Holdings held_;
  Instant last_event_{0};
};

}  // namespace reckoner::sim::sandbox

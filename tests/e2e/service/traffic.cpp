#include "tests/e2e/service/traffic.hpp"

namespace reckoner::e2e {
namespace {

namespace bj = boost::json;

constexpr int kCustomers = 30, kOnlyOnce = 6;

std::string customer_body(const std::string& id, const std::string& polar) {
  return bj::serialize(bj::object{{"customer_id", id}, {"polar_customer_id", polar}});
}

}  // namespace

// --- what one thread sends ------------------------------------------------------------------

class Traffic::Thread {
 public:
  Thread(Traffic& traffic, std::uint64_t seed, int round)
      : traffic_(traffic), random_(seed), round_(round) {}

  void run() {
    while (!traffic_.over_) {
      const std::uint64_t drawn = below(100);
      if (drawn < 8) {
        act();
        continue;
      }
      const Request request = drawn < 45   ? single(true)
                              : drawn < 60 ? single(false)
                              : drawn < 75 ? batch()
                              : drawn < 90 ? webhook()
                                           : customer();
      traffic_.note(request, traffic_.send(caller_, request));
    }
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  std::string somebody() {
    if (below(4) == 0)
      return "once-" + std::to_string(round_) + '-' + std::to_string(below(kOnlyOnce));
    return "u" + std::to_string(below(kCustomers));
  }

  // Known before it is sent: so is what never had an answer.
  std::string event(Request& request, bool with_key) {
    const std::string id = "n" + std::to_string(++traffic_.number_);
    const std::string customer = somebody();
    // Some cost enough to be held.
    const auto tokens = static_cast<std::int64_t>(below(20) == 0 ? 60'000 : below(3'000));
    bj::object out{{"customer_id", customer}, {"tokens", tokens}};
    out["operation"] = with_key ? "chat" : id;
    if (with_key) out["idempotency_key"] = id;
    request.ids.push_back(id);
    const std::lock_guard lock(traffic_.mutex_);
    auto& known = with_key ? traffic_.known_.by_key : traffic_.known_.by_marker;
    known[id] = {customer, tokens, Sent::waiting};
    return bj::serialize(out);
  }

  Request single(bool with_key) {
    Request out{with_key ? Request::Kind::keyed : Request::Kind::keyless, "/api/v1/usage", "", {}};
    out.body = event(out, with_key);
    return out;
  }

  Request batch() {
    Request out{Request::Kind::batch, "/api/v1/usage/batch", R"({"events":[)", {}};
    for (std::uint64_t left = 1 + below(30); left > 0; --left)
      out.body += event(out, true) + (left > 1 ? "," : "]}");
    return out;
  }

  Request webhook() {
    const std::string id = "evt_" + std::to_string(++traffic_.number_);
    const std::string who = std::to_string(below(kCustomers));
    bj::object data{{"customer_id", "cus_u" + who}};
    const bool pays = below(2) == 0;
    static constexpr const char* kProducts[] = {"cortex_starter", "cortex_professional"};
    data["product_id"] = kProducts[below(2)];
    if (pays) {
      data["id"] = "inv_" + id;
      data["amount_usd"] = "7.31";
    } else {
      data["id"] = "sub_" + who;
      data["status"] = below(4) == 0 ? "canceled" : "active";
    }
    Request out{Request::Kind::webhook, "/api/v1/webhooks/polar", "", {id}};
    const char* type = pays ? "invoice.paid" : "subscription.updated";
    out.body = bj::serialize(bj::object{{"id", id}, {"type", type}, {"data", data}});
    const std::lock_guard lock(traffic_.mutex_);
    traffic_.known_.webhooks[id] = Sent::waiting;
    return out;
  }

  Request customer() {
    const std::string id = somebody();
    Request out{Request::Kind::customer, "/api/v1/customers", customer_body(id, "cus_" + id), {id}};
    const std::lock_guard lock(traffic_.mutex_);
    traffic_.known_.customers.emplace(id, Sent::waiting);
    return out;
  }

  // An operator lets go of one that is held, or writes it off.
  void act() {
    const Answer list =
        caller_.get(traffic_.url_ + "/api/v1/charges?status=held&limit=20", traffic_.key_);
    if (list.status != 200) return;
    const bj::object page = list.json();
    const bj::array& items = page.at("items").as_array();
    if (items.empty()) return;
    const std::string id = text_of(items[below(items.size())].as_object(), "id");
    const std::string verb = below(2) == 0 ? "release" : "write-off";
    const Answer done =
        caller_.post(traffic_.url_ + "/api/v1/charges/" + id + '/' + verb, traffic_.key_, "");
    const std::lock_guard lock(traffic_.mutex_);
    // What is let go of may still be written off, until it is sent.
    if (done.ok() && traffic_.known_.acts[id] != "write-off") traffic_.known_.acts[id] = verb;
    // 409: another thread was faster.
    if (done.status != 0 && !done.ok() && done.status != 409 && done.status != 503)
      traffic_.known_.wrong.push_back(verb + ": " + std::to_string(done.status) + done.body);
  }

  Traffic& traffic_;
  std::mt19937_64 random_;
  const int round_;
  Caller caller_;
};

void Traffic::begin(const Stand& stand, unsigned threads, int round) {
  url_ = stand.url("");
  key_ = stand.key();
  over_ = false;
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this, i, round] {
      const auto mixed = static_cast<std::uint64_t>(round) * 100 + i;
      Thread(*this, seed_ + mixed, round).run();
    });
}

void Traffic::end() {
  over_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Traffic::send_again(const Stand& stand) {
  url_ = stand.url("");
  key_ = stand.key();
  Caller caller;
  for (int tries = 0; tries < 20 && !again_.empty(); ++tries)
    for (const Request& request : std::exchange(again_, {})) note(request, send(caller, request));
  return again_.empty();
}

// --- what is known of it --------------------------------------------------------------------

Answer Traffic::send(Caller& caller, const Request& request) const {
  if (request.kind == Request::Kind::webhook)
    return caller.call("POST", url_ + request.path, webhook_headers(kWebhookSecret, request.body),
                       request.body);
  return caller.post(url_ + request.path, key_, request.body);
}

void Traffic::note(const Request& request, const Answer& answer) {
  const Sent sent = told(request, answer);
  const std::lock_guard lock(mutex_);
  set(request, sent);
  if (sent == Sent::waiting) again_.push_back(request);
  if (sent == Sent::refused) complain(request, answer);
  (sent == Sent::acknowledged ? known_.answered : known_.refused) += 1;
  answered_ += sent == Sent::acknowledged ? 1 : 0;
}

Sent Traffic::told(const Request& request, const Answer& answer) {
  using Kind = Request::Kind;
  const bool nothing_happened = answer.status == 429 || answer.status == 503 || answer.not_sent;
  if (nothing_happened) return Sent::waiting;
  if (answer.status == 0) return request.kind == Kind::keyless ? Sent::doubtful : Sent::waiting;
  if (!answer.ok()) return Sent::refused;
  const bj::object said = answer.json();
  if (request.kind == Kind::batch) {
    const auto done =
        std::stoll(text_of(said, "accepted")) + std::stoll(text_of(said, "duplicates"));
    return done == std::ssize(request.ids) ? Sent::acknowledged : Sent::refused;
  }
  return text_of(said, "status") == "conflict" ? Sent::refused : Sent::acknowledged;
}

void Traffic::set(const Request& request, Sent sent) {
  using Kind = Request::Kind;
  for (const std::string& id : request.ids) {
    if (request.kind == Kind::webhook) known_.webhooks[id] = sent;
    if (request.kind == Kind::customer && known_.customers[id] != Sent::acknowledged)
      known_.customers[id] = sent;
    if (request.kind == Kind::keyless) known_.by_marker[id].sent = sent;
    if (request.kind == Kind::keyed || request.kind == Kind::batch) known_.by_key[id].sent = sent;
  }
}

void Traffic::complain(const Request& request, const Answer& answer) {
  known_.wrong.push_back(request.path + ' ' + request.body.substr(0, 200) + ": " +
                         std::to_string(answer.status) + ' ' + answer.body.substr(0, 400));
}

}  // namespace reckoner::e2e

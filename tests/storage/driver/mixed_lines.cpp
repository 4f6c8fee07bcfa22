#include "tests/storage/driver/mixed_lines.hpp"

#include <random>

#include "engine/basics/instant.hpp"

namespace reckoner::support {
namespace {

class Writer {
 public:
  explicit Writer(const MixedLines& wanted) : wanted_(wanted), random_(wanted.seed) {}

  std::vector<std::string> write() {
    lines_.push_back(begin("book") + R"(,"settings":{"billing.threshold_usd":"0.05"}})");
    while (lines_.size() < wanted_.lines) {
      if (below(3) > 0) at_ = at_ + Micros{below(wanted_.most_seconds)} * kSecond;
      lines_.push_back(line());
    }
    return std::move(lines_);
  }

 private:
  int below(int end) { return static_cast<int>(random_() % static_cast<std::uint64_t>(end)); }
  template <std::size_t kCount>
  std::string one_of(const char* const (&choices)[kCount]) {
    return choices[below(kCount)];
  }
  std::string number() { return std::to_string(lines_.size()); }
  std::string customer() { return "c" + std::to_string(below(wanted_.customers)); }
  std::string polar() { return "p" + std::to_string(below(wanted_.customers)); }

  static std::string quoted(const std::string& name, const std::string& value) {
    return ",\"" + name + "\":\"" + value + "\"";
  }
  std::string begin(const std::string& kind) {
    return "{\"at\":\"" + format_instant(at_) + "\"" + quoted("kind", kind);
  }

  std::string line() {
    const int kind = below(100);
    if (kind < 45) return usage(quoted("idempotency_key", "k" + number()));
    if (kind < 52) return usage(below(4) == 0 ? "" : quoted("idempotency_key", "shared"));
    if (kind < 54) return begin("usage") + quoted("customer_id", customer()) + ",\"tokens\":-1}";
    if (kind < 65) return again();
    if (kind < 72) return customer_line();
    if (kind < 89) return webhook();
    if (kind < 94) return settlement();
    if (kind < 96) return operator_act();
    if (kind < 98 && wanted_.calls) return begin("clock") + "}";
    return below(wanted_.calls ? 4 : 16) == 0 ? book()
                                              : usage(quoted("idempotency_key", "k" + number()));
  }

  std::string usage(const std::string& key) {
    return begin("usage") + quoted("customer_id", customer()) +
           ",\"tokens\":" + std::to_string(below(60'000)) +
           quoted("operation", one_of({"chat", "search"})) + key + "}";
  }

  // An earlier line once more, at another time.
  std::string again() {
    const std::string& earlier = lines_[static_cast<std::size_t>(below(int(lines_.size())))];
    if (earlier.find("\"kind\":\"usage\"") == std::string::npos &&
        earlier.find("\"kind\":\"webhook\",\"id\"") == std::string::npos)
      return usage(quoted("idempotency_key", "k" + number()));
    return "{\"at\":\"" + format_instant(at_) + earlier.substr(earlier.find("\",\"kind\""));
  }

  std::string customer_line() {
    std::string out = begin("customer") + quoted("customer_id", customer());
    if (below(2) == 0) out += quoted("email", "e" + std::to_string(below(6)) + "@x.io");
    if (below(3) == 0) out += quoted("polar_customer_id", polar());
    if (below(4) == 0) out += ",\"billing_day\":" + std::to_string(1 + below(31));
    return out + "}";
  }

  std::string webhook() {
    std::string out = begin("webhook");
    if (below(8) > 0) out += quoted("id", "w" + number());
    out += ",\"body\":{\"type\":\"";
    const std::string who = polar();
    switch (below(4)) {
      case 0:
        out += one_of({"customer.created", "customer.updated"}) + "\",\"data\":{\"id\":\"" + who +
               "\"" + quoted("email", "e" + std::to_string(below(6)) + "@x.io");
        break;
      case 1:
        out += one_of({"invoice.paid", "order.paid", "invoice.payment_failed"}) +
               "\",\"data\":{\"id\":\"i" + number() + "\"" + quoted("customer_id", who) +
               ",\"amount_usd\":" + std::to_string(1 + below(90)) + ".5";
        break;
      default:
        out += one_of({"subscription.created", "subscription.active", "subscription.canceled",
                       "subscription.revoked", "subscription.past_due"}) +
               "\",\"data\":{\"id\":\"s-" + who + "\"" + quoted("customer_id", who) +
               quoted("product_id", one_of({"cortex_starter", "cortex_professional"}));
    }
    return out + "}}}";
  }

  std::string charge() {
    const std::string who = customer();
    return quoted("customer_id", who) +
           quoted("charge_id", who + ":" + std::to_string(1 + below(4)));
  }
  std::string settlement() {
    return begin("settlement") + charge() +
           quoted("status", one_of({"unknown", "submitted", "paid", "failed"})) +
           quoted("polar_charge_id", "ch" + number()) + "}";
  }
  std::string operator_act() {
    return begin("operator") + charge() + quoted("decision", one_of({"retry", "write-off"})) + "}";
  }
  std::string book() {
    at_ = at_ + 1;  // later than all that was accepted under the book before
    return begin("book") + ",\"settings\":{" +
           one_of({R"("billing.threshold_usd":"0.50")", R"("billing.threshold_usd":"0.02")",
                   R"("billing.grace_days":"3")", R"("polar.link_by_email":"false")",
                   R"("polar.link_by_email":"true")"}) +
           "}}";
  }

  MixedLines wanted_;
  std::mt19937_64 random_;
  std::vector<std::string> lines_;
  Instant at_ = *parse_instant("2026-01-28T22:00:00Z");
};

}  // namespace

std::vector<std::string> mixed_lines(const MixedLines& wanted) {
  return Writer(wanted).write();
}

}  // namespace reckoner::support

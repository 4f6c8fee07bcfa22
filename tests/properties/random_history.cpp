#include "tests/properties/random_history.hpp"

#include <array>
#include <ostream>

#include "engine/basics/instant.hpp"

namespace reckoner::properties {
namespace {

constexpr std::array kLengths = {0L,       1L,       kSecond,  90 * kSecond,
                                 kDay / 3, 2 * kDay, 9 * kDay, 31 * kDay};
constexpr std::array kTokens = {0L, 1L, 999L, 5'000L, 60'000L, 400'000L, 1'000'000'000'000L};
constexpr std::array kProducts = {"cortex_free", "cortex_starter", "cortex_professional",
                                  "cortex_enterprise", "mystery"};
constexpr std::array kStatuses = {"active",     "trialing", "past_due", "canceled",
                                  "incomplete", "odd",      ""};
constexpr std::array kSubscriptionTypes = {"created",   "updated", "active",  "canceled",
                                           "cancelled", "revoked", "past_due"};

template <class Choices>
auto pick(const Choices& choices, int number) {
  return choices[static_cast<std::size_t>(number) % choices.size()];
}

std::string quoted(const std::string& name, const std::string& value) {
  return ",\"" + name + "\":\"" + value + "\"";
}

class LineWriter {
 public:
  explicit LineWriter(std::string prefix) : prefix_(std::move(prefix)) {}

  std::string write(const Step& step) {
    at_ = at_ + pick(kLengths, step.later);
    ++count_;
    switch (step.kind) {
      case 0:
      case 1:
      case 2:
      case 3:
        return usage(step);
      case 4:
        return customer(step);
      case 5:
      case 6:
        return webhook(step, subscription(step));
      case 7:
        return webhook(step, customer_news(step));
      case 8:
        return webhook(step, payment(step));
      case 9:
        return webhook(step, refund(step));
      case 10:
        return settlement(step);
      case 11:
        return operator_act(step);
      case 12:
        return book(step);
      default:
        return begin("clock") + "}";
    }
  }

 private:
  std::string begin(const std::string& kind) {
    return "{\"at\":\"" + format_instant(at_) + "\"" + quoted("kind", kind);
  }
  std::string customer_id(int who) { return prefix_ + "c" + std::to_string(who % 4); }
  std::string polar_id(int who) { return prefix_ + "p" + std::to_string(who % 5); }
  std::string email(int who) { return prefix_ + "e" + std::to_string(who % 3) + "@x.io"; }
  // Off by up to a month either way, mostly a little.
  Instant time_of(const Step& step) {
    const Micros off = pick(kLengths, step.sent / 2);
    return step.sent % 2 == 0 ? at_ - off : at_ + off / 100;
  }

  std::string usage(const Step& step) {
    std::string out = begin("usage") + quoted("customer_id", customer_id(step.who));
    const std::string tokens = std::to_string(pick(kTokens, step.amount));
    out += step.how % 29 == 0 ? ",\"tokens\":-1" : ",\"tokens\":" + tokens;
    out += quoted("operation", "op");
    if (step.how % 5 != 0)
      out += quoted("idempotency_key", "k" + std::to_string(step.how % 7 == 0 ? 1 : count_));
    if (step.sent > 6) out += quoted("timestamp", format_instant(time_of(step)));
    if (step.how % 11 == 0) out += ",\"metadata\":{\"a\":[1,2.50,\"x\"]}";
    return out + "}";
  }

  std::string customer(const Step& step) {
    std::string out = begin("customer") + quoted("customer_id", customer_id(step.who));
    if (step.how % 3 != 0) out += quoted("email", email(step.what));
    if (step.how % 4 == 0) out += ",\"billing_day\":" + std::to_string(1 + step.amount % 31);
    if (step.how % 5 == 0) out += quoted("polar_customer_id", polar_id(step.what));
    return out + "}";
  }

  std::string webhook(const Step& step, const std::string& event) {
    std::string out = begin("webhook");
    if (step.how % 13 != 0) out += quoted("id", prefix_ + "w" + std::to_string(count_));
    out += ",\"body\":{" + event;
    if (step.sent % 3 != 0) out += quoted("timestamp", format_instant(time_of(step)));
    return out + "}}";
  }

  std::string subscription(const Step& step) {
    std::string out = "\"type\":\"subscription.";
    out += std::string(pick(kSubscriptionTypes, step.how)) + "\",\"data\":{\"id\":\"s" +
           std::to_string(step.what % 3) + "\"";
    out += quoted("customer_id", polar_id(step.who));
    if (step.amount % 4 != 0) out += quoted("product_id", pick(kProducts, step.amount));
    out += quoted("status", pick(kStatuses, step.how / 7 + step.amount));
    if (step.amount % 5 == 0) out += quoted("past_due_at", format_instant(time_of(step)));
    return out + "}";
  }

  std::string customer_news(const Step& step) {
    static constexpr std::array kTypes = {"created", "updated", "state_changed", "deleted"};
    std::string out = "\"type\":\"customer.";
    out +=
        std::string(pick(kTypes, step.how)) + "\",\"data\":{\"id\":\"" + polar_id(step.who) + "\"";
    if (step.what % 3 != 0) out += quoted("email", email(step.what));
    if (step.what % 4 == 0) out += quoted("external_id", customer_id(step.amount));
    if (step.amount % 3 != 0) {
      out += ",\"active_subscriptions\":[";
      for (int i = 0; i < step.amount % 3; ++i)
        out += std::string(i == 0 ? "" : ",") + "{\"id\":\"s" + std::to_string(i) +
               "\",\"product_id\":\"" + pick(kProducts, step.what + i) + "\",\"status\":\"" +
               pick(kStatuses, step.amount) + "\"}";
      out += "]";
    }
    return out + "}";
  }

  std::string payment(const Step& step) {
    static constexpr std::array kTypes = {"invoice.paid", "order.paid", "invoice.payment_failed"};
    std::string out = "\"type\":\"" + std::string(pick(kTypes, step.how)) +
                      "\",\"data\":{\"id\":\"i" + std::to_string(step.what % 4) + "\"";
    out += quoted("customer_id", polar_id(step.who));
    if (step.amount % 3 == 0) out += quoted("subscription_id", "s" + std::to_string(step.what % 3));
    if (step.amount % 4 == 0) out += quoted("product_id", pick(kProducts, step.what));
    if (step.amount % 5 == 0) out += quoted("currency", "eur");
    if (step.amount % 7 == 0)
      out += quoted("charge_id", customer_id(step.who) + ":" + std::to_string(1 + step.what % 3));
    return out + ",\"amount_usd\":" + std::to_string(step.amount % 50) + ".5}";
  }

  std::string refund(const Step& step) {
    const std::string order = "i" + std::to_string(step.what % 4);
    std::string out =
        step.how % 2 == 0
            ? "\"type\":\"order.refunded\",\"data\":{\"id\":\"" + order +
                  "\",\"refunded_amount\":" + std::to_string(step.amount)
            : "\"type\":\"refund.updated\",\"data\":{\"id\":\"r" + std::to_string(step.what % 3) +
                  "\",\"order_id\":\"" + order +
                  "\",\"status\":\"succeeded\",\"amount\":" + std::to_string(step.amount);
    return out + quoted("customer_id", polar_id(step.who)) + "}";
  }

  std::string charge(const Step& step) {
    const std::string id = customer_id(step.who);
    return quoted("customer_id", id) +
           quoted("charge_id", id + ":" + std::to_string(1 + step.what % 4));
  }
  std::string settlement(const Step& step) {
    static constexpr std::array kSaid = {"unknown", "submitted", "paid", "failed", "pending"};
    return begin("settlement") + charge(step) + quoted("status", pick(kSaid, step.how)) +
           quoted("polar_charge_id", "ch" + std::to_string(step.what)) + "}";
  }
  std::string operator_act(const Step& step) {
    static constexpr std::array kDecisions = {"retry", "release", "write-off"};
    return begin("operator") + charge(step) + quoted("decision", pick(kDecisions, step.how)) + "}";
  }

  std::string book(const Step& step) {
    static constexpr std::array kSettings = {
        R"("billing.threshold_usd":"0.50")",  R"("billing.grace_days":"3")",
        R"("usage.max_age_days":"60")",       R"("billing.hold_charge_usd":"20")",
        R"("polar.link_by_email":"false")",   R"("polar.link_by_email":"true")",
        R"("billing.minimum_charge_usd":"1")"};
    at_ = at_ + 1;  // later than all that was accepted under the book before
    return begin("book") + ",\"settings\":{" + pick(kSettings, step.how) + "}}";
  }

  std::string prefix_;
  Instant at_ = *parse_instant("2026-01-28T22:00:00Z");
  int count_ = 0;
};

}  // namespace

rc::Gen<std::vector<Step>> steps() {
  const auto number = [](int below) { return rc::gen::inRange(0, below); };
  return rc::gen::container<std::vector<Step>>(rc::gen::build<Step>(
      rc::gen::set(&Step::kind, number(14)), rc::gen::set(&Step::who, number(5)),
      rc::gen::set(&Step::what, number(12)), rc::gen::set(&Step::how, number(60)),
      rc::gen::set(&Step::amount, number(35)), rc::gen::set(&Step::later, number(8)),
      rc::gen::set(&Step::sent, number(16))));
}

std::vector<std::string> to_lines(const std::vector<Step>& steps, const std::string& prefix) {
  LineWriter writer(prefix);
  std::vector<std::string> lines;
  for (const Step& step : steps) lines.push_back(writer.write(step));
  return lines;
}

std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << "{kind " << step.kind << ", who " << step.who << ", what " << step.what << ", how "
             << step.how << ", amount " << step.amount << ", later " << step.later << ", sent "
             << step.sent << "}";
}

}  // namespace reckoner::properties

#include "sim/generate/event_lines.hpp"

#include <array>

#include "sim/generate/usage_traffic.hpp"

namespace reckoner::sim {
namespace {

constexpr auto kProducts = std::to_array<std::string_view>(
    {"cortex_free", "cortex_starter", "cortex_professional", "cortex_enterprise"});

std::string_view product(const Hook& hook) {
  return kProducts[static_cast<std::size_t>(hook.plan)];
}

std::string_view guide_type(HookType type) {
  switch (type) {
    case HookType::customer_created:
      return "customer.created";
    case HookType::subscription_created:
      return "subscription.created";
    case HookType::subscription_ended:
      return "subscription.cancelled";
    case HookType::payment_failed:
      return "invoice.payment_failed";
    case HookType::paid:
      return "invoice.paid";
    case HookType::refunded:
      return "refund.created";
    case HookType::order_refunded:
      return "order.refunded";
    default:
      return "subscription.updated";
  }
}

std::string_view polar_type(HookType type) {
  switch (type) {
    case HookType::customer_state:
      return "customer.state_changed";
    case HookType::subscription_active:
      return "subscription.active";
    case HookType::subscription_scheduled_end:
      return "subscription.canceled";
    case HookType::subscription_ended:
      return "subscription.revoked";
    case HookType::payment_failed:
      return "subscription.past_due";
    case HookType::paid:
      return "order.paid";
    default:
      return guide_type(type);
  }
}

std::string_view polar_status(HookType type) {
  switch (type) {
    case HookType::subscription_created:
      return "incomplete";
    case HookType::subscription_ended:
      return "canceled";
    case HookType::payment_failed:
      return "past_due";
    default:
      return "active";
  }
}

// The things of one customer by number, and all of them unlike those of another.
std::uint64_t of_customer(std::uint32_t who, std::uint16_t number) {
  return (std::uint64_t(who) << 16) | number;
}

}  // namespace

std::string_view EventLines::of(const UsageEvent& usage) {
  begin(usage.at, "usage");
  line_.raw(",\"customer_id\":\"");
  people_.write_id(usage.who, line_);
  line_.raw("\",\"tokens\":");
  const std::string_view around = usage.flaw == Flaw::tokens_as_text ? "\"" : "";
  line_.raw(around).number(usage.tokens).raw(around);
  line_.raw(",\"operation\":\"").raw(kOperations[usage.operation]);
  line_.raw("\",\"idempotency_key\":\"");
  uuid(Ids::usage, usage.number);
  line_.raw("\"");
  if (usage.timestamp != kDistantPast) line_.raw(",\"timestamp\":").time(usage.timestamp);
  return line_.raw("}").view();
}

std::string_view EventLines::of(const Hook& hook) {
  const Person person = people_.person(hook.who);
  if (hook.type == HookType::signed_up) {
    sign_up(hook, person);
  } else if (person.dialect == Dialect::guide) {
    guide_webhook(hook, person);
  } else {
    polar_webhook(hook, person);
  }
  return line_.view();
}

void EventLines::begin(Instant at, std::string_view kind) {
  line_.clear();
  line_.raw("{\"at\":").time(at).raw(",\"kind\":\"").raw(kind).raw("\"");
}

void EventLines::uuid(Ids kind, std::uint64_t number) {
  const std::uint64_t stream = mix(seed_, static_cast<std::uint64_t>(kind));
  line_.uuid(mix(stream, number * 2), mix(stream, number * 2 + 1));
}

json::JsonLine& EventLines::customer_id(std::uint32_t who, Dialect dialect) {
  if (dialect == Dialect::guide) return line_.raw("cus_").number(who);
  uuid(Ids::customer, who);
  return line_;
}

json::JsonLine& EventLines::subscription_id(const Hook& hook, Dialect dialect) {
  if (dialect == Dialect::guide)
    return line_.raw("sub_").number(hook.who).raw("_").number(hook.subscription);
  uuid(Ids::subscription, of_customer(hook.who, hook.subscription));
  return line_;
}

json::JsonLine& EventLines::payment_id(const Hook& hook, Dialect dialect) {
  if (dialect == Dialect::guide)
    return line_.raw("inv_").number(hook.who).raw("_").number(hook.payment);
  uuid(Ids::payment, of_customer(hook.who, hook.payment));
  return line_;
}

void EventLines::sign_up(const Hook& hook, const Person& person) {
  begin(hook.at, "customer");
  line_.raw(",\"customer_id\":\"");
  people_.write_id(hook.who, line_);
  line_.raw("\",\"email\":\"");
  people_.write_email(hook.who, false, line_);
  line_.raw("\"");
  if (person.has_name) {
    line_.raw(",\"name\":\"");
    people_.write_name(hook.who, line_);
    line_.raw("\"");
  }
  if (person.has_company) {
    line_.raw(",\"company\":\"");
    people_.write_company(hook.who, line_);
    line_.raw("\"");
  }
  line_.raw(",\"billing_day\":").number(person.billing_day).raw("}");
}

// The members of a Polar customer.
void EventLines::customer(const Hook& hook, const Person& person) {
  line_.raw("\"id\":\"");
  customer_id(hook.who, person.dialect).raw("\",\"email\":\"");
  people_.write_email(hook.who, person.email_in_capitals, line_);
  line_.raw("\"");
  if (person.linked_by_email) return;
  const bool in_metadata = person.dialect == Dialect::guide && hook.who % 2 == 0;
  line_.raw(in_metadata ? ",\"metadata\":{\"user_id\":\"" : ",\"external_id\":\"");
  people_.write_id(hook.who, line_);
  line_.raw(in_metadata ? "\"}" : "\"");
}

void EventLines::refund(const Hook& hook, Dialect dialect) {
  line_.raw("\"id\":\"");
  if (hook.type == HookType::order_refunded) {
    payment_id(hook, dialect).raw("\",\"refunded_amount\":").number(hook.amount);
    return;
  }
  uuid(Ids::refund, of_customer(hook.who, hook.payment));
  line_.raw("\",\"order_id\":\"");
  payment_id(hook, dialect).raw("\",\"amount\":").number(hook.amount);
  line_.raw(",\"currency\":\"usd\",\"status\":\"succeeded\"");
}

// An id in the body, no time.
void EventLines::guide_webhook(const Hook& hook, const Person& person) {
  constexpr Dialect kGuide = Dialect::guide;
  const auto number = static_cast<std::int64_t>(hook.number);
  begin(hook.at, "webhook");
  line_.raw(",\"id\":\"evt_").number(number).raw("\",\"body\":{\"id\":\"evt_").number(number);
  line_.raw("\",\"type\":\"").raw(guide_type(hook.type)).raw("\",\"data\":{");
  if (hook.type == HookType::customer_created) {
    customer(hook, person);
    line_.raw("}}}");
    return;
  }
  const bool refunds = hook.type == HookType::refunded || hook.type == HookType::order_refunded;
  const bool bills = hook.type == HookType::paid || hook.type == HookType::payment_failed;
  if (refunds) {
    refund(hook, kGuide);
  } else if (bills) {
    // A bill that fails has no payment of its own yet.
    line_.raw("\"id\":\"");
    hook.type == HookType::paid ? payment_id(hook, kGuide) : line_.raw("bill_").number(number);
    line_.raw("\",\"subscription_id\":\"");
    subscription_id(hook, kGuide).raw("\"");
  } else {
    line_.raw("\"id\":\"");
    subscription_id(hook, kGuide).raw("\"");
  }
  line_.raw(",\"customer_id\":\"");
  customer_id(hook.who, kGuide).raw("\"");
  if (!refunds) line_.raw(",\"product_id\":\"").raw(product(hook)).raw("\"");
  if (hook.type == HookType::paid)
    line_.raw(",\"amount_usd\":").number(hook.amount / 100).raw(".").padded(hook.amount % 100, 2);
  if (hook.type == HookType::subscription_created) line_.raw(",\"status\":\"active\"");
  line_.raw("}}}");
}

// A time in the body, no id.
void EventLines::polar_webhook(const Hook& hook, const Person& person) {
  constexpr Dialect kPolar = Dialect::polar;
  begin(hook.at, "webhook");
  line_.raw(",\"id\":\"msg_");
  uuid(Ids::webhook, hook.number);
  line_.raw("\",\"body\":{\"type\":\"").raw(polar_type(hook.type)).raw("\",\"timestamp\":");
  line_.time(hook.sent).raw(",\"data\":{");
  switch (hook.type) {
    case HookType::customer_created:
      customer(hook, person);
      break;
    case HookType::customer_state:
      customer(hook, person);
      listed_subscriptions(hook);
      break;
    case HookType::refunded:
    case HookType::order_refunded:
      refund(hook, kPolar);
      line_.raw(",\"customer_id\":\"");
      customer_id(hook.who, kPolar).raw("\"");
      break;
    case HookType::paid:
      line_.raw("\"id\":\"");
      payment_id(hook, kPolar).raw("\",\"subscription_id\":\"");
      subscription_id(hook, kPolar).raw("\",\"customer_id\":\"");
      customer_id(hook.who, kPolar).raw("\",\"product_id\":\"").raw(product(hook));
      line_.raw("\",\"net_amount\":").number(hook.amount);
      line_.raw(",\"tax_amount\":").number(hook.amount * 19 / 100);
      line_.raw(",\"currency\":\"usd\",\"billing_reason\":\"subscription_");
      line_.raw(hook.first_payment ? "create\"" : "cycle\"");
      break;
    default:
      subscription(hook, polar_status(hook.type));
      break;
  }
  line_.raw("}}}");
}

void EventLines::listed_subscriptions(const Hook& hook) {
  line_.raw(",\"active_subscriptions\":[{\"id\":\"");
  subscription_id(hook, Dialect::polar).raw("\",\"product_id\":\"").raw(product(hook));
  line_.raw("\",\"status\":\"active\"}],\"granted_benefits\":[],\"active_meters\":[]");
}

void EventLines::subscription(const Hook& hook, std::string_view status) {
  line_.raw("\"id\":\"");
  subscription_id(hook, Dialect::polar).raw("\",\"customer_id\":\"");
  customer_id(hook.who, Dialect::polar).raw("\",\"product_id\":\"").raw(product(hook));
  line_.raw("\",\"status\":\"").raw(status).raw("\"");
  if (hook.type == HookType::subscription_scheduled_end)
    line_.raw(",\"cancel_at_period_end\":true");
  if (hook.type == HookType::payment_failed) line_.raw(",\"past_due_at\":").time(hook.sent);
}

}  // namespace reckoner::sim

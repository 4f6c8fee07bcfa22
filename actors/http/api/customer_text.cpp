#include "actors/http/api/customer_text.hpp"

#include <algorithm>
#include <array>

#include "actors/engine/usage_totals.hpp"
#include "engine/json/json_line.hpp"
#include "engine/json/report_json.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::array<std::string_view, kSubscriptionStatuses> kStatusNames = {
    "incomplete", "incomplete_expired", "trialing", "active",
    "past_due",   "canceled",           "unpaid",   "paused",
};

void text_or_null(json::JsonLine& line, std::string_view text) {
  if (text.empty()) {
    line.raw("null");
  } else {
    line.quoted(text);
  }
}

void truth(json::JsonLine& line, bool value) {
  line.raw(value ? "true" : "false");
}

void profile(json::JsonLine& line, const CustomerState& state) {
  line.raw(",\"email\":");
  text_or_null(line, state.email);
  line.raw(",\"name\":");
  text_or_null(line, state.name);
  line.raw(",\"company\":");
  text_or_null(line, state.company);
  line.raw(",\"status\":\"").raw(customer_status(state)).raw("\"");
}

void subscriptions(json::JsonLine& line, const CustomerState& state, Instant now) {
  line.raw(",\"subscriptions\":[");
  bool first = true;
  for (const Subscription& each : state.subscriptions.all()) {
    line.raw(first ? "{\"id\":" : ",{\"id\":").quoted(each.id);
    line.raw(",\"product_id\":");
    text_or_null(line, each.product_id);
    line.raw(",\"status\":\"").raw(kStatusNames[static_cast<std::size_t>(each.status)]);
    line.raw("\",\"entitles\":");
    truth(line, each.entitles(now));
    if (each.status == SubscriptionStatus::past_due) {
      line.raw(",\"past_due_since\":").time(each.past_due_since);
      line.raw(",\"grace_end\":").time(each.grace_end);
    }
    line.raw("}");
    first = false;
  }
  line.raw("]");
}

// A JSON object's text, open for further members.
std::string_view without_end(std::string_view object) {
  return object.substr(0, object.size() - 1);
}

}  // namespace

std::string_view customer_status(const CustomerState& state) {
  if (state.set_aside != SetAside::no) return "set_aside";
  if (state.blocked()) return "blocked";
  const auto& all = state.subscriptions.all();
  const bool past_due = std::any_of(all.begin(), all.end(), [](const Subscription& each) {
    return each.status == SubscriptionStatus::past_due;
  });
  return past_due ? "past_due" : "active";
}

std::string summary_text(const CustomerState& state, const Books& books, Instant now) {
  const PlanNumber default_plan = books.at(now).default_plan();
  json::JsonLine line;
  line.raw("{\"customer_id\":").quoted(state.id).raw(",\"polar_customer_id\":");
  text_or_null(line, state.polar_customer_id());
  line.raw(",\"tier\":").quoted(books.plan_id(state.timeline.latest(default_plan)));
  line.raw(",\"billing_day\":").number(state.billing_days.asked());
  line.raw(",\"accrued_usd\":\"").raw(format_money(state.accrued));
  line.raw("\",\"unbilled_tokens\":").number(state.unbilled_tokens);
  line.raw(",\"blocked\":");
  truth(line, state.blocked());
  line.raw(",\"set_aside\":");
  truth(line, state.set_aside != SetAside::no);
  profile(line, state);
  line.raw("}");
  return std::string(line.view());
}

std::string details_text(const actors::CustomerDetails& details) {
  const actors::CustomerView& view = details.view;
  const CustomerReport report = report_customer(view.state, &details.closed, view.books);
  json::JsonLine line;
  line.raw(without_end(json::customer_text(report)));
  profile(line, view.state);
  subscriptions(line, view.state, view.now);
  line.raw("}");
  return std::string(line.view());
}

std::string entitlement_text(const actors::CustomerView& view) {
  const Plan& tier = view.tier();
  const Period period = period_at(view.state, view.now);
  const std::int64_t used = actors::totals_of_period(view.state, period).tokens;
  json::JsonLine line;
  line.raw("{\"tier\":").quoted(tier.id);
  line.raw(",\"status\":\"").raw(customer_status(view.state));
  line.raw("\",\"tokens_used\":").number(used);
  line.raw(",\"tokens_limit\":").number(tier.tokens_per_month);
  line.raw(",\"tokens_remaining\":")
      .number(std::max<std::int64_t>(0, tier.tokens_per_month - used));
  line.raw(",\"rate_limit\":").number(tier.rate_limit).raw(",\"over_limit\":");
  truth(line, used > tier.tokens_per_month);
  line.raw(",\"period\":{\"start\":").time(period.start).raw(",\"end\":").time(period.end);
  line.raw("}}");
  return std::string(line.view());
}

std::string charge_text(std::string_view customer_id, const Charge& charge) {
  json::JsonLine line;
  line.raw(without_end(json::charge_text(charge, customer_id)));
  line.raw(",\"customer_id\":").quoted(customer_id).raw("}");
  return std::string(line.view());
}

}  // namespace reckoner::http::api

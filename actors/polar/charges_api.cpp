#include "actors/polar/charges_api.hpp"

#include <ctime>

#include "actors/http/client.hpp"
#include "actors/http/client_url.hpp"
#include "actors/polar/charge_answers.hpp"
#include "engine/json/json_line.hpp"

namespace reckoner::polar {
namespace {

using Cause = NotNow::Cause;

std::string status_line(const http::ClientResponse& response) {
  std::string out = "Polar answers " + std::to_string(response.status);
  if (const auto shown = read_charges(response.body); shown && !shown->message.empty())
    out += ": " + shown->message;
  return out;
}

NotNow not_now(Cause cause, const http::ClientResponse& response, bool may_be_taken) {
  NotNow out{cause, status_line(response), std::nullopt, may_be_taken};
  if (const std::string* after = response.header("retry-after"))
    out.retry_after = read_retry_after(*after, std::time(nullptr));
  return out;
}

NotNow no_answer(const Error& error) {
  const bool ours = error.code == "invalid_request";  // the URL, or a byte in the key
  return {ours ? Cause::address : Cause::unreachable, error.detail, std::nullopt,
          error.retry == Retry::unknown};
}

// Of a status that says nothing of this charge, to either call.
NotNow general_outcome(const http::ClientResponse& response) {
  const unsigned status = response.status;
  if (status == 401 || status == 403) return not_now(Cause::key, response, false);
  if (status == 429) return not_now(Cause::too_many, response, false);
  if (status == 408 || status / 100 == 5) return not_now(Cause::broken, response, true);
  return not_now(Cause::address, response, false);
}

Outcome sent_outcome(const http::ClientResponse& response, const ChargeOrder& order) {
  const unsigned status = response.status;
  const auto shown = read_charges(response.body);
  if (status / 100 == 2) {
    if (shown && !shown->charge.id.empty()) return outcome_of(shown->charge, order);
    NotNow out = not_now(Cause::unreadable, response, true);
    out.why += ", without the id of a charge";
    return out;
  }
  if (status == 402 || status == 422) return Refused{status_line(response)};
  if (status == 409) {
    // Some show what they hold.
    if (shown && !shown->charge.id.empty() && shown->charge.is(order.charge_id))
      return outcome_of(shown->charge, order);
    return Held{};
  }
  return general_outcome(response);
}

Outcome found_outcome(const ShownCharges& shown, const ChargeOrder& order) {
  const ShownCharge* found = nullptr;
  for (const ShownCharge& item : shown.items) {
    if (item.id.empty() || !item.is(order.charge_id)) continue;
    if (found != nullptr && found->id != item.id)
      return Drift{found->id, "Polar holds it twice, as " + found->id + " and " + item.id};
    found = &item;
  }
  if (found != nullptr) return outcome_of(*found, order);
  if (shown.items.empty()) return Absent{};
  // Others than asked for, or some that do not say which they are: it passed over the question.
  return CannotLook{};
}

Outcome looked_up_outcome(const http::ClientResponse& response, const ChargeOrder& order) {
  const unsigned status = response.status;
  if (status / 100 == 2) {
    const auto shown = read_charges(response.body);
    if (shown && shown->has_items) return found_outcome(*shown, order);
    NotNow out = not_now(Cause::unreadable, response, true);
    out.why += ", without a list of charges";
    return out;
  }
  if (status == 404 || status == 405 || status == 400 || status == 501) return CannotLook{};
  return general_outcome(response);
}

}  // namespace

std::string idempotency_key(std::string_view charge_id) {
  if (charge_id.starts_with(' ')) return "%20" + std::string(charge_id.substr(1));
  if (charge_id.starts_with('%')) return "%25" + std::string(charge_id.substr(1));
  return std::string(charge_id);
}

std::string charge_body(const ChargeOrder& order) {
  json::JsonLine line;
  line.raw(R"({"customer_id":)").quoted(order.polar_customer_id);
  line.raw(R"(,"amount_usd":)").raw(format_cents(Money::of_cents(order.amount)));
  line.raw(R"(,"description":)").quoted(charge_description(order.tokens));
  line.raw(R"(,"type":"usage","currency":"USD","metadata":{"charge_id":)");
  line.quoted(order.charge_id).raw("}}");
  return std::string(line.view());
}

ChargesApi::ChargesApi(std::shared_ptr<http::Client> client, std::string base_url,
                       std::string api_key)
    : client_(std::move(client)), authorization_("Bearer " + std::move(api_key)) {
  while (base_url.ends_with('/')) base_url.pop_back();
  charges_url_ = std::move(base_url) + "/charges";
}

void ChargesApi::send(const ChargeOrder& order, OnOutcome on_outcome) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = charges_url_;
  request.headers = {{"Authorization", authorization_},
                     {"Idempotency-Key", idempotency_key(order.charge_id)},
                     {"Content-Type", "application/json"},
                     {"Accept", "application/json"}};
  request.body = charge_body(order);
  client_->send(std::move(request), [order, on_outcome = std::move(on_outcome)](
                                        Result<http::ClientResponse> response) {
    on_outcome(response ? sent_outcome(*response, order) : Outcome(no_answer(response.error())));
  });
}

void ChargesApi::look_up(const ChargeOrder& order, OnOutcome on_outcome) {
  http::ClientRequest request;
  request.url =
      charges_url_ + "?idempotency_key=" + http::percent_encoded(idempotency_key(order.charge_id));
  request.headers = {{"Authorization", authorization_}, {"Accept", "application/json"}};
  client_->send(std::move(request),
                [order, on_outcome = std::move(on_outcome)](Result<http::ClientResponse> response) {
                  on_outcome(response ? looked_up_outcome(*response, order)
                                      : Outcome(no_answer(response.error())));
                });
}

}  // namespace reckoner::polar

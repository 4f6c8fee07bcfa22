#include <algorithm>

#include "actors/http/api/customer_text.hpp"
#include "actors/http/api/endpoints.hpp"
#include "actors/http/api/pages.hpp"
#include "actors/http/problem.hpp"
#include "engine/basics/ids.hpp"
#include "engine/basics/sha256.hpp"

namespace reckoner::http::api {
namespace {

struct ChargeName {
  std::string customer_id;
  std::uint32_t number = 0;
};

// Of "<customer_id>:<number>".
std::optional<ChargeName> read_name(const std::string& id) {
  const std::string customer_id = id.substr(0, id.rfind(':'));
  const auto number = charge_number(customer_id, id);
  if (customer_id.size() == id.size() || !number || !is_valid_id(customer_id)) return std::nullopt;
  return ChargeName{customer_id, *number};
}

Response unknown_charge(const std::string& id) {
  return problem(404, "unknown_charge", "there is no charge '" + id + "'");
}

const Charge* find_charge(const actors::CustomerDetails& details, std::uint32_t number) {
  const auto is_it = [number](const Charge& charge) { return charge.number == number; };
  const auto& open = details.view.state.charges;
  const auto found = std::find_if(open.begin(), open.end(), is_it);
  if (found != open.end()) return &*found;
  const auto& closed = details.closed.charges;
  const auto left = std::find_if(closed.begin(), closed.end(), is_it);
  return left == closed.end() ? nullptr : &*left;
}

// The engine knows no such charge in a status that it applies to: says which of both it is.
void answer_why_not(const CallPtr& call, std::uint32_t number, std::string_view verb) {
  call->engine().show(call->customer_id,
                      [call, number, verb](const Result<const actors::CustomerDetails*>& details) {
                        const Charge* charge = details ? find_charge(**details, number) : nullptr;
                        if (charge == nullptr)
                          return call->answer(unknown_charge(call->params.front()));
                        call->answer(problem(409, "wrong_status",
                                             "charge '" + call->params.front() + "' is " +
                                                 std::string(charge_status_name(charge->status)) +
                                                 ", which takes no " + std::string(verb)));
                      });
}

void act(const CallPtr& call, OperatorDecision decision, std::string_view verb) {
  const std::string& id = call->params.front();
  std::optional<ChargeName> name = read_name(id);
  if (!name) return call->answer(unknown_charge(id));
  call->customer_id = name->customer_id;
  actors::ChargeRequest<OperatorAct> request;
  request.customer_id = name->customer_id;
  request.body = {name->number, decision};
  request.on_done = [call, verb,
                     number = name->number](const Result<const actors::ChargeAnswer*>& done) {
    if (!done && done.error().code == "unknown_customer")
      return call->answer(unknown_charge(call->params.front()));
    if (!done && done.error().code == "unknown_charge") return answer_why_not(call, number, verb);
    if (!done) return call->answer(done.error());
    call->answer_json(charge_text((*done)->view.state.id, (*done)->charge));
  };
  call->engine().operator_act(std::move(request));
}

Result<std::optional<ChargeStatus>> read_status(const Query& query) {
  const std::string* text = query.find("status");
  std::optional<ChargeStatus> status;
  if (text == nullptr || text->empty()) return status;
  std::string taken;
  for (int i = 0; i < kChargeStatuses; ++i) {
    const auto each = static_cast<ChargeStatus>(i);
    if (charge_status_name(each) == *text) status = each;
    taken += (i == 0 ? "" : ", ") + std::string(charge_status_name(each));
  }
  if (!status) return invalid("status is '" + *text + "'; it takes one of " + taken);
  return status;
}

Result<actors::ChargesQuery> read_query(const Call& call) {
  const Result<Query> query = Query::parse(call.request.query);
  if (!query) return query.error();
  actors::ChargesQuery out;
  auto place = place_of_cursor(*query);
  if (!place) return place.error();
  // The engine's own place is hexadecimal, too; it would say so of a field that nobody sent.
  if (!from_hex(*place)) return invalid_cursor(*query->find("cursor"));
  out.after = std::move(*place);
  const auto limit = query->number("limit", kPage, kLargestPage);
  if (!limit) return limit.error();
  out.limit = *limit;
  const auto status = read_status(*query);
  if (!status) return status.error();
  out.status = *status;
  const std::string* customer_id = query->find("customer_id");
  if (customer_id == nullptr || customer_id->empty()) return out;
  if (!is_valid_id(*customer_id))
    return invalid("customer_id is '" + *customer_id +
                   "'; it takes 1 to 255 bytes of UTF-8 without control characters");
  out.customer_id = *customer_id;
  return out;
}

}  // namespace

void list_charges(const CallPtr& call) {
  Result<actors::ChargesQuery> query = read_query(*call);
  if (!query) return call->answer(query.error());
  call->customer_id = query->customer_id;
  call->engine().charges(std::move(query).value(), [call](const Result<actors::ChargesPage>& page) {
    if (!page) return call->answer(page.error());
    PageText text;
    for (const actors::CustomersCharge& charge : page->charges)
      text.add(charge_text(charge.customer_id, charge.charge));
    call->answer_json(std::move(text).finish(page->next));
  });
}

void retry_charge(const CallPtr& call) {
  act(call, OperatorDecision::retry, "retry");
}

void release_charge(const CallPtr& call) {
  act(call, OperatorDecision::release, "release");
}

void write_off_charge(const CallPtr& call) {
  act(call, OperatorDecision::write_off, "write-off");
}

}  // namespace reckoner::http::api

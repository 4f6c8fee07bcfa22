#include "actors/http/api/content.hpp"
#include "actors/http/api/customer_body.hpp"
#include "actors/http/api/customer_text.hpp"
#include "actors/http/api/endpoints.hpp"
#include "actors/http/api/pages.hpp"
#include "engine/basics/ids.hpp"
#include "engine/json/json_line.hpp"

namespace reckoner::http::api {
namespace {

// The customer whom the path names; false: it was answered.
bool takes_customer_id(const CallPtr& call) {
  if (!is_valid_id(call->params.front())) {
    call->answer(
        invalid("customer_id in the path is no id; it takes 1 to 255 bytes of UTF-8 "
                "without control characters"));
    return false;
  }
  call->customer_id = call->params.front();
  return true;
}

bool is_json(const CallPtr& call) {
  if (content_of(call->request) == Content::json) return true;
  call->answer(unsupported_content(call->request, "application/json"));
  return false;
}

void set_customer(const CallPtr& call, std::string_view named) {
  if (!is_json(call)) return;
  Result<CustomerLine> line = read_customer(call->request.body, named);
  if (!line) return call->answer(line.error());
  call->customer_id = line->customer_id;
  actors::CustomerRequest request;
  request.line = std::move(line).value();
  request.must_exist = !named.empty();
  request.on_done = [call](const Result<const actors::CustomerAnswer*>& done) {
    if (!done) return call->answer(done.error());
    const actors::CustomerView& view = (*done)->view;
    Response response;
    response.status = (*done)->registered ? 201 : 200;
    if ((*done)->registered)
      response.headers.emplace_back("Location",
                                    "/api/v1/customers/" + percent_encoded(view.state.id));
    response.body = summary_text(view.state, view.books, view.now);
    call->answer(std::move(response));
  };
  call->engine().customer(std::move(request));
}

Result<actors::CustomersQuery> read_query(const Call& call, const Books& books) {
  const Result<Query> query = Query::parse(call.request.query);
  if (!query) return query.error();
  actors::CustomersQuery out;
  auto place = place_of_cursor(*query);
  if (!place) return place.error();
  out.after = std::move(*place);
  const auto limit = query->number("limit", kPage, kLargestPage);
  if (!limit) return limit.error();
  out.limit = *limit;
  const auto unlinked = query->truth("unlinked"), blocked = query->truth("blocked");
  if (!unlinked) return unlinked.error();
  if (!blocked) return blocked.error();
  out.unlinked = *unlinked;
  out.blocked = *blocked;
  const std::string* tier = query->find("tier");
  if (tier == nullptr || tier->empty()) return out;
  if (!books.plan_number(*tier)) {
    std::string plans;
    for (const Plan& plan : books.latest().book().prices.plans)
      plans += (plans.empty() ? "" : ", ") + plan.id;
    return invalid("tier is '" + *tier + "'; it takes one of " + plans);
  }
  out.tier = *tier;
  return out;
}

}  // namespace

void post_customer(const CallPtr& call) {
  set_customer(call, "");
}

void patch_customer(const CallPtr& call) {
  if (takes_customer_id(call)) set_customer(call, call->params.front());
}

void get_customer(const CallPtr& call) {
  if (!takes_customer_id(call)) return;
  call->engine().show(call->customer_id,
                      [call](const Result<const actors::CustomerDetails*>& details) {
                        if (!details) return call->answer(details.error());
                        call->answer_json(details_text(**details));
                      });
}

void list_customers(const CallPtr& call) {
  Result<actors::CustomersQuery> query = read_query(*call, call->engine().books());
  if (!query) return call->answer(query.error());
  call->engine().customers(std::move(query).value(),
                           [call](const Result<const actors::CustomersPage*>& page) {
                             if (!page) return call->answer(page.error());
                             PageText text;
                             for (const CustomerState& state : (*page)->customers)
                               text.add(summary_text(state, (*page)->books, (*page)->now));
                             call->answer_json(std::move(text).finish((*page)->next));
                           });
}

void get_entitlement(const CallPtr& call) {
  if (!takes_customer_id(call)) return;
  call->engine().view(call->customer_id, [call](const Result<const actors::CustomerView*>& view) {
    if (!view) return call->answer(view.error());
    call->answer_json(entitlement_text(**view));
  });
}

void post_authorize(const CallPtr& call) {
  if (!takes_customer_id(call) || !is_json(call)) return;
  const Result<std::int64_t> tokens = read_tokens(call->request.body);
  if (!tokens) return call->answer(tokens.error());
  call->engine().authorize(
      call->customer_id, *tokens, [call](const Result<actors::Authorization>& answer) {
        if (!answer && answer.error().code == "unknown_customer")
          return call->answer_json(R"({"allowed":false,"reason":"unknown_customer"})");
        if (!answer) return call->answer(answer.error());
        if (answer->allowed) return call->answer_json(R"({"allowed":true})");
        json::JsonLine line;
        line.raw(R"({"allowed":false,"reason":)").quoted(answer->reason);
        if (answer->reason == "rate_limited")
          line.raw(",\"retry_after\":").number(answer->retry_after_seconds);
        line.raw("}");
        call->answer_json(std::string(line.view()));
      });
}

}  // namespace reckoner::http::api

#include "actors/http/api/endpoints.hpp"
#include "actors/http/api/openapi.hpp"
#include "actors/http/api/url.hpp"
#include "actors/http/problem.hpp"
#include "engine/json/json_line.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::int64_t kRetrySeconds = 1;

void totals(json::JsonLine& line, const ReportTotals& totals) {
  line.raw(",\"totals\":{\"customers\":").number(totals.customers);
  line.raw(",\"requests\":").number(totals.requests);
  line.raw(",\"tokens\":").number(totals.tokens);
  line.raw(",\"cost_usd\":\"").raw(format_money(totals.cost));
  line.raw("\",\"charges\":").number(totals.charges);
  line.raw(",\"charged_usd\":\"").raw(format_cents(totals.charged));
  line.raw("\",\"accrued_usd\":\"").raw(format_money(totals.accrued)).raw("\"}");
}

}  // namespace

void get_healthz(const CallPtr& call) {
  call->answer_json(R"({"status":"ok"})");
}

void get_readyz(const CallPtr& call) {
  Core& core = call->core();
  if (core.ready) return call->answer_json(R"({"status":"ready"})");
  std::unique_lock lock(core.mutex);
  const std::string why = core.why_not_ready;
  lock.unlock();
  call->answer(problem_later(503, "unavailable", "not ready: " + why, kRetrySeconds));
}

void get_openapi(const CallPtr& call) {
  call->answer_json(openapi_text());
}

void get_hashes(const CallPtr& call) {
  const Result<Query> query = Query::parse(call->request.query);
  if (!query) return call->answer(query.error());
  std::optional<Instant> at;
  if (const std::string* text = query->find("at"); text != nullptr && !text->empty()) {
    at = parse_instant(*text);
    if (!at)
      return call->answer(
          invalid("at is '" + *text + "'; it takes a time like 2026-01-05T10:00:00Z"));
  }
  auto ticket = call->core().heavy.admit(1, 0);
  if (!ticket)
    return call->answer(problem_later(
        429, "too_many_requests", "hashes are being made already; one at a time", kRetrySeconds));
  call->ticket = std::move(*ticket);
  call->engine().hashes(at, [call](const Result<actors::Hashes>& hashes) {
    if (!hashes) return call->answer(hashes.error());
    json::JsonLine line;
    line.raw("{\"at\":").time(hashes->at);
    line.raw(",\"state_hash\":").quoted(hashes->state_hash);
    line.raw(",\"money_hash\":").quoted(hashes->money_hash);
    totals(line, hashes->totals);
    line.raw("}");
    call->answer_json(std::string(line.view()));
  });
}

}  // namespace reckoner::http::api

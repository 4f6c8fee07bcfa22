#include "actors/http/api/content.hpp"
#include "actors/http/api/endpoints.hpp"
#include "actors/http/api/usage_body.hpp"
#include "actors/http/problem.hpp"
#include "engine/json/json_line.hpp"

namespace reckoner::http::api {
namespace {

using storage::Verdict;

constexpr std::int64_t kRetrySeconds = 1;

Response too_many() {
  return problem_later(429, "too_many_requests",
                       "as much usage is in flight as is taken at a time; send it again later",
                       kRetrySeconds);
}

std::string_view status_name(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::duplicate:
      return "duplicate";
    case Verdict::Kind::conflict:
      return "conflict";
    default:
      return "accepted";
  }
}

const Settings& settings_now(Call& call) {
  return call.engine().books().latest().settings();
}

// Lets the batch in and hands it to the engine; `answer` gets it back.
using Answer = void (*)(Call& call, const UsageBody& body);
void submit(const CallPtr& call, const UsageBodyPtr& body, Answer answer) {
  if (body->events.empty()) return answer(*call, *body);
  auto ticket = call->core().usage.admit(body->events.size(), body->body.size());
  if (!ticket) return call->answer(too_many());
  call->ticket = std::move(*ticket);
  body->on_done = [call, answer](actors::UsageBatch& batch, const Error* error) {
    if (error != nullptr) return call->answer(*error);
    answer(*call, static_cast<const UsageBody&>(batch));
  };
  call->engine().usage(body);
}

void answer_single(Call& call, const UsageBody& body) {
  const Verdict& verdict = body.verdicts.front();
  if (verdict.kind == Verdict::Kind::rejected)
    return call.answer(problem(422, rejection_code(verdict.rejection),
                               rejection_detail(verdict.rejection, body, 0, settings_now(call))));
  const actors::UsageTotals& totals = body.totals.front();
  json::JsonLine line;
  line.raw("{\"status\":\"").raw(status_name(verdict.kind));
  line.raw("\",\"customer_id\":").quoted(body.events.front().customer_id);
  line.raw(",\"tier\":").quoted(totals.tier);
  line.raw(",\"cost_usd\":\"").raw(format_money(totals.cost));
  line.raw("\",\"period\":{\"start\":").time(totals.period.start);
  line.raw(",\"end\":").time(totals.period.end);
  line.raw(",\"tokens\":").number(totals.tokens);
  line.raw(",\"requests\":").number(totals.requests);
  line.raw(",\"cost_usd\":\"").raw(format_money(totals.period_cost));
  line.raw("\"},\"accrued_usd\":\"").raw(format_money(totals.accrued)).raw("\"}");
  call.answer_json(std::string(line.view()));
}

struct Counts {
  std::int64_t accepted = 0, duplicates = 0, conflicts = 0;
};

void add_rejected(json::JsonLine& line, bool& first, std::size_t index, std::string_view code,
                  std::string_view detail) {
  line.raw(first ? "{\"index\":" : ",{\"index\":").number(static_cast<std::int64_t>(index));
  line.raw(",\"code\":").quoted(code).raw(",\"detail\":").quoted(detail).raw("}");
  first = false;
}

// In order of their place in the body.
void add_all_rejected(json::JsonLine& line, const UsageBody& body, const Settings& settings) {
  bool first = true;
  auto unreadable = body.unreadable.begin();
  const auto before = [&](std::size_t place) {
    for (; unreadable != body.unreadable.end() && unreadable->index < place; ++unreadable)
      add_rejected(line, first, unreadable->index, unreadable->code, unreadable->detail);
  };
  for (std::size_t i = 0; i < body.verdicts.size(); ++i) {
    const Verdict& verdict = body.verdicts[i];
    if (verdict.kind != Verdict::Kind::rejected) continue;
    before(body.places[i]);
    add_rejected(line, first, body.places[i], rejection_code(verdict.rejection),
                 rejection_detail(verdict.rejection, body, i, settings));
  }
  before(SIZE_MAX);
}

void answer_batch(Call& call, const UsageBody& body) {
  Counts counts;
  for (const Verdict& verdict : body.verdicts) {
    counts.accepted += verdict.kind == Verdict::Kind::accepted;
    counts.duplicates += verdict.kind == Verdict::Kind::duplicate;
    counts.conflicts += verdict.kind == Verdict::Kind::conflict;
  }
  json::JsonLine line;
  line.raw("{\"accepted\":").number(counts.accepted);
  line.raw(",\"duplicates\":").number(counts.duplicates);
  line.raw(",\"conflicts\":").number(counts.conflicts).raw(",\"rejected\":[");
  add_all_rejected(line, body, settings_now(call));
  line.raw("]}");
  call.answer_json(std::string(line.view()));
}

}  // namespace

void post_usage(const CallPtr& call) {
  if (content_of(call->request) != Content::json)
    return call->answer(unsupported_content(call->request, "application/json"));
  if (call->core().usage.is_full()) return call->answer(too_many());
  auto body = read_single(std::move(call->request.body));
  if (!body) return call->answer(body.error());
  call->customer_id = (*body)->events.front().customer_id;
  submit(call, *body, answer_single);
}

void post_usage_batch(const CallPtr& call) {
  const Content content = content_of(call->request);
  if (content == Content::other)
    return call->answer(
        unsupported_content(call->request, "application/json or application/x-ndjson"));
  if (call->core().usage.is_full()) return call->answer(too_many());
  const std::size_t most = call->options().max_batch;
  std::string& text = call->request.body;
  auto body = content == Content::json ? read_batch(std::move(text), most)
                                       : read_lines(std::move(text), most);
  if (!body) return call->answer(body.error());
  submit(call, *body, answer_batch);
}

}  // namespace reckoner::http::api

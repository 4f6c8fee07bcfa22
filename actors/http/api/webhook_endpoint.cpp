#include "actors/http/api/endpoints.hpp"
#include "actors/http/problem.hpp"
#include "engine/basics/ids.hpp"
#include "engine/polar/body.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::int64_t kRetrySeconds = 5;

std::optional<std::string_view> field(const Request& request, std::string_view name) {
  const std::string* value = request.header(name);
  if (value == nullptr) return std::nullopt;
  return std::string_view(*value);
}

polar::SignatureHeaders signature_headers(const Request& request) {
  return {field(request, "x-polar-signature"), field(request, "webhook-id"),
          field(request, "webhook-timestamp"), field(request, "webhook-signature")};
}

Response signature_problem(polar::Verdict verdict) {
  switch (verdict) {
    case polar::Verdict::missing_signature:
      return problem(400, polar::verdict_code(verdict),
                     "the request has no signature; it takes X-Polar-Signature, or webhook-id, "
                     "webhook-timestamp and webhook-signature");
    case polar::Verdict::timestamp_out_of_tolerance:
      return problem(400, polar::verdict_code(verdict),
                     "webhook-timestamp is more than " + std::to_string(polar::kToleranceSeconds) +
                         " seconds away from now");
    default:
      return problem(400, polar::verdict_code(verdict),
                     "the signature is not that of this body under any secret that is taken");
  }
}

// One for each thread: it keeps its buffers.
polar::BodyReader& reader() {
  thread_local polar::BodyReader the_reader;
  return the_reader;
}

bool is_object(std::string_view json) {
  const std::size_t first = json.find_first_not_of(" \t\r\n");
  return first != json.npos && json[first] == '{';
}

void answer(Call& call, const Result<actors::WebhookAnswer>& answer) {
  if (!answer) {
    // Nothing of it happened, whatever it was: Polar is to send it again.
    return call.answer(problem_later(503, "unavailable", answer.error().detail, kRetrySeconds));
  }
  using Kind = storage::Verdict::Kind;
  const Kind kind = answer->verdict.kind;
  const bool repeat = kind == Kind::duplicate || kind == Kind::conflict;
  call.answer_json(repeat ? R"({"status":"duplicate"})" : R"({"status":"success"})");
}

}  // namespace

void post_polar_webhook(const CallPtr& call) {
  Core& core = call->core();
  const FrontDoorOptions& options = core.options;
  if (!core.verifiers.any())
    return call->answer(problem_later(503, "unavailable",
                                      "polar.webhook_secret is not set: no webhook can be trusted",
                                      kRetrySeconds));
  Request& request = call->request;
  if (request.body.size() > options.max_webhook_body)
    return call->answer(problem(413, "too_large",
                                "the body has " + std::to_string(request.body.size()) +
                                    " bytes; a webhook takes up to " +
                                    std::to_string(options.max_webhook_body)));
  auto ticket = core.webhooks.admit(1, request.body.size());
  if (!ticket)
    return call->answer(
        problem_later(503, "unavailable", "too many webhooks are in flight", kRetrySeconds));
  call->ticket = std::move(*ticket);
  const Instant now = core.now();
  const polar::SignatureHeaders headers = signature_headers(request);
  const polar::Verdict verdict =
      core.verifiers.verify(headers, request.body, now.micros / kSecond, options.webhook_scheme);
  if (verdict != polar::Verdict::valid) return call->answer(signature_problem(verdict));
  const bool standard = headers.webhook_signature && options.webhook_scheme != polar::Scheme::guide;
  if (standard && !is_valid_id(*headers.webhook_id))
    return call->answer(problem(400, "invalid_field",
                                "webhook-id is no id; it takes 1 to 255 bytes of UTF-8 without "
                                "control characters"));
  Result<polar::Body> body = reader().read(request.body, now);
  if (!body) return call->answer(problem(400, "invalid_json", body.error().detail));
  if (!is_object(request.body))
    return call->answer(problem(400, "invalid_json", "the body is JSON, but no object"));
  actors::WebhookRequest webhook;
  webhook.id = standard ? std::string(*headers.webhook_id) : std::move(body->id);
  webhook.body = std::move(request.body);
  webhook.event = std::move(body->event);
  webhook.on_done = [call](const Result<actors::WebhookAnswer>& done) { answer(*call, done); };
  call->engine().webhook(std::move(webhook));
}

}  // namespace reckoner::http::api

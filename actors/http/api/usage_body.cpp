#include "actors/http/api/usage_body.hpp"

#include "engine/basics/ids.hpp"
#include "engine/limits.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// One for each thread: it keeps its buffers.
json::UsageReader& reader() {
  thread_local json::UsageReader the_reader;
  return the_reader;
}

UsageBodyPtr begin(std::string body) {
  auto out = std::make_shared<UsageBody>();
  out->body = std::move(body);
  return out;
}

Status add(UsageBody& to, std::size_t index, std::string_view text) {
  json::UsageReader& event = reader();
  if (Status read = event.read(text, to.unescaped); !read) return read;
  to.events.push_back({event.customer_id(), event.usage()});
  to.texts.push_back(text);
  to.places.push_back(static_cast<std::uint32_t>(index));
  return Done{};
}

void reserve(UsageBody& body, std::size_t events) {
  body.events.reserve(events);
  body.texts.reserve(events);
  body.places.reserve(events);
}

std::string_view wrong_field(const UsageRequest& request) {
  if (!request.unreadable_field.empty()) return request.unreadable_field;
  return is_valid_id(request.usage.operation, kMaxOperationBytes) ? "idempotency_key" : "operation";
}

std::string_view taken_as(std::string_view field) {
  if (field == "operation") return "1 to 64 bytes of UTF-8 without control characters";
  if (field == "metadata") return "an object";
  return "1 to 255 bytes of UTF-8 without control characters";
}

}  // namespace

Result<UsageBodyPtr> read_single(std::string body) {
  UsageBodyPtr out = begin(std::move(body));
  const std::size_t first = out->body.find_first_not_of(kSpace);
  Status added = add(*out, 0, out->body);
  const bool object = first != std::string::npos && out->body[first] == '{';
  if (!added && !object && added.error().code != "invalid_json")
    return Error{"invalid_json", added.error().detail};
  if (!added) return added.error();
  out->wants_totals = true;
  return out;
}

Result<UsageBodyPtr> read_batch(std::string body, std::size_t most) {
  UsageBodyPtr out = begin(std::move(body));
  const auto texts = json::event_texts(out->body, most);
  if (!texts) return texts.error();
  reserve(*out, texts->size());
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const Status added = add(*out, i, (*texts)[i]);
    if (added) continue;
    const Error& error = added.error();
    // Then the body as a whole is none.
    if (error.code == "invalid_json")
      return Error{error.code, "events[" + std::to_string(i) + "]: " + error.detail};
    out->unreadable.push_back({i, error.code, error.detail});
  }
  return out;
}

Result<UsageBodyPtr> read_lines(std::string body, std::size_t most) {
  UsageBodyPtr out = begin(std::move(body));
  std::string_view rest = out->body;
  std::size_t index = 0;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.find_first_not_of(kSpace) == line.npos) continue;
    if (index == most)
      return Error{"too_large",
                   "the body has more than the " + std::to_string(most) + " lines that are taken"};
    if (Status added = add(*out, index, line); !added)
      out->unreadable.push_back({index, added.error().code, added.error().detail});
    ++index;
  }
  return out;
}

std::string rejection_detail(Rejection rejection, const UsageBody& body, std::size_t event,
                             const Settings& settings) {
  json::TextStore texts;
  if (!reader().read(body.texts[event], texts)) return "";  // it was read before
  const auto says = [](std::string_view field, std::string_view takes) {
    return std::string(field) + " is " + reader().shown(field) + "; it takes " + std::string(takes);
  };
  const std::string_view wrong = wrong_field(reader().usage());
  switch (rejection) {
    case Rejection::invalid_tokens:
      return says("tokens", "an integer from 0 to " + std::to_string(kMaxTokens));
    case Rejection::invalid_field:
      return says(wrong, taken_as(wrong));
    case Rejection::missing_idempotency_key:
      return says("idempotency_key", taken_as("idempotency_key"));
    case Rejection::invalid_timestamp:
      return says("timestamp", "a time like 2026-01-05T10:00:00Z");
    case Rejection::timestamp_in_future:
      return says("timestamp", "one at most " + std::to_string(settings.max_future() / kSecond) +
                                   " seconds after now");
    case Rejection::timestamp_too_old:
      return says("timestamp",
                  "one at most " + std::to_string(settings.max_age() / kDay) + " days before now");
    case Rejection::unknown_customer:
      return says("customer_id", "a customer that is registered");
    default:
      return "";
  }
}

}  // namespace reckoner::http::api

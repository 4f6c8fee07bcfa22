#include "sim/drive/moved_line.hpp"

#include <array>
#include <functional>

#include "engine/json/walker.hpp"
#include "sim/drive/json_edit.hpp"

namespace reckoner::sim {
namespace {

using HistoryKind = json::HistoryLine::Kind;

std::string time_text(Instant at) {
  return '"' + format_instant(at) + '"';
}

std::string_view decision_name(OperatorDecision decision) {
  switch (decision) {
    case OperatorDecision::retry:
      return "retry";
    case OperatorDecision::release:
      return "release";
    default:
      return "write-off";
  }
}

std::optional<Instant> time_in(std::string_view value) {
  const auto text = json_string(value);
  return text ? parse_instant(*text) : std::nullopt;
}

}  // namespace

std::string_view kind_name(MovedLine::Kind kind) {
  switch (kind) {
    case MovedLine::Kind::usage:
      return "usage";
    case MovedLine::Kind::webhook:
      return "webhook";
    case MovedLine::Kind::customer:
      return "customer";
    default:
      return "operator";
  }
}

void write_history_line(json::JsonLine& out, const MovedLine& line, Instant at) {
  out.raw("{\"at\":").time(at).raw(",\"kind\":\"").raw(kind_name(line.kind)).raw("\",");
  out.raw(line.members);
}

Instant Mover::moved(Instant at) const {
  const Instant to = at + by_;
  // Beyond the years that are read: as far off as ever.
  return parse_instant(in_calendar(to) ? format_instant(to) : "") ? to : at;
}

const MovedLine& Mover::move(std::string_view text, const json::HistoryLine& read) {
  line_ = MovedLine{};
  line_.at = moved(read.at);
  members_.clear();
  switch (read.kind) {
    case HistoryKind::usage:
      usage(text, read);
      break;
    case HistoryKind::customer:
      customer(text);
      break;
    case HistoryKind::operator_act:
      operator_act(read);
      break;
    default:
      webhook(read);
      break;
  }
  members_.back() = '}';  // instead of the last comma
  line_.members = members_;
  return line_;
}

void Mover::given(std::string_view name, std::string_view value) {
  if (is_given(value)) members_.append("\"").append(name).append("\":").append(value).append(",");
}

// Usage goes on as it stands, what is wrong with it included: the engine is to judge it.
void Mover::usage(std::string_view text, const json::HistoryLine& read) {
  line_.kind = MovedLine::Kind::usage;
  line_.keyed = !read.usage.usage.idempotency_key.empty();
  std::array<std::string_view, 6> values;
  constexpr std::array<std::string_view, 6> kNames = {"customer_id",     "tokens",    "operation",
                                                      "idempotency_key", "timestamp", "metadata"};
  JsonMember member;
  for (JsonParts parts(text); parts.next(member);)
    for (std::size_t i = 0; i < kNames.size(); ++i)
      if (is_name(member.name, kNames[i])) values[i] = member.value;
  const std::string time = usage_time(values[4], read);
  values[4] = time;
  for (std::size_t i = 0; i < kNames.size(); ++i) given(kNames[i], values[i]);
}

std::string Mover::usage_time(std::string_view said, const json::HistoryLine& read) {
  const Usage& usage = read.usage.usage;
  if (usage.timestamp) return time_text(moved(*usage.timestamp));
  if (is_given(said)) return std::string(said);  // no time at all
  if (!line_.keyed) return time_text(line_.at);
  std::string key(read.customer_id);
  key.append(1, '\0').append(usage.idempotency_key);
  return time_text(first_said_.try_emplace(std::hash<std::string>()(key), line_.at).first->second);
}

void Mover::customer(std::string_view text) {
  line_.kind = MovedLine::Kind::customer;
  for (const std::string_view name :
       {"customer_id", "email", "name", "company", "billing_day", "polar_customer_id"})
    given(name, json::raw_member(text, name));
}

void Mover::operator_act(const json::HistoryLine& read) {
  line_.kind = MovedLine::Kind::operator_act;
  id_ = charge_id(read.customer_id, read.operator_act.charge_number);
  line_.id = id_;
  line_.decision = decision_name(read.operator_act.decision);
  given("customer_id", quoted(read.customer_id));
  given("charge_id", quoted(id_));
  given("decision", quoted(line_.decision));
}

void Mover::webhook(const json::HistoryLine& read) {
  line_.kind = MovedLine::Kind::webhook;
  Result<polar::Body> meant = bodies_.read(read.webhook_body, read.at);
  RECKONER_CHECK(meant.ok(), "a part of a JSON text is no JSON");
  id_ = read.webhook_id.empty() ? meant->id : std::string(read.webhook_id);
  ++webhooks_;
  // The header is part of what is signed: there is always one.
  if (id_.empty() && scheme_ == WebhookScheme::standard) id_ = unique_ + std::to_string(webhooks_);
  line_.id = id_;
  given("id", id_.empty() ? "" : quoted(id_));
  const std::string body = body_of(read);
  const std::size_t begin = members_.append("\"body\":").size();
  members_.append(body).append(",");
  line_.body = std::string_view(members_).substr(begin, body.size());
}

// The times that the rules look at, and under the guide's scheme the id.
std::string Mover::body_of(const json::HistoryLine& read) const {
  JsonEdit edit(read.webhook_body);
  const auto shift = [&](std::string_view value) {
    if (const auto at = time_in(value)) edit.replace(value, time_text(moved(*at)));
  };
  const auto listed = [&](std::string_view subscriptions) {
    JsonMember element, member;
    for (JsonParts each(subscriptions); each.next(element);) {
      if (!is_object(element.value)) continue;
      for (JsonParts parts(element.value); parts.next(member);)
        if (is_name(member.name, "past_due_at")) shift(member.value);
    }
  };
  const auto data = [&](std::string_view object) {
    JsonMember member;
    for (JsonParts parts(object); parts.next(member);) {
      const bool time = is_name(member.name, "modified_at") || is_name(member.name, "past_due_at");
      if (time) shift(member.value);
      if (is_name(member.name, "active_subscriptions")) listed(member.value);
    }
  };
  const bool id_in_body = scheme_ == WebhookScheme::guide && !read.webhook_id.empty();
  bool has_time = false, has_id = false;
  JsonMember member;
  for (JsonParts parts(read.webhook_body); parts.next(member);) {
    if (is_name(member.name, "timestamp")) {
      has_time = true;
      edit.replace(member.value, time_text(moved(time_in(member.value).value_or(read.at))));
    } else if (id_in_body && is_name(member.name, "id")) {
      has_id = true;
      edit.replace(member.value, quoted(id_));
    } else if (is_name(member.name, "data") && is_object(member.value)) {
      data(member.value);
    }
  }
  if (!has_time) edit.add_member("timestamp", time_text(line_.at));
  if (id_in_body && !has_id) edit.add_member("id", quoted(id_));
  return edit.text();
}

}  // namespace reckoner::sim

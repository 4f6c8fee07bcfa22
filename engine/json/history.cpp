#include "engine/json/history.hpp"

#include <algorithm>
#include <array>

#include "engine/basics/ids.hpp"
#include "engine/json/price_book_json.hpp"
#include "engine/json/walker_impl.hpp"

namespace reckoner::json {
namespace {

// A member of the line: not there, a scalar, or an object or array.
struct Field {
  enum class Shape : std::uint8_t { absent, scalar, object, array };
  Shape shape = Shape::absent;
  Scalar::Kind kind = Scalar::Kind::null;
  std::int64_t integer = 0;
  std::string text;

  void operator=(const Scalar& value) {
    shape = Shape::scalar;
    kind = value.kind;
    integer = value.integer;
    text.assign(value.text);
  }
  void operator=(Container container) {
    shape = container == Container::object ? Shape::object : Shape::array;
  }

  bool is_string() const { return shape == Shape::scalar && kind == Scalar::Kind::string; }
  bool is_integer() const { return shape == Shape::scalar && kind == Scalar::Kind::integer; }
  bool is_boolean() const { return shape == Shape::scalar && kind == Scalar::Kind::boolean; }
  // null and the empty string are as not given.
  bool given() const {
    if (shape != Shape::scalar) return shape != Shape::absent;
    return kind != Scalar::Kind::null && !(kind == Scalar::Kind::string && text.empty());
  }
  std::string_view string() const { return is_string() ? std::string_view(text) : ""; }
  // For messages.
  std::string shown() const {
    if (shape == Shape::object) return "an object";
    if (shape == Shape::array) return "an array";
    if (!given()) return "missing";
    if (kind == Scalar::Kind::boolean) return "a truth value";
    return kind == Scalar::Kind::string ? "'" + text.substr(0, 60) + "'" : text.substr(0, 60);
  }
};

}  // namespace

struct HistoryReader::Fields {
  enum class Place : std::uint8_t { nowhere, root };

  Field at, kind, customer_id, tokens, operation, idempotency_key, timestamp, metadata;
  Field email, name, company, billing_day, polar_customer_id, id, body;
  Field charge_id, status, decision, polar_charge_id, prices, settings, opening, unknown;
  Walker<Fields> walker{*this, kMaxDepth + 1};  // a body is one level down

  static constexpr auto kNamed = std::to_array<std::pair<std::string_view, Field Fields::*>>({
      {"at", &Fields::at},
      {"kind", &Fields::kind},
      {"customer_id", &Fields::customer_id},
      {"tokens", &Fields::tokens},
      {"operation", &Fields::operation},
      {"idempotency_key", &Fields::idempotency_key},
      {"timestamp", &Fields::timestamp},
      {"metadata", &Fields::metadata},
      {"id", &Fields::id},
      {"body", &Fields::body},
      {"email", &Fields::email},
      {"name", &Fields::name},
      {"company", &Fields::company},
      {"billing_day", &Fields::billing_day},
      {"polar_customer_id", &Fields::polar_customer_id},
      {"charge_id", &Fields::charge_id},
      {"status", &Fields::status},
      {"decision", &Fields::decision},
      {"polar_charge_id", &Fields::polar_charge_id},
      {"prices", &Fields::prices},
      {"settings", &Fields::settings},
      {"opening", &Fields::opening},
  });

  Field& named(std::string_view key) {
    for (const auto& [member, field] : kNamed)
      if (member == key) return this->*field;
    return unknown;
  }

  void clear() {
    for (const auto& [member, field] : kNamed) (this->*field).shape = Field::Shape::absent;
  }
  Place enter(Place, std::string_view key, Container container) {
    named(key) = container;
    return Place::nowhere;
  }
  void scalar(Place, std::string_view key, const Scalar& value) { named(key) = value; }
};

HistoryReader::HistoryReader() : fields_(std::make_unique<Fields>()) {}
HistoryReader::~HistoryReader() = default;

Error HistoryReader::wrong(std::string_view what) const {
  return {"invalid_history", "line " + std::to_string(line_number_) + ": " + std::string(what)};
}

Status HistoryReader::read(std::string_view text) {
  ++line_number_;
  fields_->clear();
  if (std::string no_json = fields_->walker.walk(text); !no_json.empty())
    return wrong("no JSON: " + no_json);
  if (Status at = read_at(); !at) return at;
  return read_kind(text);
}

Status HistoryReader::read_at() {
  const auto at = parse_instant(fields_->at.string());
  if (!at)
    return wrong("at is " + fields_->at.shown() + "; it takes a time like 2026-01-05T10:00:00Z");
  if (last_ && *at < *last_)
    return wrong("at is " + format_instant(*at) + ", before the line above it (" +
                 format_instant(*last_) + "); time never goes back");
  line_.at = *at;
  first_ = !last_;
  last_ = *at;
  return Done{};
}

Status HistoryReader::read_kind(std::string_view text) {
  const std::string_view kind = fields_->kind.string();
  if (kind == "usage") {
    line_.kind = HistoryLine::Kind::usage;
    read_usage(text);
    return read_customer_id();
  }
  if (kind == "webhook") return read_webhook(text);
  if (kind == "clock") {
    line_.kind = HistoryLine::Kind::clock;
    line_.customer_id = fields_->customer_id.string();
    if (!is_valid_id(line_.customer_id)) line_.customer_id = {};
    return Done{};
  }
  if (kind == "book") return read_book(text);
  const bool customer = kind == "customer", settlement = kind == "settlement";
  if (!customer && !settlement && kind != "operator")
    return wrong("kind is " + fields_->kind.shown() +
                 "; it takes customer, usage, webhook, clock, settlement, operator or book");
  if (Status id = read_customer_id(); !id) return id;
  if (customer) return read_customer();
  return settlement ? read_settlement() : read_operator_act();
}

Status HistoryReader::read_customer_id() {
  const Field& field = fields_->customer_id;
  if (!is_valid_id(field.string()))
    return wrong("customer_id is " + field.shown() +
                 "; it takes 1 to 255 bytes of UTF-8 without control characters");
  line_.customer_id = field.string();
  return Done{};
}

Status HistoryReader::read_customer() {
  line_.kind = HistoryLine::Kind::customer;
  CustomerLine& out = line_.customer;
  out.customer_id = line_.customer_id;
  out.profile = Profile{};
  const auto take = [&](const Field& field, std::optional<std::string>& into) {
    if (field.given()) into = std::string(field.string());
    return !field.given() || is_valid_id(field.string());
  };
  if (!take(fields_->email, out.profile.email))
    return wrong("email is " + fields_->email.shown() + "; it takes 1 to 255 bytes of text");
  if (!take(fields_->name, out.profile.name))
    return wrong("name is " + fields_->name.shown() + "; it takes 1 to 255 bytes of text");
  if (!take(fields_->company, out.profile.company))
    return wrong("company is " + fields_->company.shown() + "; it takes 1 to 255 bytes of text");
  std::optional<std::string> polar;
  if (!take(fields_->polar_customer_id, polar))
    return wrong("polar_customer_id is " + fields_->polar_customer_id.shown() +
                 "; it takes 1 to 255 bytes of text");
  out.polar_customer_id = polar.value_or("");
  const Field& day = fields_->billing_day;
  if (!day.given()) return Done{};
  if (!day.is_integer() || day.integer < 1 || day.integer > 31)
    return wrong("billing_day is " + day.shown() + "; it takes an integer from 1 to 31");
  out.profile.billing_day = static_cast<std::uint8_t>(day.integer);
  return Done{};
}

void HistoryReader::read_usage(std::string_view text) {
  UsageRequest& out = line_.usage;
  out = UsageRequest{};
  out.tokens_readable = fields_->tokens.is_integer();
  out.usage.tokens = out.tokens_readable ? fields_->tokens.integer : 0;
  out.usage.operation = fields_->operation.string();
  out.usage.idempotency_key = fields_->idempotency_key.string();
  if (fields_->operation.given() && !fields_->operation.is_string())
    out.unreadable_field = "operation";
  if (fields_->idempotency_key.given() && !fields_->idempotency_key.is_string())
    out.unreadable_field = "idempotency_key";
  if (fields_->timestamp.given()) {
    out.usage.timestamp = parse_instant(fields_->timestamp.string());
    out.timestamp_readable = out.usage.timestamp.has_value();
  }
  if (fields_->metadata.shape == Field::Shape::object) {
    out.usage.metadata = raw_member(text, "metadata");
  } else if (fields_->metadata.given()) {
    out.unreadable_field = "metadata";
  }
}

Status HistoryReader::read_webhook(std::string_view text) {
  line_.kind = HistoryLine::Kind::webhook;
  if (fields_->body.shape != Field::Shape::object)
    return wrong("body is " + fields_->body.shown() + "; it takes the payload as an object");
  line_.webhook_body = raw_member(text, "body");
  line_.webhook_id = {};
  if (!fields_->id.given()) return Done{};
  if (!is_valid_id(fields_->id.string()))
    return wrong("id is " + fields_->id.shown() + "; it takes 1 to 255 bytes of text");
  line_.webhook_id = fields_->id.string();
  return Done{};
}

Status HistoryReader::read_charge_number(std::uint32_t& number) {
  const auto read = charge_number(line_.customer_id, fields_->charge_id.string());
  if (!read)
    return wrong("charge_id is " + fields_->charge_id.shown() + "; it takes " +
                 charge_id(line_.customer_id, 1) + " and so on");
  number = *read;
  return Done{};
}

Status HistoryReader::read_settlement() {
  line_.kind = HistoryLine::Kind::settlement;
  line_.settlement = Settlement{};
  const std::string_view status = fields_->status.string();
  constexpr auto kSaid = std::to_array<ChargeStatus>({ChargeStatus::pending, ChargeStatus::unknown,
                                                      ChargeStatus::submitted, ChargeStatus::paid,
                                                      ChargeStatus::failed});
  const auto said = std::find_if(kSaid.begin(), kSaid.end(),
                                 [&](ChargeStatus s) { return charge_status_name(s) == status; });
  if (said == kSaid.end())
    return wrong("status is " + fields_->status.shown() +
                 "; it takes pending, unknown, submitted, paid or failed");
  line_.settlement.status = *said;
  line_.settlement.polar_charge_id = fields_->polar_charge_id.string();
  return read_charge_number(line_.settlement.charge_number);
}

Status HistoryReader::read_operator_act() {
  line_.kind = HistoryLine::Kind::operator_act;
  const std::string_view decision = fields_->decision.string();
  if (decision == "retry") {
    line_.operator_act.decision = OperatorDecision::retry;
  } else if (decision == "release") {
    line_.operator_act.decision = OperatorDecision::release;
  } else if (decision == "write-off") {
    line_.operator_act.decision = OperatorDecision::write_off;
  } else {
    return wrong("decision is " + fields_->decision.shown() +
                 "; it takes retry, release or write-off");
  }
  return read_charge_number(line_.operator_act.charge_number);
}

Status HistoryReader::read_book(std::string_view text) {
  line_.kind = HistoryLine::Kind::book;
  line_.book = BookChange{};
  if (const Field& opening = fields_->opening; opening.given()) {
    if (!opening.is_boolean())
      return wrong("opening is " + opening.shown() + "; it takes true or false");
    line_.book.opening = opening.integer != 0;
    if (line_.book.opening && !first_)
      return wrong("opening is true; only a book in the first line is in force from the beginning");
  }
  if (fields_->prices.given()) {
    Result<PriceBook> prices = read_price_book(raw_member(text, "prices"));
    if (!prices) return wrong("prices: " + prices.error().detail);
    line_.book.prices = std::move(prices).value();
  }
  if (fields_->settings.given()) {
    auto settings = read_settings(raw_member(text, "settings"));
    if (!settings) return wrong("settings: " + settings.error().detail);
    line_.book.settings = std::move(settings).value();
  }
  return Done{};
}

}  // namespace reckoner::json

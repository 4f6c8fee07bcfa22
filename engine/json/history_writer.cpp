#include "engine/json/history_writer.hpp"

#include "engine/basics/check.hpp"
#include "engine/json/price_book_json.hpp"

namespace reckoner::json {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

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

}  // namespace

void HistoryWriter::line(std::string& out, const CustomerEntry& entry) {
  if (std::holds_alternative<Notice>(entry.body)) return;
  if (const auto* usage = std::get_if<Usage>(&entry.body)) {
    begin(entry.at, "usage");
    write(*usage, entry.customer_id);
  } else if (const auto* settlement = std::get_if<Settlement>(&entry.body)) {
    begin(entry.at, "settlement");
    write(*settlement, entry.customer_id);
  } else if (const auto* act = std::get_if<OperatorAct>(&entry.body)) {
    begin(entry.at, "operator");
    write(*act, entry.customer_id);
  } else {
    begin(entry.at, "clock");
    member("customer_id", entry.customer_id);
  }
  end(out);
}

void HistoryWriter::line(std::string& out, const IdentityEntry& entry) {
  if (const auto* customer = std::get_if<CustomerLine>(&entry.body)) {
    begin(entry.at, "customer");
    write(*customer);
  } else {
    begin(entry.at, "webhook");
    write(std::get<Webhook>(entry.body));
  }
  end(out);
}

void HistoryWriter::line(std::string& out, Instant from, const Book& book) {
  begin(from, "book");
  write(book);
  end(out);
}

void HistoryWriter::opening_line(std::string& out, Instant at, const Book& book) {
  begin(at, "book");
  line_.raw(",\"opening\":true");
  write(book);
  end(out);
}

// --- the parts of a line --------------------------------------------------------------------

void HistoryWriter::begin(Instant at, std::string_view kind) {
  line_.clear();
  line_.raw("{\"at\":").time(at);
  member("kind", kind);
}

void HistoryWriter::end(std::string& out) {
  out.append(line_.raw("}\n").view());
}

void HistoryWriter::member(std::string_view name, std::string_view text) {
  line_.raw(",\"").raw(name).raw("\":").quoted(text);
}

void HistoryWriter::given(std::string_view name, std::string_view text) {
  if (!text.empty()) member(name, text);
}

// Line breaks in a JSON text stand between its parts alone: in strings they are escaped.
void HistoryWriter::on_one_line(std::string_view json) {
  while (true) {
    const std::size_t end = json.find_first_of("\r\n");
    line_.raw(json.substr(0, end));
    if (end == std::string_view::npos) return;
    line_.raw(" ");
    json.remove_prefix(end + 1);
  }
}

void HistoryWriter::charge(std::string_view customer_id, std::uint32_t number) {
  member("customer_id", customer_id);
  member("charge_id", charge_id(customer_id, number));
}

// --- kinds ----------------------------------------------------------------------------------

void HistoryWriter::write(const Usage& usage, std::string_view customer_id) {
  member("customer_id", customer_id);
  line_.raw(",\"tokens\":").number(usage.tokens);
  member("operation", usage.operation);
  given("idempotency_key", usage.idempotency_key);
  if (usage.timestamp) line_.raw(",\"timestamp\":").time(*usage.timestamp);
  if (usage.metadata.empty()) return;
  line_.raw(",\"metadata\":");
  on_one_line(usage.metadata);
}

void HistoryWriter::write(const Settlement& settlement, std::string_view customer_id) {
  charge(customer_id, settlement.charge_number);
  member("status", charge_status_name(settlement.status));
  given("polar_charge_id", settlement.polar_charge_id);
}

void HistoryWriter::write(const OperatorAct& act, std::string_view customer_id) {
  charge(customer_id, act.charge_number);
  member("decision", decision_name(act.decision));
}

void HistoryWriter::write(const CustomerLine& customer) {
  const Profile& profile = customer.profile;
  member("customer_id", customer.customer_id);
  given("email", profile.email.value_or(""));
  given("name", profile.name.value_or(""));
  given("company", profile.company.value_or(""));
  if (profile.billing_day) line_.raw(",\"billing_day\":").number(*profile.billing_day);
  given("polar_customer_id", customer.polar_customer_id);
}

void HistoryWriter::write(const Webhook& webhook) {
  given("id", webhook.id);
  line_.raw(",\"body\":");
  const std::size_t start = webhook.body.find_first_not_of(kSpace);
  // A body that is no object says nothing (polar/body.hpp), but a line takes only objects.
  if (start == std::string_view::npos || webhook.body[start] != '{') {
    line_.raw("{}");
  } else {
    const std::size_t end = webhook.body.find_last_not_of(kSpace) + 1;
    on_one_line(webhook.body.substr(start, end - start));
  }
}

void HistoryWriter::write(const Book& book) {
  RECKONER_CHECK(book.rules_version == kRulesVersion, "a book line has no version of the rules");
  line_.raw(",\"prices\":").raw(price_book_text(book.prices)).raw(",\"settings\":{");
  bool first = true;
  for (const SettingKey& setting : setting_keys()) {
    line_.raw(first ? "" : ",").quoted(setting.key).raw(":");
    line_.quoted(setting_value(book.settings, setting.key));
    first = false;
  }
  line_.raw("}");
}

}  // namespace reckoner::json

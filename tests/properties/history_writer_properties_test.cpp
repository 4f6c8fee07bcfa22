// Whatever a journal holds comes back from a history as it was.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <array>

#include "engine/json/history_writer.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/properties/random_history.hpp"

namespace reckoner::properties {
namespace {

using json::HistoryLine;

// Texts of what JSON escapes and what it does not, of 1 to 20 characters.
rc::Gen<std::string> ids() {
  static const std::vector<std::string> kParts = {"a", "Z", "0", ":", " ",      "\"", "\\",
                                                  "/", "{", "}", ",", "\u00e9", "😀",  "\u2028"};
  const auto parts = rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kParts));
  return rc::gen::map(rc::gen::resize(19, parts), [](const std::vector<std::string>& chosen) {
    std::string id = "i";
    for (const std::string& part : chosen) id += part;
    return id;
  });
}

rc::Gen<std::string> ids_or_none() {
  return rc::gen::oneOf(ids(), rc::gen::just(std::string()));
}

rc::Gen<std::optional<std::string>> ids_if_any() {
  return rc::gen::map(ids_or_none(), [](std::string id) {
    return id.empty() ? std::nullopt : std::optional<std::string>(std::move(id));
  });
}

Instant any_instant() {
  return *parse_instant("2026-01-05T10:00:00Z") + *rc::gen::inRange(-40 * kDay, 400 * kDay);
}

std::string any_object() {
  static const std::vector<std::string> kObjects = {
      "{}", R"({"a":1.50e+3,"a":null})", R"({ "}" : ["{",{"\"":"\\"}] ,"id":"of the body"})",
      R"({"é😀":"\u00e9\n", "deep":[[[[{}]]]]})"};
  return *rc::gen::elementOf(kObjects);
}

// Read as an entry again; `line` is what the views are into.
HistoryLine read_back(json::HistoryReader& reader, const std::string& line) {
  RC_ASSERT(line.find('\n') == line.size() - 1);
  const Status read = reader.read(std::string_view(line).substr(0, line.size() - 1));
  if (!read) RC_FAIL(read.error().detail + ": " + line);
  return reader.line();
}

CustomerEntryBody body_of(const HistoryLine& line) {
  switch (line.kind) {
    case HistoryLine::Kind::usage:
      return line.usage.usage;
    case HistoryLine::Kind::settlement:
      return line.settlement;
    case HistoryLine::Kind::operator_act:
      return line.operator_act;
    default:
      RC_ASSERT(line.kind == HistoryLine::Kind::clock);
      return Clock{};
  }
}

void comes_back(const CustomerEntry& entry) {
  std::string out;
  json::HistoryWriter().line(out, entry);
  json::HistoryReader reader;
  const HistoryLine line = read_back(reader, out);
  RC_ASSERT((CustomerEntry{line.at, line.customer_id, body_of(line)} == entry));
}

// A line of a random history as the journal would hold it, written again. What no entry came of
// (unreadable usage, a book) stays as it is.
std::string rewritten(json::HistoryWriter& writer, const HistoryLine& line,
                      const std::string& text) {
  using Kind = HistoryLine::Kind;
  std::string out;
  const UsageRequest& usage = line.usage;
  if (line.kind == Kind::customer) {
    writer.line(out, IdentityEntry{line.at, line.customer});
  } else if (line.kind == Kind::webhook) {
    writer.line(out, IdentityEntry{line.at, Webhook{line.webhook_id, line.webhook_body, {}}});
  } else if (line.kind == Kind::book ||
             (line.kind == Kind::usage && !(usage.tokens_readable && usage.timestamp_readable &&
                                            usage.unreadable_field.empty()))) {
    return text;
  } else {
    writer.line(out, CustomerEntry{line.at, line.customer_id, body_of(line)});
  }
  out.pop_back();
  return out;
}

}  // namespace

TEST_CASE("entries of customers come back from a history", "[property]") {
  rc::prop("usage", [] {
    const std::string id = *ids(), operation = *ids(), key = *ids_or_none();
    const std::string metadata = *rc::gen::arbitrary<bool>() ? any_object() : "";
    Usage usage{
        *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'001), operation, key, {}, metadata};
    if (*rc::gen::arbitrary<bool>()) usage.timestamp = any_instant();
    comes_back({any_instant(), id, usage});
  });
  rc::prop("settlement, operators' acts, clock", [] {
    constexpr std::array kSaid = {ChargeStatus::pending, ChargeStatus::unknown,
                                  ChargeStatus::submitted, ChargeStatus::paid,
                                  ChargeStatus::failed};
    constexpr std::array kDecisions = {OperatorDecision::retry, OperatorDecision::release,
                                       OperatorDecision::write_off};
    const std::string id = *ids();
    const auto number = *rc::gen::inRange<std::uint32_t>(1, UINT32_MAX);
    const auto said = *rc::gen::elementOf(kSaid);
    comes_back({any_instant(), id, Settlement{number, said, *ids_or_none()}});
    comes_back({any_instant(), id, OperatorAct{number, *rc::gen::elementOf(kDecisions)}});
    comes_back({any_instant(), id, Clock{}});
  });
}

TEST_CASE("entries of identity come back from a history", "[property]") {
  rc::prop("customers", [] {
    CustomerLine customer{
        *ids(), {*ids_if_any(), *ids_if_any(), *ids_if_any(), {}}, *ids_or_none()};
    if (const int day = *rc::gen::inRange(0, 32); day > 0)
      customer.profile.billing_day = static_cast<std::uint8_t>(day);
    const Instant at = any_instant();
    std::string out;
    json::HistoryWriter().line(out, IdentityEntry{at, customer});
    json::HistoryReader reader;
    const HistoryLine line = read_back(reader, out);
    RC_ASSERT(line.at == at);
    RC_ASSERT((line.customer == customer));
  });
  rc::prop("webhooks", [] {
    const std::string id = *ids_or_none(), body = any_object();
    const Instant at = any_instant();
    std::string out;
    json::HistoryWriter().line(out, IdentityEntry{at, Webhook{id, body, {}}});
    json::HistoryReader reader;
    const HistoryLine line = read_back(reader, out);
    RC_ASSERT(line.at == at);
    RC_ASSERT(line.webhook_id == id);
    RC_ASSERT(line.webhook_body == body);
  });
}

TEST_CASE("any history, written again with its book, comes to the same", "[property]") {
  rc::prop("line by line", [] {
    sim::ReplayOptions options, none;
    options.until = none.until = parse_instant("2031-01-01T00:00:00Z");
    options.book.settings.grace_days = *rc::gen::inRange(0, 3);
    options.book.prices.plans[0].pricing.included_tokens = *rc::gen::inRange(0, 5'000);
    sim::Replayer first(options), again(none);
    json::HistoryReader reader;
    json::HistoryWriter writer;
    bool opened = false;
    for (const std::string& text : to_lines(*steps(), "")) {
      RC_ASSERT(first.line(text).ok());
      RC_ASSERT(reader.read(text).ok());
      std::string opening;
      if (!opened) writer.opening_line(opening, reader.line().at, options.book);
      if (!opened) RC_ASSERT(again.line(opening).ok());
      opened = true;
      const std::string written = rewritten(writer, reader.line(), text);
      if (auto taken = again.line(written); !taken) RC_FAIL(taken.error().detail + ": " + written);
    }
    if (!opened) return;
    const Report report = first.report(), report_again = again.report();
    RC_ASSERT(report.state_hash == report_again.state_hash);
    RC_ASSERT(report.history.accepted == report_again.history.accepted);
    RC_ASSERT(report.history.from == report_again.history.from);
  });
}

}  // namespace reckoner::properties

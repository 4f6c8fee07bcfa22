#include "actors/polar/charge_answers.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "actors/polar/charges_api.hpp"
#include "engine/basics/ids.hpp"
#include "engine/json/walker_impl.hpp"

namespace reckoner::polar {
namespace {

constexpr std::uint32_t kMaxNesting = 32;
constexpr std::size_t kMaxMessage = 160;
constexpr std::int64_t kMaxPause = 86'400;

class ChargeReader {
 public:
  enum class Place : std::uint8_t { nowhere, root, metadata, items, item, item_metadata };

  Place enter(Place parent, std::string_view key, json::Container kind) {
    const bool object = kind == json::Container::object;
    switch (parent) {
      case Place::root:
        if (key == "metadata" && object) return Place::metadata;
        if (key != "items" || object) return Place::nowhere;
        shown_.has_items = true;
        return Place::items;
      case Place::items:
        if (!object) return Place::nowhere;
        shown_.items.emplace_back();
        return Place::item;
      case Place::item:
        return key == "metadata" && object ? Place::item_metadata : Place::nowhere;
      default:
        return Place::nowhere;
    }
  }

  void scalar(Place parent, std::string_view key, const json::Scalar& value) {
    switch (parent) {
      case Place::root:
        if (key == "detail" || key == "message" || key == "error") message(value);
        return member(shown_.charge, key, value);
      case Place::item:
        return member(shown_.items.back(), key, value);
      case Place::metadata:
        return metadata(shown_.charge, key, value);
      case Place::item_metadata:
        return metadata(shown_.items.back(), key, value);
      default:
        return;
    }
  }

  ShownCharges take() { return std::move(shown_); }

 private:
  static void text(std::string& into, const json::Scalar& value, std::size_t most) {
    if (value.is_text() && is_valid_id(value.text, most)) into = value.text;
  }
  // Also a charge's id in an escaped form, which is longer.
  static constexpr std::size_t kMaxKey = 2 * kMaxIdBytes;

  static void member(ShownCharge& charge, std::string_view key, const json::Scalar& value) {
    if (key == "id") {
      text(charge.id, value, kMaxIdBytes);
      if (value.kind == json::Scalar::Kind::integer) charge.id = value.text;
    } else if (key == "status") {
      text(charge.status, value, kMaxOperationBytes);
    } else if (key == "currency") {
      text(charge.currency, value, kMaxOperationBytes);
    } else if (key == "idempotency_key") {
      text(charge.idempotency_key, value, kMaxKey);
    } else if (key == "amount_usd") {
      charge.amount_is_number =
          value.kind == json::Scalar::Kind::integer || value.kind == json::Scalar::Kind::number;
      if (charge.amount_is_number || value.is_text()) charge.amount_usd = value.text;
    }
  }
  static void metadata(ShownCharge& charge, std::string_view key, const json::Scalar& value) {
    if (key == "charge_id") text(charge.metadata_charge_id, value, kMaxKey);
  }
  void message(const json::Scalar& value) {
    if (!value.is_text() || !shown_.message.empty()) return;
    for (const char c : value.text.substr(0, kMaxMessage))
      shown_.message += c >= ' ' && c < 0x7F ? c : '?';
  }

  ShownCharges shown_;
};

// Empty: none that can be read, which is as not given.
std::optional<Money> amount_of(const ShownCharge& charge, Money asked) {
  if (charge.amount_usd.empty()) return std::nullopt;
  const std::optional<Money> as_written = parse_money(charge.amount_usd);
  // An amount of more digits than a binary number holds is not to be told apart by them.
  if (as_written == asked || !charge.amount_is_number) return as_written;
  return parse_money(json::shortest_decimal(charge.amount_usd));
}

}  // namespace

bool ShownCharge::is(std::string_view charge_id) const {
  const std::string key = polar::idempotency_key(charge_id);
  return (!idempotency_key.empty() && idempotency_key == key) || metadata_charge_id == charge_id;
}

std::optional<ShownCharges> read_charges(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == body.npos || body[first] != '{') return std::nullopt;
  ChargeReader reader;
  json::Walker<ChargeReader> walker(reader, kMaxNesting);
  if (!walker.walk(body).empty()) return std::nullopt;
  return reader.take();
}

Outcome outcome_of(const ShownCharge& charge, const ChargeOrder& order) {
  const Money asked = Money::of_cents(order.amount);
  const std::optional<Money> held = amount_of(charge, asked);
  if (held && *held != asked)
    return Drift{charge.id, "Polar holds " + format_money(*held) + " USD as " + charge.id +
                                ", asked were " + format_cents(asked) + " USD"};
  const std::string currency = fold_case(charge.currency);
  if (!currency.empty() && currency != "usd")
    return Drift{charge.id, "Polar holds it in " + currency + " as " + charge.id};

  Taken taken{charge.id, ChargeStatus::submitted};
  const std::string status = fold_case(charge.status);
  if (status == "paid" || status == "succeeded" || status == "completed")
    taken.status = ChargeStatus::paid;
  if (status == "failed" || status == "declined") taken.status = ChargeStatus::failed;
  return taken;
}

std::optional<std::chrono::seconds> read_retry_after(std::string_view value, std::int64_t now) {
  std::int64_t seconds = -1;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || stop != value.data() + value.size()) {
    struct tm date {};
    const std::string text(value);
    const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (end == nullptr || *end != '\0') return std::nullopt;
    seconds = std::max<std::int64_t>(0, timegm(&date) - now);
  }
  if (seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, kMaxPause));
}

}  // namespace reckoner::polar

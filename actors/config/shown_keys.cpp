#include "actors/config/shown_keys.hpp"

#include <algorithm>

#include "actors/config/keys.hpp"
#include "actors/config/text_checks.hpp"
#include "actors/log/escape.hpp"

namespace reckoner::config {
namespace {

constexpr std::string_view kHidden = "********";
constexpr std::string_view kPrices = "billing.prices";

bool is_set(const Configuration& configuration, const Key& key) {
  if (const auto* secret = std::get_if<SecretKind>(&key.kind))
    return !secret->field(const_cast<Configuration&>(configuration)).empty();
  return !value_text(configuration, key.kind, key.name).empty();
}

// Variables that change prices have no key of their own.
std::string changed_prices(const Configuration& configuration) {
  std::string out;
  for (const UnitPriceVariable& named : unit_price_variables())
    if (configuration.origins.contains(named.variable))
      out += (out.empty() ? ", with " : ", ") + std::string(named.variable);
  return out;
}

std::string value_of(const Configuration& configuration, const Key& key) {
  if (!is_set(configuration, key)) return std::string(key.none);
  if (key.secret()) return std::string(kHidden);
  return without_password(value_text(configuration, key.kind, key.name));
}

// Characters of UTF-8, as many as a terminal shows for all that a value can be expected to hold.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void append_column(std::string& line, std::string_view text, std::size_t columns) {
  line += text;
  line.append(columns - std::min(columns, width(text)) + 2, ' ');
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += '"' + std::string(name) + "\":\"";
  log::append_escaped(out, text);
  out += "\",";
}

}  // namespace

std::vector<ShownKey> shown_keys(const Configuration& configuration) {
  std::vector<ShownKey> out;
  for (const Key& key : keys()) {
    ShownKey shown{key.name,
                   key.variable,
                   value_of(configuration, key),
                   is_set(configuration, key),
                   key.secret(),
                   "default",
                   key.help};
    if (const auto origin = configuration.origins.find(key.name);
        origin != configuration.origins.end())
      shown.source = origin->second;
    if (key.name == kPrices) shown.value += changed_prices(configuration);
    out.push_back(std::move(shown));
  }
  return out;
}

std::string keys_table(const std::vector<ShownKey>& keys) {
  std::size_t columns[] = {3, 5, 6};
  for (const ShownKey& key : keys) {
    columns[0] = std::max(columns[0], width(key.key));
    columns[1] = std::max(columns[1], width(key.value));
    columns[2] = std::max(columns[2], width(key.source));
  }
  std::string out;
  const auto add = [&](std::string_view key, std::string_view value, std::string_view source,
                       std::string_view help) {
    append_column(out, key, columns[0]);
    append_column(out, value, columns[1]);
    append_column(out, source, columns[2]);
    out += help;
    out += '\n';
  };
  add("key", "value", "source", "help");
  for (const ShownKey& key : keys) add(key.key, key.value, key.source, key.help);
  return out;
}

std::string keys_json(const std::vector<ShownKey>& keys) {
  std::string out = "{";
  for (const ShownKey& key : keys) {
    out += out.size() == 1 ? "\n" : ",\n";
    out += '"' + std::string(key.key) + "\":{";
    if (key.given)
      append_member(out, "value", key.value);
    else
      out += "\"value\":null,";
    append_member(out, "source", key.source);
    if (!key.variable.empty()) append_member(out, "environment", key.variable);
    append_member(out, "help", key.help);
    out += std::string("\"secret\":") + (key.secret ? "true" : "false") + '}';
  }
  return out + "\n}\n";
}

}  // namespace reckoner::config

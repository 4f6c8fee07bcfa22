#include "actors/config/quantities.hpp"

#include <algorithm>
#include <charconv>
#include <span>

namespace reckoner::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t of_the_smallest;
};

// By size.
constexpr Unit kDurations[] = {
    {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit kSizes[] = {{"", 1}, {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}};

constexpr std::uint64_t kMostMilliseconds = 100'000ULL * 86'400'000;
constexpr std::uint64_t kMostBytes = INT64_MAX;

std::optional<std::uint64_t> parse_quantity(std::string_view text, std::span<const Unit> units,
                                            std::uint64_t most) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_whole(text.substr(0, end));
  const auto unit = std::ranges::find(units, text.substr(end), &Unit::name);
  if (!number || unit == units.end() || *number > most / unit->of_the_smallest) return std::nullopt;
  return *number * unit->of_the_smallest;
}

std::string quantity_text(std::uint64_t quantity, std::span<const Unit> units) {
  std::size_t unit = units.size() - 1;
  while (unit > 0 && (quantity == 0 || quantity % units[unit].of_the_smallest != 0)) --unit;
  return std::to_string(quantity / units[unit].of_the_smallest) + std::string(units[unit].name);
}

bool is_host(std::string_view host, bool in_brackets) {
  static constexpr std::string_view kIpv6 = "0123456789abcdefABCDEF:.";
  if (host.empty() || host.size() > 253) return false;
  if (in_brackets) return host.find(':') != host.npos && host.find_first_not_of(kIpv6) == host.npos;
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
}

}  // namespace

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || (text.size() > 1 && text[0] == '0'))
    return std::nullopt;
  return value;
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
  const auto count = parse_quantity(text, kDurations, kMostMilliseconds);
  if (!count) return std::nullopt;
  return Milliseconds(static_cast<std::int64_t>(*count));
}

std::string duration_text(Milliseconds duration) {
  if (duration == Milliseconds(0)) return "0s";
  return quantity_text(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  if (text.size() > 1 && text.ends_with('B') && !text.ends_with("iB")) text.remove_suffix(1);
  return parse_quantity(text, kSizes, kMostBytes);
}

std::string size_text(std::uint64_t bytes) {
  return quantity_text(bytes, kSizes);
}

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = parse_whole(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (!port || *port > 65'535 || !is_host(host, in_brackets)) return std::nullopt;
  return Address{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::string address_text(const Address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

}  // namespace reckoner::config

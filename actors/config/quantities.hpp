// Durations, sizes and addresses, as people write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reckoner::config {

using Milliseconds = std::chrono::milliseconds;

// "500ms", "10s", "15m", "2h", "35d": a whole number of 0 or more and a unit. Empty: it is none, or
// more than 100 000 days.
std::optional<Milliseconds> parse_duration(std::string_view text);
// In the largest unit that leaves a whole number.
std::string duration_text(Milliseconds duration);

// "4096", "4096B", "64KiB", "1MiB", "2GiB": bytes. Empty: it is none, or leaves 63 bits.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string size_text(std::uint64_t bytes);

struct Address {
  std::string host;  // a name, an IPv4 address, or an IPv6 address (without brackets)
  std::uint16_t port = 0;

  friend bool operator==(const Address&, const Address&) = default;
};
// "127.0.0.1:8080", "localhost:0", "[::1]:8080". Empty: it is none.
std::optional<Address> parse_address(std::string_view text);
std::string address_text(const Address& address);

// A whole number without a sign and without zeros in front.
std::optional<std::uint64_t> parse_whole(std::string_view text);

}  // namespace reckoner::config

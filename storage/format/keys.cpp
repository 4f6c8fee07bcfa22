#include "storage/format/keys.hpp"

#include "engine/basics/ids.hpp"

namespace reckoner::storage {
namespace {

template <class Number>
void append_big_endian(std::string& out, Number number) {
  for (int shift = 8 * (sizeof number - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift);
}

template <class Number>
Number read_big_endian(std::string_view bytes) {
  Number number = 0;
  for (const char byte : bytes.substr(0, sizeof number))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

// Such that earlier ones are smaller, also before 1970.
std::uint64_t sorting(Instant at) {
  return static_cast<std::uint64_t>(at.micros) ^ kSign;
}

void append_instant(std::string& out, Instant at) {
  append_big_endian(out, sorting(at));
}

constexpr std::size_t kInstantBytes = 8, kChargeNumberBytes = 4;

}  // namespace

std::string number_key(std::uint32_t number) {
  std::string key;
  append_big_endian(key, number);
  return key;
}

std::string customer_prefix(std::string_view customer_id) {
  std::string key(customer_id);
  key += '\0';
  return key;
}

std::string charge_key(std::string_view customer_id, std::uint32_t charge_number) {
  std::string key = customer_prefix(customer_id);
  append_big_endian(key, charge_number);
  return key;
}

std::string charge_time_key(Instant at, std::string_view customer_id, std::uint32_t charge_number) {
  std::string key;
  append_big_endian(key, ~sorting(at));
  key += charge_key(customer_id, charge_number);
  return key;
}

std::string closed_usage_key(std::string_view customer_id, Instant period_start,
                             std::uint16_t plan) {
  std::string key = customer_prefix(customer_id);
  append_instant(key, period_start);
  append_big_endian(key, plan);
  return key;
}

std::string due_key(Instant due, std::string_view customer_id) {
  std::string key;
  append_instant(key, due);
  key += customer_id;
  return key;
}

Instant due_of_key(std::string_view key) {
  return {static_cast<std::int64_t>(read_big_endian<std::uint64_t>(key) ^ kSign)};
}

std::string_view customer_of_due_key(std::string_view key) {
  return key.substr(kInstantBytes);
}

bool is_charge_key(std::string_view key) {
  return key.size() > kChargeNumberBytes + 1 &&
         key.find('\0') == key.size() - kChargeNumberBytes - 1;
}

std::string_view customer_of_charge_key(std::string_view key) {
  return key.substr(0, key.size() - kChargeNumberBytes - 1);
}

std::uint32_t number_of_charge_key(std::string_view key) {
  return read_big_endian<std::uint32_t>(key.substr(key.size() - kChargeNumberBytes));
}

bool is_charge_time_key(std::string_view key) {
  return key.size() > kInstantBytes && is_charge_key(key.substr(kInstantBytes));
}

Instant instant_of_charge_time_key(std::string_view key) {
  return {static_cast<std::int64_t>(~read_big_endian<std::uint64_t>(key) ^ kSign)};
}

std::string_view charge_key_of_time_key(std::string_view key) {
  return key.substr(kInstantBytes);
}

std::string usage_daily_key(std::string_view customer_id, std::string_view day,
                            std::string_view operation) {
  std::string key = customer_prefix(customer_id);
  key.append(day).append(1, '\0').append(operation);
  return key;
}

std::string billing_event_key(std::string_view customer_id, std::string_view created_at,
                              std::string_view uuid) {
  std::string key = customer_prefix(customer_id);
  key.append(created_at).append(1, '\0').append(uuid);
  return key;
}

std::string email_prefix(std::string_view email) {
  return fold_case(email) + '\0';
}

std::string email_key(std::string_view email, std::string_view id) {
  return email_prefix(email).append(id);
}

std::string parked_prefix(std::string_view polar_customer_id) {
  return customer_prefix(polar_customer_id);
}

std::string parked_key(std::string_view polar_customer_id, std::uint64_t identity_sequence) {
  std::string key = parked_prefix(polar_customer_id);
  append_big_endian(key, identity_sequence);
  return key;
}

std::string set_aside_key(std::string_view customer_id) {
  return std::string(kSetAsidePrefix).append(customer_id);
}

}  // namespace reckoner::storage

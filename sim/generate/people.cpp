#include "sim/generate/people.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace reckoner::sim {
namespace {

constexpr std::uint64_t kEarlyPercent = 70;
constexpr Micros kEarlyTime = 3600 * kSecond;

constexpr auto kFirstNames = std::to_array<std::string_view>(
    {"ada", "alan", "amara", "björn", "carmen", "dmitri", "edith", "farid", "grace", "haruki",
     "ines", "jonas", "kavya", "linus", "mina", "noor"});
constexpr auto kLastNames = std::to_array<std::string_view>(
    {"abe", "berg", "costa", "dubois", "eriksen", "fischer", "garcia", "hoang", "ito", "jansen",
     "kumar", "lopez", "moreau", "novak", "okafor", "petrov"});
constexpr auto kCompanyFirst = std::to_array<std::string_view>(
    {"Amber", "Blue", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Juniper",
     "Kestrel", "Lumen", "Maple", "North", "Orbit", "Pine"});
constexpr auto kCompanySecond = std::to_array<std::string_view>(
    {"Analytics", "Bakery", "Clinic", "Data", "Energy", "Freight", "Games", "Hotels", "Insurance",
     "Journal", "Kitchens", "Labs", "Media", "Networks", "Optics", "Press"});

// Which of the things drawn for one customer.
enum Draw : std::uint64_t { kPerson, kNames, kSignUp, kDraws };

template <std::size_t Size>
std::string_view one_of(const std::array<std::string_view, Size>& words, std::uint64_t bits) {
  static_assert(Size == 16);
  return words[bits % Size];
}

std::string capitalized(std::string_view word) {
  std::string out(word);
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

// E-mail addresses are ASCII.
std::string_view ascii(std::string_view word) {
  return word == "björn" ? "bjorn" : word;
}

std::uint64_t draw(std::uint64_t seed, std::uint32_t who, Draw what) {
  return mix(seed, std::uint64_t(who) * kDraws + what);
}

int first_plan(std::uint64_t percent) {
  if (percent < 20) return -1;
  if (percent < 40) return 0;
  if (percent < 76) return 1;
  return percent < 94 ? 2 : 3;
}

}  // namespace

People::People(std::uint64_t seed, std::uint32_t count, Instant from, Instant until)
    : seed_(mix(seed, 0x70656F706C65)), count_(count), from_(from) {
  early_ = static_cast<std::uint32_t>((count * kEarlyPercent + 99) / 100);
  early_gap_ = kEarlyTime / early_;
  late_gap_ = (until - from - kEarlyTime) / (count - early_ + 1);
  id_digits_ = std::max<std::size_t>(std::to_string(count - 1).size(), 5);
}

Person People::person(std::uint32_t who) const {
  std::uint64_t bits = draw(seed_, who, kPerson);
  const auto percent = [&bits] {
    const std::uint64_t value = bits % 100;
    bits /= 100;
    return value;
  };
  Person out;
  out.dialect = percent() < 50 ? Dialect::guide : Dialect::polar;
  out.only_usage = percent() < 2;
  out.linked_by_email = percent() < 40;
  out.email_in_capitals = percent() < 10;
  out.has_name = percent() < 60;
  out.has_company = percent() < 40;
  out.plan = first_plan(percent());
  out.billing_day = static_cast<int>(1 + bits % 31);
  return out;
}

Instant People::signs_up(std::uint32_t who) const {
  if (who == 0) return from_;
  const bool early = who < early_;
  const Micros gap = early ? early_gap_ : late_gap_;
  const Instant first = early ? from_ + gap * who : from_ + kEarlyTime + gap * (who - early_);
  return gap == 0 ? first
                  : first + static_cast<Micros>(draw(seed_, who, kSignUp) % std::uint64_t(gap));
}

void People::write_id(std::uint32_t who, json::JsonLine& to) const {
  to.raw("cust-").padded(who, id_digits_);
}

void People::write_email(std::uint32_t who, bool in_capitals, json::JsonLine& to) const {
  const std::uint64_t bits = draw(seed_, who, kNames);
  const std::string_view first = ascii(one_of(kFirstNames, bits));
  in_capitals ? to.raw(capitalized(first)) : to.raw(first);
  to.raw(".").raw(one_of(kLastNames, bits >> 4)).number(who).raw("@example.com");
}

void People::write_name(std::uint32_t who, json::JsonLine& to) const {
  const std::uint64_t bits = draw(seed_, who, kNames);
  to.raw(capitalized(one_of(kFirstNames, bits))).raw(" ");
  to.raw(capitalized(one_of(kLastNames, bits >> 4)));
}

void People::write_company(std::uint32_t who, json::JsonLine& to) const {
  const std::uint64_t bits = draw(seed_, who, kNames);
  to.raw(one_of(kCompanyFirst, bits >> 8)).raw(" ").raw(one_of(kCompanySecond, bits >> 12));
}

}  // namespace reckoner::sim

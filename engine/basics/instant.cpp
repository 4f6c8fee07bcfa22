#include "engine/basics/instant.hpp"

#include <chrono>

namespace reckoner {
namespace {

namespace chrono = std::chrono;

// Reads digits from the front of a text that is known to be long enough.
class Digits {
 public:
  explicit Digits(const char* at) : at_(at) {}

  int number(int digits) {
    int value = 0;
    for (; digits > 0; --digits, ++at_) {
      if (*at_ < '0' || *at_ > '9') good_ = false;
      value = value * 10 + (*at_ - '0');
    }
    return value;
  }
  void mark(char wanted, char other) {
    if (*at_ != wanted && *at_ != other) good_ = false;
    ++at_;
  }
  void mark(char wanted) { mark(wanted, wanted); }
  bool good() const { return good_; }

 private:
  const char* at_;
  bool good_ = true;
};

constexpr Instant kFirstRead{-62'135'596'800 * kSecond};   // 0001-01-01
constexpr Instant kBeyondRead{253'370'764'800 * kSecond};  // 9999-01-01
constexpr std::size_t kToSeconds = 19;                     // "2026-01-05T10:00:00"

std::optional<std::int64_t> seconds_of(std::string_view text) {
  Digits read(text.data());
  const int year = read.number(4);
  read.mark('-');
  const int month = read.number(2);
  read.mark('-');
  const int day = read.number(2);
  if (text[10] != ' ') {
    read.mark('T', 't');
  } else {
    read.mark(' ');
  }
  const int hour = read.number(2);
  read.mark(':');
  const int minute = read.number(2);
  read.mark(':');
  const int second = read.number(2);
  if (!read.good()) return std::nullopt;
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

// The fraction behind the seconds, in microseconds; moves `at`, where there is text, behind it.
std::optional<Micros> fraction_of(std::string_view text, std::size_t& at) {
  if (text[at] != '.') return 0;
  const std::size_t first = ++at;
  Micros micros = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
    if (at - first < 6) micros = micros * 10 + (text[at] - '0');
  if (at == first) return std::nullopt;
  for (std::size_t digits = at - first; digits < 6; ++digits) micros *= 10;
  return micros;
}

// The offset from UTC that ends the text, in seconds.
std::optional<std::int64_t> offset_of(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  Digits read(text.data() + 1);
  const int hour = read.number(2);
  read.mark(':');
  const int minute = read.number(2);
  if (!read.good() || hour > 23 || minute > 59) return std::nullopt;
  const std::int64_t seconds = (hour * 60 + minute) * 60;
  return text[0] == '-' ? -seconds : seconds;
}

void append_number(std::string& out, int value, int digits) {
  char buffer[8];
  for (int i = digits; i > 0; --i, value /= 10) buffer[i - 1] = static_cast<char>('0' + value % 10);
  out.append(buffer, static_cast<std::size_t>(digits));
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() <= kToSeconds) return std::nullopt;
  const auto seconds = seconds_of(text);
  if (!seconds) return std::nullopt;
  std::size_t at = kToSeconds;
  const auto fraction = fraction_of(text, at);
  if (!fraction) return std::nullopt;
  const auto offset = offset_of(text.substr(at));
  if (!offset) return std::nullopt;
  const Instant at_utc{(*seconds - *offset) * kSecond + *fraction};
  if (at_utc < kFirstRead || at_utc >= kBeyondRead) return std::nullopt;
  return at_utc;
}

std::string format_instant(Instant at) {
  const chrono::sys_time<chrono::microseconds> time{chrono::microseconds(at.micros)};
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss clock{time - day};
  std::string out;
  out.reserve(27);
  append_number(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_number(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  append_number(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  out += 'T';
  append_number(out, static_cast<int>(clock.hours().count()), 2);
  out += ':';
  append_number(out, static_cast<int>(clock.minutes().count()), 2);
  out += ':';
  append_number(out, static_cast<int>(clock.seconds().count()), 2);
  if (const auto micros = clock.subseconds().count(); micros != 0) {
    out += '.';
    append_number(out, static_cast<int>(micros), 6);
  }
  out += 'Z';
  return out;
}

}  // namespace reckoner

// A field of a log line: its name and what it is.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace reckoner::log {

// A text, a whole number or a flag. Nothing else turns into one: no floating-point number, for
// money is a text (format_money), no pointer, and no secret. Views are for the call only.
class Value {
 public:
  Value(std::string_view text) : held_(text) {}
  Value(const std::string& text) : held_(std::string_view(text)) {}
  Value(const char* text) : held_(std::string_view(text)) {}
  Value(std::same_as<bool> auto flag) : held_(flag) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) Value(Number number) {
    if constexpr (std::unsigned_integral<Number>)
      held_ = std::uint64_t{number};
    else
      held_ = std::int64_t{number};
  }

  using Held = std::variant<std::string_view, bool, std::int64_t, std::uint64_t>;
  const Held& held() const { return held_; }

 private:
  Held held_;
};

struct Field {
  std::string_view name;  // snake_case, a literal; not time, level, event or suppressed
  Value value;
};

}  // namespace reckoner::log

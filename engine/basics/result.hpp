// Failures as values: what a call returns when it can fail for a reason outside the program.
// (A rejection by the billing rules is not a failure; see customer/usage.hpp. A bug is neither;
// see basics/check.hpp.) C++20 has no std::expected; this is the small part of it needed here.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "engine/basics/check.hpp"

namespace reckoner {

// Whether trying again can help. `unknown`: it may have happened; look before trying again.
enum class Retry : std::uint8_t { never, now, later, unknown };

struct Error {
  std::string code;    // stable, for programs: "invalid_field"
  std::string detail;  // one line for people: names the field, what came, what is taken
  Retry retry = Retry::never;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only on success.
  T& value() & { return *checked(); }
  const T& value() const& { return *const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(*checked()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return checked(); }
  const T* operator->() const { return &value(); }

  // Only on failure.
  const Error& error() const {
    RECKONER_CHECK(!ok(), "error() of a Result that holds a value");
    return *std::get_if<1>(&held_);
  }

 private:
  T* checked() {
    RECKONER_CHECK(ok(), "value() of a Result that holds an error");
    return std::get_if<0>(&held_);
  }

  std::variant<T, Error> held_;
};

struct Done {};
using Status = Result<Done>;

inline Error invalid(std::string detail) {
  return {"invalid_field", std::move(detail)};
}

}  // namespace reckoner

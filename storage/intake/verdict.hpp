// What a usage event or a webhook was judged to be.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/customer/usage.hpp"

namespace reckoner::storage {

struct Verdict {
  enum class Kind : std::uint8_t { accepted, duplicate, conflict, rejected };
  Kind kind = Kind::accepted;
  Rejection rejection = Rejection::none;
  bool parked = false;  // a webhook: kept until somebody is linked to its Polar customer

  bool accepted() const { return kind == Kind::accepted; }
};

struct UsageEvent {
  std::string_view customer_id;
  UsageRequest request;
};

}  // namespace reckoner::storage

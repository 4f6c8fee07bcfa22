// Who may do what, as the front door asks it.
#pragma once

#include <optional>
#include <string_view>

#include "actors/keys/scopes.hpp"

namespace reckoner::keys {

class KeyRing {
 public:
  virtual ~KeyRing() = default;
  // Of the key as it came with a request; nothing: it is no key, or is revoked. Any thread; does
  // not block.
  virtual std::optional<Scopes> scopes_of(std::string_view key) const = 0;
};

}  // namespace reckoner::keys

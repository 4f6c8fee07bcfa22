// A sealed value ends with a checksum over its table, its key and itself, so that a damaged one is
// noticed whenever it is read, and not only by `storage verify`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/store/store.hpp"

namespace reckoner::storage {

std::string seal(Table table, std::string_view key, std::string value);

// The value without its seal; empty where it is damaged, or in another place than it was sealed
// for.
std::optional<std::string_view> unseal(Table table, std::string_view key, std::string_view sealed);

// "the record of "u1" in customers is damaged": fatal.
StoreError damaged(Table table, std::string_view key);

}  // namespace reckoner::storage

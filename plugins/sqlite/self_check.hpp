// SQLite's check of its own file, and whether the journal is as long as the shards say.
#pragma once

#include "plugins/sqlite/connection.hpp"

namespace reckoner::storage::sqlite {

void check_itself(Connection& db, std::uint32_t shards, const sdk::OnDamage& on_damage);

}  // namespace reckoner::storage::sqlite

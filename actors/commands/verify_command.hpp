// reckoner storage verify.
#pragma once

#include "actors/commands/store_flags.hpp"
#include "storage/verify/verify.hpp"

namespace reckoner::commands {

// Returns the exit code: 0 where the store holds what it should.
int verify(const StoreFlags& flags);

// What a verification came to, for people.
std::string verify_table(const storage::VerifyReport& report);

}  // namespace reckoner::commands

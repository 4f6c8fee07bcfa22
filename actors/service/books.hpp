// The book in force and the one that is configured.
#pragma once

#include "actors/log/log.hpp"
#include "engine/basics/result.hpp"
#include "storage/intake/intake.hpp"

namespace reckoner::service {

// Where the configured book is not the one in force, it comes into force now: a changed setting
// holds for what is accepted from now on, and the journal knows it. Before the engine begins.
Status come_to_configured_book(storage::Intake& intake, const Book& configured, Instant now,
                               log::Log& log);

}  // namespace reckoner::service

// What a drive came to, as a person likes to read it.
#pragma once

#include <string>

#include "sim/drive/drive.hpp"

namespace reckoner::sim {

std::string drive_summary(const DriveOutcome& outcome);

}  // namespace reckoner::sim

// What a drive came to, as JSON: figures of sending, what engine, replay and sandbox hold, where
// they differ, and the replay's whole report.
#pragma once

#include <functional>
#include <string_view>

#include "sim/drive/drive.hpp"

namespace reckoner::sim {

// Hands the text to `sink`, piece by piece.
void write_drive_report(const DriveOutcome& outcome,
                        const std::function<void(std::string_view)>& sink);

}  // namespace reckoner::sim

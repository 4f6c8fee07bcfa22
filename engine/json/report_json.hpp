// A report as JSON (contracts.md, Replay report), one customer a line.
#pragma once

#include <functional>
#include <string_view>

#include "engine/ledger/report.hpp"

namespace reckoner::json {

// Hands the text to `sink`, piece by piece.
void write_report(const Report& report, const std::function<void(std::string_view)>& sink);

}  // namespace reckoner::json

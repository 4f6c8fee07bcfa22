// A report as JSON (contracts.md, Replay report), one customer a line.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/ledger/report.hpp"

namespace reckoner::json {

// Hands the text to `sink`, piece by piece.
void write_report(const Report& report, const std::function<void(std::string_view)>& sink);

// A customer's object, and a charge's, as they stand in a report.
std::string customer_text(const CustomerReport& customer);
std::string charge_text(const Charge& charge, std::string_view customer_id);

}  // namespace reckoner::json

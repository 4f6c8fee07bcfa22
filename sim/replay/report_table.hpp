// A report as a person likes to read it.
#pragma once

#include <string>

#include "engine/ledger/report.hpp"

namespace reckoner::sim {

std::string report_table(const Report& report, const Books& books);

}  // namespace reckoner::sim

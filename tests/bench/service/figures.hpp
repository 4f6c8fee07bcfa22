// The table that the benchmark of the service prints.
#pragma once

#include <optional>
#include <string>

#include "tests/bench/service/load.hpp"
#include "tests/bench/service/server_process.hpp"

namespace reckoner::bench {

// A rate, with what it is measured beside. A limit is what the same load comes to where less is
// done, in the same run.
struct RateFigure {
  std::string what;
  Loaded loaded;
  Used used;  // by the server, meanwhile
  std::optional<double> limit;
  double floor = 0;
};

void print_rates_header();
void print_rate(const RateFigure& figure);

// Less is better: bytes, seconds.
struct AmountFigure {
  std::string what, unit;
  double amount = 0, floor = 0;  // the most that it may be; 0: nothing is asked
  std::string detail;
};
void print_amount(const AmountFigure& figure);

}  // namespace reckoner::bench

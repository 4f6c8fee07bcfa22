// The tables that the benchmark of the store prints.
#pragma once

#include <optional>
#include <string>

#include "tests/bench/store/store_run.hpp"

namespace reckoner::bench {

// Events a second that are asked for: of an empty store, and of one that holds very many.
double floor_rate(std::size_t batch, std::uint64_t stored);

void print_stretches_header();
// `limit`: seconds that the same blocks take in the raw journal, and what it wrote.
struct Limit {
  double seconds = 0;
  std::uint64_t bytes_written = 0;
};
void print_stretch(const std::string& what, std::uint64_t stored, std::size_t batch,
                   const Stretch& stretch, const std::optional<Limit>& limit);

void print_size(const StoreRun& run, storage::Driver& driver);
void print_verified(const Verified& verified);
void print_opened(const std::string& what, const Opened& opened);

}  // namespace reckoner::bench

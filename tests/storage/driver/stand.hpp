// A store to break and what should be in it: how drivers are opened in these tests, and the run
// without faults that all others are compared with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/faults/faulty_store.hpp"
#include "tests/storage/driver/contents.hpp"
#include "tests/storage/driver/sender.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::support {

// Rows, marks and keys are written all the time, and few customers stay awake.
storage::DriverOptions restless_options(std::uint64_t entries_unwritten = 8);

Sender::Open opener(const TestStore& store, storage::DriverOptions options = restless_options());
// With the faults in front of the store.
Sender::Open opener(const TestStore& store, std::shared_ptr<storage::Faults> faults,
                    storage::DriverOptions options = restless_options());

Sender::Options in_batches(std::size_t lines);

// What a run came to: all that its store holds, what the sender was told, and the report.
struct Outcome {
  Contents contents;
  std::vector<std::string> verdicts;
  std::string report;
};

// Of a store at rest.
std::string report_of(const TestStore& store, const std::vector<std::string>& lines);
std::string replayed_report(const std::vector<std::string>& lines);

// The lines into a new store, without faults.
Outcome undisturbed(const std::string& scheme, std::uint32_t shards,
                    const std::vector<std::string>& lines, std::size_t batch = 5);

// Holds the store against the run without faults.
void check_same(const Outcome& expected, const TestStore& store,
                const std::vector<std::string>& verdicts, const std::vector<std::string>& lines);

}  // namespace reckoner::support

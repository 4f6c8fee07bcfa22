// A store's journal as a history: the way back from HistoryImport. Importing it into an empty store
// gives the same state, to the last bit: a line stands where its entry stood in each customer's
// order, with the time that it was accepted at.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/basics/result.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

// Takes lines, each with its line break; an error ends the export.
using LineSink = std::function<Status(std::string_view lines)>;

struct ExportCounts {
  std::uint64_t entries = 0;  // read from the journal
  std::uint64_t lines = 0;
};

// Of all that was committed when it began; beside a living owner, too. Damage that is found on the
// way is an error (code `damaged`), with its place.
Result<ExportCounts> export_history(Store& store, const LineSink& sink,
                                    const OnProgress& on_progress);

}  // namespace reckoner::storage

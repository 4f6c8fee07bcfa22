// A small file, read whole.
#pragma once

#include <string>

#include "engine/basics/result.hpp"

namespace reckoner::config {

// The error ends a sentence: "which is not there", "which cannot be read: Permission denied". Files
// of more than 16 MiB are refused; so are folders.
Result<std::string> read_whole_file(const std::string& path);

// Whether others than its owner and group may read it.
bool is_readable_by_all(const std::string& path);

}  // namespace reckoner::config

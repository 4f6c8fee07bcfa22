// The cases of the independent reference model, and how a report is held against one.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/books/books.hpp"

namespace reckoner::golden {

// Those copied into the repository, and those that lie in ../shared alone, where that is there.
std::vector<std::filesystem::path> cases();

struct Case {
  explicit Case(const std::filesystem::path& path);

  boost::json::object golden;
  std::filesystem::path history;
  Book book;
  std::optional<Instant> until;
};

// The first place where `actual` is not as `expected` says; empty where all of it is. An object
// may have members that are not expected.
std::string difference(const boost::json::value& expected, const boost::json::value& actual,
                       std::string path);

}  // namespace reckoner::golden

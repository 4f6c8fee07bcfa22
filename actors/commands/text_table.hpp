// Rows of texts in columns, for people.
#pragma once

#include <string>
#include <vector>

namespace reckoner::commands {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> titles) { row(std::move(titles)); }

  // As many cells as there are titles.
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Each row a line; columns as wide as their widest cell, the last one as it is.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace reckoner::commands

// Files that tests read, and where they are.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace reckoner::support {

inline std::filesystem::path source_folder() {
  return RECKONER_SOURCE_DIR;
}
inline std::filesystem::path golden_folder() {
  return source_folder() / "tests" / "golden";
}
// Beside the checkout; not on every machine.
inline std::filesystem::path shared_folder() {
  return source_folder().parent_path() / "shared";
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

template <class Each>
void each_line(std::string_view text, Each each) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    each(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace reckoner::support

#include "tests/conformance/subject.hpp"

#include <filesystem>

#include "storage/store/loader.hpp"

namespace reckoner::conformance {
namespace {

namespace fs = std::filesystem;
using support::TemporaryFolder;

struct Candidate {
  Subject subject;
  const char* plugin;  // empty: built in
};

std::string memory_url(const TemporaryFolder& folder) {
  return "memory:" + folder.file("store");  // a name that nobody else has
}
std::string sqlite_url(const TemporaryFolder& folder) {
  return "sqlite:" + folder.file("store.db");
}

const Candidate kCandidates[] = {
    {{"memory", false, memory_url}, ""},
    {{"sqlite", true, sqlite_url}, "reckoner_storage_sqlite.so"},
};

}  // namespace

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = [] {
    std::vector<Subject> out;
    for (const Candidate& each : kCandidates)
      if (*each.plugin == '\0' || fs::exists(storage::default_plugin_dir() / each.plugin))
        out.push_back(each.subject);
    return out;
  }();
  return all;
}

}  // namespace reckoner::conformance

// Lints the house itself: who includes whom, what the pure core must not touch, files that no
// target builds, sizes, links in the docs. Each message names the file and what to do.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/files.hpp"

namespace reckoner {
namespace {

namespace fs = std::filesystem;

struct SourceFile {
  std::string path;  // from the root
  std::string text;
};

std::vector<SourceFile> sources(const std::vector<std::string>& folders) {
  static const std::set<std::string> kEndings = {".cpp", ".hpp", ".h", ".c"};
  std::vector<SourceFile> out;
  for (const std::string& folder : folders) {
    const fs::path root = support::source_folder() / folder;
    if (!fs::exists(root)) continue;
    for (const auto& file : fs::recursive_directory_iterator(root))
      if (file.is_regular_file() && kEndings.contains(file.path().extension().string()))
        out.push_back({fs::relative(file.path(), support::source_folder()).string(),
                       support::read_file(file.path())});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return out;
}

const std::vector<std::string> kAllFolders = {"engine", "storage", "plugins",
                                              "actors", "sim",     "tests"};

std::string folder_of(const std::string& path) {
  return fs::path(path).parent_path().string();
}

std::vector<std::string> includes_of(const std::string& text) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re",
                                   std::regex::multiline);
  std::vector<std::string> out;
  for (std::sregex_iterator i(text.begin(), text.end(), kInclude), end; i != end; ++i)
    out.push_back((*i)[1]);
  return out;
}

std::string without_comments_and_strings(const std::string& text) {
  static const std::regex kNoise(R"re(//[^\n]*|/\*[\s\S]*?\*/|"(\\.|[^"\\\n])*")re");
  return std::regex_replace(text, kNoise, " ");
}

bool is_core(const std::string& path) {
  return path.starts_with("engine/") && !path.starts_with("engine/json/") &&
         !path.starts_with("engine/polar/");
}

// What a folder of the project may include of the project; each may include itself.
const std::map<std::string, std::set<std::string>> kMayUse = {
    {"engine", {"engine/basics"}},  // limits.hpp
    {"engine/basics", {}},
    {"engine/books", {"engine", "engine/basics"}},
    {"engine/customer", {"engine", "engine/basics", "engine/books"}},
    {"engine/identity", {"engine/basics", "engine/books", "engine/customer"}},
    {"engine/journal", {"engine/basics", "engine/books", "engine/customer", "engine/identity"}},
    {"engine/ledger",
     {"engine", "engine/basics", "engine/books", "engine/customer", "engine/identity"}},
    {"engine/json",
     {"engine/basics", "engine/books", "engine/customer", "engine/identity", "engine/ledger"}},
    {"engine/polar", {"engine/basics", "engine/customer", "engine/json"}},
    {"storage/contract", {}},
    {"storage/sdk", {"storage/contract"}},
    {"storage/memory", {"storage/contract", "storage/sdk"}},  // a plugin like any other
    {"storage/store", {"engine/basics", "storage/contract", "storage/sdk", "storage/memory"}},
    {"storage/faults", {"engine/basics", "storage/contract", "storage/store"}},
    {"storage/dedupe", {"engine/basics", "storage/store"}},
    {"storage/shards",
     {"engine/books", "engine/customer", "engine/identity", "engine/journal", "storage/store"}},
    {"storage/format",
     {"engine", "engine/basics", "engine/books", "engine/customer", "engine/identity",
      "storage/sdk", "storage/store"}},
    {"storage/lane",
     {"engine/basics", "engine/books", "engine/customer", "engine/identity", "engine/journal",
      "storage/dedupe", "storage/shards", "storage/store"}},
    {"storage/identity", {"engine/identity", "storage/format", "storage/store"}},
    {"storage/customers", {"engine", "engine/customer", "storage/format", "storage/store"}},
    {"plugins/sqlite", {"storage/contract", "storage/sdk"}},
    {"actors/console", {"engine/basics"}},
    {"actors/files", {"engine/basics"}},
    {"sim/sandbox",
     {"engine/basics", "engine/json", "engine/polar", "actors/http", "sim/generate"}},
    {"actors/http", {"engine/basics", "engine/json"}},
    {"actors/http/api",
     {"engine", "engine/basics", "engine/books", "engine/customer", "engine/identity",
      "engine/json", "engine/polar", "actors/engine", "actors/http", "actors/keys"}},
    {"actors/keys", {"engine/basics", "storage/format", "storage/store"}},
    {"actors/polar", {"engine/basics", "engine/customer", "engine/json", "actors/http"}},
    {"actors/settlement", {"engine/basics", "engine/customer", "actors/engine", "actors/polar"}},
    {"actors/log", {"engine/basics"}},
    {"actors/config",
     {"actors/log", "engine", "engine/basics", "engine/books", "engine/json", "engine/polar"}},
};

// The same for folders at the top, where the folder itself is not named above: beginnings.
const std::map<std::string, std::set<std::string>> kTopMayUse = {
    {"storage", {"engine", "storage"}},
    {"plugins", {"storage/contract", "storage/sdk", "plugins"}},
    {"actors", {"engine", "storage", "actors"}},
    {"sim", {"engine", "storage", "actors", "sim"}},
};

// Libraries, by the beginning of the include; the standard library has no slash in it.
const std::map<std::string, std::set<std::string>> kLibraries = {
    {"engine/basics", {"openssl/"}},  // sha256.cpp
    {"engine/json", {"boost/json"}},
    {"engine/polar", {"openssl/", "boost/json"}},
    {"storage/contract", {"stdint.h"}},  // it is C
    {"storage/store", {"dlfcn.h"}},
    {"storage/dedupe", {"openssl/", "xxhash.h", "sys/"}},
    {"storage/shards", {"xxhash.h"}},
    {"storage/format", {"boost/json", "boost/uuid/", "xxhash.h"}},
    {"storage/customers", {"xxhash.h"}},
    {"storage/verify", {"xxhash.h"}},
    {"storage/driver", {"openssl/"}},
    {"actors/console", {"fmt/"}},
    {"actors/files", {"zlib.h", "sys/"}},
    {"actors/commands", {"boost/json", "fmt/", "CLI/"}},
    {"actors/commands", {"fmt/", "CLI/"}},
    {"actors/http", {"boost/"}},
    {"actors/http/api", {"boost/json"}},
    {"actors/polar", {}},
    {"actors/settlement", {"caf/"}},
    {"actors/keys", {"openssl/"}},
    {"actors/log", {"spdlog/", "poll.h"}},
    {"actors/config", {"openssl/", "toml++/", "sys/"}},
    {"actors", {"boost/", "caf/", "fmt/", "CLI/", "prometheus/", "spdlog/", "toml++/"}},
    {"sim", {"boost/", "openssl/", "fmt/", "CLI/", "csv.h", "xxhash.h", "sys/"}},
    {"plugins/sqlite", {"sqlite3.h", "sys/"}},
};

std::string top_folder(const std::string& path) {
  return path.substr(0, path.find('/'));
}

bool is_standard(const std::string& include) {
  return include.find('/') == std::string::npos && include.find('.') == std::string::npos;
}

bool may_include(const std::string& path, const std::string& include) {
  const std::string folder = folder_of(path), top = top_folder(path);
  const std::string used = folder_of(include);
  if (is_standard(include) || used == folder) return true;
  if (const auto libraries = kLibraries.find(kLibraries.contains(folder) ? folder : top);
      libraries != kLibraries.end())
    for (const std::string& library : libraries->second)
      if (include.starts_with(library)) return true;
  if (const auto allowed = kMayUse.find(folder); allowed != kMayUse.end())
    return allowed->second.contains(used);
  const auto allowed = kTopMayUse.find(top);
  return allowed != kTopMayUse.end() &&
         std::any_of(allowed->second.begin(), allowed->second.end(),
                     [&](const std::string& beginning) { return used.starts_with(beginning); });
}

bool is_posix(const std::string& include) {
  static const std::set<std::string> kPosix = {"fcntl.h", "unistd.h", "signal.h"};
  return kPosix.contains(include);
}

}  // namespace

TEST_CASE("house: a folder includes only what its row in the architecture names", "[house]") {
  for (const SourceFile& file : sources({"engine", "storage", "plugins", "actors", "sim"})) {
    for (const std::string& include : includes_of(file.text)) {
      INFO(file.path << " includes " << include << ": move the code, or the boundary");
      const bool outside_engine = top_folder(file.path) != "engine";
      CHECK((may_include(file.path, include) || (outside_engine && is_posix(include))));
    }
  }
}

TEST_CASE("house: the pure core has no floats, clocks, I/O, randomness or unordered iteration",
          "[house]") {
  const std::vector<std::pair<std::string, std::string>> kBanned = {
      {R"(\bfloat\b|\bdouble\b)", "money is exact: Money, Cents or integers"},
      {R"(unordered_)", "order must not depend on hashing: std::map, or a sorted vector"},
      {R"(_clock\b|\btime\s*\(|gettimeofday)", "time comes in with the entry"},
      {R"(\brand\s*\(|random_device|mt19937)", "nothing is random"},
      {R"(iostream|fstream|fopen|\bprintf|std::cout|std::cerr)", "the core does no I/O"},
      {R"(getenv|setlocale|std::locale)", "a result depends on no surroundings"},
      {R"(std::thread|std::mutex|std::atomic|thread_local)", "the core is single-threaded"},
      {R"(\bthrow\b|\bcatch\b)", "failures are values: Result"},
  };
  for (const SourceFile& file : sources({"engine"})) {
    if (!is_core(file.path)) continue;
    const std::string code = without_comments_and_strings(file.text);
    for (const auto& [banned, instead] : kBanned) {
      std::smatch found;
      const bool has = std::regex_search(code, found, std::regex(banned));
      INFO(file.path << " has '" << found.str() << "': " << instead);
      CHECK_FALSE(has);
    }
  }
}

TEST_CASE("house: money is in no float anywhere in engine/", "[house]") {
  // The one place where a JSON number passes through a double is the rule's own definition.
  const std::set<std::string> kMay = {"engine/json/walker.cpp", "engine/json/walker.hpp"};
  for (const SourceFile& file : sources({"engine", "storage", "plugins"})) {
    if (kMay.contains(file.path)) continue;
    const std::string code = without_comments_and_strings(file.text);
    INFO(file.path << ": read numbers as text (json/walker.hpp)");
    CHECK_FALSE(std::regex_search(code, std::regex(R"(\bfloat\b|\bdouble\b)")));
  }
}

TEST_CASE("house: every source file is built by some target", "[house]") {
  std::string lists;
  for (const auto& file : fs::recursive_directory_iterator(support::source_folder())) {
    const std::string path = file.path().string();
    if (path.find("/build/") != std::string::npos || path.find("/.git/") != std::string::npos)
      continue;
    if (file.path().filename() == "CMakeLists.txt") lists += support::read_file(file.path());
  }
  for (const SourceFile& file : sources(kAllFolders)) {
    if (!file.path.ends_with(".cpp")) continue;
    const fs::path path = file.path;
    const std::string in_folder = (path.parent_path().filename() / path.filename()).string();
    INFO(file.path << " is in no CMakeLists.txt: add it, or delete it");
    const bool listed = lists.find(in_folder) != std::string::npos ||
                        lists.find(' ' + path.filename().string()) != std::string::npos;
    CHECK(listed);
  }
}

TEST_CASE("house: files are of a size to read at one sitting", "[house]") {
  constexpr std::size_t kMostLines = 360, kMostColumns = 100;
  for (const SourceFile& file : sources(kAllFolders)) {
    std::size_t lines = 0;
    support::each_line(file.text, [&](std::string_view line) {
      ++lines;
      // Counts characters, not bytes.
      const auto columns =
          std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
      INFO(file.path << ":" << lines << " has " << columns << " columns; at most 100");
      if (columns > static_cast<std::ptrdiff_t>(kMostColumns)) CHECK(false);
      if (!line.empty() && (line.back() == ' ' || line.find('\t') != line.npos)) {
        INFO("a tab, or a space at the end");
        CHECK(false);
      }
    });
    INFO(file.path << " has " << lines << " lines; split it by concept at " << kMostLines);
    CHECK(lines <= kMostLines);
    if (file.path.ends_with(".h") || file.path.ends_with(".hpp")) {
      // What is also C has a guard instead.
      const std::string_view once = file.path.ends_with(".hpp") ? "#pragma once" : "#ifndef ";
      INFO(file.path << ": begin it with " << once << ", after what it is for");
      CHECK(file.text.find(once) != std::string::npos);
    }
  }
}

TEST_CASE("house: links in the docs lead somewhere", "[house]") {
  static const std::regex kLink(R"re(\]\(([^)#\s]+)(#[^)]*)?\))re");
  for (const auto& file : fs::recursive_directory_iterator(support::source_folder())) {
    const std::string path = file.path().string();
    if (path.find("/build/") != std::string::npos || path.find("/.git/") != std::string::npos ||
        path.find("polar-fixtures") != std::string::npos || file.path().extension() != ".md")
      continue;
    const std::string text = support::read_file(file.path());
    for (std::sregex_iterator i(text.begin(), text.end(), kLink), end; i != end; ++i) {
      const std::string target = (*i)[1];
      if (target.starts_with("http")) continue;
      INFO(path << " links to " << target);
      CHECK(fs::exists(file.path().parent_path() / target));
    }
  }
}

TEST_CASE("house: the changelog has a place for what is not released yet", "[house]") {
  const std::string text = support::read_file(support::source_folder() / "CHANGELOG.md");
  CHECK(text.starts_with("# Changelog\n"));
  CHECK(text.find("\n## Unreleased\n") != std::string::npos);
}

}  // namespace reckoner

#include "tests/golden/golden_case.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "engine/json/price_book_json.hpp"
#include "tests/support/files.hpp"

namespace reckoner::golden {

namespace bj = boost::json;
namespace fs = std::filesystem;

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const fs::path& folder : {support::golden_folder(), support::shared_folder() / "golden"}) {
    if (!fs::exists(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      const std::string name = file.path().filename().string();
      const bool copied = fs::exists(support::golden_folder() / name);
      const bool is_case = name.ends_with(".case.json");
      if (is_case && copied == (folder == support::golden_folder())) out.push_back(file.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

Case::Case(const fs::path& path) : golden(bj::parse(support::read_file(path)).as_object()) {
  const fs::path folder = path.parent_path();
  history = folder / std::string(golden.at("history").as_string());
  if (const bj::value* prices = golden.if_contains("prices")) {
    const std::string text = support::read_file(folder / std::string(prices->as_string()));
    book.prices = json::read_price_book(text).value();
  }
  if (const bj::value* settings = golden.if_contains("settings"))
    for (const auto& [key, value] : settings->as_object())
      REQUIRE(set_setting(book.settings, key, value.as_string()).ok());
  if (const bj::value* at = golden.if_contains("until")) until = parse_instant(at->as_string());
}

std::string difference(const bj::value& expected, const bj::value& actual, std::string path) {
  if (const auto* object = expected.if_object(); object != nullptr && actual.is_object()) {
    for (const auto& [key, value] : *object) {
      const bj::value* found = actual.as_object().if_contains(key);
      const std::string below = path + "." + std::string(key);
      if (found == nullptr) return below + " is missing";
      if (std::string wrong = difference(value, *found, below); !wrong.empty()) return wrong;
    }
    return {};
  }
  if (const auto* array = expected.if_array(); array != nullptr && actual.is_array()) {
    const bj::array& other = actual.as_array();
    for (std::size_t i = 0; i < std::min(array->size(), other.size()); ++i) {
      const std::string below = path + "[" + std::to_string(i) + "]";
      if (std::string wrong = difference((*array)[i], other[i], below); !wrong.empty())
        return wrong;
    }
    if (array->size() == other.size()) return {};
    return path + " has " + std::to_string(other.size()) + " items, expected " +
           std::to_string(array->size());
  }
  if (expected == actual) return {};
  return path + " is " + bj::serialize(actual) + ", expected " + bj::serialize(expected);
}

}  // namespace reckoner::golden

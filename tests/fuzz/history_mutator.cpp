// How libFuzzer changes a history: by whole lines and by single values, and then puts the lines in
// order of time, because a line that goes back ends the run. Every other change is libFuzzer's own.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace reckoner::fuzz {
namespace {

constexpr std::string_view kAt = "\"at\":\"";

// What stands for a value of a member, and could stand for another's.
constexpr std::string_view kValues[] = {
    "0",
    "1",
    "-1",
    "1000000000000",
    "9223372036854775807",
    "29.10",
    "1e3",
    "null",
    "true",
    "\"\"",
    "{}",
    "[]",
    "\"2026-01-05T10:00:00Z\"",
    "\"2026-02-01T00:00:00Z\"",
    "\"2028-02-29T00:00:00Z\"",
    "\"u1\"",
    "\"p1\"",
    "\"u1:1\"",
    "\"active\"",
    "\"past_due\"",
    "\"canceled\"",
    "\"paid\"",
    "\"failed\"",
    "\"retry\"",
    "\"cortex_enterprise\"",
    "\"jane@example.com\"",
    "31",
};

std::string_view time_of(std::string_view line) {
  const std::size_t at = line.find(kAt);
  return at == std::string_view::npos ? line : line.substr(at + kAt.size(), 27);
}

class Mutation {
 public:
  Mutation(std::string_view history, unsigned seed) : random_(seed) {
    while (!history.empty()) lines_.emplace_back(take_line(history));
  }

  void change() {
    if (lines_.empty()) return;
    const std::size_t at = below(lines_.size());
    switch (below(6)) {
      case 0:
        lines_.insert(lines_.begin() + std::ptrdiff_t(at), lines_[below(lines_.size())]);
        break;
      case 1:
        lines_.erase(lines_.begin() + std::ptrdiff_t(at));
        break;
      case 2:
        take_time_of(lines_[below(lines_.size())], lines_[at]);
        break;
      case 3:
        take_value_of(lines_[below(lines_.size())], lines_[at]);
        break;
      default:
        put_value(lines_[at], value_at(lines_[at]), kValues[below(std::size(kValues))]);
    }
  }

  std::string text() {
    std::stable_sort(lines_.begin(), lines_.end(), [](const std::string& a, const std::string& b) {
      return time_of(a) < time_of(b);
    });
    std::string out;
    for (const std::string& line : lines_) out += line + '\n';
    return out;
  }

 private:
  struct Place {
    std::size_t begin = 0, end = 0;
  };

  std::size_t below(std::size_t count) { return random_() % count; }

  // A member's scalar value: between a colon and what ends it.
  Place value_at(std::string_view line) {
    const std::size_t from = below(line.size() + 1);
    std::size_t colon = line.find("\":", from);
    if (colon == std::string_view::npos) colon = line.find("\":");
    if (colon == std::string_view::npos) return {};
    const std::size_t begin = colon + 2;
    const bool text = begin < line.size() && line[begin] == '"';
    std::size_t end = text ? line.find('"', begin + 1) : line.find_first_of(",}]", begin);
    if (end == std::string_view::npos) return {};
    return {begin, text ? end + 1 : end};
  }

  void put_value(std::string& line, Place place, std::string_view value) {
    if (place.end > place.begin) line.replace(place.begin, place.end - place.begin, value);
  }

  void take_value_of(const std::string& from, std::string& line) {
    const Place place = value_at(from);
    const std::string value = from.substr(place.begin, place.end - place.begin);
    if (!value.empty()) put_value(line, value_at(line), value);
  }

  void take_time_of(const std::string& from, std::string& line) {
    const std::size_t there = from.find(kAt), here = line.find(kAt);
    if (there == std::string::npos || here == std::string::npos) return;
    const std::size_t end = from.find('"', there + kAt.size());
    const std::size_t here_end = line.find('"', here + kAt.size());
    if (end == std::string::npos || here_end == std::string::npos) return;
    const std::string value = from.substr(there, end - there);
    line.replace(here, here_end - here, value);
  }

  std::mt19937 random_;
  std::vector<std::string> lines_;
};

}  // namespace
}  // namespace reckoner::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace reckoner::fuzz;
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  Mutation mutation(as_text(data, size), seed);
  for (unsigned changes = seed / 4 % 4; changes < 4; ++changes) mutation.change();
  const std::string text = mutation.text();
  const std::size_t kept = std::min(text.size(), max_size);
  std::copy_n(text.begin(), kept, data);
  return kept;
}

// Runs a fuzzer's target over files, without libFuzzer: what once broke it, and its seeds. Linked
// once with each fuzzer.
//
//   <fuzzer>_regressions FOLDER-OR-FILE…
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "tests/fuzz/fuzz_target.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;

// Sorted, so that two runs do the same in the same order.
std::vector<fs::path> files_in(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(place))
    if (entry.is_regular_file()) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  int runs = 0;
  for (int i = 1; i < argc; ++i) {
    if (!fs::exists(argv[i])) {
      std::fprintf(stderr, "there is no %s; it takes folders and files\n", argv[i]);
      return 2;
    }
    for (const fs::path& file : files_in(argv[i])) {
      // Named before it runs: what breaks the target ends the program.
      std::printf("%s\n", file.c_str());
      std::fflush(stdout);
      const std::string bytes = reckoner::support::read_file(file);
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++runs;
    }
  }
  std::printf("%d inputs, and nothing is wrong\n", runs);
  return 0;
}

// What a benchmark asks of the machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace reckoner::bench {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  // Since the last lap.
  double lap() {
    const double out = seconds();
    start_ = std::chrono::steady_clock::now();
    return out;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Seconds of processor that this thread has used.
double thread_seconds();
// Bytes that this process has sent to disks so far, or had read from them.
std::uint64_t bytes_written();
std::uint64_t bytes_read();
// Memory that this process holds now.
std::uint64_t resident_bytes();
// Processes that want to run, averaged over a minute.
double load();

std::uint64_t folder_bytes(const std::filesystem::path& folder);
// Reads the folder's files into the page cache.
void make_warm(const std::filesystem::path& folder);
// Writes the folder's files out and drops them from the page cache.
void make_cold(const std::filesystem::path& folder);

}  // namespace reckoner::bench

#include "tests/bench/store/machine.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <string_view>
#include <vector>

namespace reckoner::bench {

double thread_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

namespace {

std::uint64_t counted_by_kernel(std::string_view what) {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::uint64_t count = 0;
  while (io >> name >> count)
    if (name == what) return count;
  return 0;
}

}  // namespace

std::uint64_t bytes_written() {
  return counted_by_kernel("write_bytes:");
}
std::uint64_t bytes_read() {
  return counted_by_kernel("read_bytes:");
}

std::uint64_t resident_bytes() {
  std::ifstream memory("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  memory >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double load() {
  double average = 0;
  return getloadavg(&average, 1) == 1 ? average : 0;
}

std::uint64_t folder_bytes(const std::filesystem::path& folder) {
  std::uint64_t sum = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) sum += file.file_size();
  return sum;
}

void make_warm(const std::filesystem::path& folder) {
  std::vector<char> bytes(1 << 20);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    while (file.read(bytes.data(), std::ssize(bytes))) {
    }
  }
}

void make_cold(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const int file = open(entry.path().c_str(), O_RDONLY);
    if (file < 0) continue;
    fdatasync(file);
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    close(file);
  }
}

}  // namespace reckoner::bench

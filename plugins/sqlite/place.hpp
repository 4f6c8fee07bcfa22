// Where a store may lie, found out before anything is opened: each fault said in a line that names
// the path and what to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reckoner::storage::sqlite {

// `sqlite:PATH` to PATH, absolute, links followed, also to where nothing is yet: all names of a
// store lead to one lock file.
std::string path_of_url(std::string_view url);

// The files of a store beside the main one.
inline std::string key_log_path(const std::string& path) {
  return path + "-keys";
}
inline std::string lock_path(const std::string& path) {
  return path + "-lock";
}

// The name of a network file system, by statfs's f_type; empty for a local one. SQLite's
// write-ahead log needs memory shared by all processes, and locks that hold: neither is there.
std::string_view network_file_system(std::uint64_t f_type);

struct PlaceChecks {
  bool create, read_only;
};
// Whether there is a file. Throws where none can be, or where it may not be used as asked.
bool check_place(const std::string& path, PlaceChecks checks);

// Bytes of the file; 0 where there is none.
std::uint64_t file_size(const std::string& path);
// Bytes that files beside `path` may still take.
std::uint64_t free_bytes(const std::string& path);

}  // namespace reckoner::storage::sqlite

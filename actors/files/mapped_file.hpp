// A whole file as bytes in memory, read as it is touched.
#pragma once

#include <string>
#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::files {

class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;

  std::string_view bytes() const { return {start_, size_}; }

 private:
  MappedFile(const char* start, std::size_t size) : start_(start), size_(size) {}

  const char* start_;
  std::size_t size_;
};

}  // namespace reckoner::files

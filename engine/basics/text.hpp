// An immutable string in 8 bytes, for state that is kept a million times over. Most ids are UUIDs
// (too long for std::string's inline buffer) and most optional fields are empty (no allocation).
// Not for strings that change or live briefly: use std::string there.
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace reckoner {

class Text {
 public:
  Text() = default;
  Text(std::string_view from) : held_(copy(from)) {}
  Text(const std::string& from) : Text(std::string_view(from)) {}
  Text(const char* from) : Text(std::string_view(from)) {}
  Text(const Text& other) : Text(other.view()) {}
  Text(Text&&) noexcept = default;
  Text& operator=(const Text& other) {
    held_ = copy(other.view());
    return *this;
  }
  Text& operator=(Text&&) noexcept = default;

  bool empty() const { return held_ == nullptr; }
  std::string_view view() const {
    if (held_ == nullptr) return {};
    std::uint32_t size;
    std::memcpy(&size, held_.get(), sizeof size);
    return {held_.get() + sizeof size, size};
  }
  operator std::string_view() const { return view(); }
  std::string str() const { return std::string(view()); }

  friend bool operator==(const Text& a, const Text& b) { return a.view() == b.view(); }
  friend auto operator<=>(const Text& a, const Text& b) { return a.view() <=> b.view(); }

 private:
  static std::unique_ptr<char[]> copy(std::string_view from) {
    if (from.empty()) return nullptr;
    const auto size = static_cast<std::uint32_t>(from.size());
    std::unique_ptr<char[]> held(new char[sizeof size + from.size()]);
    std::memcpy(held.get(), &size, sizeof size);
    std::memcpy(held.get() + sizeof size, from.data(), from.size());
    return held;
  }

  std::unique_ptr<char[]> held_;  // size (4 bytes), then the bytes; null when empty
};

}  // namespace reckoner

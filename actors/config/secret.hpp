// A text that must not be seen: nothing prints or logs it, and its memory is wiped.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace reckoner::config {

// No operator<<, no formatter, no conversion: whoever needs it asks for it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  Secret(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();

  bool empty() const { return size_ == 0; }
  // For the call that needs it. Do not keep, print or log it.
  std::string_view reveal() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

// Overwrites what a text holds, so that the compiler does not leave it out.
void wipe(std::string& text);

}  // namespace reckoner::config

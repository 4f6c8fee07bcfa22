#include "actors/config/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace reckoner::config {

Secret::Secret(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
  std::ranges::copy(text, bytes_.get());
}

Secret::Secret(const Secret& other) : Secret(other.reveal()) {}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  return *this;
}

Secret::~Secret() {
  if (bytes_) OPENSSL_cleanse(bytes_.get(), size_);
}

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
}

}  // namespace reckoner::config

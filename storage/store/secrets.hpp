// Passwords in URLs of stores, which no message may show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reckoner::storage {

// What is secret in a URL, as written and without percent signs: the password before the host, and
// that of a parameter `password=`.
std::vector<std::string> secrets_in(std::string_view url);

// The text with each of them made unreadable.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace reckoner::storage

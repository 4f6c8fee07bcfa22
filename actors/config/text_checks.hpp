// What texts must be like, and what of them may be seen.
#pragma once

#include <string>
#include <string_view>

namespace reckoner::config {

// "https://host[:port][/path]": without a user, a query or a fragment.
bool is_http_url(std::string_view text);
// "sqlite:PATH" and the like: the store says whether it leads anywhere.
bool is_storage_url(std::string_view text);
// "2026-10": what stands in a header as it is.
bool is_token(std::string_view text);
// What stands in an Authorization header as it is.
bool is_api_key(std::string_view text);
// As polar::SignatureVerifier takes them, and without control characters.
bool are_webhook_secrets(std::string_view text);

// The same URL with `***` for a password in it, whether before an @ or as `password=`.
std::string without_password(std::string_view url);
// Whether what is sent there can be read on its way: http, to another machine.
bool is_readable_on_its_way(std::string_view http_url);

}  // namespace reckoner::config

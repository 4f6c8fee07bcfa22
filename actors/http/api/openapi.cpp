#include "actors/http/api/openapi.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::string_view kBegin =
    R"json({
"openapi": "3.1.0",
"info": {
  "title": "Reckoner",
  "version": "1",
  "description": "Usage in, webhooks of Polar in, charges out. Times are RFC 3339 in UTC, )json"
    R"json(money is a decimal string. Members that are not known are passed over; null and )json"
    R"json(the empty string are as not given. Errors are application/problem+json. Each )json"
    R"json(answer carries X-Request-Id."
},
"security": [{"bearer": []}, {"apiKey": []}],
"paths": )json";

// An object's text, open for further members.
std::string without_end(std::string_view object) {
  return std::string(object.substr(0, object.rfind('}')));
}

}  // namespace

const std::string& openapi_text() {
  static const std::string text = std::string(kBegin) + std::string(kOpenapiPaths) +
                                  ",\n\"components\": " + without_end(kOpenapiComponents) +
                                  ",\n\"schemas\": " + std::string(kOpenapiSchemas) + "}}\n";
  return text;
}

}  // namespace reckoner::http::api

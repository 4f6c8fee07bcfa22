#include "actors/http/api/content.hpp"

#include "actors/http/problem.hpp"
#include "engine/basics/ids.hpp"

namespace reckoner::http::api {

namespace {

constexpr std::size_t kMostShown = 100;

// Null: the body is as it is.
const std::string* compression(const Request& request) {
  const std::string* encoding = request.header("content-encoding");
  const bool none = encoding == nullptr || encoding->empty() || fold_case(*encoding) == "identity";
  return none ? nullptr : encoding;
}

}  // namespace

Content content_of(const Request& request) {
  if (compression(request) != nullptr) return Content::other;
  const std::string* field = request.header("content-type");
  if (field == nullptr) return Content::json;
  std::string_view type = *field;
  type = type.substr(0, type.find(';'));
  type = type.substr(0, type.find_last_not_of(" \t") + 1);
  const std::string folded = fold_case(type);
  if (folded.empty() || folded == "application/json" || folded == "text/json") return Content::json;
  if (folded == "application/x-ndjson" || folded == "application/ndjson" ||
      folded == "application/jsonl" || folded == "application/x-jsonlines")
    return Content::lines;
  const bool json = folded.starts_with("application/") && folded.ends_with("+json");
  return json ? Content::json : Content::other;
}

Response unsupported_content(const Request& request, std::string_view taken) {
  const auto quoted = [](const std::string* field) {
    return "'" + (field == nullptr ? std::string() : field->substr(0, kMostShown)) + "'";
  };
  const std::string* encoding = compression(request);
  const std::string detail =
      encoding != nullptr
          ? "Content-Encoding is " + quoted(encoding) + "; it takes none: the body as it is"
          : "Content-Type is " + quoted(request.header("content-type")) + "; it takes " +
                std::string(taken);
  return problem(415, "unsupported_media_type", detail);
}

}  // namespace reckoner::http::api

#include "actors/http/api/content.hpp"

#include "actors/http/problem.hpp"
#include "engine/basics/ids.hpp"

namespace reckoner::http::api {

Content content_of(const Request& request) {
  const std::string* encoding = request.header("content-encoding");
  if (encoding != nullptr && !encoding->empty() && fold_case(*encoding) != "identity")
    return Content::other;
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

Response unsupported_content(std::string_view taken) {
  return problem(415, "unsupported_media_type",
                 "the Content-Type or Content-Encoding is another; it takes " + std::string(taken) +
                     ", not compressed");
}

}  // namespace reckoner::http::api

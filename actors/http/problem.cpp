#include "actors/http/problem.hpp"

#include "engine/basics/ids.hpp"
#include "engine/json/json_line.hpp"

namespace reckoner::http {
namespace {

// Details quote what clients sent, which may be anything; JSON is UTF-8.
std::string as_utf8(std::string_view text) {
  std::string out(text);
  if (is_valid_id(out, out.size())) return out;
  for (char& c : out)
    if (static_cast<unsigned char>(c) >= 0x7F) c = '?';
  return out;
}

}  // namespace

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

Response problem(unsigned status, std::string_view code, std::string_view detail) {
  json::JsonLine body;
  body.raw(R"({"type":"about:blank","title":)").quoted(reason_phrase(status));
  body.raw(R"(,"status":)").number(status);
  body.raw(R"(,"detail":)").quoted(as_utf8(detail));
  body.raw(R"(,"code":)").quoted(code).raw("}");
  Response out;
  out.status = status;
  out.content_type = "application/problem+json";
  out.body = body.view();
  return out;
}

Response problem_later(unsigned status, std::string_view code, std::string_view detail,
                       std::int64_t retry_after_seconds) {
  Response out = problem(status, code, detail);
  out.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds));
  return out;
}

}  // namespace reckoner::http

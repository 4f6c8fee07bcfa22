// An HTTP request and its answer, as handlers see them: no library's types.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reckoner::http {

struct Request {
  std::string method;  // "POST"
  std::string path;    // "/api/v1/customers/a%20b": as sent, without the query
  std::string query;   // behind the ?, as sent; empty: none
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, as they came
  std::string body;
  std::string remote;  // "127.0.0.1:41234"
  std::string id;      // X-Request-Id of the answer

  // The first of that name (given in lower case); null: there is none.
  const std::string* header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return &value;
    return nullptr;
  }
};

struct Response {
  unsigned status = 200;  // 0: the connection is closed without an answer
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Answers a request: once, from any thread.
using Reply = std::function<void(Response)>;
// Called on a thread of the server, which it must not block.
using Handler = std::function<void(Request request, Reply reply)>;

}  // namespace reckoner::http

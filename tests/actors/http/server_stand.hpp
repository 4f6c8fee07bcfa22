// A server on a free port, whose handler repeats what came.
#pragma once

#include <catch2/catch.hpp>

#include "actors/http/server.hpp"
#include "tests/actors/http/raw_client.hpp"

namespace reckoner::http {

// "POST /path?query body", and what X-Echo said.
inline void repeat(Request request, Reply reply) {
  Response response;
  response.content_type = "text/plain";
  response.body = request.method + " " + request.path +
                  (request.query.empty() ? "" : "?" + request.query) + " " + request.body;
  if (const std::string* echo = request.header("x-echo"))
    response.headers.emplace_back("X-Echo", *echo);
  reply(std::move(response));
}

inline std::unique_ptr<Server> start_server(ServerOptions options = {}, Handler handler = repeat) {
  options.listen = "127.0.0.1:0";
  auto started = Server::start(std::move(options), std::move(handler));
  REQUIRE(started.ok());
  return std::move(started).value();
}

}  // namespace reckoner::http

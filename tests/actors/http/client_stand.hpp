// A client, asked and waited for.
#pragma once

#include <catch2/catch.hpp>

#include <future>
#include <string>

#include "actors/http/client.hpp"

namespace reckoner::http {

inline std::unique_ptr<Client> start_client(ClientOptions options = {}) {
  auto started = Client::start(std::move(options));
  REQUIRE(started.ok());
  return std::move(started).value();
}

inline std::future<Result<ClientResponse>> begin(Client& client, ClientRequest request) {
  auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
  auto future = promise->get_future();
  client.send(std::move(request),
              [promise](Result<ClientResponse> response) { promise->set_value(response); });
  return future;
}

inline ClientRequest get(std::string url) {
  ClientRequest out;
  out.url = std::move(url);
  return out;
}
inline ClientRequest post(std::string url, std::string body) {
  ClientRequest out = get(std::move(url));
  out.method = "POST";
  out.body = std::move(body);
  return out;
}

inline Result<ClientResponse> ask(Client& client, ClientRequest request) {
  return begin(client, std::move(request)).get();
}
inline Error fault(Client& client, ClientRequest request) {
  const Result<ClientResponse> response = ask(client, std::move(request));
  REQUIRE_FALSE(response.ok());
  return response.error();
}

}  // namespace reckoner::http

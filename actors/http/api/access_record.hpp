// A line of the access log, as the program gets it. It holds no secret.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace reckoner::http::api {

struct AccessRecord {
  std::string method;
  std::string_view route;  // "/api/v1/customers/{id}"; empty: none that there is
  unsigned status = 0;
  std::chrono::microseconds duration{0};    // from the whole request to its answer
  std::size_t bytes_in = 0, bytes_out = 0;  // of the bodies
  std::string request_id;
  std::string remote;
  std::string customer_id;  // whom it was about; empty: nobody, or many
  std::string key_id;       // of the API key, which is not the key; empty: none was needed, or good
};

}  // namespace reckoner::http::api

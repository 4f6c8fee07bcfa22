// Which endpoint a request is for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/http/api/call.hpp"

namespace reckoner::http::api {

// What a request must bring.
enum class Access : std::uint8_t { open, signature, usage, read, admin };

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/customers/{id}": a segment in braces takes any one
  Access access = Access::open;
  Endpoint endpoint = nullptr;
  // Bounds itself what is in flight; others share a bound.
  bool own_bound = false;
  bool before_ready = false;  // answers while the engine is not there yet, too
};

class Router {
 public:
  explicit Router(std::vector<Route> routes);

  enum class Found : std::uint8_t { route, no_path, no_method, bad_path };
  struct Match {
    Found found = Found::no_path;
    const Route* route = nullptr;     // found
    std::vector<std::string> params;  // found: decoded, in order
    std::string allow;                // no_method: "GET, HEAD, POST"
  };
  // HEAD is taken as GET.
  Match match(std::string_view method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string_view>> segments_;  // by route
};

}  // namespace reckoner::http::api

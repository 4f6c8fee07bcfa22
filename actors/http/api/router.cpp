#include "actors/http/api/router.hpp"

#include "actors/http/api/url.hpp"

namespace reckoner::http::api {
namespace {

// What stands between the slashes behind the first.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> out;
  if (!path.starts_with('/')) return out;
  while (!path.empty()) {
    path.remove_prefix(1);
    out.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(out.back().size());
  }
  return out;
}

bool is_param(std::string_view segment) {
  return segment.starts_with('{');
}

bool matches(const std::vector<std::string_view>& pattern,
             const std::vector<std::string_view>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (is_param(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  return true;
}

void add_method(std::string& allow, std::string_view method) {
  if (!allow.empty()) allow += ", ";
  allow += method;
  if (method == "GET") allow += ", HEAD";
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) segments_.push_back(split(route.pattern));
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match out;
  if (method == "HEAD") method = "GET";
  const std::vector<std::string_view> segments = split(path);
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!matches(segments_[i], segments)) continue;
    if (routes_[i].method != method) {
      out.found = Found::no_method;
      add_method(out.allow, routes_[i].method);
      continue;
    }
    out.found = Found::route;
    out.route = &routes_[i];
    for (std::size_t k = 0; k < segments.size(); ++k) {
      if (!is_param(segments_[i][k])) continue;
      std::optional<std::string> param = percent_decoded(segments[k]);
      if (!param) {
        out.found = Found::bad_path;
        return out;
      }
      out.params.push_back(std::move(*param));
    }
    return out;
  }
  return out;
}

}  // namespace reckoner::http::api

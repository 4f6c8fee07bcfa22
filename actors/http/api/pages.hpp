// Lists, a page at a time.
#pragma once

#include <string>
#include <string_view>

#include "actors/http/api/url.hpp"

namespace reckoner::http::api {

inline constexpr std::size_t kPage = 100, kLargestPage = 1'000;

// {"items":[…],"next":…}
class PageText {
 public:
  void add(std::string_view item) {
    text_ += text_.empty() ? "{\"items\":[" : ",";
    text_ += item;
  }
  // `next`: the place where the next page begins; empty: this is the last.
  std::string finish(std::string_view next) && {
    if (text_.empty()) text_ = "{\"items\":[";
    text_ += "],\"next\":";
    text_ += next.empty() ? "null" : '"' + cursor_of(next) + '"';
    return std::move(text_) + "}";
  }

 private:
  std::string text_;
};

}  // namespace reckoner::http::api

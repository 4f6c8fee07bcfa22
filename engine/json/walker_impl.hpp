// The part of walker.hpp that pulls in Boost.JSON's parser; for the .cpp file of a reader.
#pragma once

#include <boost/json/basic_parser_impl.hpp>

#include "engine/json/walker.hpp"

namespace reckoner::json {

template <class Reader>
std::string Walker<Reader>::walk(std::string_view text) {
  boost::json::error_code failure;
  parser_.reset();
  parser_.handler().start();
  const std::size_t read = parser_.write_some(false, text.data(), text.size(), failure);
  if (failure) return failure.message();
  const std::size_t rest = text.find_first_not_of(" \t\r\n", read);
  return rest == std::string_view::npos ? std::string() : "something follows the JSON value";
}

}  // namespace reckoner::json

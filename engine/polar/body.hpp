// Reads what a webhook says, in the guide's words and in Polar's (reference: the guide, and Polar's
// API 2024 to 2026). Lenient: once a body is JSON it is never an error; fields and types that are
// not known are passed over, and what cannot be read as what it should be is as not given.
#pragma once

#include <string>
#include <string_view>

#include "engine/basics/result.hpp"
#include "engine/customer/polar_event.hpp"

namespace reckoner::polar {

struct Body {
  std::string id;    // the guide's event id; empty: none
  std::string type;  // as sent; empty: none
  PolarEvent event;
};

// `arrived` is when the engine took the webhook in. The only error is `invalid_json`. Reuses its
// buffers; one for each thread.
class BodyReader {
 public:
  BodyReader();
  ~BodyReader();
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;

  Result<Body> read(std::string_view body, Instant arrived);

 private:
  struct Fields;
  Fields* fields_;
};

}  // namespace reckoner::polar

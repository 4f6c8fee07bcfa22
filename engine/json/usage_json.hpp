// Usage as applications send it over HTTP: one event, or many in one body. Walked without a tree
// and without copies; what the rules (customer/usage.hpp) would refuse is read all the same, as the
// lines of a history are (history.hpp): members that are not known are passed over, null and the
// empty string are as not given, and the last of two members of one name counts.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/customer/usage.hpp"

namespace reckoner::json {

// Strings that a body holds only with escapes. What is kept stays where it is.
class TextStore {
 public:
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

 private:
  std::deque<std::string> texts_;
};

// One for many events: it keeps its buffers. One thread at a time.
class UsageReader {
 public:
  UsageReader();
  ~UsageReader();
  UsageReader(const UsageReader&) = delete;
  UsageReader& operator=(const UsageReader&) = delete;

  // Reads one event, a JSON object. What it finds are views into `text` and `texts`, and live as
  // long as both. Errors: `invalid_json`; `invalid_field`, where it is no object or has no
  // customer_id that can be one.
  Status read(std::string_view text, TextStore& texts);

  std::string_view customer_id() const { return customer_id_; }
  const UsageRequest& usage() const { return usage_; }
  // What the last event has in this field, for messages: "'x'", "an object", "missing". Empty for
  // a name that means nothing here.
  std::string shown(std::string_view field) const;

 private:
  struct Fields;
  void read_usage(std::string_view text);

  std::unique_ptr<Fields> fields_;
  std::string_view customer_id_;
  UsageRequest usage_;
};

// The texts of the items of `events` in a body like {"events": […]}, without the space around them.
// The body is JSON if each of them is, which is for their reader to say. Errors: `invalid_json`;
// `invalid_field`, where there is no array `events`; `too_large`, where it has more than `most`
// items.
Result<std::vector<std::string_view>> event_texts(std::string_view body, std::size_t most);

}  // namespace reckoner::json

// A line of a history as it is sent: its own times moved, and given where it said none, so that it
// means the same whenever it arrives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/json/history.hpp"
#include "engine/json/json_line.hpp"
#include "engine/polar/body.hpp"

namespace reckoner::sim {

// How webhooks are signed, and with it where their id stands: in the header `webhook-id`, or in
// the body.
enum class WebhookScheme : std::uint8_t { standard, guide };

// Views are into whatever the line is kept in.
struct MovedLine {
  enum class Kind : std::uint8_t { usage, webhook, customer, operator_act };
  Kind kind = Kind::usage;
  bool keyed = false;         // usage that has an idempotency key
  Instant at;                 // moved, too
  std::string_view members;   // of the history's line, behind `at` and `kind`, up to its end
  std::string_view id;        // a webhook's, empty: none; a charge's that an act is about
  std::string_view body;      // a webhook's; of usage and customers: nothing, their members are it
  std::string_view decision;  // an act's: retry, release or write-off
};
inline constexpr int kMovedKinds = 4;
std::string_view kind_name(MovedLine::Kind kind);

// As a line of a history, without its line break.
void write_history_line(json::JsonLine& out, const MovedLine& line, Instant at);

// Moves the lines of one history, in order.
class Mover {
 public:
  // `unique` begins the ids of webhooks that have none.
  Mover(Micros by, WebhookScheme scheme, std::string unique)
      : by_(by), scheme_(scheme), unique_(std::move(unique)) {}

  // `text` is the line, and `read` what the reader found in it; usage, webhook, customer or
  // operator_act. The result's views are into the mover: valid until the next line.
  const MovedLine& move(std::string_view text, const json::HistoryLine& read);

  Instant moved(Instant at) const;

 private:
  void usage(std::string_view text, const json::HistoryLine& read);
  void customer(std::string_view text);
  void operator_act(const json::HistoryLine& read);
  void webhook(const json::HistoryLine& read);
  std::string body_of(const json::HistoryLine& read) const;
  std::string usage_time(std::string_view said, const json::HistoryLine& read);
  void given(std::string_view name, std::string_view value);

  Micros by_;
  WebhookScheme scheme_;
  std::string unique_;
  std::uint64_t webhooks_ = 0;
  // When usage without a time of its own was first said, by its key: a repeat of it, which says no
  // time either, is the same.
  std::unordered_map<std::size_t, Instant> first_said_;
  polar::BodyReader bodies_;

  MovedLine line_;
  std::string members_, id_;
};

}  // namespace reckoner::sim

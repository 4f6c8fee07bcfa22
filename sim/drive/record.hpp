// What was sent, in the order in which it was sent, and what the engine said of it: a history of
// its own, with the instants of sending.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/json/json_line.hpp"
#include "sim/drive/moved_line.hpp"

namespace reckoner::sim {

enum class Verdict : std::uint8_t {
  unknown,  // no answer told, or the engine may have known it from an attempt before
  accepted,
  duplicate,
  conflict,
  counted,   // one of the three: a batch's answer does not say of which event
  rejected,  // by a rule
  refused,   // not by a rule of billing: nothing of it happened, and it is in no history
};
std::string_view verdict_name(Verdict verdict);

class Record {
 public:
  struct Sent {
    Instant at;
    std::uint32_t line;  // of the history
    Verdict verdict = Verdict::unknown;
    std::uint8_t code = 0;  // of a rejection, among codes()
  };

  explicit Record(const std::vector<MovedLine>& lines) : lines_(&lines) {}

  // `at` may be earlier than the one before: then it gets that. Returns the number of what was
  // sent.
  std::size_t add(std::uint32_t line, Instant at);
  void judge(std::size_t number, Verdict verdict, std::string_view code = {});

  const std::vector<Sent>& sent() const { return sent_; }
  const MovedLine& line(const Sent& sent) const { return (*lines_)[sent.line]; }
  const std::string& code(const Sent& sent) const { return codes_[sent.code]; }

  // All but what was refused, as a history. `io_error`.
  Status write(const std::string& path) const;

 private:
  const std::vector<MovedLine>* lines_;
  std::vector<Sent> sent_;
  std::vector<std::string> codes_{""};
};

}  // namespace reckoner::sim

// Sends a moved history: each connection its lines, each line after the answer to the one before.
// What is answered 429 or 503 is sent again when the engine says so, what was lost is sent again
// with the same key; usage without a key whose answer was lost is not, and is doubtful.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/drive/exchange.hpp"
#include "sim/drive/latencies.hpp"
#include "sim/drive/moved_history.hpp"
#include "sim/drive/record.hpp"
#include "sim/drive/requests.hpp"

namespace reckoner::sim {

struct SendingOptions {
  std::size_t connections = 32;
  std::size_t batch = 1;              // usage lines in one request, at most
  std::optional<std::uint64_t> rate;  // lines a second, over all connections; empty: as fast as can
  std::chrono::milliseconds patience{60'000};  // with a line that is not taken
  std::chrono::milliseconds timeout{30'000};   // of an answer
  std::function<void(std::uint64_t lines)> progress;
};

struct SendingFigures {
  struct OfKind {
    std::uint64_t lines = 0;
    Latencies latencies;                         // of answers that settled a request
    std::map<unsigned, std::uint64_t> statuses;  // of all answers
  };
  std::array<OfKind, kMovedKinds> kinds;  // by MovedLine::Kind
  std::uint64_t accepted = 0, duplicates = 0, conflicts = 0, rejected = 0, refused = 0;
  std::map<std::string, std::uint64_t> rejected_by_code, refused_by_code;
  std::uint64_t retries = 0, lost = 0;
  std::vector<std::size_t> doubtful;  // numbers in the record
  std::chrono::duration<double> took{0};

  std::uint64_t lines() const;
};

class Sender final : public Talker {
 public:
  Sender(MovedHistory& history, const Target& target, const Access& access,
         const SendingOptions& options);

  // Errors: `refused` (the engine does not take what it is asked, or not for so long),
  // `unauthorized`, `unknown_host`.
  Status send();

  const Record& record() const { return record_; }
  const SendingFigures& figures() const { return figures_; }

 private:
  struct InFlight {
    std::uint32_t line;
    std::size_t number;  // in the record
  };
  struct Lane {
    std::vector<std::uint32_t> lines;
    std::size_t at = 0;  // of the next line that was not sent yet
    std::vector<InFlight> in_flight;
    std::string request;
    std::optional<SteadyTime> slot;  // when the rate lets it send
    SteadyTime retry_at{}, patience_ends{};
    unsigned attempts = 0;
    bool maybe_done = false;  // an attempt before may have been taken
  };

  Next next(std::size_t connection, std::string_view& request, SteadyTime& until) override;
  void answered(std::size_t connection, const Answer& answer) override;

  std::size_t lines_of_next_request(const Lane& lane) const;
  void write_request(Lane& lane);
  void arrived(Lane& lane, const Answer& answer);
  void judge_one(Lane& lane, const Answer& answer);
  void judge_batch(Lane& lane, const Answer& answer);
  void judge(const InFlight& one, Verdict verdict, std::string_view code = {});
  void lost(Lane& lane, const Answer& answer);
  void again(Lane& lane, const Answer& answer);
  void settled(Lane& lane);
  void fail(const Lane& lane, const Answer& answer);
  const MovedLine& line(std::uint32_t number) const { return history_.lines()[number]; }

  const MovedHistory& history_;
  Target target_;
  SendingOptions options_;
  Requests requests_;
  std::vector<Lane> lanes_;
  Record record_;
  SendingFigures figures_;
  SteadyTime next_slot_{};
  std::uint64_t settled_ = 0;
  std::optional<Error> failure_;
  std::vector<const MovedLine*> batch_;
};

}  // namespace reckoner::sim

#include "sim/drive/sender.hpp"

#include <algorithm>

#include "sim/drive/answers.hpp"

namespace reckoner::sim {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = MovedLine::Kind;
using std::chrono::milliseconds;

// A rate that could not be kept is not made up for at once.
constexpr std::chrono::seconds kCatchUp{1};

Instant now() {
  using std::chrono::microseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<microseconds>(since).count()};
}

// Whoever waits looks up from time to time, whether it is all over.
SteadyTime soon(SteadyTime until) {
  return std::min(until, Clock::now() + milliseconds(200));
}

std::size_t place(Kind kind) {
  return static_cast<std::size_t>(kind);
}

}  // namespace

std::uint64_t SendingFigures::lines() const {
  std::uint64_t sum = 0;
  for (const OfKind& kind : kinds) sum += kind.lines;
  return sum;
}

Sender::Sender(MovedHistory& history, const Target& target, const Access& access,
               const SendingOptions& options)
    : history_(history),
      target_(target),
      options_(options),
      requests_(target, access),
      lanes_(options.connections),
      record_(history.lines()) {
  auto dealt = history.deal(options.connections);
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i].lines = std::move(dealt[i]);
}

Status Sender::send() {
  const SteadyTime start = next_slot_ = Clock::now();
  Status carried = exchange(target_, {options_.connections, options_.timeout}, *this);
  figures_.took = Clock::now() - start;
  if (failure_) return *failure_;
  return carried;
}

// --- what goes out --------------------------------------------------------------------------

Talker::Next Sender::next(std::size_t connection, std::string_view& request, SteadyTime& until) {
  Lane& lane = lanes_[connection];
  if (failure_) return Next::finished;
  if (!lane.in_flight.empty()) {
    if (Clock::now() < lane.retry_at) return until = soon(lane.retry_at), Next::wait;
    ++figures_.retries;
  } else {
    if (lane.at == lane.lines.size()) return Next::finished;
    const std::size_t count = lines_of_next_request(lane);
    if (options_.rate && !lane.slot) {
      const std::chrono::duration<double> length(static_cast<double>(count) /
                                                 static_cast<double>(*options_.rate));
      lane.slot = next_slot_ = std::max(next_slot_, Clock::now() - kCatchUp);
      next_slot_ += std::chrono::duration_cast<Clock::duration>(length);
    }
    if (lane.slot && Clock::now() < *lane.slot) return until = soon(*lane.slot), Next::wait;
    lane.slot.reset();
    const Instant at = now();
    for (std::size_t i = 0; i < count; ++i, ++lane.at)
      lane.in_flight.push_back({lane.lines[lane.at], record_.add(lane.lines[lane.at], at)});
  }
  write_request(lane);
  request = lane.request;
  return Next::send;
}

std::size_t Sender::lines_of_next_request(const Lane& lane) const {
  std::size_t end = lane.at;
  while (end < lane.lines.size() && end - lane.at < options_.batch &&
         line(lane.lines[end]).kind == Kind::usage)
    ++end;
  return std::max<std::size_t>(end - lane.at, 1);
}

void Sender::write_request(Lane& lane) {
  const MovedLine& first = line(lane.in_flight.front().line);
  if (options_.batch > 1 && first.kind == Kind::usage) {
    batch_.clear();
    for (const InFlight& one : lane.in_flight) batch_.push_back(&line(one.line));
    return requests_.batch(lane.request, batch_);
  }
  requests_.line(lane.request, first, now().micros / kSecond);
}

// --- what comes back ------------------------------------------------------------------------

void Sender::answered(std::size_t connection, const Answer& answer) {
  Lane& lane = lanes_[connection];
  switch (answer.outcome) {
    case Answer::Outcome::arrived:
      ++figures_.kinds[place(line(lane.in_flight.front().line).kind)].statuses[answer.status];
      return arrived(lane, answer);
    case Answer::Outcome::not_sent:
      return again(lane, answer);
    case Answer::Outcome::lost:
      return lost(lane, answer);
  }
}

void Sender::arrived(Lane& lane, const Answer& answer) {
  const MovedLine& first = line(lane.in_flight.front().line);
  const unsigned status = answer.status;
  if (status == 429 || status == 503) return again(lane, answer);
  if (status == 408 || status >= 500) return lost(lane, answer);
  const bool done = status == 200 || status == 201;
  const bool batch = options_.batch > 1 && first.kind == Kind::usage;
  const bool by_rule = status == 422 && first.kind == Kind::usage && !batch;
  // Of a customer or a charge that is not there, or not as it would have to be.
  const bool refused = (status == 404 || status == 409 || status == 422) &&
                       (first.kind == Kind::customer || first.kind == Kind::operator_act);
  if (!done && !by_rule && !refused) return fail(lane, answer);
  figures_.kinds[place(first.kind)].latencies.add(answer.took);
  if (refused && !lane.maybe_done) {
    judge(lane.in_flight.front(), Verdict::refused, word_in(answer.body, "code"));
  } else if (batch) {
    judge_batch(lane, answer);
  } else {
    judge_one(lane, answer);
  }
  if (!failure_) settled(lane);
}

void Sender::judge_one(Lane& lane, const Answer& answer) {
  const InFlight& one = lane.in_flight.front();
  if (answer.status == 422) return judge(one, Verdict::rejected, word_in(answer.body, "code"));
  const Kind kind = line(one.line).kind;
  if (answer.status > 201) return;  // it was done by the attempt before
  if (kind == Kind::customer || kind == Kind::operator_act) return judge(one, Verdict::accepted);
  const std::string_view status = word_in(answer.body, "status");
  if (status == "accepted" || status == "success") return judge(one, Verdict::accepted);
  if (status == "conflict") return judge(one, Verdict::conflict);
  if (status != "duplicate") return fail(lane, answer);
  if (lane.maybe_done) {
    ++figures_.duplicates;
  } else {
    judge(one, Verdict::duplicate);
  }
}

void Sender::judge_batch(Lane& lane, const Answer& answer) {
  const Result<BatchAnswer> read = read_batch_answer(answer.body);
  if (!read) return fail(lane, answer);
  std::vector<bool> rejected(lane.in_flight.size());
  for (const auto& [index, code] : read->rejected) {
    if (index >= rejected.size() || rejected[index]) return fail(lane, answer);
    rejected[index] = true;
    judge(lane.in_flight[index], Verdict::rejected, code);
  }
  for (std::size_t i = 0; i < rejected.size(); ++i)
    if (!rejected[i]) record_.judge(lane.in_flight[i].number, Verdict::counted);
  figures_.accepted += read->accepted;
  figures_.duplicates += read->duplicates;
  figures_.conflicts += read->conflicts;
  const std::uint64_t told =
      read->accepted + read->duplicates + read->conflicts + read->rejected.size();
  if (told != rejected.size()) fail(lane, answer);
}

void Sender::judge(const InFlight& one, Verdict verdict, std::string_view code) {
  record_.judge(one.number, verdict, code);
  if (verdict == Verdict::accepted) ++figures_.accepted;
  if (verdict == Verdict::duplicate) ++figures_.duplicates;
  if (verdict == Verdict::conflict) ++figures_.conflicts;
  if (verdict == Verdict::refused) {
    ++figures_.refused;
    ++figures_.refused_by_code[std::string(code)];
  }
  if (verdict != Verdict::rejected) return;
  ++figures_.rejected;
  ++figures_.rejected_by_code[std::string(code)];
}

void Sender::lost(Lane& lane, const Answer& answer) {
  ++figures_.lost;
  const auto is_doubtful = [&](const InFlight& one) {
    const MovedLine& moved = line(one.line);
    if (moved.kind != Kind::usage || moved.keyed) return false;
    figures_.doubtful.push_back(one.number);
    ++figures_.kinds[place(Kind::usage)].lines;
    ++settled_;
    return true;
  };
  std::erase_if(lane.in_flight, is_doubtful);
  if (lane.in_flight.empty()) return settled(lane);
  lane.maybe_done = true;
  again(lane, answer);
}

void Sender::again(Lane& lane, const Answer& answer) {
  const SteadyTime time = Clock::now();
  if (lane.attempts == 0) lane.patience_ends = time + options_.patience;
  if (time >= lane.patience_ends) return fail(lane, answer);
  constexpr unsigned kDoublings = 7;
  milliseconds wait{10 << std::min(lane.attempts, kDoublings)};
  if (answer.retry_after_seconds)
    wait = std::max(
        wait, milliseconds(std::min<std::int64_t>(*answer.retry_after_seconds, 3'600) * 1'000));
  lane.retry_at = time + wait;
  ++lane.attempts;
}

void Sender::settled(Lane& lane) {
  for (const InFlight& one : lane.in_flight) ++figures_.kinds[place(line(one.line).kind)].lines;
  settled_ += lane.in_flight.size();
  lane.in_flight.clear();
  lane.attempts = 0;
  lane.maybe_done = false;
  if (options_.progress) options_.progress(settled_);
}

void Sender::fail(const Lane& lane, const Answer& answer) {
  const MovedLine& first = line(lane.in_flight.front().line);
  const bool unauthorized = answer.status == 401 || answer.status == 403;
  const bool webhook = first.kind == Kind::webhook;
  std::string what = std::string(kind_name(first.kind)) + " was answered " + describe(answer);
  if (lane.attempts > 0)
    what += " (after " + std::to_string(lane.attempts) + " further attempts in " +
            std::to_string(options_.patience.count() / 1000) + " s)";
  if (unauthorized) what += "; --api-key takes a key of the engine's with scopes usage,read,admin";
  if (webhook && answer.status == 400) what += "; --webhook-secret takes the engine's own";
  // The first one says why; the others end because of it.
  if (!failure_) failure_ = Error{unauthorized ? "unauthorized" : "refused", what};
}

}  // namespace reckoner::sim

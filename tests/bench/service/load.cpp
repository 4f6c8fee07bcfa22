#include "tests/bench/service/load.hpp"

#include <charconv>

#include "sim/drive/exchange.hpp"

namespace reckoner::bench {
namespace {

using Clock = std::chrono::steady_clock;

// How many events an answer says were accepted: of a batch, of one event, of a webhook.
std::uint64_t accepted_of(std::string_view body) {
  static constexpr std::string_view kCount = R"({"accepted":)";
  if (!body.starts_with(kCount))
    return body.starts_with(R"({"status":"accepted")") || body == R"({"status":"success"})";
  std::uint64_t out = 0;
  std::from_chars(body.data() + kCount.size(), body.data() + body.size(), out);
  return out;
}

class Load final : public sim::Talker {
 public:
  Load(const std::vector<Prepared>& requests, std::size_t connections,
       std::chrono::duration<double> at_most,
       const std::function<void(const Loaded&)>& after_answer)
      : requests_(requests),
        after_answer_(after_answer),
        until_(Clock::now() + std::chrono::duration_cast<Clock::duration>(at_most)),
        under_way_(connections) {}

  Loaded loaded;

 private:
  Next next(std::size_t connection, std::string_view& request, sim::SteadyTime&) override {
    if (next_ == requests_.size() || Clock::now() > until_ || loaded.lost > 0)
      return Next::finished;
    const Prepared& prepared = requests_[next_++];
    under_way_[connection] = &prepared;
    loaded.sent_events += prepared.events;
    request = prepared.bytes;
    return Next::send;
  }

  void answered(std::size_t connection, const sim::Answer& answer) override {
    const Prepared& request = *under_way_[connection];
    if (answer.outcome != sim::Answer::Outcome::arrived) {
      ++loaded.lost;
    } else if (answer.status != 200) {
      if (loaded.refused++ == 0) loaded.first_refused = answer.body;
    } else {
      ++loaded.requests;
      loaded.events += request.events;
      loaded.expected += request.accepted;
      loaded.accepted += accepted_of(answer.body);
      loaded.latencies.add(answer.took);
    }
    if (after_answer_) after_answer_(loaded);
  }

  const std::vector<Prepared>& requests_;
  const std::function<void(const Loaded&)>& after_answer_;
  const Clock::time_point until_;
  std::vector<const Prepared*> under_way_;
  std::size_t next_ = 0;
};

}  // namespace

Loaded load_with(const sim::Target& target, std::size_t connections,
                 const std::vector<Prepared>& requests, std::chrono::duration<double> at_most,
                 const std::function<void(const Loaded&)>& after_answer) {
  const auto start = Clock::now();
  Load load(requests, connections, at_most, after_answer);
  // The target is an address: that it has no name is no error.
  static_cast<void>(sim::exchange(target, {connections}, load));
  load.loaded.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return std::move(load.loaded);
}

}  // namespace reckoner::bench

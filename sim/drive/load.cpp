#include "sim/drive/load.hpp"

namespace reckoner::sim {
namespace {

class Load final : public Talker {
 public:
  explicit Load(const LoadOptions& options)
      : options_(options), left_(options.requests.size() * options.rounds) {}

  LoadResult result;

 private:
  Next next(std::size_t, std::string_view& request, SteadyTime&) override {
    if (left_ == 0) return Next::finished;
    --left_;
    request = options_.requests[next_];
    next_ = next_ + 1 == options_.requests.size() ? 0 : next_ + 1;
    return Next::send;
  }

  void answered(std::size_t, const Answer& answer) override {
    if (answer.outcome != Answer::Outcome::arrived) return void(++result.failures);
    ++result.answers;
    ++result.statuses[answer.status];
    result.latencies.add(answer.took);
  }

  const LoadOptions& options_;
  std::size_t left_, next_ = 0;
};

}  // namespace

Result<LoadResult> run_load(const LoadOptions& options) {
  Load load(options);
  const auto start = std::chrono::steady_clock::now();
  if (Status done = exchange(options.target, {options.connections}, load); !done)
    return done.error();
  load.result.took = std::chrono::steady_clock::now() - start;
  return load.result;
}

}  // namespace reckoner::sim

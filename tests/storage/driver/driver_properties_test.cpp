// Any history, in batches of any size, with crashes and restarts anywhere, over any number of
// shards: the same state as plain replay, and the same rows as in one run.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "tests/properties/random_history.hpp"
#include "tests/storage/driver/stand.hpp"

namespace reckoner {
namespace {

using namespace support;
using Interruption = Sender::Interruption;

// As drawn before the run, so that a failure shrinks.
struct Interruptions {
  std::vector<int> batches, between;

  Sender::Options options() const {
    Sender::Options out;
    out.batch = [this](std::size_t from) {
      return batches.empty() ? std::size_t{7} : static_cast<std::size_t>(pick(batches, from));
    };
    out.between = [this](std::size_t lines) {
      return between.empty() ? Interruption::none
                             : static_cast<Interruption>(std::max(0, pick(between, lines) - 4));
    };
    return out;
  }

 private:
  static int pick(const std::vector<int>& from, std::size_t at) { return from[at % from.size()]; }
};

void check_any(const std::string& scheme) {
  const auto steps = *properties::steps();
  const std::vector<std::string> lines = properties::to_lines(steps, "");
  const auto shards = *rc::gen::inRange<std::uint32_t>(1, 6);
  const auto unwritten = *rc::gen::inRange<std::uint64_t>(0, 30);
  const Interruptions drawn{*rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 40)),
                            *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))};
  const TestStore store(scheme, shards);
  Sender sender(lines, opener(store, restless_options(unwritten)), drawn.options());
  sender.send_all();
  sender.send_all_again();
  sender.only_open_and_close();
  const Outcome expected = undisturbed(scheme, shards, lines, 1'000);
  RC_ASSERT(difference(expected.contents, contents_of(*store.open_store())) == "");
  RC_ASSERT(sender.verdicts() == expected.verdicts);
  const std::string report = report_of(store, lines);
  RC_ASSERT(report == expected.report);
  RC_ASSERT(report == replayed_report(lines));
}

}  // namespace

TEST_CASE("any history, batches, crashes and shards come to the same", "[property]") {
  for (const std::string& scheme : store_schemes())
    rc::prop("on " + scheme, [&] { check_any(scheme); });
}

}  // namespace reckoner

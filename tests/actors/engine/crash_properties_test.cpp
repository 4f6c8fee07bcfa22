// Any history through the live engine's actors, with few customers awake, and with deaths anywhere:
// after any number of messages the store is gone, and with it all that was in memory. What was
// answered is there; what was not is sent again; in the end all is as in a plain replay.
#include <rapidcheck/catch.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "sim/replay/actor_replay.hpp"
#include "sim/replay/replayer.hpp"
#include "storage/faults/faulty_store.hpp"
#include "storage/verify/verify.hpp"
#include "tests/properties/random_history.hpp"
#include "tests/support/stores.hpp"

namespace reckoner {
namespace {

namespace bj = boost::json;
using support::TestStore;

// Lines that can be sent again: each with a key or an id, and none that does something twice.
std::vector<std::string> repeatable(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const std::string& text : lines) {
    bj::object line = bj::parse(text).as_object();
    const std::string kind(line.at("kind").as_string());
    if (kind != "usage" && kind != "webhook" && kind != "customer" && kind != "clock") continue;
    const char* const key = kind == "usage" ? "idempotency_key" : "id";
    const bool keyed = kind == "usage" || kind == "webhook";
    const bj::value* given = line.if_contains(key);
    if (keyed && (given == nullptr || !given->is_string() || given->as_string().empty()))
      line[key] = "line " + std::to_string(out.size());
    out.push_back(bj::serialize(line));
  }
  return out;
}

struct Deaths {
  std::vector<int> lines_between;  // runs of the engine
  std::vector<int> messages;       // that it still handles in the run in which it dies; 0: no death
  std::size_t awake = 1;
  std::uint64_t unwritten = 1;
};

class Player {
 public:
  Player(const std::string& scheme, const std::vector<std::string>& lines, const Deaths& deaths)
      : store_(scheme, 3), lines_(lines), deaths_(deaths), answered_(lines.size()) {}

  void play() {
    std::size_t run = 0;
    while (next() < lines_.size()) {
      const std::size_t from = next();
      open();
      replay_->engine().run();
      std::size_t at = from;
      bool died = false;
      while (at < lines_.size() && !died) {
        const int some = pick(deaths_.lines_between, run, 5);
        for (int i = 0; i < some && at < lines_.size(); ++i) send(at++);
        const int messages = run < 200 ? pick(deaths_.messages, run, 0) : 0;
        ++run;
        if (messages == 0) {
          replay_->engine().run();
          replay_->engine().tick();
        } else {
          replay_->engine().run(static_cast<std::size_t>(messages));
          died = true;
        }
      }
      if (died) break_down();
    }
    finish();
  }

  std::string state_hash() {
    Ledger ledger{Books()};
    auto report = replay_->report(ledger);
    RC_ASSERT(report.ok());
    return report->state_hash;
  }
  std::string verified() {
    replay_.reset();
    const auto report = storage::verify_store(*store_.open_store(), {});
    RC_ASSERT(report.ok());
    return report->damages.empty() ? "" : report->damages[0].where + ": " + report->damages[0].what;
  }

 private:
  static int pick(const std::vector<int>& from, std::size_t at, int otherwise) {
    return from.empty() ? otherwise : from[at % from.size()];
  }

  // The first line without an answer: from there on all is sent again.
  std::size_t next() const {
    return static_cast<std::size_t>(std::find(answered_.begin(), answered_.end(), false) -
                                    answered_.begin());
  }

  void open() {
    replay_.reset();
    faults_ = std::make_shared<storage::Faults>();
    storage::OpenedStore opened;
    const auto failed = storage::open_store_to_work(
        std::make_unique<storage::FaultyStore>(store_.open_store(), faults_), {}, opened);
    RC_ASSERT(!failed);
    sim::ActorReplayOptions options;
    // Also where it sees no line, for all were answered before the last death.
    options.until = parse_instant(bj::parse(lines_.back()).at("at").as_string());
    options.lines_at_once = SIZE_MAX;  // it is run here
    options.awake = deaths_.awake;
    options.entries_unwritten = deaths_.unwritten;
    options.on_answer = [this](std::size_t line, const Error* error) {
      if (error == nullptr) answered_[sent_.at(line)] = true;
    };
    sent_.clear();
    replay_ = std::make_unique<sim::ActorReplay>(std::move(opened), options);
  }

  void send(std::size_t line) {
    const bool is_clock = lines_[line].find(R"("kind":"clock")") != std::string::npos;
    if (!is_clock) sent_.push_back(line);
    RC_ASSERT(replay_->line(lines_[line]).ok());
    if (is_clock) answered_[line] = true;
  }

  void break_down() {
    storage::FaultPlan gone;
    gone.nth = 1;
    gone.from_then_on = true;
    faults_->plan(gone);
    replay_.reset();
  }

  void finish() {
    if (replay_ == nullptr) open();
    RC_ASSERT(replay_->finish().ok());
  }

  TestStore store_;
  const std::vector<std::string>& lines_;
  const Deaths& deaths_;
  std::vector<bool> answered_;
  std::vector<std::size_t> sent_;  // by number since the store was opened: the line
  std::shared_ptr<storage::Faults> faults_;
  std::unique_ptr<sim::ActorReplay> replay_;
};

std::string replayed_hash(const std::vector<std::string>& lines) {
  sim::Replayer replayer({Book{}, std::nullopt});
  for (const std::string& line : lines) RC_ASSERT(replayer.line(line).ok());
  return replayer.report().state_hash;
}

void check_any(const std::string& scheme) {
  const auto steps = *properties::steps();
  const std::vector<std::string> lines = repeatable(properties::to_lines(steps, ""));
  RC_PRE(!lines.empty());
  const Deaths deaths{*rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 20)),
                      *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40)),
                      *rc::gen::inRange<std::size_t>(1, 6),
                      *rc::gen::inRange<std::uint64_t>(0, 30)};
  Player player(scheme, lines, deaths);
  player.play();
  RC_ASSERT(player.state_hash() == replayed_hash(lines));
  RC_ASSERT(player.verified() == "");
}

}  // namespace

TEST_CASE("any history through the actors, with deaths anywhere, comes to the same", "[property]") {
  for (const std::string& scheme : support::store_schemes())
    rc::prop("on " + scheme, [&] { check_any(scheme); });
}

}  // namespace reckoner

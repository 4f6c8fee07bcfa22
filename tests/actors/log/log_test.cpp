// The log as it is written: into files and pipes.
#include "actors/log/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "actors/config/secret.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::log {
namespace {

using Catch::Contains;

static_assert(std::is_constructible_v<Value, const char*>);
static_assert(std::is_constructible_v<Value, std::uint64_t>);
static_assert(!std::is_constructible_v<Value, config::Secret>);
static_assert(!std::is_constructible_v<Value, double>);
static_assert(!std::is_constructible_v<Value, const void*>);
static_assert(!std::is_constructible_v<Value, char>);

// A log into a file, and the lines that are there.
class LogFile {
 public:
  LogFile() : path_(folder_.file("log")) {
    options.descriptor = open(path_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    options.now = [] { return Instant{1'767'606'000 * kSecond}; };  // 2026-01-05T09:40:00Z
  }
  ~LogFile() { close(options.descriptor); }

  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    support::each_line(support::read_file(path_), [&](auto line) { out.emplace_back(line); });
    return out;
  }

  Options options;

 private:
  support::TemporaryFolder folder_;
  std::string path_;
};

struct Pipe {
  Pipe() { REQUIRE(pipe(ends) == 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  // Everything, once the side that writes is closed.
  std::string read_all() {
    close(ends[1]);
    ends[1] = -1;
    std::string out;
    char buffer[4096];
    for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<std::size_t>(got));
    return out;
  }
  int ends[2];
};

// The number in `"name":` of each line of that event, summed up.
std::uint64_t sum_of(const std::string& text, const std::string& event, const std::string& name) {
  std::uint64_t sum = 0;
  support::each_line(text, [&](std::string_view line) {
    const std::size_t at = line.find('"' + name + "\":");
    if (line.find("\"event\":\"" + event + '"') == line.npos || at == line.npos) return;
    sum += std::stoull(std::string(line.substr(at + name.size() + 3)));
  });
  return sum;
}

// Until the pipe is full and the log stands; how many lines that took. That the log does not come
// after is not enough: on a busy machine the thread that writes may not have run yet.
std::uint64_t fill(Log& log, const Pipe& pipe) {
  const std::string padding(1'000, 'x');
  for (std::uint64_t lines = 1;; ++lines) {
    log.info("line", {{"padding", padding}});
    pollfd wanted{pipe.ends[1], POLLOUT, 0};
    if (!log.flush() && poll(&wanted, 1, 0) == 0) return lines;
  }
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("log: a line for each event, as text", "[log]") {
  LogFile file;
  {
    Log log(file.options);
    log.info("ready", {{"entries", 123}, {"took_ms", 5u}, {"store", "sqlite:a b.db"}});
    log.warning("slow", {{"again", true}, {"of", std::int64_t{-7}}});
    log.debug("not_asked_for");
    log.error("plain");
    CHECK(log.flush());
    CHECK(file.lines().size() == 3);
    CHECK(log.dropped() == 0);
  }
  CHECK(file.lines() ==
        std::vector<std::string>{"2026-01-05T09:40:00.000000Z info    ready entries=123 took_ms=5 "
                                 "store=\"sqlite:a b.db\"",
                                 "2026-01-05T09:40:00.000000Z warning slow again=true of=-7",
                                 "2026-01-05T09:40:00.000000Z error   plain"});
}

TEST_CASE("log: the same as JSON, and what the level lets through", "[log]") {
  LogFile file;
  file.options.format = Format::json;
  file.options.level = Level::warning;
  {
    Log log(file.options);
    CHECK_FALSE(log.enabled(Level::info));
    log.info("ready");
    log.warning("odd", {{"why", "a \"b\"\n\x1b[2J"}, {"n", UINT64_MAX}});
  }
  CHECK(file.lines() ==
        std::vector<std::string>{
            R"({"time":"2026-01-05T09:40:00.000000Z","level":"warning","event":"odd",)"
            R"("why":"a \"b\"\n\u001b[2J","n":18446744073709551615})"});
}

TEST_CASE("log: the end of the program waits for what was handed in", "[log]") {
  LogFile file;
  constexpr int kThreads = 4, kLines = 500;
  file.options.queue = kThreads * kLines;
  {
    Log log(file.options);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&log, i] {
        for (int n = 0; n < kLines; ++n) log.info("line", {{"thread", i}, {"n", n}});
      });
    for (std::thread& thread : threads) thread.join();
  }
  const auto lines = file.lines();
  CHECK(lines.size() == kThreads * kLines);
  for (const std::string& line : lines) CHECK(line.starts_with("2026-01-05T"));
}

TEST_CASE("log: nobody waits for a reader that does not read, and what was lost is counted",
          "[log]") {
  Pipe pipe;
  Options options;
  options.descriptor = pipe.ends[1];
  options.format = Format::json;
  options.queue = 16;
  options.patience = 50'000;
  std::uint64_t lines = 0;
  std::string text;
  std::thread reader;
  {
    Log log(options);
    lines = fill(log, pipe) + 100;
    for (int i = 0; i < 100; ++i) log.info("line");
    CHECK(log.dropped() >= 100 - options.queue);
    // The reader wakes up: the log goes on, and says what is missing.
    reader = std::thread([&] {
      char buffer[4096];
      for (ssize_t got; (got = read(pipe.ends[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(got));
    });
    while (!log.flush()) continue;
  }
  close(pipe.ends[1]);
  reader.join();
  pipe.ends[1] = -1;
  const std::uint64_t written = count_of(text, "\"event\":\"line\"");
  CHECK(written < lines);
  CHECK(written + sum_of(text, "log_dropped", "lines") == lines);
}

TEST_CASE("log: a reader that went away ends neither the program nor the log's own end", "[log]") {
  Pipe pipe;
  close(pipe.ends[0]);
  pipe.ends[0] = -1;
  Options options;
  options.descriptor = pipe.ends[1];
  Log log(options);
  log.info("to_nobody");
  log.info("to_nobody");
  CHECK(log.flush());
  CHECK(log.dropped() == 2);
}

TEST_CASE("log: a reader that never reads does not keep the program from ending", "[log]") {
  Pipe pipe;
  Options options;
  options.descriptor = pipe.ends[1];
  options.queue = 4;
  options.patience = 20'000;
  {
    Log log(options);
    fill(log, pipe);
    for (int i = 0; i < 100; ++i) log.info("late");
  }
  const std::string text = pipe.read_all();
  CHECK(count_of(text, " line ") > 0);
  CHECK(count_of(text, " late") == 0);
}

TEST_CASE("log: an alarm that repeats is logged a few times a minute, and counted", "[log]") {
  LogFile file;
  std::atomic<std::int64_t> now{1'767'606'000 * kSecond};
  file.options.now = [&now] { return Instant{now}; };
  file.options.alarms_in_a_minute = 2;
  file.options.format = Format::json;
  const auto text = [&] {
    std::string out;
    for (const std::string& line : file.lines()) out += line + '\n';
    return out;
  };
  {
    Log log(file.options);
    for (int i = 0; i < 10; ++i) log.alarm("store_full", {{"i", i}});
    log.alarm("polar_down");
    log.error("store_full");  // no alarm: always logged
    CHECK(log.flush());
    CHECK(count_of(text(), "\"event\":\"store_full\"") == 3);
    CHECK(count_of(text(), "\"event\":\"polar_down\"") == 1);
    CHECK(sum_of(text(), "alarms_suppressed", "suppressed") == 0);
    // A minute later whatever is logged first brings the count along.
    now += 60 * kSecond;
    log.info("anything");
    CHECK(log.flush());
    CHECK(sum_of(text(), "alarms_suppressed", "suppressed") == 8);
    for (int i = 0; i < 5; ++i) log.alarm("store_full");
    CHECK(log.flush());
    CHECK(count_of(text(), "\"event\":\"store_full\"") == 5);
  }
  CHECK(sum_of(text(), "alarms_suppressed", "suppressed") == 11);
  CHECK_THAT(text(), Contains(R"("alarm":"store_full","suppressed":3})"));
}

}  // namespace reckoner::log

#include "tests/bench/service/server_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

#include "tests/bench/store/machine.hpp"

namespace reckoner::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kReadyAtMost = 600;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "service_bench: {}\n", why);
  std::exit(1);
}

fs::path program() {
  return fs::read_symlink("/proc/self/exe").parent_path() / "reckoner";
}

std::string url_of(const fs::path& folder) {
  return "sqlite:" + (folder / "store.db").string();
}

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Behind `"name":` of a line of the log.
std::uint64_t number_in(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(fmt::format("\"{}\":", name));
  std::uint64_t out = 0;
  if (at != line.npos)
    std::from_chars(line.data() + at + name.size() + 3, line.data() + line.size(), out);
  return out;
}

// With prices at which every event is a charge, what is measured would be charges.
void set_small_prices() {
  for (const char* plan : {"FREE", "STARTER", "PROFESSIONAL", "ENTERPRISE"})
    setenv(fmt::format("COST_PER_TOKEN_{}", plan).c_str(), "0.000001", 1);
}

[[noreturn]] void run_server(const fs::path& folder, const fs::path& log,
                             const std::vector<std::string>& settings) {
  const int out = open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<std::string> arguments = {"reckoner", "serve"};
  std::vector<std::string> all = {"storage.url=" + url_of(folder), "server.listen=127.0.0.1:0",
                                  fmt::format("polar.webhook_secret={}", kWebhookSecret),
                                  "log.format=json"};
  all.insert(all.end(), settings.begin(), settings.end());
  for (const std::string& setting : all) {
    arguments.emplace_back("--set");
    arguments.push_back(setting);
  }
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  execv(program().c_str(), pointers.data());
  _exit(127);
}

}  // namespace

ServerProcess::ServerProcess(fs::path folder, std::vector<std::string> settings, Prices prices)
    : log_(folder / "serve.log") {
  // Else the log of the last one could be taken for this one's.
  fs::remove(log_);
  std::fflush(stdout);
  pid_ = fork();
  if (pid_ < 0) give_up("no process");
  if (pid_ == 0) {
    if (prices == Prices::small) set_small_prices();
    run_server(folder, log_, settings);
  }
  await_ready();
}

ServerProcess::~ServerProcess() {
  stop();
}

void ServerProcess::await_ready() {
  const Stopwatch watch;
  while (watch.seconds() < kReadyAtMost) {
    const std::string log = read_all(log_);
    const std::size_t at = log.find(R"("event":"ready")");
    const std::size_t end = at == log.npos ? log.npos : log.find('\n', at);
    if (end != log.npos) {
      const auto line = std::string_view(log).substr(at, end - at);
      seconds_to_ready_ = watch.seconds();
      port_ = static_cast<std::uint16_t>(number_in(line, "port"));
      folded_ = number_in(line, "folded");
      return;
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) give_up("reckoner serve has ended: " + log);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  give_up("reckoner serve does not become ready");
}

Used ServerProcess::used() const {
  Used out;
  const std::string stat = read_all(fmt::format("/proc/{}/stat", pid_));
  const char* const behind_name = stat.c_str() + std::min(stat.rfind(')'), stat.size());
  unsigned long user = 0, system = 0;
  std::sscanf(behind_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  out.user = static_cast<double>(user) / ticks;
  out.system = static_cast<double>(system) / ticks;
  for (const auto& thread : fs::directory_iterator(fmt::format("/proc/{}/task", pid_))) {
    std::ifstream status(thread.path() / "status");
    std::string name;
    while (status >> name && name != "voluntary_ctxt_switches:") {
    }
    std::uint64_t switches = 0;
    if (status >> switches) out.switches += switches;
  }
  return out;
}

std::uint64_t ServerProcess::resident_bytes() const {
  std::ifstream memory(fmt::format("/proc/{}/statm", pid_));
  std::uint64_t size = 0, resident = 0;
  memory >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void ServerProcess::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fmt::print(stderr, "service_bench: reckoner serve did not end in order:\n{}", read_all(log_));
}

void ServerProcess::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string make_api_key(const fs::path& folder) {
  const std::string command =
      fmt::format("'{}' keys create --scope usage,read,admin --name benchmark --url '{}'",
                  program().string(), url_of(folder));
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) give_up("no process");
  char text[256] = {};
  const std::size_t got = std::fread(text, 1, sizeof text - 1, pipe);
  const int status = pclose(pipe);
  std::string key(text, got);
  key.erase(key.find_last_not_of(" \n") + 1);
  if (status != 0 || key.empty()) give_up("no API key was made");
  return key;
}

}  // namespace reckoner::bench

#include "tests/e2e/service/background.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include "tests/support/files.hpp"

namespace reckoner::e2e {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{2};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

int file_for(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + path);
  return file;
}

}  // namespace

Background::Background(const std::string& folder, const std::vector<std::string>& arguments,
                       std::string out, std::string said,
                       const std::vector<std::string>& environment)
    : out_(std::move(out)), said_(std::move(said)) {
  const std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
  const int to_out = file_for(out_), to_said = file_for(said_);
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("no process");
  if (process_ == 0) {
    // Other threads may have run: only what is safe after a fork.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (chdir(folder.c_str()) == 0 && dup2(to_out, 1) == 1 && dup2(to_said, 2) == 2)
      execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(to_out);
  close(to_said);
}

Background::~Background() {
  kill();
}

std::string Background::out() const {
  return support::read_file(out_);
}

std::string Background::said() const {
  return support::read_file(said_);
}

bool Background::has_said(const std::string& text) {
  return waits_for(said_, text);
}

bool Background::has_put_out(const std::string& text) {
  return waits_for(out_, text);
}

bool Background::waits_for(const std::string& file, const std::string& text) {
  const auto until = SteadyClock::now() + std::chrono::minutes(1);
  while (true) {
    const bool ran = runs();
    if (support::read_file(file).find(text) != std::string::npos) return true;
    if (!ran || SteadyClock::now() > until) return false;
    std::this_thread::sleep_for(kLook);
  }
}

bool Background::runs() {
  int status = 0;
  if (!ended_ && waitpid(process_, &status, WNOHANG) == process_) note(status);
  return !ended_;
}

void Background::send(int signal) const {
  if (!ended_) ::kill(process_, signal);
}

bool Background::kill() {
  if (!runs()) return false;
  send(SIGKILL);
  int status = 0;
  waitpid(process_, &status, 0);
  note(status);
  return WIFSIGNALED(status);
}

std::optional<int> Background::wait(std::chrono::seconds most) {
  const auto until = SteadyClock::now() + most;
  while (runs() && SteadyClock::now() < until) std::this_thread::sleep_for(kLook);
  return code_;
}

void Background::note(int status) {
  ended_ = true;
  if (WIFEXITED(status)) code_ = WEXITSTATUS(status);
}

}  // namespace reckoner::e2e

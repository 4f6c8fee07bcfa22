#include "tests/storage/driver/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace reckoner::support {
namespace {

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(to, text.data(), text.size());
    if (written <= 0) std::_Exit(3);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Child::Child(const std::function<void(const Say&)>& run) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::fflush(nullptr);
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("no process");
  if (process_ == 0) {
    close(ends[0]);
    int result = 0;
    try {
      run([to = ends[1]](std::string_view line) { write_all(to, std::string(line) + '\n'); });
    } catch (...) {
      result = 1;
    }
    std::_Exit(result);
  }
  close(ends[1]);
  from_ = ends[0];
}

Child::~Child() {
  kill();
  close(from_);
}

std::string Child::hear() {
  for (;;) {
    const std::size_t end = heard_.find('\n');
    if (end != std::string::npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    char some[4096];
    const ssize_t size = read(from_, some, sizeof some);
    if (size <= 0) return {};
    heard_.append(some, static_cast<std::size_t>(size));
  }
}

bool Child::kill() {
  if (process_ < 0) return false;
  ::kill(process_, SIGKILL);
  return WIFSIGNALED(end());
}

bool Child::join() {
  if (process_ < 0) return false;
  const int status = end();
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int Child::end() {
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  return status;
}

}  // namespace reckoner::support

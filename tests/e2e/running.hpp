// A program that runs beside the test, until it is told to end.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/files.hpp"

namespace reckoner::e2e {

class Running {
 public:
  // `folder` is where it runs and `output`, a file there, what it says. The path and the arguments
  // are not seen by a shell.
  Running(const std::string& folder, const std::string& output, std::vector<std::string> command)
      : output_(folder + '/' + output) {
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    // Before it runs: it can be read at once.
    const int file = open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    child_ = fork();
    if (child_ != 0) {
      close(file);
      return;
    }
    if (file < 0 || dup2(file, 1) < 0 || dup2(file, 2) < 0 || chdir(folder.c_str()) != 0)
      _exit(127);
    unsetenv("RECKONER_STORAGE_URL");
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  ~Running() {
    if (child_ > 0) end(SIGKILL);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // The exit code; 128 and the signal where one ended it.
  int end(int signal) {
    kill(child_, signal);
    return wait();
  }
  int wait() {
    int state = 0;
    waitpid(child_, &state, 0);
    child_ = -1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  }

  std::string said() const { return support::read_file(output_); }
  // The digits behind the first `mark` in what it says; waits until they are there.
  std::string number_behind(const std::string& mark) const {
    for (int i = 0; i < 6'000; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::string text = said();
      const std::size_t found = text.find(mark);
      if (found == text.npos) continue;
      const std::size_t begin = found + mark.size();
      const std::size_t end = text.find_first_not_of("0123456789", begin);
      if (end != text.npos && end > begin) return text.substr(begin, end - begin);
    }
    throw std::runtime_error("it never said '" + mark + "' but: " + said());
  }

 private:
  std::string output_;
  pid_t child_ = -1;
};

}  // namespace reckoner::e2e

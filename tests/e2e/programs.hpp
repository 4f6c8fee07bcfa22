// The built programs, run by a shell in a folder of their own.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::e2e {

struct Ran {
  int code = -1;  // of the exit; -1: it did not come to one
  std::string out, said;
};

class Programs {
 public:
  // `before`: what stands in front of the command, as a variable of its environment.
  Ran reckoner(const std::string& arguments, const std::string& before = {}) const {
    return run(before + " '" RECKONER_PROGRAM "' " + arguments);
  }
  Ran simulator(const std::string& arguments) const {
    return run(" '" RECKONER_SIM_PROGRAM "' " + arguments);
  }

  const support::TemporaryFolder& folder() const { return folder_; }
  std::string read(const std::string& name) const { return support::read_file(folder_.file(name)); }

  // Any command; of several, what the last one says is kept.
  Ran run(const std::string& command) const {
    const std::string said = said_.file("said");
    const std::string line = "cd '" + folder_.file("") + "' && unset RECKONER_STORAGE_URL; " +
                             command + " 2>'" + said + "'";
    std::FILE* pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) return {};
    Ran ran;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
      ran.out.append(buffer, got);
    const int state = pclose(pipe);
    if (WIFEXITED(state)) ran.code = WEXITSTATUS(state);
    ran.said = support::read_file(said);
    return ran;
  }

 private:
  support::TemporaryFolder folder_, said_;
};

}  // namespace reckoner::e2e

// A program that runs beside the test, in a folder, with an environment of its own. What it says is
// kept in files.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace reckoner::e2e {

class Background {
 public:
  // `arguments`: the program's path first. `said` and `out` are files, written anew.
  Background(const std::string& folder, const std::vector<std::string>& arguments, std::string out,
             std::string said, const std::vector<std::string>& environment = {});
  // With SIGKILL, where it still runs.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  std::string out() const;
  std::string said() const;
  // Waits until it has said that. False: it has ended without, or it took more than a minute.
  bool has_said(const std::string& text);
  bool has_put_out(const std::string& text);

  bool runs();
  void send(int signal) const;
  // With SIGKILL; it is gone when this returns. Whether it still ran.
  bool kill();
  // The exit code. Empty: it ended by a signal, or not in that time.
  std::optional<int> wait(std::chrono::seconds most = std::chrono::seconds(60));

 private:
  bool waits_for(const std::string& file, const std::string& text);
  void note(int status);

  const std::string out_, said_;
  pid_t process_ = -1;
  bool ended_ = false;
  std::optional<int> code_;
};

}  // namespace reckoner::e2e

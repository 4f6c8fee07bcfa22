// Another process on the same store: runs a function that can say something through a pipe, and can
// be killed at any moment.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace reckoner::support {

class Child {
 public:
  using Say = std::function<void(std::string_view line)>;

  // No thread may run in this process, which is copied; the store is not to be open in it.
  explicit Child(const std::function<void(const Say&)>& run);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next line, waiting for it; empty once there is none.
  std::string hear();
  // With SIGKILL; it is gone when this returns. Whether it still ran.
  bool kill();
  // Until it ends by itself. Whether it did so in order.
  bool join();

 private:
  int end();

  pid_t process_ = -1;
  int from_ = -1;
  std::string heard_;
};

}  // namespace reckoner::support

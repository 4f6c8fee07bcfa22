// SQLite's own files, with faults on order: stands in front of the system's in this process.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <string>

namespace reckoner::support {

enum class FileCall { write, sync, share };

// Calls of this kind on files whose name ends so fail with `result`, after the first `after`.
struct FileFault {
  FileCall call;
  std::string ending;
  int result;
  int after = 0;
};

class FaultyVfs {
 public:
  // While one lives, files that SQLite opens can have faults.
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // One at a time.
  void order(const FileFault& fault);
  void clear();
  // How often the fault on order has come about.
  int seen() const;
};

}  // namespace reckoner::support

// Copies the write-ahead log into the main file, on a thread and a connection of its own.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/health.hpp"
#include "plugins/sqlite/wal_watch.hpp"

namespace reckoner::storage::sqlite {

class Checkpointer {
 public:
  Checkpointer(const std::string& path, std::shared_ptr<WalWatch> watch, Health& health);
  // Waits for the thread.
  ~Checkpointer();

 private:
  struct Progress {
    int frames = 0, copied = 0;
  };
  void work();
  // Whether the whole log was copied while commits waited.
  bool round();
  Progress pass();

  Connection db_;
  std::shared_ptr<WalWatch> watch_;
  Health& health_;
  std::thread thread_;
};

}  // namespace reckoner::storage::sqlite

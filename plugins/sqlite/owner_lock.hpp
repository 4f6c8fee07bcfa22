// Who owns the store: a locked byte of the file PATH-lock, which the kernel frees when the process
// ends, however it ends.
//
// The main file holds the owner's generation; the owner of generation g locks byte g. Taking over
// from a living owner raises the generation and locks the next byte: newcomers are then kept out by
// the new owner, and not by the deposed one, whose byte means nothing any more.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/sqlite/connection.hpp"

namespace reckoner::storage::sqlite {

class OwnerLock {
 public:
  explicit OwnerLock(std::string path) : path_(std::move(path)) {}
  ~OwnerLock();
  OwnerLock(const OwnerLock&) = delete;
  OwnerLock& operator=(const OwnerLock&) = delete;

  // Throws RECKONER_HELD where another living owner is in the way.
  void take(Connection& db, std::string_view owner, bool take_over, std::uint32_t timeout_ms);
  bool held() const { return held_; }
  // Throws RECKONER_FENCED where another has taken over since. Within the transaction that writes:
  // nobody can take over then before it has ended.
  void check(Connection& db) const;

 private:
  void open();
  bool lock_byte(std::int64_t byte);
  void unlock_byte(std::int64_t byte);
  // Only one newcomer at a time.
  void enter(std::uint32_t timeout_ms);
  void take_generation(Connection& db, bool take_over);
  void write_owner(std::int64_t generation, std::string_view owner);
  std::string read_owner(std::int64_t generation) const;

  std::string path_;
  int file_ = -1;
  std::int64_t generation_ = 0;
  bool held_ = false;
};

}  // namespace reckoner::storage::sqlite

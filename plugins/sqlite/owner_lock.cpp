#include "plugins/sqlite/owner_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "plugins/sqlite/place.hpp"

namespace reckoner::storage::sqlite {
namespace {

constexpr std::int64_t kNewcomersByte = 0;  // generations begin at 1
constexpr std::size_t kRecord = 512;

sdk::Failure failed(const std::string& what, const std::string& path) {
  return {RECKONER_FATAL, "lock_failed", what + ' ' + path + ": " + std::strerror(errno)};
}

std::int64_t read_generation(Connection& db) {
  const std::int64_t generation = db.number("SELECT generation FROM owner");
  if (generation < 1) throw damaged("owner", "1", "there is no generation");
  return generation;
}

// Durable before the new byte is locked: a byte says nothing that the file does not.
void raise_generation(Connection& db) {
  db.run("BEGIN IMMEDIATE");
  try {
    db.run("UPDATE owner SET generation = generation + 1");
    db.commit();
  } catch (...) {
    db.roll_back();
    throw;
  }
}

}  // namespace

OwnerLock::~OwnerLock() {
  if (file_ >= 0) ::close(file_);
}

void OwnerLock::open() {
  if (file_ >= 0) return;
  const std::string path = lock_path(path_);
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) throw failed("cannot open the lock file", path);
}

// Locks of this open file, not of the process: two stores in one process exclude each other, too.
bool OwnerLock::lock_byte(std::int64_t byte) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  if (fcntl(file_, F_OFD_SETLK, &lock) == 0) return true;
  if (errno != EAGAIN && errno != EACCES) throw failed("cannot lock", lock_path(path_));
  return false;
}

void OwnerLock::unlock_byte(std::int64_t byte) {
  struct flock lock {};
  lock.l_type = F_UNLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  fcntl(file_, F_OFD_SETLK, &lock);
}

void OwnerLock::enter(std::uint32_t timeout_ms) {
  constexpr std::uint32_t kStep = 5;
  for (std::uint32_t waited = 0; !lock_byte(kNewcomersByte); waited += kStep) {
    if (waited >= timeout_ms)
      throw sdk::Failure{RECKONER_RETRY, "busy", "another newcomer is taking the lock of " + path_};
    std::this_thread::sleep_for(std::chrono::milliseconds(kStep));
  }
}

void OwnerLock::take(Connection& db, std::string_view owner, bool take_over,
                     std::uint32_t timeout_ms) {
  open();
  enter(timeout_ms);
  try {
    take_generation(db, take_over);
    write_owner(generation_, owner);
  } catch (...) {
    unlock_byte(kNewcomersByte);
    throw;
  }
  unlock_byte(kNewcomersByte);
  held_ = true;
}

void OwnerLock::take_generation(Connection& db, bool take_over) {
  std::int64_t generation = read_generation(db);
  if (!lock_byte(generation)) {
    if (!take_over)
      throw sdk::Failure{RECKONER_HELD, "held",
                         "another living owner holds " + path_ + ": " + read_owner(generation) +
                             "; stop it (or, if it cannot be stopped, take the store from it: "
                             "reckoner serve --takeover)"};
    raise_generation(db);
    generation = read_generation(db);
    if (!lock_byte(generation)) throw failed("cannot lock", lock_path(path_));
  }
  if (generation_ != 0 && generation_ != generation) unlock_byte(generation_);
  generation_ = generation;
}

void OwnerLock::check(Connection& db) const {
  const std::int64_t generation = read_generation(db);
  if (generation != generation_)
    throw sdk::Failure{RECKONER_FENCED, "fenced",
                       "another owner has taken over " + path_ + ": " + read_owner(generation)};
}

// For people: a line with the generation, then the owner's own text, in one write.
void OwnerLock::write_owner(std::int64_t generation, std::string_view owner) {
  std::string text = std::to_string(generation) + ' ' + std::string(owner.substr(0, kRecord - 32));
  text += '\n';
  text.resize(kRecord, '\n');
  // That nobody can read who it is does not make the lock worth less.
  [[maybe_unused]] const auto written = pwrite(file_, text.data(), text.size(), 0);
}

std::string OwnerLock::read_owner(std::int64_t generation) const {
  char text[kRecord];
  const ssize_t size = pread(file_, text, sizeof text, 0);
  const std::string_view read(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string begin = std::to_string(generation) + ' ';
  if (!read.starts_with(begin)) return "it has not said who it is";
  return std::string(read.substr(begin.size(), read.find('\n') - begin.size()));
}

}  // namespace reckoner::storage::sqlite

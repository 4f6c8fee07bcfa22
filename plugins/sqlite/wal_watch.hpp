// Between those who make the write-ahead log grow (commits), those who keep it from starting over
// (readers with an old snapshot) and the one who copies it into the main file (the checkpointer).
//
// SQLite starts the log over only when all of it is copied and no reader is in it. With a busy
// writer neither comes about by itself, so the last, small part is copied while commits wait, and
// once the log is long, readers wait between two snapshots until that has happened.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace reckoner::storage::sqlite {

// In frames, of a page and 24 bytes each.
inline constexpr std::uint32_t kCheckpointFrames = 4'000;
inline constexpr std::uint32_t kLongLogFrames = 4 * kCheckpointFrames;
inline constexpr std::uint64_t kLongLogBytes = std::uint64_t{kLongLogFrames} * (4'096 + 24);
// How long a reader waits at most: for the owner of its own process, and for one of another.
inline constexpr std::chrono::milliseconds kLongestReaderWait{200}, kLongestForeignWait{1'000};
// While the log is long, the checkpointer looks this often whether readers let it go on.
inline constexpr std::chrono::milliseconds kLongLogStep{50};

class WalWatch {
 public:
  // Commits. Held while one runs; waits while the checkpointer wants in.
  std::unique_lock<std::mutex> enter_commit();
  // After a commit: how many frames the log has now.
  void grew(std::uint32_t frames);
  // There was no room: copying the log may make some, for the log then starts over.
  void ran_out_of_room() { ask(); }

  // Readers, between two snapshots.
  void pass_between_snapshots();

  // The checkpointer.
  // Waits for work. False: it is to end.
  bool await_work();
  // Held while no commit runs. The next commit lets it go first.
  class Pause {
   public:
    explicit Pause(WalWatch& watch);
    ~Pause();

   private:
    WalWatch& watch_;
    std::unique_lock<std::mutex> hold_;
  };
  // What a round came to: whether all of the log was copied while commits waited.
  void round_ended(bool complete);
  std::uint32_t frames() const { return frames_; }
  void end();

 private:
  void ask();
  bool has_work() const;
  bool is_too_long() const { return frames_ >= kLongLogFrames && frames_ != copied_up_to_; }

  std::mutex committing_;
  std::atomic<bool> pausing_ = false;
  std::atomic<std::uint32_t> frames_ = 0;
  std::atomic<std::uint32_t> next_round_ = kCheckpointFrames;
  std::atomic<std::uint32_t> readers_wait_from_ = kLongLogFrames;
  std::atomic<std::uint32_t> copied_up_to_ = 0;  // by the last complete round

  std::mutex guard_;  // of what follows
  std::condition_variable work_, completed_;
  bool ending_ = false, asked_ = false;
  std::uint32_t waiting_readers_ = 0;
  std::uint64_t complete_rounds_ = 0;
};

}  // namespace reckoner::storage::sqlite

// Who sends a history to an engine on a store that fails, and must be able to rely on it: sends in
// batches, remembers only what was acknowledged, and sends the rest again.
//
// Lines with a key (usage with one, webhooks with an id) are sent again whenever it is not known
// what became of them: the engine says "duplicate". Nothing can say so of lines without a key, so
// after an unknown outcome the sender counts what is durable, as a history's importer would: the
// store holds either all entries of the batch or none, and it sends none of those again, or all.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/driver/driver.hpp"

namespace reckoner::support {

class Sender {
 public:
  using Open = std::function<storage::StoreStatus(std::unique_ptr<storage::Driver>&)>;
  // write: all rows, in between; what fails is left for later.
  enum class Interruption { none, write, crash, close };

  struct Options {
    std::function<std::size_t(std::size_t from)> batch;  // lines in the one that begins there
    // After many failures in a row: what they came from ends.
    std::function<void()> relent = [] {};
    // After each acknowledged batch, with the lines so far.
    std::function<Interruption(std::size_t acknowledged)> between = [](std::size_t) {
      return Interruption::none;
    };
  };

  Sender(const std::vector<std::string>& lines, Open open, Options options)
      : lines_(lines), open_(std::move(open)), options_(std::move(options)) {}

  // One batch more. False: it failed.
  bool send_more() { return send_batch(); }
  // Until all is acknowledged and the driver was closed in order.
  void send_all();
  // The first lines were acknowledged to another sender, who was told this.
  void go_on_after(std::size_t acknowledged, std::vector<std::string> verdicts) {
    acknowledged_ = acknowledged;
    verdicts_ = std::move(verdicts);
    verdicts_.resize(acknowledged);
  }

  // Sends everything with a key that was accepted once more, to a driver of its own: what comes
  // back must be the verdict of a repeat, and nothing may be staged.
  void send_all_again();
  void send_again(std::size_t from, std::size_t to);
  // As after a crash: only opened and closed.
  void only_open_and_close();

  // What came of each line: "accepted", "duplicate", "parked", …
  const std::vector<std::string>& verdicts() const { return verdicts_; }
  // While it is open.
  storage::Driver& driver() { return *driver_; }
  bool open();
  bool close();
  void crash() { driver_.reset(); }
  std::size_t openings() const { return openings_; }

 private:
  struct Attempt {
    std::uint64_t entries_before = 0, entries_staged = 0;
    std::vector<std::string> verdicts;
  };

  bool send_batch();
  bool send_book(const std::string& line);
  storage::StoreStatus stage(std::size_t from, std::size_t to, std::vector<std::string>& verdicts);
  void acknowledge(const std::vector<std::string>& verdicts);
  void find_out();
  void failed(const storage::StoreError& error, bool dead);
  void interrupt(Interruption how);
  std::uint64_t entries() const;

  const std::vector<std::string>& lines_;
  Open open_;
  Options options_;
  std::unique_ptr<storage::Driver> driver_;
  std::size_t acknowledged_ = 0;
  std::vector<std::string> verdicts_;
  std::optional<Attempt> unknown_;  // the batch whose answer was not heard
  int failures_ = 0;
  std::size_t openings_ = 0;
};

}  // namespace reckoner::support

// A history that a command reads: a file or standard input ("-"), packed or not.
#pragma once

#include <string>

#include "actors/files/line_input.hpp"
#include "engine/basics/result.hpp"
#include "storage/history/history_feed.hpp"

namespace reckoner::commands {

class HistoryFile {
 public:
  // Reads its first line, so that what cannot be read is known before anything is made of it. The
  // error is one of usage: it names the flag that the file was given with ("--history").
  static Result<HistoryFile> open(const std::string& path, const std::string& flag);

  // Hands out line by line, with a progress bar of that label, until the feed has enough.
  Status feed_to(storage::HistoryFeed& feed, const std::string& label);

 private:
  HistoryFile(std::string path, files::LineInput input)
      : path_(std::move(path)), input_(std::move(input)) {}

  std::string path_;
  files::LineInput input_;
  std::string first_line_;
  bool empty_ = true;
};

}  // namespace reckoner::commands

#include "actors/commands/history_file.hpp"

#include <string_view>
#include <utility>

#include "actors/console/progress.hpp"

namespace reckoner::commands {

Result<HistoryFile> HistoryFile::open(const std::string& path, const std::string& flag) {
  const auto wrong = [&flag](const Error& error) {
    return invalid(flag + ": " + error.detail +
                   "; it takes a history (JSON Lines, also .gz; - is standard input)");
  };
  auto input = files::LineInput::open(path);
  if (!input) return wrong(input.error());
  HistoryFile file(path, std::move(*input));
  std::string_view line;
  if (file.input_.next(line)) {
    file.first_line_ = line;
    file.empty_ = false;
  }
  if (Status read = file.input_.status(); !read) return wrong(read.error());
  return file;
}

Status HistoryFile::feed_to(storage::HistoryFeed& feed, const std::string& label) {
  console::ProgressBar progress(label, input_.bytes_total());
  std::string_view line = first_line_;
  bool more = !empty_;
  for (std::uint64_t lines = 0; more; ++lines, more = input_.next(line)) {
    if (lines % 4096 == 0) progress.update(input_.bytes_read());
    Result<bool> taken = feed.line(line);
    if (!taken) return Error{taken.error().code, path_ + ": " + taken.error().detail};
    if (!*taken) break;
  }
  progress.finish();
  return input_.status();
}

}  // namespace reckoner::commands

#include "sim/drive/moved_history.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace reckoner::sim {
namespace {

using Kind = json::HistoryLine::Kind;

// Time that the sending itself takes.
constexpr Micros kSpare = 3'600 * kSecond;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == text.npos;
}

}  // namespace

std::string_view MovedHistory::keep(std::string_view text,
                                    std::pmr::monotonic_buffer_resource& where) {
  if (text.empty()) return {};
  char* place = static_cast<char*>(where.allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

void MovedHistory::add(std::string_view text) {
  texts_.push_back(keep(text, raw_));
}

Status MovedHistory::move(const MovingOptions& options) {
  const auto last =
      std::find_if(texts_.rbegin(), texts_.rend(), [](auto text) { return !is_blank(text); });
  // One that cannot be read is found below, with its number.
  if (json::HistoryReader reader; last != texts_.rend() && reader.read(*last).ok())
    by_ = options.now - reader.line().at;
  Mover mover(by_, options.scheme, "drive-" + std::to_string(options.now.micros) + '-');
  json::HistoryReader reader;
  for (const std::string_view text : texts_) {
    if (is_blank(text)) {
      reader.skip();
      continue;
    }
    if (Status read = reader.read(text); !read) return read;
    if (Status taken = take(mover, text, reader, options.max_age); !taken) return taken;
  }
  texts_ = {};
  raw_.release();
  return check_age(options);
}

Status MovedHistory::take(Mover& mover, std::string_view text, const json::HistoryReader& reader,
                          Micros max_age) {
  const json::HistoryLine& line = reader.line();
  if (line.kind == Kind::clock) return Done{};
  if (line.kind == Kind::settlement) return ++settlements_, Done{};
  if (line.kind == Kind::book)
    return Error{"invalid_history",
                 "line " + std::to_string(reader.line_number()) +
                     ": kind is book; a running engine's own configuration says what is in force: "
                     "take the line out, and give what it says to the engine, and here as --prices "
                     "and --set"};
  if (line.kind == Kind::usage) {
    const Instant said = line.usage.usage.timestamp.value_or(line.at);
    if (line.at - said <= max_age) oldest_ = std::min(oldest_, mover.moved(said));
  }
  groups_.add(line);
  const MovedLine& moved = mover.move(text, line);
  MovedLine kept = moved;
  kept.members = keep(moved.members, moved_);
  kept.id = keep(moved.id, moved_);
  kept.decision = keep(moved.decision, moved_);
  if (!moved.body.empty())
    kept.body = kept.members.substr(
        static_cast<std::size_t>(moved.body.data() - moved.members.data()), moved.body.size());
  lines_.push_back(kept);
  return Done{};
}

Status MovedHistory::check_age(const MovingOptions& options) const {
  const Micros age = options.now - oldest_;
  if (lines_.empty() || age + kSpare <= options.max_age) return Done{};
  const Micros days = (age + kSpare + kDay - 1) / kDay;
  return Error{"too_long", "its usage goes back " + std::to_string(age / kDay) +
                               " days, and all of it is sent today; usage.max_age_days is " +
                               std::to_string(options.max_age / kDay) + ": raise it to at least " +
                               std::to_string(days) +
                               " in the engine's configuration, and say here --set "
                               "usage.max_age_days=" +
                               std::to_string(days)};
}

std::vector<std::vector<std::uint32_t>> MovedHistory::deal(std::size_t connections) {
  const std::vector<std::uint32_t> dealt = deal_out(groups_, connections);
  std::vector<std::vector<std::uint32_t>> out(connections);
  for (std::uint32_t line = 0; line < dealt.size(); ++line) out[dealt[line]].push_back(line);
  return out;
}

}  // namespace reckoner::sim

#include "sim/drive/record.hpp"

#include <algorithm>

#include "actors/files/line_output.hpp"

namespace reckoner::sim {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return "accepted";
    case Verdict::duplicate:
      return "duplicate";
    case Verdict::conflict:
      return "conflict";
    case Verdict::counted:
      return "not rejected";
    case Verdict::rejected:
      return "rejected";
    case Verdict::refused:
      return "refused";
    default:
      return "unknown";
  }
}

std::size_t Record::add(std::uint32_t line, Instant at) {
  if (!sent_.empty()) at = std::max(at, sent_.back().at);
  sent_.push_back({at, line});
  return sent_.size() - 1;
}

void Record::judge(std::size_t number, Verdict verdict, std::string_view code) {
  Sent& sent = sent_[number];
  sent.verdict = verdict;
  auto found = std::find(codes_.begin(), codes_.end(), code);
  if (found == codes_.end()) {
    // There are about ten; were there more than fit, the last one would stand for them.
    if (codes_.size() > UINT8_MAX) codes_.pop_back();
    found = codes_.emplace(codes_.end(), code);
  }
  sent.code = static_cast<std::uint8_t>(found - codes_.begin());
}

Status Record::write(const std::string& path) const {
  Result<files::LineOutput> out = files::LineOutput::open(path);
  if (!out) return out.error();
  json::JsonLine text;
  for (const Sent& one : sent_) {
    if (one.verdict == Verdict::refused) continue;
    text.clear();
    write_history_line(text, line(one), one.at);
    out->write(text.view());
  }
  return out->close();
}

}  // namespace reckoner::sim

#include "storage/history/history_feed.hpp"

namespace reckoner::storage {

Result<bool> HistoryFeed::line(std::string_view text) {
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return reader_.skip(), true;
  if (Status read = reader_.read(text); !read) return read.error();
  const json::HistoryLine& line = reader_.line();
  if (after_until(line.at)) return false;
  if (!counts_.from) counts_.from = line.at;
  if (!until_) counts_.until = line.at;
  if (Status taken = take(line); !taken) return taken.error();
  return true;
}

Status HistoryFeed::take(const json::HistoryLine& line) {
  using Kind = json::HistoryLine::Kind;
  if (line.kind == Kind::clock) return Done{};
  if (line.kind == Kind::book) return take_book(line);
  ++counts_.events;
  last_event_ = line.at;
  switch (line.kind) {
    case Kind::usage:
      return usage(line);
    case Kind::webhook:
      return take_webhook(line);
    case Kind::customer:
      ++counts_.accepted;
      return customer(line.at, line.customer);
    case Kind::settlement:
      return settlement(line.at, line.customer_id, line.settlement);
    default:
      return operator_act(line.at, line.customer_id, line.operator_act);
  }
}

Status HistoryFeed::take_webhook(const json::HistoryLine& line) {
  Result<polar::Body> body = bodies_.read(line.webhook_body, line.at);
  RECKONER_CHECK(body.ok(), "a part of a JSON text is no JSON");
  const std::string_view id = line.webhook_id.empty() ? body->id : line.webhook_id;
  return webhook(line.at, Webhook{id, line.webhook_body, std::move(body->event)});
}

Status HistoryFeed::take_book(const json::HistoryLine& line) {
  Book book = books().latest().book();
  if (line.book.prices) book.prices = *line.book.prices;
  const std::string where = "line " + std::to_string(reader_.line_number()) + ": ";
  if (last_event_ && *last_event_ == line.at)
    return Error{"invalid_history",
                 where +
                     "at is that of the line above it; a book comes into force later than all "
                     "that was accepted before it"};
  for (const auto& [key, value] : line.book.settings)
    if (Status set = set_setting(book.settings, key, value); !set)
      return Error{set.error().code, where + set.error().detail};
  Status changed = line.book.opening ? begin_with(book) : change_book(line.at, book);
  if (!changed) return Error{changed.error().code, where + changed.error().detail};
  return Done{};
}

void HistoryFeed::reject(std::string_view code) {
  ++counts_.rejected;
  const auto found = counts_.rejected_by_code.find(code);
  if (found != counts_.rejected_by_code.end()) {
    ++found->second;
  } else {
    counts_.rejected_by_code.emplace(code, 1);
  }
}

}  // namespace reckoner::storage

#include "plugins/sqlite/typed_rows.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace reckoner::storage::sqlite {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kDay = 86'400 * kSecond;
constexpr std::string_view kShape = "0000-00-00T00:00:00.000000Z";

bool has_shape(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == '0' ? !digit : text[i] != kShape[i]) return false;
  }
  return true;
}

std::int64_t digits(std::string_view text, std::size_t at, std::size_t count) {
  std::int64_t out = 0;
  for (const char c : text.substr(at, count)) out = out * 10 + (c - '0');
  return out;
}

}  // namespace

std::optional<std::string> instant_text(std::int64_t micros) {
  const std::int64_t days = micros / kDay - (micros % kDay < 0 ? 1 : 0);
  const std::int64_t rest = micros - days * kDay, seconds = rest / kSecond;
  constexpr std::int64_t kYear0 = -719'528, kYear10000 = 2'932'897;  // days since 1970
  if (days < kYear0 || days >= kYear10000) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  char out[64];
  const int size = std::snprintf(
      out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
      static_cast<int>(seconds % 60), static_cast<int>(rest % kSecond));
  return std::string(out, static_cast<std::size_t>(size));
}

std::optional<std::int64_t> read_instant(std::string_view text) {
  if (!has_shape(text)) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(digits(text, 0, 4))),
      std::chrono::month(static_cast<unsigned>(digits(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(digits(text, 8, 2)))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds =
      digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2);
  const std::int64_t micros = days * kDay + seconds * kSecond + digits(text, 20, 6);
  if (instant_text(micros) != text) return std::nullopt;  // 25:00, say
  return micros;
}

sdk::Failure TypedRows::bad(std::string_view what) const {
  return {RECKONER_FATAL, "bad_batch",
          std::string("table ") + table_.name + ": " + std::string(what)};
}

void TypedRows::bind_key(Run& run, std::string_view key, bool whole) {
  if (!sdk::split_key(key, table_.keys, parts_)) throw bad("the key has too many parts");
  if (whole && std::count(key.begin(), key.end(), '\0') != table_.keys - 1)
    throw bad("the key has too few parts");
  for (std::size_t i = 0; i < parts_.size(); ++i) run.text(static_cast<int>(i) + 1, parts_[i]);
}

void TypedRows::bind_row(Run& run, std::string_view row) {
  const std::uint32_t others = table_.columns - table_.keys;
  if (!sdk::read_row(row, table_.column + table_.keys, others, cells_))
    throw bad("the value is no row of its columns");
  instants_.assign(others, {});
  for (std::uint32_t i = 0; i < others; ++i) {
    const sdk::Cell& cell = cells_[i];
    const int parameter = static_cast<int>(table_.keys + i) + 1;
    if (cell.type == RECKONER_CELL_NULL) {
      run.null(parameter);
    } else if (cell.type == RECKONER_CELL_INTEGER) {
      run.integer(parameter, cell.number);
    } else if (cell.type == RECKONER_CELL_INSTANT) {
      const std::optional<std::string> text = instant_text(cell.number);
      if (!text) throw bad("an instant is beyond the years 0 to 9999");
      instants_[i] = *text;
      run.text(parameter, instants_[i]);
    } else {
      run.text(parameter, cell.text);
    }
  }
}

std::string_view TypedRows::read_key(const Run& run) {
  key_.clear();
  for (std::uint32_t i = 0; i < table_.keys; ++i) {
    if (run.type(static_cast<int>(i)) != SQLITE_TEXT)
      throw damaged(table_.name, key_, "a key column holds no text");
    if (i > 0) key_ += '\0';
    key_ += run.bytes_at(static_cast<int>(i));
  }
  return key_;
}

void TypedRows::read_cell(const Run& run, std::uint32_t column, sdk::RowWriter& out) {
  const reckoner_column& about = table_.column[column];
  const int at = static_cast<int>(column), type = run.type(at);
  const int expected = about.type == RECKONER_CELL_INTEGER ? SQLITE_INTEGER : SQLITE_TEXT;
  const bool may_be_null = about.type != RECKONER_CELL_JSON;
  if (type != expected && !(type == SQLITE_NULL && may_be_null))
    throw damaged(table_.name, key_, std::string("column ") + about.name + " is of a wrong type");
  if (type == SQLITE_NULL) {
    out.null();
  } else if (about.type == RECKONER_CELL_INTEGER) {
    out.integer(run.integer_at(at));
  } else if (about.type == RECKONER_CELL_INSTANT) {
    const std::optional<std::int64_t> micros = read_instant(run.bytes_at(at));
    if (!micros)
      throw damaged(table_.name, key_, std::string("column ") + about.name + " is no instant");
    out.instant(*micros);
  } else if (about.type == RECKONER_CELL_DECIMAL) {
    out.decimal(run.bytes_at(at));
  } else if (about.type == RECKONER_CELL_JSON) {
    out.json(run.bytes_at(at));
  } else {
    out.text(run.bytes_at(at));
  }
}

std::string_view TypedRows::read_row(const Run& run) {
  sdk::RowWriter out;
  for (std::uint32_t i = table_.keys; i < table_.columns; ++i) read_cell(run, i, out);
  row_ = out.take();
  return row_;
}

}  // namespace reckoner::storage::sqlite

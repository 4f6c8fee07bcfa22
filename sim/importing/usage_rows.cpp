#include "sim/importing/usage_rows.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include "engine/basics/ids.hpp"
#include "engine/limits.hpp"
#include "sim/importing/csv_reader.hpp"

namespace reckoner::sim {
namespace {

constexpr std::size_t kMaxRowDigits = 20;

// For messages: short, and on one line.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, 60));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return "'" + out + (text.size() > 60 ? "...'" : "'");
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::uint32_t TextNumbers::of(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(&numbers_.emplace(text, number).first->first);
  return number;
}

std::string stem_of(const std::string& path) {
  std::filesystem::path name = std::filesystem::path(path).filename();
  if (name.extension() == ".gz") name.replace_extension();
  if (name.extension() == ".csv") name.replace_extension();
  return name == "-" ? "stdin" : name.string();
}

std::optional<Instant> parse_csv_time(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (digits) {
    const auto number = whole_number(text);
    if (!number || (text.size() != 10 && text.size() != 13)) return std::nullopt;
    return Instant{*number * (text.size() == 10 ? kSecond : kSecond / 1000)};
  }
  const auto at = parse_instant(text);
  return at ? at : parse_instant(std::string(text) + "Z");
}

// The rows of one file, and where its columns are.
class UsageRows::File {
 public:
  File(UsageRows& rows, const std::string& path) : all_(rows), path_(path) {}

  Status take(const CsvRow& row) {
    if (row.number == 0) return take_header(row);
    if (row.fields.size() != columns_)
      return Error{"invalid_csv", place(row) + ": got " + std::to_string(row.fields.size()) +
                                      " columns; the header has " + std::to_string(columns_)};
    UsageRow out;
    out.file = static_cast<std::uint32_t>(all_.stems_.size() - 1);
    if (Status read = take_time(row, out); !read) return read;
    if (Status read = take_tokens(row, out); !read) return read;
    if (Status read = take_names(row, out); !read) return read;
    all_.rows_.push_back(out);
    return Done{};
  }
  bool has_header() const { return columns_ > 0; }

 private:
  std::string place(const CsvRow& row) const { return path_ + ":" + std::to_string(row.line); }
  Error wrong(const CsvRow& row, const std::string& column, std::string_view got,
              const char* takes) const {
    return {"invalid_csv",
            place(row) + ": column " + column + ": got " + shown(got) + "; it takes " + takes};
  }

  Status take_header(const CsvRow& row) {
    columns_ = row.fields.size();
    const ColumnMap& map = all_.map_;
    tokens_.resize(map.tokens.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i)
      if (Status found = find(row, "tokens", map.tokens[i], tokens_[i]); !found) return found;
    if (Status found = find(row, "timestamp", map.timestamp, time_); !found) return found;
    if (Status found = find(row, "customer", map.customer, customer_); !found) return found;
    if (Status found = find(row, "operation", map.operation, operation_); !found) return found;
    return find(row, "idempotency_key", map.idempotency_key, key_);
  }

  // Where a column is; left as it is for a name that is not mapped.
  Status find(const CsvRow& row, const char* field, const std::string& name, std::size_t& at) {
    if (name.empty()) return Done{};
    const auto found = std::ranges::find(row.fields, name);
    if (found == row.fields.end()) {
      std::string there;
      for (const std::string& column : row.fields) there += (there.empty() ? "" : ", ") + column;
      return invalid("--map: " + std::string(field) + "=" + name + ": " + path_ +
                     " has no such column; it has " + there);
    }
    if (std::find(found + 1, row.fields.end(), name) != row.fields.end())
      return invalid("--map: " + std::string(field) + "=" + name + ": " + path_ +
                     " has this column twice");
    at = static_cast<std::size_t>(found - row.fields.begin());
    return Done{};
  }

  Status take_time(const CsvRow& row, UsageRow& out) {
    const std::string& text = row.fields[time_];
    const auto at = parse_csv_time(text);
    if (!at)
      return wrong(row, all_.map_.timestamp, text,
                   "a time like 2026-01-05T10:00:00Z or 2026-01-05 10:00:00 (UTC), or Unix "
                   "seconds (10 digits) or milliseconds (13 digits)");
    out.at = *at;
    return Done{};
  }

  Status take_tokens(const CsvRow& row, UsageRow& out) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::string& text = row.fields[tokens_[i]];
      const auto tokens = whole_number(text);
      if (!tokens || *tokens > kMaxTokens || (out.tokens += *tokens) > kMaxTokens)
        return wrong(row, all_.map_.tokens[i], text,
                     "a whole number from 0 to 1000000000000 (so does the sum)");
    }
    return Done{};
  }

  Status take_names(const CsvRow& row, UsageRow& out) {
    const ColumnMap& map = all_.map_;
    if (!map.customer.empty()) {
      const std::string& text = row.fields[customer_];
      if (!is_valid_id(text))
        return wrong(row, map.customer, text, "1 to 255 bytes of UTF-8 without control characters");
      out.customer = all_.customers_.of(text);
    }
    const std::string& operation =
        map.operation.empty() ? all_.stems_.back() : row.fields[operation_];
    if (!is_valid_id(operation, kMaxOperationBytes))
      return wrong(row, map.operation, operation,
                   "1 to 64 bytes of UTF-8 without control characters");
    out.operation = all_.operations_.of(operation);
    out.key = row.number;
    if (map.idempotency_key.empty()) return Done{};
    const std::string& key = row.fields[key_];
    if (!is_valid_id(key))
      return wrong(row, map.idempotency_key, key,
                   "1 to 255 bytes of UTF-8 without control characters");
    out.key = all_.keys_.size();
    out.key_bytes = static_cast<std::uint32_t>(key.size());
    all_.keys_ += key;
    return Done{};
  }

  UsageRows& all_;
  const std::string& path_;
  std::size_t columns_ = 0;
  std::vector<std::size_t> tokens_;
  std::size_t time_ = 0, customer_ = 0, operation_ = 0, key_ = 0;
};

Status UsageRows::read(const std::string& path,
                       const std::function<void(std::uint64_t bytes_read)>& progress) {
  const std::string stem = stem_of(path);
  if (map_.operation.empty() && !is_valid_id(stem, kMaxOperationBytes))
    return invalid("--csv: the operation is the file's name where none is mapped, got " +
                   shown(stem) + "; it takes 1 to 64 bytes of UTF-8 without control characters");
  if (map_.idempotency_key.empty()) {
    if (!is_valid_id(stem, kMaxIdBytes - 1 - kMaxRowDigits))
      return invalid("--csv: keys are made of the file's name where none are mapped, got " +
                     shown(stem) + "; it takes 1 to 234 bytes of UTF-8");
    if (std::ranges::count(stems_, stem) > 0)
      return invalid("--csv: got two files named " + shown(stem) +
                     "; keys are made of the file's name where none are mapped, so it takes "
                     "files of different names");
  }
  stems_.push_back(stem);
  File file(*this, path);
  Status done = read_csv(
      path, [&](const CsvRow& row) { return file.take(row); }, progress);
  if (!done) return done;
  if (!file.has_header())
    return Error{"invalid_csv", path + " is empty; it takes a header line and rows"};
  return Done{};
}

void UsageRows::sort() {
  std::ranges::stable_sort(rows_, {}, &UsageRow::at);
}

void UsageRows::append_key(const UsageRow& row, std::string& to) const {
  if (row.key_bytes > 0) {
    to.append(keys_, row.key, row.key_bytes);
  } else {
    to.append(stems_[row.file]).append("-").append(std::to_string(row.key));
  }
}

}  // namespace reckoner::sim

#include "sim/importing/csv_reader.hpp"

#include <csv.h>

#include <new>
#include <optional>
#include <vector>

#include "actors/files/line_input.hpp"

namespace reckoner::sim {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::uint64_t kLinesBetweenProgress = 4096;

// Feeds libcsv line by line, so that it is known on which line a row begins.
class Reader {
 public:
  Reader(const std::string& path, const std::function<Status(const CsvRow&)>& take)
      : path_(path), take_(take) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  }
  ~Reader() { csv_free(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Status read_line(std::string_view line) {
    ++line_;
    if (line_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    if (!row_open_) row_line_ = line_;
    row_ended_ = false;
    if (!feed(line) || !feed("\n")) return wrong("a quote stands where CSV takes none");
    if (failure_) return *failure_;
    const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
    row_open_ = !row_ended_ && (row_open_ || !blank);
    return Done{};
  }

  Status finish() {
    if (csv_fini(&parser_, &on_field, &on_row, this) != 0)
      return wrong("a quoted field that begins here has no end");
    if (failure_) return *failure_;
    return Done{};
  }

  std::uint64_t line() const { return line_; }

 private:
  bool feed(std::string_view text) {
    return csv_parse(&parser_, text.data(), text.size(), &on_field, &on_row, this) == text.size();
  }
  Error wrong(const std::string& what) const {
    return {"invalid_csv", path_ + ":" + std::to_string(row_line_) + ": " + what};
  }

  static void on_field(void* text, std::size_t size, void* self) {
    auto& reader = *static_cast<Reader*>(self);
    if (reader.fields_in_row_ == reader.fields_.size()) reader.fields_.emplace_back();
    reader.fields_[reader.fields_in_row_++].assign(static_cast<const char*>(text), size);
  }
  static void on_row(int, void* self) {
    auto& reader = *static_cast<Reader*>(self);
    const std::size_t fields = reader.fields_in_row_;
    reader.fields_in_row_ = 0;
    reader.row_ended_ = true;
    if (reader.failure_) return;
    Status taken =
        reader.take_({reader.row_line_, reader.rows_++, std::span(reader.fields_).first(fields)});
    if (!taken) reader.failure_ = taken.error();
  }

  const std::string& path_;
  const std::function<Status(const CsvRow&)>& take_;
  csv_parser parser_{};
  std::vector<std::string> fields_;  // as many as the longest row had
  std::size_t fields_in_row_ = 0;
  std::uint64_t line_ = 0, row_line_ = 0, rows_ = 0;
  bool row_open_ = false, row_ended_ = false;
  std::optional<Error> failure_;
};

}  // namespace

Status read_csv(const std::string& path, const std::function<Status(const CsvRow&)>& take,
                const std::function<void(std::uint64_t bytes_read)>& progress) {
  Result<files::LineInput> input = files::LineInput::open(path);
  if (!input) return input.error();
  Reader reader(path, take);
  std::string_view line;
  while (input->next(line)) {
    if (Status read = reader.read_line(line); !read) return read;
    if (reader.line() % kLinesBetweenProgress == 0) progress(input->bytes_read());
  }
  if (Status whole = input->status(); !whole) return whole;
  progress(input->bytes_read());
  return reader.finish();
}

}  // namespace reckoner::sim

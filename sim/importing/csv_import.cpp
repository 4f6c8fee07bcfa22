#include "sim/importing/csv_import.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "actors/files/line_output.hpp"
#include "engine/customer/period.hpp"
#include "engine/json/json_line.hpp"
#include "sim/importing/usage_rows.hpp"

namespace reckoner::sim {
namespace {

namespace fs = std::filesystem;

Status check(const ImportOptions& options) {
  if (options.csv.empty()) return invalid("--csv: got none; it takes a CSV file");
  const bool mapped = !options.map.customer.empty();
  if (!mapped && options.assign == 0)
    return invalid(
        "--map: customer is missing; it takes customer=COL, or --assign N where the "
        "rows carry no customer");
  if (mapped && options.assign > 0)
    return invalid("--assign: got " + std::to_string(options.assign) +
                   " beside customer= in --map; it takes a map without a customer");
  if (options.assign > kMaxAssigned)
    return invalid("--assign: got " + std::to_string(options.assign) +
                   "; it takes a whole number from 1 to 10 000 000");
  std::error_code none;
  for (const std::string& csv : options.csv)
    if (csv != "-" && fs::is_regular_file(csv, none) && fs::equivalent(csv, options.out, none))
      return invalid("--out: got " + options.out + ", which is read; it takes another file");
  return Done{};
}

// Sizes of all files together, or 0 where one is not known.
std::uint64_t total_bytes(const std::vector<std::string>& paths) {
  std::uint64_t total = 0;
  for (const std::string& path : paths) {
    std::error_code unknown;
    const std::uintmax_t size =
        fs::is_regular_file(path, unknown) ? fs::file_size(path, unknown) : 0;
    if (unknown || size == 0) return 0;
    total += size;
  }
  return total;
}

// Writes the history: who signs up, if they are made here, and the rows.
class Writer {
 public:
  Writer(const UsageRows& usage, std::uint64_t assign, files::LineOutput& out)
      : usage_(usage), assign_(assign), out_(out) {
    const std::size_t digits = std::to_string(assign - (assign > 0 ? 1 : 0)).size();
    width_ = std::max<std::size_t>(digits, 3);
  }

  std::uint64_t write() {
    const std::vector<UsageRow>& rows = usage_.rows();
    std::size_t next = 0;
    if (assign_ > 0 && !rows.empty()) {
      const Instant signed_up = boundary_at_or_before(rows.front().at, 1);
      const Instant linked = signed_up + kSecond;
      for (std::uint64_t i = 0; i < assign_; ++i) write_sign_up(i, signed_up);
      while (next < rows.size() && rows[next].at < linked) write_usage(rows[next], next), ++next;
      for (std::uint64_t i = 0; i < assign_; ++i) write_webhooks(i, linked);
    }
    for (; next < rows.size(); ++next) write_usage(rows[next], next);
    return lines_;
  }

 private:
  void write_sign_up(std::uint64_t i, Instant at) {
    begin(at, "customer").raw(",\"customer_id\":\"");
    name(i).raw("\",\"email\":\"");
    name(i).raw("@example.com\",\"billing_day\":").number(static_cast<std::int64_t>(1 + i % 31));
    end("}");
  }

  // In the guide's dialect: the customer at Polar, then what it subscribes to, if anything.
  void write_webhooks(std::uint64_t i, Instant at) {
    constexpr auto kPlans = std::to_array<std::string_view>(
        {"", "cortex_starter", "cortex_professional", "cortex_enterprise"});
    const auto number = static_cast<std::int64_t>(i);
    begin_webhook(at, "evt_c", number, "customer.created");
    line_.raw("\"id\":\"cus_").number(number).raw("\",\"email\":\"");
    name(i).raw("@example.com\"");
    end("}}}");
    if (i % 4 == 0) return;
    begin_webhook(at, "evt_s", number, "subscription.created");
    line_.raw("\"id\":\"sub_").number(number).raw("\",\"customer_id\":\"cus_").number(number);
    line_.raw("\",\"product_id\":").quoted(kPlans[i % 4]);
    end("}}}");
  }

  void begin_webhook(Instant at, std::string_view id, std::int64_t number, std::string_view type) {
    begin(at, "webhook").raw(",\"id\":\"").raw(id).number(number);
    line_.raw("\",\"body\":{\"id\":\"").raw(id).number(number);
    line_.raw("\",\"type\":").quoted(type).raw(",\"data\":{");
  }

  void write_usage(const UsageRow& row, std::size_t place) {
    begin(row.at, "usage").raw(",\"customer_id\":");
    if (assign_ > 0) {
      line_.raw("\"");
      name(place % assign_).raw("\"");
    } else {
      line_.quoted(usage_.customer(row));
    }
    line_.raw(",\"tokens\":").number(row.tokens);
    line_.raw(",\"operation\":").quoted(usage_.operation(row));
    key_.clear();
    usage_.append_key(row, key_);
    line_.raw(",\"idempotency_key\":").quoted(key_);
    end("}");
  }

  json::JsonLine& begin(Instant at, std::string_view kind) {
    line_.clear();
    return line_.raw("{\"at\":").time(at).raw(",\"kind\":").quoted(kind);
  }
  json::JsonLine& name(std::uint64_t i) { return line_.raw("org-").padded(i, width_); }
  void end(std::string_view closing) {
    out_.write(line_.raw(closing).view());
    ++lines_;
  }

  const UsageRows& usage_;
  std::uint64_t assign_;
  files::LineOutput& out_;
  std::size_t width_;
  json::JsonLine line_;
  std::string key_;
  std::uint64_t lines_ = 0;
};

}  // namespace

Result<ImportSummary> import_csv(const ImportOptions& options, const ProgressFn& progress) {
  if (Status fits = check(options); !fits) return fits.error();
  Result<files::LineOutput> out =
      files::LineOutput::open(options.out);  // before the work, to fail early
  if (!out) return out.error();

  UsageRows usage(options.map);
  const std::uint64_t total = total_bytes(options.csv);
  std::uint64_t before = 0;
  for (const std::string& csv : options.csv) {
    std::uint64_t in_file = 0;
    Status read = usage.read(csv, [&](std::uint64_t bytes) {
      in_file = bytes;
      progress(before + in_file, total);
    });
    if (!read) return read.error();
    before += in_file;
  }
  usage.sort();

  ImportSummary summary;
  summary.lines = Writer(usage, options.assign, *out).write();
  if (Status closed = out->close(); !closed) return closed.error();
  summary.rows = usage.rows().size();
  if (summary.rows > 0) {
    summary.customers = options.assign > 0 ? options.assign : usage.customers();
    summary.from = usage.rows().front().at;
    summary.until = usage.rows().back().at;
  }
  return summary;
}

}  // namespace reckoner::sim

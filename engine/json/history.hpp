// Histories: JSON Lines, one event a line, in order of time (contracts.md, History; docs/history.md
// lists the kinds beyond it). Reading a line is one thing, judging what it says another: what a
// line says of usage is for the rules (customer/usage.hpp), only what makes it no line at all is an
// error here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/books/price_book.hpp"
#include "engine/customer/charge.hpp"
#include "engine/customer/usage.hpp"
#include "engine/identity/identity.hpp"

namespace reckoner::json {

// A changed book: what is given replaces what was in force.
struct BookChange {
  bool opening = false;  // in force from the beginning of time; only in the first line
  std::optional<PriceBook> prices;
  std::vector<std::pair<std::string, std::string>> settings;
};

// Views are into the line and the reader's buffers: valid until the next line is read.
struct HistoryLine {
  enum class Kind : std::uint8_t {
    customer,
    usage,
    webhook,
    clock,
    settlement,
    operator_act,
    book,
  };
  Kind kind = Kind::clock;
  Instant at;
  std::string_view customer_id;  // customer, usage, settlement, operator_act; clock, if given
  CustomerLine customer;
  UsageRequest usage;
  std::string_view webhook_id;    // webhook: empty if not given
  std::string_view webhook_body;  // webhook: the object as it stands in the line
  Settlement settlement;
  OperatorAct operator_act;
  BookChange book;
};

class HistoryReader {
 public:
  HistoryReader();
  ~HistoryReader();

  // Reads the next line, without its line break. The error's detail begins with "line N: ". After
  // one, no further line is read.
  Status read(std::string_view line);
  // A line that is passed over, such as a blank one.
  void skip() { ++line_number_; }

  const HistoryLine& line() const { return line_; }
  std::uint64_t line_number() const { return line_number_; }

 private:
  struct Fields;

  Error wrong(std::string_view what) const;
  Status read_at();
  Status read_kind(std::string_view text);
  Status read_customer_id();
  Status read_customer();
  void read_usage(std::string_view text);
  Status read_webhook(std::string_view text);
  Status read_charge_number(std::uint32_t& number);
  Status read_settlement();
  Status read_operator_act();
  Status read_book(std::string_view text);

  std::unique_ptr<Fields> fields_;
  HistoryLine line_;
  std::uint64_t line_number_ = 0;
  bool first_ = true;  // nothing stands before the line but blank ones
  std::optional<Instant> last_;
};

}  // namespace reckoner::json

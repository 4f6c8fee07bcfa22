// Journal entries as lines of a history: the way back from HistoryReader, for export. What is
// written is read as the entry that it was, but for white space: a body or metadata that came on
// several lines comes back on one.
#pragma once

#include <string>
#include <string_view>

#include "engine/books/books.hpp"
#include "engine/customer/entry.hpp"
#include "engine/identity/identity.hpp"
#include "engine/json/json_line.hpp"

namespace reckoner::json {

// One for many lines: it keeps its buffers. Appends each line with its line break. The caller
// sees to the order: `at` never goes back, and a webhook or customer line stands before what its
// notice precedes in the customer's journal.
class HistoryWriter {
 public:
  // Nothing for a notice, which follows from its entry of the identity stream.
  void line(std::string& out, const CustomerEntry& entry);
  void line(std::string& out, const IdentityEntry& entry);
  // The whole book, so that it does not matter what was in force before it.
  void line(std::string& out, Instant from, const Book& book);
  // The journal's first book, which is in force from the beginning of time: the first line of all,
  // with the time of the line that follows.
  void opening_line(std::string& out, Instant at, const Book& book);

 private:
  void begin(Instant at, std::string_view kind);
  void end(std::string& out);
  void member(std::string_view name, std::string_view text);
  void given(std::string_view name, std::string_view text);
  void on_one_line(std::string_view json);
  void charge(std::string_view customer_id, std::uint32_t number);

  void write(const Usage& usage, std::string_view customer_id);
  void write(const Settlement& settlement, std::string_view customer_id);
  void write(const OperatorAct& act, std::string_view customer_id);
  void write(const CustomerLine& customer);
  void write(const Webhook& webhook);
  void write(const Book& book);

  JsonLine line_;
};

}  // namespace reckoner::json

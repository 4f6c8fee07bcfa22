// Price books as JSON (contracts.md, Configuration), and the settings of a `book` line. Strict:
// a member that is not known is an error, for a misspelt one would change what people pay.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/books/price_book.hpp"

namespace reckoner::json {

// A price book that check_price_book finds good, or the first fault (code `invalid_price_book`).
// The detail names the member by its path, what came and what is taken.
Result<PriceBook> read_price_book(std::string_view text);

// The text that read_price_book reads as this book. On one line.
std::string price_book_text(const PriceBook& book);

// {"billing.threshold_usd":"5.00", …}: names and values, for set_setting.
Result<std::vector<std::pair<std::string, std::string>>> read_settings(std::string_view text);

}  // namespace reckoner::json

#include "actors/commands/book_flags.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/json/price_book_json.hpp"

namespace reckoner::commands {
namespace {

Status read_prices(const std::string& path, PriceBook& prices) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return invalid("--prices is " + path + "; it takes a file with a price book");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Result<PriceBook> read = json::read_price_book(text);
  if (!read) return invalid("--prices is " + path + ": " + read.error().detail);
  prices = std::move(read).value();
  return Done{};
}

Status read_setting(const std::string& assignment, Settings& settings) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    return invalid("--set is '" + assignment + "'; it takes key=value");
  Status set = set_setting(settings, assignment.substr(0, equals), assignment.substr(equals + 1));
  return set ? set : invalid("--set: " + set.error().detail);
}

}  // namespace

void add_book_flags(CLI::App& command, BookFlags& flags) {
  command.add_option("--prices", flags.prices, "price book (JSON); else the built-in one")
      ->type_name("F");
  command.add_option("--set", flags.settings, "a setting, as billing.threshold_usd=5.00")
      ->type_name("k=v")
      ->allow_extra_args(false);
}

Result<Book> read_book(const BookFlags& flags) {
  Book book;
  if (!flags.prices.empty())
    if (Status read = read_prices(flags.prices, book.prices); !read) return read.error();
  for (const std::string& assignment : flags.settings)
    if (Status set = read_setting(assignment, book.settings); !set) return set.error();
  return book;
}

}  // namespace reckoner::commands

// Prices and settings from the command line: the book that a history is replayed or imported with.
#pragma once

#include <string>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/books/books.hpp"

namespace CLI {
class App;
}

namespace reckoner::commands {

struct BookFlags {
  std::string prices;
  std::vector<std::string> settings;

  bool given() const { return !prices.empty() || !settings.empty(); }
};

// --prices and --set. The flags live as long as the command.
void add_book_flags(CLI::App& command, BookFlags& flags);

// The error names the flag, what it got and what it takes.
Result<Book> read_book(const BookFlags& flags);

}  // namespace reckoner::commands
